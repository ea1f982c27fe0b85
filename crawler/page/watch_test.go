package page

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

// board is the notice page of a town, as such pages are: a menu, a list in
// blocks, a side column, a footer.
const board = `<!doctype html><html lang="fr"><head><title>Avis publics | Ville de Saint-Aubert</title></head><body>
<header><nav><ul><li><a href="/">Accueil</a></li><li><a href="/loisirs">Loisirs et culture pour tous</a></li><li><a href="/taxes">Taxes et évaluation foncière</a></li><li><a href="/joindre">Nous joindre en tout temps</a></li></ul></nav></header>
<main><h1>Avis publics</h1><p>Mis à jour le 24 novembre 2026</p>
<div class="liste-avis">
<div class="avis avis-104 first"><h3><a href="/avis/104">Fermeture de la rue Principale pour travaux</a></h3><span class="date">23 novembre 2026</span><p>La rue sera fermée du 1er au 12 décembre.</p></div>
<div class="avis avis-103"><h3><a href="/avis/103">Dérogation mineure au 12, rue du Pont</a></h3><span class="date">20 novembre 2026</span><p>Le conseil statuera le 7 décembre.</p></div>
<div class="avis avis-102"><h3><a href="/avis/102">Adoption du règlement sur les comptoirs bancaires</a></h3><span class="date">16 novembre 2026</span><p>Le règlement 2026-14 est adopté.</p></div>
<div class="avis avis-101 last"><h3><a href="/avis/101">Vente pour taxes à l’hôtel de ville</a></h3><span class="date">2 novembre 2026</span><p>La vente aura lieu en janvier.</p></div>
</div></main>
<aside><ul><li><a href="/p/1">Achetez votre laissez-passer de ski</a></li><li><a href="/p/2">Louez une salle pour vos fêtes</a></li><li><a href="/p/3">Abonnez-vous à l’infolettre de la ville</a></li></ul></aside>
<footer><p>© Ville de Saint-Aubert</p></footer></body></html>`

func TestAPageProposesTheBlocksThatRepeat(t *testing.T) {
	t.Parallel()
	got := Propose([]byte(board), "https://ville.test/avis")
	if len(got) == 0 {
		t.Fatal("no block proposed")
	}
	want := []string{"Fermeture de la rue Principale pour travaux", "Dérogation mineure au 12, rue du Pont", "Adoption du règlement sur les comptoirs bancaires"}
	if diff := cmp.Diff(want, got[0].Titles); diff != "" {
		t.Errorf("titles of the first proposal (-want +got):\n%s", diff)
	}
	if got[0].Items != 4 {
		t.Errorf("%d items, want 4", got[0].Items)
	}
	for _, p := range got {
		for _, title := range p.Titles {
			if strings.Contains(title, "Loisirs") || strings.Contains(title, "ski") {
				t.Errorf("%s proposes the menu or the side column: %q", p.Watch.Item, p.Titles)
			}
		}
	}
}

func TestProposalsFollowHowPagesAreMade(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		page  string
		first string // title of the first item; "" for no proposal
	}{
		"a plain list of links": {
			`<body><main><ul><li><a href="/a">Le comptoir ferme ses portes</a></li><li><a href="/b">Une bourse pour les étudiants</a></li><li><a href="/c">La caisse rénove son siège</a></li></ul></main></body>`,
			"Le comptoir ferme ses portes"},
		"rows of a table": {
			`<body><table class="seances"><tr><td>12 novembre</td><td><a href="/pv1.pdf">Procès-verbal de la séance ordinaire</a></td></tr><tr><td>5 novembre</td><td><a href="/pv2.pdf">Procès-verbal de la séance extraordinaire</a></td></tr><tr><td>1 octobre</td><td><a href="/pv3.pdf">Ordre du jour de la consultation</a></td></tr></table></body>`,
			"Procès-verbal de la séance ordinaire"},
		"cards that are links": {
			`<body><div class="cartes"><a class="carte" href="/1"><h2>Communiqué sur les taux</h2><p>a</p></a><a class="carte" href="/2"><h2>Communiqué sur les guichets</h2></a><a class="carte" href="/3"><h2>Communiqué sur l’assemblée</h2></a></div></body>`,
			"Communiqué sur les taux"},
		"classes made by a build": {
			`<body><section><div class="css-1x9k2"><h3><a href="/1">Premier article de la page</a></h3></div><div class="css-8sd7f"><h3><a href="/2">Deuxième article de la page</a></h3></div><div class="css-0p2lm"><h3><a href="/3">Troisième article de la page</a></h3></div></section></body>`,
			"Premier article de la page"},
		"only two":    {`<body><ul><li><a href="/a">Le comptoir ferme ses portes</a></li><li><a href="/b">Une bourse pour les étudiants</a></li></ul></body>`, ""},
		"only a menu": {`<body><nav><ul><li><a href="/a">Nos services aux membres</a></li><li><a href="/b">Nos points de service</a></li><li><a href="/c">Nous joindre maintenant</a></li></ul></nav><p>Bonjour.</p></body>`, ""},
		"all lead to one place": {
			`<body><ul><li><a href="/a">Le comptoir ferme ses portes</a></li><li><a href="/a">Une bourse pour les étudiants</a></li><li><a href="/a">La caisse rénove son siège</a></li></ul></body>`, ""},
		"nothing": {"", ""},
	} {
		got, first := Propose([]byte(tt.page), "https://a.test/"), ""
		if len(got) > 0 {
			first = got[0].Titles[0]
		}
		if first != tt.first {
			t.Errorf("%s: first title %q, want %q (%+v)", name, first, tt.first, got)
		}
		for _, p := range got {
			items, err := Items([]byte(tt.page), "https://a.test/", p.Watch)
			if err != nil || len(items) != p.Items || items[0].Title != p.Titles[0] {
				t.Errorf("%s: %s gives %d items, %v; it promised %d", name, p.Watch.Item, len(items), err, p.Items)
			}
		}
	}
}

func TestItemsAreReadAsTheSelectorsSay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		watch veille.Watch
		want  Item
	}{
		"the item alone":       {veille.Watch{Item: ".avis"}, Item{Title: "Fermeture de la rue Principale pour travaux", URL: "https://ville.test/avis/104", Date: "23 novembre 2026"}},
		"another date":         {veille.Watch{Item: ".avis", Date: "p"}, Item{Title: "Fermeture de la rue Principale pour travaux", URL: "https://ville.test/avis/104", Date: "La rue sera fermée du 1er au 12 décembre."}},
		"another title":        {veille.Watch{Item: ".avis", Title: "p", Link: "h3 a"}, Item{Title: "La rue sera fermée du 1er au 12 décembre.", URL: "https://ville.test/avis/104", Date: "23 novembre 2026"}},
		"a link that is none":  {veille.Watch{Item: ".avis", Link: ".date"}, Item{Title: "Fermeture de la rue Principale pour travaux", Date: "23 novembre 2026"}},
		"the links themselves": {veille.Watch{Item: ".avis a"}, Item{Title: "Fermeture de la rue Principale pour travaux", URL: "https://ville.test/avis/104"}},
	} {
		got, err := Items([]byte(board), "https://ville.test/avis", tt.watch)
		if err != nil || len(got) != 4 {
			t.Errorf("%s: %d items, %v", name, len(got), err)
			continue
		}
		got[0].Text = ""
		if diff := cmp.Diff(tt.want, got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, w := range map[string]veille.Watch{
		"nothing answers":       {Item: ".absent"},
		"no selector at all":    {Item: "li[["},
		"a date without blocks": {Date: ".date"},
		"an item without title": {Item: ".avis", Title: ".absent"},
	} {
		if _, err := Items([]byte(board), "https://ville.test/", w); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %v, want an ErrInvalid", name, err)
		} else if _, ok := veille.SaysOf(err); !ok {
			t.Errorf("%s: %v says nothing to a person", name, err)
		}
	}
}

func TestOnlyWhatIsSaidChangesAText(t *testing.T) {
	t.Parallel()
	before, err := Text([]byte(board))
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(before, "\n"); strings.Contains(all, "laissez-passer") || strings.Contains(all, "Loisirs") || strings.Contains(all, "©") {
		t.Errorf("what surrounds the text is in it:\n%s", all)
	}
	for name, tt := range map[string]struct {
		old, new string
		added    []string
	}{
		"a stamp":              {"Mis à jour le 24 novembre 2026", "Mis à jour le 25 novembre 2026", nil},
		"a relative time":      {"Mis à jour le 24 novembre 2026", "Il y a 3 minutes", nil},
		"an advertisement":     {"<main>", `<main><div class="pub pub-haut"><p>Achetez nos pneus d’hiver cette semaine.</p></div>`, nil},
		"a counter":            {"<main>", "<main><p>1 234 visites</p>", nil},
		"a block moved":        {`<h1>Avis publics</h1><p>Mis à jour le 24 novembre 2026</p>`, `<p>Mis à jour le 24 novembre 2026</p><h1>Avis publics</h1>`, nil},
		"a new sentence":       {"La vente aura lieu en janvier.", "La vente aura lieu en janvier. Le comptoir de la caisse sera fermé.", []string{"Le comptoir de la caisse sera fermé."}},
		"a date in a sentence": {"du 1er au 12 décembre.", "du 1er au 19 décembre.", []string{"La rue sera fermée du 1er au 19 décembre."}},
		"a rate":               {"<main>", "<main><p>Taux fixe 5 ans : 4,89 %</p>", []string{"Taux fixe 5 ans : 4,89 %"}},
	} {
		now, err := Text([]byte(strings.Replace(board, tt.old, tt.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		c, _ := Changed(before, now)
		if diff := cmp.Diff(tt.added, c.Added); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if again, _ := Changed(before, slices.Clone(now)); again.Hash != c.Hash {
			t.Errorf("%s: two hashes of one text", name)
		}
	}
	c, differ := Changed(before, before[:len(before)-1])
	if !differ || len(c.Added) != 0 || len(c.Removed) != 1 {
		t.Errorf("a sentence taken away: %+v, %v", c, differ)
	}
	if a, _ := Changed([]string{"Taux fixe : 4,89 %"}, []string{"Taux fixe : 5,14 %"}); len(a.Added) != 1 {
		t.Error("a rate that moves says nothing")
	}
}

func FuzzProposals(f *testing.F) {
	f.Add(board)
	f.Add(`<ul><li><a href="::">a</a><li class="a:b c/d">`)
	f.Fuzz(func(t *testing.T, page string) {
		for _, p := range Propose([]byte(page), "https://a.test/") {
			if err := CheckWatch(p.Watch); err != nil {
				t.Errorf("proposed %q: %v", p.Watch.Item, err)
			}
			if items, err := Items([]byte(page), "https://a.test/", p.Watch); err != nil || len(items) < leastItems {
				t.Errorf("proposed %q gives %d items, %v", p.Watch.Item, len(items), err)
			}
		}
		if lines, err := Text([]byte(page)); err == nil {
			if _, differ := Changed(lines, lines); differ {
				t.Error("a text differs from itself")
			}
		}
	})
}
