package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestTheChannelsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "channels_"+locale, b.get("/reglages/canaux").Body.String())
			golden(t, "channel_"+locale, b.get("/reglages/canaux/c2").Body.String())
		})
	}
}

func TestAChannelByHandIsKeptWithItsSlots(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	zone := "America/Halifax"
	w := b.post("/reglages/canaux/c1", "name", "Facebook", "url", "", "cadence", "4",
		"day-0", "3", "hour-0", "08:05", "zone-0", zone, "day-1", "3", "hour-1", "08:05", "zone-1", zone, "day-2", "1", "hour-2", "", "zone-2", zone)
	b.follow(w, "/reglages/canaux")
	want := f.channels["c1"]
	want.Cadence, want.Slots = 4, []veille.Slot{{Weekday: 3, Hour: 8, Minute: 5, Zone: zone}}
	if diff := cmp.Diff(want, f.channels["c1"]); diff != "" {
		t.Error(diff)
	}
	w = b.post("/reglages/canaux/nouveau", "reseau", "manual", "name", "", "url", "javascript:x", "cadence", "-1", "day-0", "9", "hour-0", "25:00", "zone-0", "Lune")
	wantStatus(t, w, http.StatusBadRequest, "f-name-error", "f-url-error", "f-cadence-error", "f-hour-0-error", "javascript:x")
	if len(f.channels) != 3 {
		t.Error("a refused channel was kept")
	}
}

func TestAWordPressChannelIsCheckedWhenKept(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.get("/reglages/canaux/c2")
	wantStatus(t, w, http.StatusOK, "Vérifier")
	if strings.Contains(w.Body.String(), "abcd efgh") {
		t.Error("the page shows the password")
	}
	f.check = veille.NewProblem(veille.ErrDenied, veille.Say("wordpress.wrong_user"), nil)
	w = b.post("/reglages/canaux/c2", "name", "Blogue", "url", "https://blogue.exemple", "user", "bea", "secret", "", "cadence", "1")
	wantStatus(t, b.follow(w, "/reglages/canaux/c2"), http.StatusOK, "enregistré, mais", "WordPress ne connaît pas ce nom")
	if c := f.channels["c2"]; c.User != "bea" || c.Secret != "abcd efgh" {
		t.Errorf("kept %q with %q", c.User, c.Secret)
	}
	f.check = nil
	wantStatus(t, b.follow(b.post("/reglages/canaux/c2/verifier"), "/reglages/canaux/c2"), http.StatusOK, "fonctionne")
	if !slices.Equal(f.acts, []string{"check Blogue", "check Blogue"}) {
		t.Errorf("acts %q", f.acts)
	}
	wantStatus(t, b.post("/reglages/canaux/c2/retirer"), http.StatusConflict, "pour en garder la trace")
}
