package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestTheWebhooksInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "hooks_"+locale, b.get("/reglages/avertissements").Body.String())
			golden(t, "hook_"+locale, b.get("/reglages/avertissements/w1").Body.String())
		})
	}
}

func TestTheSecretOfAWebhookIsShownOnce(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.post("/reglages/avertissements", "name", "Salon", "url", "https://salon.exemple/x?jeton=1")
	path := w.Header().Get("Location")
	id := veille.WebhookID(strings.TrimPrefix(path, "/reglages/avertissements/"))
	made, ok := f.hooks[id]
	if !ok || made.BranchID != "b1" || !strings.HasPrefix(made.Secret, "whsec_") {
		t.Fatalf("made %+v at %q", made, path)
	}
	wantStatus(t, b.follow(w, path), http.StatusOK, made.Secret, "Salon est ajouté")
	if page := b.get(path).Body.String(); strings.Contains(page, made.Secret) || strings.Contains(page, "jeton=1") {
		t.Error("the secret, or the address, is shown again")
	}
	wantStatus(t, b.post("/reglages/avertissements", "name", "", "url", "ftp://x"), http.StatusBadRequest, "f-name-error", "f-url-error")
	wantStatus(t, b.post("/reglages/avertissements", "name", "x", "url", "https://nom:mot@x.exemple"), http.StatusBadRequest, "f-url-error")
}

func TestAWebhookIsTestedStoppedAndRemoved(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.follow(b.post("/reglages/avertissements/w1/essai"), "/reglages/avertissements/w1"), http.StatusOK, "message d’essai")
	if !slices.Equal(f.acts, []string{"test w1"}) {
		t.Errorf("acts %q", f.acts)
	}
	b.post("/reglages/avertissements/w1/etat", "act", "off")
	if w := f.hooks["w1"]; !w.Disabled || w.Secret != "whsec_abc" {
		t.Errorf("stopped: %+v", w)
	}
	b.post("/reglages/avertissements/w1/etat", "act", "on")
	if f.hooks["w1"].Disabled {
		t.Error("still stopped")
	}
	b.follow(b.post("/reglages/avertissements/w1/retirer"), "/reglages/avertissements")
	if len(f.hooks) != 1 {
		t.Error("the webhook is still there")
	}
}

func TestTheSchemaOfTheMessagesIsServed(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	w := b.get("/reglages/avertissements/schema.json")
	if !json.Valid(w.Body.Bytes()) || !strings.Contains(w.Header().Get("Content-Type"), "json") {
		t.Errorf("%q: %s", w.Header().Get("Content-Type"), w.Body)
	}
}
