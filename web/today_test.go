package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

func TestTodayInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			golden(t, "today_"+locale, newsBrowser(t, newFakeNews(), locale).get("/").Body.String())
		})
	}
}

func TestAStorySetAsideComesBackWhenItGrows(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	w := b.follow(b.post("/ecarter", "histoire", "st1"), "/")
	wantStatus(t, w, http.StatusOK, "écartée de cette page", "Un frigo communautaire")
	if strings.Contains(w.Body.String(), "Le comptoir de Saint-Rémi réduit") {
		t.Error("the story is still there")
	}
	wantStatus(t, w, http.StatusOK, "Caisse de la Rivière") // its incident is now told by itself
	f.morning.News[1].Story.Entries++
	wantStatus(t, b.get("/"), http.StatusOK, "Le comptoir de Saint-Rémi réduit")
	if w := b.post("/ecarter", "histoire", "absente"); w.Code != http.StatusNotFound {
		t.Errorf("%d for a story that is not there", w.Code)
	}
}

func TestAReaderSetsNothingAside(t *testing.T) {
	t.Parallel()
	u := ana("fr")
	u.Role = veille.RoleReader
	f := newFakeNews()
	deps := testDeps(u)
	deps.News = f.deps()
	b := signedBrowser(t, newTestServer(t, deps, Config{}), u.Email)
	if w := b.post("/ecarter", "histoire", "st1"); w.Code != http.StatusForbidden || len(f.settings) > 0 {
		t.Errorf("%d, %v", w.Code, f.settings)
	}
	if body := b.get("/").Body.String(); strings.Contains(body, "/ecarter") || strings.Contains(body, "/calendrier/nouvelle") {
		t.Error("acts are offered to a reader")
	}
}

func TestTheFirstMinutesSayThatReadingIsUnderWay(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	f.morning = engine.Morning{Branch: branches()[0]}
	wantStatus(t, b.get("/"), http.StatusOK, "n’a encore rien à lire")
	f.morning.Branch.CreatedAt = morning.Add(-time.Minute)
	f.morning.Sources.All = []veille.Source{{ID: "s1", State: veille.SourceActive}}
	wantStatus(t, b.get("/"), http.StatusOK, "La première lecture de vos sources est en cours", `http-equiv="refresh"`, "Rien à faire ce matin")
	f.morning.Sources.All[0].Health = veille.Health{FetchedAt: morning, OKAt: morning}
	w := b.get("/")
	wantStatus(t, w, http.StatusOK, "Rien de neuf sur vos sujets depuis hier", "C’est tout pour aujourd’hui")
	if strings.Contains(w.Body.String(), "première lecture") {
		t.Error("the first reading never ends")
	}
}

func TestTheMostPressingStandsFirst(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	f.morning.Incidents[0].Level, f.morning.Incidents[0].Score = veille.LevelCrisis, 82
	f.morning.Waiting = append(f.morning.Waiting, veille.Post{ID: "p3", ChannelID: "c1", Title: "AGA", State: veille.PostUnknown})
	body := b.get("/").Body.String()
	last := -1
	for _, words := range []string{"Voir quoi faire", "Publiée ou non? «\u00a0AGA\u00a0»", "À publier vous-même", "2 places libres", "Un frigo"} {
		at := strings.Index(body, words)
		if at < last {
			t.Errorf("%q at %d, after %d", words, at, last)
		}
		last = at
	}
}
