package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/index/story"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

func TestAStoryAndAnArticleInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b := newsBrowser(t, newFakeNews(), locale)
			golden(t, "story_"+locale, b.get("/nouvelles/st1").Body.String())
			golden(t, "article_"+locale, b.get("/articles/e2?q=fermer").Body.String())
		})
	}
}

func TestAMergedStoryLeadsToTheOneItBecame(t *testing.T) {
	t.Parallel()
	w := newsBrowser(t, newFakeNews(), "fr").get("/nouvelles/st-old")
	if w.Code != http.StatusFound || w.Header().Get("Location") != "/nouvelles/st1" {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
}

func TestAStoryCountsOnlyWhatSheSees(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	foreign := f.entries[0]
	foreign.ID, foreign.Reading.StoryID = "e6", "st1"
	f.entries = append(f.entries, foreign)
	f.stories[0].Independent, f.stories[0].Entries = 3, 4
	w := newsBrowser(t, f, "fr").get("/nouvelles/st1")
	wantStatus(t, w, http.StatusOK, "3 sources, dont 2 indépendantes", "3 articles", "reprend le texte de Le Courrier du Fleuve", "reprise de Le Courrier du Fleuve")
	if strings.Contains(w.Body.String(), "autre caisse") {
		t.Error("another branch’s source is shown")
	}
}

func TestVoicesAreCountedAsTheStoryCountsThem(t *testing.T) {
	t.Parallel()
	sources := map[veille.SourceID]veille.Source{
		"a": {ID: "a", Title: "A", Group: "G"}, "b": {ID: "b", Title: "B", Group: "G"}, "c": {ID: "c", Title: "C"}, "alert": {ID: "alert", Title: "Alerte"},
		"k": {ID: "k", Title: "K", Kin: "quotidien.ca", Kind: veille.SourceFeed, URL: "https://quotidien.ca/rss"}, "l": {ID: "l", Title: "L", Kin: "quotidien.ca", Kind: veille.SourceFeed, URL: "https://www.quotidien.ca/sports"},
		"m": {ID: "m", Title: "M", Kin: "M"}, "n": {ID: "n", Title: "N", Kin: "M"},
	}
	wire := veille.Reading{Agency: "Agence"}
	entries := []veille.Entry{
		{ID: "1", SourceID: "a"}, {ID: "2", SourceID: "b"}, {ID: "3", SourceID: "c"}, {ID: "4", SourceID: "c"},
		{ID: "5", SourceID: "alert", Publisher: "D"}, {ID: "6", SourceID: "alert", Publisher: "C"}, {ID: "7", SourceID: "gone"},
		{ID: "8", SourceID: "alert", Publisher: "E", Reading: veille.Reading{DuplicateOf: "1"}},
		{ID: "9", SourceID: "k"}, {ID: "10", SourceID: "l"}, {ID: "11", SourceID: "m"}, {ID: "12", SourceID: "n"},
		{ID: "13", SourceID: "a", Reading: wire}, {ID: "14", SourceID: "c", Reading: wire},
		{ID: "15", SourceID: "alert", Publisher: "F", Reading: veille.Reading{DuplicateOf: "unseen"}},
		{ID: "16", SourceID: "alert", Publisher: "H", Reading: veille.Reading{DuplicateOf: "unseen"}},
	}
	got, repeats := voicesOf(&visit{Printer: i18n.For("fr")}, entries, sources)
	if want := story.Summarise(entries, sources).Independent; len(got) != want || want != 8 {
		t.Errorf("%d voices, the story counts %d, want 8", len(got), want)
	}
	why := map[string]string{}
	for _, x := range got {
		why[x.Name] = x.Why
	}
	want := map[string]string{"G": "group", "C": "", "D": "", "gone": "", "quotidien.ca": "site", "M": "repeats", "Agence": "agency", "F": ""}
	if d := cmp.Diff(want, why); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]repeated{{"E", "A"}, {"H", "un autre média"}}, repeats); d != "" {
		t.Error(d)
	}
}

func TestNoAddressOfAnEntryRuns(t *testing.T) {
	t.Parallel()
	b := newsBrowser(t, newFakeNews(), "fr")
	for _, path := range []string{"/articles/e2", "/nouvelles/st1"} {
		if body := b.get(path).Body.String(); strings.Contains(body, "javascript:") || strings.Contains(body, "<b>Des") {
			t.Errorf("%s shows an address or markup of the entry as its own", path)
		}
	}
	wantStatus(t, b.get("/articles/e1"), http.StatusOK, `href="https://echo.example/comptoir" rel="noopener noreferrer nofollow"`)
}
