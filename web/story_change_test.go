package web

import (
	"net/http"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestAStoryIsCorrectedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			golden(t, "story_change_"+locale, newsBrowser(t, newFakeNews(), locale).get("/nouvelles/st1/corriger?q=frigo").Body.String())
		})
	}
}

func TestStoriesAreMergedAndUndoneFromTheirPages(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/nouvelles/st2/corriger?q=comptoir"), http.StatusOK, "Heures réduites au comptoir", "22 novembre 2026", "3 articles")
	w := b.post("/nouvelles/st2/reunir", "dans", "st1")
	wantStatus(t, b.follow(w, "/nouvelles/st1"), http.StatusOK, "n’en font plus qu’une", "Un frigo communautaire", "1 article réuni par vous", "Annuler")
	if w := b.get("/nouvelles/st2"); w.Code != http.StatusFound || w.Header().Get("Location") != "/nouvelles/st1" {
		t.Errorf("the old address: %d to %s", w.Code, w.Header().Get("Location"))
	}
	w = b.post("/nouvelles/st1/annuler", "changement", "m1")
	wantStatus(t, b.follow(w, "/nouvelles/st2"), http.StatusOK, "La correction est annulée", "Annulé par vous")
}

func TestArticlesAreTakenOutOfAStory(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	foreign := f.entries[0]
	foreign.ID, foreign.Reading.StoryID = "e6", "st1"
	f.entries = append(f.entries, foreign)
	b := newsBrowser(t, f, "fr")
	w := b.post("/nouvelles/st1/sortir", "article", "e1", "article", "e6", "dans", "")
	wantStatus(t, b.follow(w, "/nouvelles/own"), http.StatusOK, "1 article est sorti", "Le comptoir de Saint-Rémi réduit ses heures")
	if got := f.changes[0].Moved(); len(got) != 1 || got[0] != "e1" {
		t.Errorf("moved %v: an article she does not see is not hers to move", got)
	}
	wantStatus(t, b.post("/nouvelles/st1/sortir", "dans", ""), http.StatusBadRequest, "Cochez au moins un article")
}

func TestACorrectionNamesOnlyWhatSheSees(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	f.changes = []veille.StoryChange{{ID: "m7", By: "gone", From: "st9", FromTitle: "La caisse d’à côté", Into: "st1", At: morning,
		Placed: []veille.Placement{{EntryID: "e2", Was: "st9", Now: "st1"}}}}
	w := newsBrowser(t, f, "fr").get("/nouvelles/st1")
	wantStatus(t, w, http.StatusOK, "1 article ajouté par quelqu’un, venu de", "une autre nouvelle")
	if strings.Contains(w.Body.String(), "à côté") {
		t.Error("the title of a story she does not see")
	}
}

func TestACorrectionOfWhatIsNotHersIsRefused(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	for _, c := range []struct {
		path string
		form []string
		want int
	}{
		{"/nouvelles/st9/reunir", []string{"dans", "st1"}, http.StatusNotFound},
		{"/nouvelles/st1/reunir", []string{"dans", "st9"}, http.StatusNotFound},
		{"/nouvelles/st1/reunir", nil, http.StatusBadRequest},
		{"/nouvelles/st1/sortir", []string{"article", "e1", "dans", "st9"}, http.StatusNotFound},
		{"/nouvelles/st1/annuler", []string{"changement", "other"}, http.StatusNotFound},
	} {
		wantStatus(t, b.post(c.path, c.form...), c.want)
	}
	if len(f.changes) > 0 {
		t.Errorf("changed: %v", f.changes)
	}
	reader := ana("fr")
	reader.Role = veille.RoleReader
	deps := testDeps(reader)
	deps.News = f.deps()
	r := signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
	wantStatus(t, r.post("/nouvelles/st2/reunir", "dans", "st1"), http.StatusForbidden)
	if body := r.get("/nouvelles/st1").Body.String(); strings.Contains(body, "/corriger") {
		t.Error("a reader is offered a correction")
	}
}

func TestAStoryTellsHowItGrewAndWhyEachArticleBelongs(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/nouvelles/st1"), http.StatusOK, "Comment elle a grandi", "heure par heure", "Premier article, dans L’Écho des Saules", "3 en tout",
		`href="#a-e2"`, `id="a-e2"`, "premier article", "mêmes mots\u00a0: ", "heures", "reprise de Le Courrier du Fleuve")
	f.entries[2].Published = f.entries[2].Published.AddDate(0, 0, -3)
	wantStatus(t, b.get("/nouvelles/st1"), http.StatusOK, "jour par jour")
	b.post("/nouvelles/st2/reunir", "dans", "st1")
	wantStatus(t, b.get("/nouvelles/st1"), http.StatusOK, "ajouté à la main par vous")
}
