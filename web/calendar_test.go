package web

import (
	"net/http"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestTheCalendarInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		b, _, _ := calendarBrowser(t, ana(locale))
		golden(t, "calendar_"+locale, b.get("/calendrier").Body.String())
		golden(t, "calendar_list_"+locale, b.get("/calendrier?vue=liste&semaine=2026-11-26").Body.String())
	}
}

func TestTheCalendarTurns(t *testing.T) {
	t.Parallel()
	b, _, _ := calendarBrowser(t, ana("fr"))
	wantStatus(t, b.get("/calendrier?semaine=2026-12-02"), http.StatusOK, "Semaine du 30 novembre", "semaine=2026-11-23", "semaine=2026-12-07")
	wantStatus(t, b.get("/calendrier?semaine=2026-12-02&vue=liste"), http.StatusOK, "semaine=2026-12-28&amp;vue=liste", "jusqu’au 27 décembre")
	wantStatus(t, b.get("/calendrier?semaine=hier"), http.StatusOK, "Semaine du 23 novembre")
}

func TestAScheduledPostThatTouchesALiveIncidentSaysSo(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	desk.posts[1].Text = "Passez au comptoir de Saint-Rémi samedi."
	wantStatus(t, b.get("/calendrier"), http.StatusOK, "touche «\u00a0Fermeture du comptoir de Saint-Rémi\u00a0»")
	wantStatus(t, b.get("/calendrier/p2"), http.StatusOK, "Un incident en cours touche «\u00a0Comptoir de Saint-Rémi\u00a0»", `href="/crises/n1"`)
}

func TestAPostThatSaysWhatTheStorySaysTouchesItsIncident(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		story veille.StoryID
		said  string
		want  bool
	}{
		"two things of the story":        {"", "Un café au comptoir de SAINT-REMI, samedi.", true},
		"one thing alone":                {"", "Nos heures d’été à Saint-Rémi.", false},
		"one thing said in two lengths":  {"", "Le grand comptoir.", false},
		"the same story":                 {"s1", "Merci.", true},
		"another story":                  {"s2", "Merci.", false},
		"a thing one article alone says": {"", "Un frigo à Saint-Rémi.", false},
		"part of a word is not the word": {"", "Comptoirs de Saint-Rémy", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			watched := []liveTopic{{Incident: veille.Incident{StoryID: "s1"}, phrases: []string{" comptoir ", " grand comptoir ", " saint remi "}}}
			if got := len(touched(watched, c.story, "", c.said)) > 0; got != c.want {
				t.Errorf("touched %t", got)
			}
		})
	}
}

func TestWhatAStorySaysAgainAndAgainIsFound(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	desk.posts[1].Text = "Venez signer la pétition à l’aréna."
	wantStatus(t, b.get("/calendrier/p2"), http.StatusOK, "Un incident en cours")
	desk.posts[1].Text = "Venez voir le défilé à l’aréna."
	if strings.Contains(b.get("/calendrier/p2").Body.String(), "Un incident en cours") {
		t.Error("what one article alone says touches the incident")
	}
}

func TestWithoutAChannelTheCalendarSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	desk.channels = nil
	for _, path := range []string{"/calendrier", "/calendrier/nouvelle"} {
		wantStatus(t, b.get(path), http.StatusOK, "Aucun canal encore", "/reglages/canaux")
	}
}

func TestAnotherBranchsCalendarIsNotShown(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	if strings.Contains(b.get("/calendrier").Body.String(), "Une autre caisse") {
		t.Error("another branch's post is in the week")
	}
	wantStatus(t, b.get("/calendrier/px"), http.StatusNotFound)
	for _, act := range []string{"", "/heure", "/etat", "/publiee", "/reprendre", "/supprimer"} {
		wantStatus(t, b.post("/calendrier/px"+act, "text", "x", "to", "held", "day", "2026-12-01", "clock", "09:00"), http.StatusNotFound)
	}
	if desk.state("px") != veille.PostScheduled {
		t.Errorf("another branch's post became %s", desk.state("px"))
	}
}

func TestAReaderSeesTheCalendarAndChangesNothing(t *testing.T) {
	t.Parallel()
	b, _, _ := calendarBrowser(t, reader())
	for _, path := range []string{"/calendrier", "/calendrier/p2", "/calendrier/p4", "/calendrier/p6"} {
		w := b.get(path)
		wantStatus(t, w, http.StatusOK)
		if strings.Contains(w.Body.String(), `method="post" action="/calendrier`) || strings.Contains(w.Body.String(), "nouvelle?") {
			t.Errorf("%s offers a reader an act", path)
		}
	}
	wantStatus(t, b.post("/calendrier/p2/etat", "to", "held"), http.StatusForbidden)
}
