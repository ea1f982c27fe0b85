package alert

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestUnwrapFindsTheArticleBehindALink(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"Google Alerts": {
			"https://www.google.com/url?rct=j&sa=t&url=https://nouvelles.test/2026/11/caisse/&ct=ga&cd=CAIyGg&usg=AFQ",
			"https://nouvelles.test/2026/11/caisse/"},
		"Google, the target's own query decoded once": {
			"https://www.google.com/url?sa=t&url=https://nouvelles.test/a%3Fpage%3D2%26s%3D%25C3%25A9t%25C3%25A9&ct=ga",
			"https://nouvelles.test/a?page=2&s=%C3%A9t%C3%A9"},
		"Google of another country, by q": {"https://www.google.ca/url?q=http://nouvelles.test/x&sa=U", "http://nouvelles.test/x"},
		"Google of two labels":            {"https://www.google.co.uk/url?url=http://nouvelles.test/x", "http://nouvelles.test/x"},
		"a plus stays a plus":             {"https://www.google.com/url?url=https://nouvelles.test/a+b", "https://nouvelles.test/a+b"},
		"Bing": {
			"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fnouvelles.test%2fa%2f1&c=964&mkt=fr-ca",
			"https://nouvelles.test/a/1"},
		"Talkwalker":                      {"https://alerts.talkwalker.com/click?url=https%3A%2F%2Fnouvelles.test%2F1", "https://nouvelles.test/1"},
		"a target off the web is dropped": {"https://www.google.com/url?url=javascript:alert(1)", ""},
		"no target":                       {"https://www.google.com/url?sa=t", ""},
		"an ordinary link":                {"https://nouvelles.test/url?url=https://autre.test/", "https://nouvelles.test/url?url=https://autre.test/"},
		"a look-alike host":               {"https://google.evil.example/url?url=https://autre.test/", "https://google.evil.example/url?url=https://autre.test/"},
		"Google News is opaque":           {"https://news.google.com/rss/articles/CBMi?oc=5", "https://news.google.com/rss/articles/CBMi?oc=5"},
	}
	for name, tt := range tests {
		if got := Unwrap(tt.in); got != tt.want {
			t.Errorf("%s: Unwrap = %q, want %q", name, got, tt.want)
		}
	}
}

func TestKindOfTellsSavedSearches(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Kind{
		"https://www.google.com/alerts/feeds/1/2":              KindGoogle,
		"https://www.google.ca/alerts/feeds/1/2":               KindGoogle,
		"https://news.google.com/rss/search?q=caisse&hl=fr-CA": KindGoogleNews,
		"https://www.bing.com/news/search?q=caisse&format=rss": KindBing,
		"https://alerts.talkwalker.com/alerts/rss/TOKEN":       KindTalkwalker,
		"https://www.talkwalker.com/alerts/rss/TOKEN":          KindTalkwalker,
		"https://www.google.com/search?q=x":                    KindNone,
		"https://alerts.test/google.com/alerts/feeds/1/2":      KindNone,
		"https://nouvelles.test/rss":                           KindNone,
		"://":                                                  KindNone,
	} {
		if got := KindOf(in); got != want {
			t.Errorf("KindOf(%s) = %q, want %q", in, got, want)
		}
	}
	if got := KindOfFeed("tag:google.com,2005:reader/user/1/state/com.google/alerts/2", "", ""); got != KindGoogle {
		t.Errorf("by id: %q", got)
	}
	if got := KindOfFeed("", "", "https://news.google.com/search?q=x"); got != KindGoogleNews {
		t.Errorf("by site: %q", got)
	}
}

func TestTitlesAreCleaned(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ title, publisher, want string }{
		"marks":                      {"La <b>Caisse de la Rivière</b> ferme", "", "La Caisse de la Rivière ferme"},
		"entities":                   {"L&#39;écho d&amp;ici", "", "L'écho d&ici"},
		"the publisher after a dash": {"Un don record - L’Écho de Saint-Aubert", "L’Écho de Saint-Aubert", "Un don record"},
		"another name stays":         {"Un don record - La suite", "L’Écho", "Un don record - La suite"},
		"only the publisher stays":   {"L’Écho", "L’Écho", "L’Écho"},
	}
	for name, tt := range tests {
		if got := CleanTitle(tt.title, tt.publisher); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	for _, tt := range []struct{ title, address, clean, publisher string }{
		{"Un don record - L’Écho de Saint-Aubert", "https://www.lechodesaintaubert.test/1", "Un don record", "L’Écho de Saint-Aubert"},
		{"Le pont Saint-Aubert - Piémont rouvre", "https://www.lechodesaintaubert.test/1", "Le pont Saint-Aubert - Piémont rouvre", "lechodesaintaubert.test"},
		{"Sans tiret", "https://www.courrier.test/1", "Sans tiret", "courrier.test"},
		{"Sans adresse - L’Écho", "", "Sans adresse - L’Écho", ""},
		{"Sans nom", "http://127.0.0.1:8811/s/1", "Sans nom", ""},
		{"Sans nom - 127", "http://127.0.0.1:8811/s/1", "Sans nom - 127", ""},
		{"Sans nom", "http://[2001:db8::1]/s/1", "Sans nom", ""},
	} {
		if clean, publisher := SplitTitle(tt.title, tt.address); clean != tt.clean || publisher != tt.publisher {
			t.Errorf("SplitTitle(%q) = %q, %q", tt.title, clean, publisher)
		}
	}
	if got := CleanText("remet 10\u00a0000\u00a0$ à l'organisme ...\u00a0..."); got != "remet 10\u00a0000\u00a0$ à l'organisme…" {
		t.Errorf("CleanText = %q", got)
	}
}

func TestEveryLinkOfTheSamplesUnwraps(t *testing.T) {
	dir, _ := os.Getwd()
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "../shared/data/platform-samples/*.xml"))
	if len(files) == 0 {
		t.Skip("platform-samples are not here")
	}
	wrapped := regexp.MustCompile(`https?://www\.(?:google\.com/url|bing\.com/news/apiclick)[^"<]+`)
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range wrapped.FindAllString(string(b), -1) {
			got := Unwrap(html.UnescapeString(m))
			if !strings.HasPrefix(got, "http") || strings.Contains(got, "google.com/url") || strings.Contains(got, "apiclick") {
				t.Errorf("%s: %s → %q", filepath.Base(f), m, got)
			}
			n++
		}
	}
	t.Logf("%d links", n)
	if n == 0 {
		t.Error("no wrapped link found in the samples")
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add("https://www.google.com/url?url=https://nouvelles.test/a%3Fb&ct=ga")
	f.Add("http://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fnouvelles.test")
	f.Add("https://www.google.com/url?url=%zz")
	f.Fuzz(func(t *testing.T, link string) {
		got := Unwrap(link)
		if got != link && got != "" && !strings.HasPrefix(got, "http") {
			t.Errorf("Unwrap(%q) = %q", link, got)
		}
		CleanTitle(link, "x")
		CleanText(link)
		SplitTitle(link, link)
		KindOf(link)
	})
}

func TestASiteIsNamedByItsHost(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.hebdo.test/a": "hebdo.test",
		"http://127.0.0.1:8080/a":  "",
		"http://[::1]/a":           "",
		"::":                       "",
	} {
		if got := Site(address); got != want {
			t.Errorf("Site(%q) = %q, want %q", address, got, want)
		}
	}
}
