package web

import (
	"net/http"
	"strings"
	"testing"

	"veilleur/index/story"
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
	wantStatus(t, w, http.StatusOK, "2 sources indépendantes", "3 articles", "reprise de Le Courrier du Fleuve")
	if strings.Contains(w.Body.String(), "autre caisse") {
		t.Error("another branch’s source is shown")
	}
}

func TestVoicesAreCountedAsTheStoryCountsThem(t *testing.T) {
	t.Parallel()
	sources := map[veille.SourceID]veille.Source{
		"a": {ID: "a", Title: "A", Group: "G"}, "b": {ID: "b", Title: "B", Group: "G"}, "c": {ID: "c", Title: "C"}, "alert": {ID: "alert", Title: "Alerte"},
	}
	entries := []veille.Entry{
		{ID: "1", SourceID: "a"}, {ID: "2", SourceID: "b"}, {ID: "3", SourceID: "c"}, {ID: "4", SourceID: "c"},
		{ID: "5", SourceID: "alert", Publisher: "D"}, {ID: "6", SourceID: "alert", Publisher: "C"}, {ID: "7", SourceID: "gone"},
		{ID: "8", SourceID: "alert", Publisher: "E", Reading: veille.Reading{DuplicateOf: "1"}},
	}
	if got, want := len(voices(entries, sources)), story.Summarise(entries, sources).Independent; got != want {
		t.Errorf("%d voices, the story counts %d", got, want)
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
