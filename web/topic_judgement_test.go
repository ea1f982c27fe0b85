package web

import (
	"net/http"
	"slices"
	"testing"
)

func TestATopicShowsWhatEachSensitivityWouldHaveRaised(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.get("/reglages/sujets/t1"), http.StatusOK, "Ce que chaque sensibilité aurait signalé", "rien n’aurait été signalé",
		"2 incidents, dont 1 à l’escalade ou en crise", "Panne &lt;b&gt;", "Longue file", "votre choix")
}

func TestWhatAFalseAlarmTunedIsSeenAndUndone(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.get("/reglages/sujets/t1"), http.StatusOK, "un homonyme &lt;i&gt;", "plus hauts de 3 points", "/reglages/sujets/t1/lecons/i2/annuler", "annulé par vous")
	wantStatus(t, b.post("/reglages/sujets/t1/lecons/i2/annuler", ""), http.StatusSeeOther)
	if !slices.Contains(f.acts, "undo i2 by u1") {
		t.Errorf("did %v", f.acts)
	}
	wantStatus(t, b.post("/reglages/sujets/t1/lecons/i9/annuler", ""), http.StatusNotFound, "Revenez à la page du sujet")
	wantStatus(t, b.post("/reglages/sujets/t0/lecons/i2/annuler", ""), http.StatusForbidden)
}
