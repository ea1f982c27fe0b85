package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestAddingASourceInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "source_add_"+locale, b.get("/reglages/sources/ajouter").Body.String())
			golden(t, "source_found_"+locale, b.post("/reglages/sources/ajouter", "address", "https://journal.exemple").Body.String())
			for _, x := range sourceSorts() {
				w := b.get(x.path())
				wantStatus(t, w, http.StatusOK, x.Slug)
				if strings.Contains(w.Body.String(), "source_add.") {
					t.Errorf("%s has no text", x.Slug)
				}
			}
		})
	}
}

func TestWhatIsTypedIsSurveyedBeforeAnythingIsAdded(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	for name, tt := range map[string]struct {
		form   []string
		status int
		want   []string
		survey string // the address surveyed; "" for none
	}{
		"any address": {[]string{"address", "journal.exemple"}, 200,
			[]string{"3 façons de suivre journal.exemple", "&lt;b&gt;Journal", "La crue recule", "Commentaires de tout le site", "Ou surveiller la page elle-même", "Une liste de 12 éléments", "Vente pour taxes", `value="div.liste &gt; div.avis"`}, "journal.exemple"},
		"a page without a feed":     {[]string{"sort", "page", "address", "sansfil.exemple"}, 200, []string{"Aucun fil ici. Surveiller la page", "Surveiller tout le texte"}, "sansfil.exemple"},
		"nothing typed":             {[]string{"address", " "}, 400, []string{"f-address-error"}, ""},
		"a picture":                 {[]string{"address", "https://photo.exemple"}, 400, []string{"f-address-error", `value="https://photo.exemple"`, "image"}, "https://photo.exemple"},
		"words for Google News":     {[]string{"sort", "actualites", "words", "«\u00a0caisse du Fleuve\u00a0»", "lang", "fr"}, 200, []string{"Ce que nous avons trouvé"}, "https://news.google.com/rss/search?ceid=CA%3Afr&gl=CA&hl=fr-CA&q=%22caisse+du+Fleuve%22"},
		"words for Bing":            {[]string{"sort", "actualites", "words", "caisse", "lang", "en", "engine", "bing"}, 200, nil, "https://www.bing.com/news/search?cc=ca&format=rss&q=caisse&setlang=en"},
		"no words":                  {[]string{"sort", "actualites"}, 400, []string{"f-words-error"}, ""},
		"Reddit refuses":            {[]string{"address", "https://www.reddit.com/r/Quebec"}, 200, []string{"code 403", "Le lire avec ma clé", "/reglages/sources/ajouter/reddit?address="}, "https://www.reddit.com/r/Quebec"},
		"Reddit with a key":         {[]string{"sort", "reddit", "address", "r/Quebec", "token", "https://www.reddit.com/.rss?feed=jeton&user=ana"}, 200, []string{"de suivre www.reddit.com"}, "https://www.reddit.com/r/Quebec/.rss?feed=jeton&user=ana"},
		"a key alone":               {[]string{"sort", "reddit", "token", "https://www.reddit.com/.rss?feed=jeton&user=ana"}, 200, nil, "https://www.reddit.com/.rss?feed=jeton&user=ana"},
		"a key that is none":        {[]string{"sort", "reddit", "address", "r/Quebec", "token", "jeton"}, 400, []string{"f-address-error"}, ""},
		"an alert keeps its secret": {[]string{"sort", "alerte", "address", "https://www.google.com/alerts/feeds/0123/456"}, 200, []string{"de suivre www.google.com"}, "https://www.google.com/alerts/feeds/0123/456"},
		"a sort that is none":       {[]string{"sort", "zzz", "address", "x.exemple"}, 404, nil, ""},
	} {
		f.acts = nil
		w := b.post("/reglages/sources/ajouter", tt.form...)
		t.Run(name, func(t *testing.T) { wantStatus(t, w, tt.status, tt.want...) })
		if want := "survey " + tt.survey; tt.survey != "" && !slices.Equal(f.acts, []string{want}) || tt.survey == "" && len(f.acts) > 0 {
			t.Errorf("%s: acts %q, want %q", name, f.acts, want)
		}
		if name == "an alert keeps its secret" && strings.Contains(w.Body.String(), "0123") || strings.Contains(w.Body.String(), "jeton&amp;") {
			t.Errorf("%s: a secret is shown", name)
		}
	}
	if len(f.sources) != 7 {
		t.Error("a survey added something")
	}
	wantStatus(t, b.get("/reglages/sources/ajouter/zzz"), http.StatusNotFound)
}

func TestWhatSheChoosesIsFollowed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		form []string
		want veille.Source
	}{
		"a feed":                 {[]string{"kind", "feed", "title", "Le Journal"}, veille.Source{Kind: veille.SourceFeed, Title: "Le Journal"}},
		"comments":               {[]string{"kind", "comments"}, veille.Source{Kind: veille.SourceComments}},
		"a list of a page":       {[]string{"kind", "page", "list", "ul > li", "every", "1440"}, veille.Source{Kind: veille.SourcePage, Watch: veille.Watch{Item: "ul > li"}, Every: 1440}},
		"all the text":           {[]string{"kind", "page", "list", "", "every", "1"}, veille.Source{Kind: veille.SourcePage, Every: 60}},
		"her own selectors":      {[]string{"kind", "page", "list", "ul > li", "own_item", "article", "own_date", "time"}, veille.Source{Kind: veille.SourcePage, Watch: veille.Watch{Item: "article", Date: "time"}, Every: 60}},
		"a feed watches nothing": {[]string{"kind", "feed", "list", "ul > li"}, veille.Source{Kind: veille.SourceFeed}},
	} {
		b, f, _ := settingsOf(t, ana("fr"))
		w := b.post("/reglages/sources/ajouter/suivre", append(tt.form, "url", "https://journal.exemple/x")...)
		wantStatus(t, b.follow(w, "/reglages/sources/nouvelle"), http.StatusOK, "Ajouté")
		tt.want.ID, tt.want.BranchID, tt.want.URL, tt.want.State = "nouvelle", "b1", "https://journal.exemple/x", veille.SourceActive
		if diff := cmp.Diff(tt.want, f.sources["nouvelle"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	b, _, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.post("/reglages/sources/ajouter/suivre", "url", "https://deja.exemple/rss", "kind", "feed"), http.StatusConflict, "f-address-error")
	reader, f, _ := settingsOf(t, as(veille.RoleReader))
	wantStatus(t, reader.post("/reglages/sources/ajouter/suivre", "url", "https://journal.exemple/x", "kind", "feed"), http.StatusForbidden)
	wantStatus(t, reader.post("/reglages/sources/ajouter", "address", "journal.exemple"), http.StatusForbidden)
	if len(f.acts) > 0 || len(f.sources) != 7 {
		t.Error("a reader surveyed or added something")
	}
}

// TestAddingASourceInARealBrowser goes from the field to the source, and judges
// what was found by axe in every look.
func TestAddingASourceInARealBrowser(t *testing.T) {
	axe := browserTools(t)
	srv := httptest.NewServer(newTestServer(t, testDeps(ana("fr")), Config{}))
	defer srv.Close()
	tab := newTab(t, srv.URL)
	tab.run(t, chromedp.Navigate(srv.URL+"/connexion"),
		chromedp.SendKeys(chromedp.CSS("#f-email"), "ana@exemple.ca"), chromedp.SendKeys(chromedp.CSS("#f-password"), phrase+"\n"),
		chromedp.WaitVisible(chromedp.CSS(".side")))
	for _, l := range looks() {
		tab.wear(t, l)
		tab.run(t, chromedp.Navigate(srv.URL+"/reglages/sources/ajouter"), chromedp.SendKeys(chromedp.CSS("#f-address"), "journal.exemple\n"),
			chromedp.WaitVisible(chromedp.CSS(".lists")), chromedp.Click(chromedp.CSS(".fold summary")), chromedp.WaitVisible(chromedp.CSS("#f-own_item")))
		tab.check(t, "/reglages/sources/ajouter-trouve", l, axe)
	}
	tab.run(t, chromedp.Click(chromedp.CSS(`.lists input[value="ul.liens > li"]`)), chromedp.Click(chromedp.CSS(".lists ~ .btns button")),
		chromedp.WaitVisible(chromedp.CSS(".notice.ok")))
	if title := ask(t, tab, chromedp.Evaluate[string](`document.querySelector("h1").textContent`)); title != "Avis publics" {
		t.Errorf("she arrives at %q", title)
	}
}
