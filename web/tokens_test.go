package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

func TestTheTokensInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "tokens_"+locale, b.get("/reglages/jetons").Body.String())
		})
	}
}

func TestATokenIsShownOnce(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, as(veille.RoleReader)) // a token is her own
	page := b.follow(b.post("/reglages/jetons", "name", "Portail"), "/reglages/jetons").Body.String()
	shown := regexp.MustCompile(`<code id="token">([^<]+)</code>`).FindStringSubmatch(page)
	if shown == nil {
		t.Fatalf("no token on the page: %s", page)
	}
	kept := 0
	for _, k := range f.tokens {
		if k.Hash == auth.HashToken(shown[1]) && k.UserID == "u1" && k.Name == "Portail" {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d tokens of that hash are kept", kept)
	}
	if strings.Contains(b.get("/reglages/jetons").Body.String(), shown[1]) {
		t.Error("the token is shown again")
	}
	wantStatus(t, b.post("/reglages/jetons", "name", " "), http.StatusBadRequest, "f-name-error")
	b.follow(b.post("/reglages/jetons/k1/retirer"), "/reglages/jetons")
	if _, still := f.tokens["k1"]; still {
		t.Error("the token is still there")
	}
}
