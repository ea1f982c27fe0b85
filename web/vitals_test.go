package web

import (
	"net/http"
	"testing"

	"veilleur/internal/veille"
)

func TestTheStateInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, f, _ := settingsOf(t, ana(locale))
			f.parked = []veille.Parked{
				{Stage: "search", EntryID: "e1", Reason: "index: <broken>", At: morning},
				{Stage: "group", EntryID: "e9", Reason: "story: too long", At: morning},
			}
			golden(t, "vitals_"+locale, b.get("/reglages/etat").Body.String())
		})
	}
}

func TestTheStateSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*fakeSettings)
		want   string
	}{
		"all is well":           {func(f *fakeSettings) { delete(f.sources, "s2"); delete(f.sources, "s5") }, "Tout va bien."},
		"a source fails":        {func(*fakeSettings) {}, "Voir les sources à réparer"},
		"a stage lags a little": {func(f *fakeSettings) { f.cursors["match"] = 100 }, "20 articles en attente"},
		"an entry is set aside": {func(f *fakeSettings) { f.parked = []veille.Parked{{Stage: "match", EntryID: "e9", At: morning}} }, "Un article d’une autre caisse"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, f, _ := settingsOf(t, ana("fr"))
			c.change(f)
			wantStatus(t, b.get("/reglages/etat"), http.StatusOK, c.want)
		})
	}
}
