package page

import (
	"strings"
	"testing"
	"time"
)

// dates2026 are dates as pages write them, and when that is.
func dates2026() map[string]time.Time {
	at := func(m time.Month, d, h, least int) time.Time { return time.Date(2026, m, d, h, least, 0, 0, time.UTC) }
	return map[string]time.Time{
		"12 novembre 2026 à 8 h 30":             at(11, 12, 13, 30),
		"Publié le 12 novembre 2026, 8h30":      at(11, 12, 13, 30),
		"Le jeudi 12 novembre 2026 à 20 h":      at(11, 13, 1, 0),
		"1er juillet 2026":                      at(7, 1, 16, 0),
		"3 août 2026":                           at(8, 3, 16, 0),
		"3 AOUT 2026 - 14:05":                   at(8, 3, 18, 5),
		"14 févr. 2026 | 7 h 05":                at(2, 14, 12, 5),
		"28 juin 2026":                          at(6, 28, 16, 0),
		"28 juil. 2026":                         at(7, 28, 16, 0),
		"Nov. 12, 2026 8:30 p.m.":               at(11, 13, 1, 30),
		"November 12, 2026 at 12:15 am":         at(11, 12, 5, 15),
		"12 November 2026":                      at(11, 12, 17, 0),
		"2026-11-12":                            at(11, 12, 17, 0),
		"2026-11-12 14:05":                      at(11, 12, 19, 5),
		"2026-11-12T14:05:00":                   at(11, 12, 19, 5),
		"2026-11-12T14:05:00-05:00":             at(11, 12, 19, 5),
		"2026-11-12T14:05:00-0500":              at(11, 12, 19, 5),
		"Mis à jour le 2026-11-12 à 7 h 10 min": at(11, 12, 12, 10),
		"31 février 2026":                       {},
		"12 novembre 2026 à 27 h 30":            {},
		"le 12 novembre":                        {},
		"12 novembre 1850":                      {},
		"il y a 3 heures":                       {},
		"mai 2026":                              {},
		"":                                      {},
		strings.Repeat("1 mai 2026 ", 40):       {},
	}
}

func TestDatesAreReadAsPagesWriteThem(t *testing.T) {
	t.Parallel()
	for s, want := range dates2026() {
		if got := date(s); !got.Equal(want) {
			t.Errorf("%q is %v, want %v", s, got, want)
		}
	}
}

func TestAWrongCanonicalAddressIsIgnored(t *testing.T) {
	t.Parallel()
	const base = "https://www.echo.test/actualites/2026/un?utm=x"
	for href, want := range map[string]string{
		"https://echo.test/actualites/2026/un":           "https://echo.test/actualites/2026/un",
		"/actualites/2026/un#haut":                       "https://www.echo.test/actualites/2026/un",
		"https://echo.test/":                             "",
		"https://echo.test":                              "",
		"https://www.echo.test/fr/":                      "",
		"/accueil":                                       "",
		"https://evil.test/actualites/2026/un":           "",
		"https://echo.test.evil.test/actualites":         "",
		"javascript:alert(1)":                            "",
		"http://[::1":                                    "",
		"https://echo.test/" + strings.Repeat("a", 3000): "",
	} {
		a, err := Extract([]byte(`<link rel="canonical" href="`+href+`"><p>x`), base)
		if err != nil || a.Canonical != want {
			t.Errorf("%.80q gave %q, want %q (%v)", href, a.Canonical, want, err)
		}
	}
	two := []byte(`<link rel="canonical" href="https://autre.qc.ca/a"><p>x`)
	if a, _ := Extract(two, "https://caisse.qc.ca/a"); a.Canonical != "" {
		t.Errorf("%q, of another site under qc.ca", a.Canonical)
	}
	if a, _ := Extract([]byte(`<link rel="canonical" href="https://echo.test/">`), "https://echo.test/index.html"); a.Canonical != "https://echo.test/" {
		t.Errorf("the home page says it is %q", a.Canonical)
	}
}

func TestWhatIsBehindAWallIsSaid(t *testing.T) {
	t.Parallel()
	body := "<p>" + strings.Repeat("Le conseil a tranché hier soir, après de longs débats. ", 15) + "</p>"
	for name, tt := range map[string]struct {
		page string
		want bool
	}{
		"JSON-LD says false":                {`<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>` + body, true},
		"JSON-LD says the address of false": {`<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"http://schema.org/False"}</script>` + body, true},
		"JSON-LD says true":                 {`<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"True"}</script>` + body, false},
		"a tier":                            {`<meta property="article:content_tier" content="locked">` + body, true},
		"a metered tier":                    {`<meta property="article:content_tier" content="metered">` + body, false},
		"a request, so named":               {body + `<div class="piano-paywall"><p>Cet article est réservé aux abonnés.</p></div>`, true},
		"a link to subscribe in the menu":   {`<nav><a class="subscribe" href="/abo">Abonnez-vous à nos journaux</a></nav>` + body, false},
		"an article about subscriptions":    {body + "<p>La bibliothèque offre mille films. Ils sont réservés aux abonnés, qui les empruntent trois semaines, et qui peuvent en parler entre eux chaque mardi au café du coin, entre deux averses, comme le veut la coutume du quartier depuis que la salle de quilles a fermé ses portes pour de bon en 1998, au grand regret de ceux qui la fréquentaient chaque semaine et y avaient leurs habitudes de longue date.</p>", false},
		"nothing":                           {body, false},
	} {
		a, err := Extract([]byte(tt.page), "https://echo.test/a")
		if err != nil || a.Partial != tt.want {
			t.Errorf("%s: partial %v, want %v (%v)", name, a.Partial, tt.want, err)
		}
		if !strings.Contains(a.Text, "Le conseil a tranché") || strings.Contains(a.Text, "Cet article est réservé") {
			t.Errorf("%s: text %.200q", name, a.Text)
		}
	}
}

func TestAuthorsAreNames(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Par Anne Exemple": "Anne Exemple", "Anne Exemple |": "Anne Exemple", "Un texte de Anne Exemple": "Anne Exemple",
		"https://echo.test/anne": "", "le 12 novembre": "", "ana@echo.test": "", "": "",
	} {
		if got := author(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestTheTitleIsWithoutTheSite(t *testing.T) {
	t.Parallel()
	for page, want := range map[string][2]string{
		`<title>Un pont - L’Écho</title><h1>Un pont</h1>`:                                                                      {"Un pont", "L’Écho"},
		`<title>Un pont | Actualités | L’Écho</title><h1>Un pont</h1>`:                                                         {"Un pont", "L’Écho"},
		`<title>x</title><meta property="og:title" content="Un pont – L’Écho"><meta property="og:site_name" content="L’Écho">`: {"Un pont", "L’Écho"},
		`<title>Saint-Jean - un pont</title>`:                                                                                  {"Saint-Jean - un pont", ""},
	} {
		if a, _ := Extract([]byte(page), "https://echo.test/a"); a.Title != want[0] || a.Site != want[1] {
			t.Errorf("%s: %q of %q", page, a.Title, a.Site)
		}
	}
}
