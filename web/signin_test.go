package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

func TestSignInBringsHerWhereSheWasGoing(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newTestServer(t, testDeps(ana("fr")), Config{}))
	w := b.follow(b.get("/reglages"), "/connexion?suite=%2Freglages")
	wantStatus(t, w, http.StatusOK, "Connexion", `value="/reglages"`)
	w = b.post("/connexion", "email", "Ana@exemple.ca ", "password", phrase, "suite", "/reglages")
	wantStatus(t, b.follow(w, "/reglages"), http.StatusOK, "Réglages", "Caisse de la Rivière")
	w = b.post("/sortir")
	b.follow(w, "/connexion")
	if w := b.get("/reglages"); w.Code != http.StatusSeeOther {
		t.Errorf("still in after signing out: %d", w.Code)
	}
}

func TestSignInNeverLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"https://ailleurs.exemple", "//ailleurs.exemple", `/\ailleurs.exemple`, "javascript:alert(1)", "", "/a\nb"} {
		if got := localPath(to); got != "/" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	if got := localPath("/veille?q=a%2Fb"); got != "/veille?q=a%2Fb" {
		t.Errorf("our own path became %q", got)
	}
}

func TestAWrongPasswordSaysNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	linkOnly := veille.User{ID: "u2", BranchID: "b1", Email: "lien@exemple.ca", Locale: "fr"}
	s := newTestServer(t, testDeps(ana("fr"), linkOnly), Config{})
	for _, email := range []string{"ana@exemple.ca", "personne@exemple.ca", "lien@exemple.ca"} {
		w := newBrowser(t, s).post("/connexion", "email", email, "password", "")
		wantStatus(t, w, http.StatusForbidden, "ne vont pas ensemble")
	}
}

func TestGuessingIsSlowedAndLocksNobodyElseOut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	now := morning
	s.now = func() time.Time { return now }
	b := newBrowser(t, s)
	looked := 0
	for range 1000 {
		now = now.Add(600 * time.Millisecond)
		w := b.post("/connexion", "email", "ana@exemple.ca", "password", "faux")
		if w.Code == http.StatusForbidden {
			looked++
		} else if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Fatalf("%d", w.Code)
		}
	}
	if looked > 20 {
		t.Errorf("%d guesses looked at in ten minutes, want at most 20", looked)
	}
	other := newBrowser(t, s)
	other.from = "198.51.100.20:1"
	if w := other.post("/connexion", "email", "ana@exemple.ca", "password", phrase); w.Code != http.StatusSeeOther {
		t.Errorf("she is locked out: %d", w.Code)
	}
}

func TestALinkIsUsedByItsButtonAlone(t *testing.T) {
	t.Parallel()
	deps := testDeps(ana("fr"))
	deps.Accounts.(*people).links[auth.HashToken("jeton")+LinkSignIn] = "u1"
	s := newTestServer(t, deps, Config{})
	b := newBrowser(t, s)
	for range 3 {
		wantStatus(t, b.get("/entrer?jeton=jeton"), http.StatusOK, `value="jeton"`)
	}
	b.follow(b.post("/entrer", "jeton", "jeton"), "/")
	wantStatus(t, newBrowser(t, s).post("/entrer", "jeton", "jeton"), http.StatusForbidden, "déjà servi")
}

func TestASessionPlantedBeforeSignInIsWorthNothing(t *testing.T) {
	t.Parallel()
	deps := testDeps()
	deps.Accounts.(*people).links[auth.HashToken("un")+LinkSetup] = ""
	s := newTestServer(t, deps, Config{})
	b := newBrowser(t, s)
	b.post("/entrer", "jeton", "un")
	planted := b.cookies["veilleur"].Value
	b.s.(*Server).deps.Accounts.(*people).users["u1"] = ana("fr")
	b.post("/connexion", "email", "ana@exemple.ca", "password", phrase)
	if b.cookies["veilleur"].Value == planted {
		t.Error("the session kept its number")
	}
	thief := newBrowser(t, s)
	thief.cookies["veilleur"] = &http.Cookie{Name: "veilleur", Value: planted}
	if w := thief.get("/reglages"); w.Code != http.StatusSeeOther {
		t.Errorf("the planted session is signed in: %d", w.Code)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	now := morning
	s.now = func() time.Time { return now }
	b := signedBrowser(t, s, "ana@exemple.ca")
	for range 3 { // kept alive by use
		now = now.Add(11 * time.Hour)
		wantStatus(t, b.get("/reglages"), http.StatusOK)
	}
	now = now.Add(idleLimit)
	if w := b.get("/reglages"); w.Code != http.StatusSeeOther {
		t.Errorf("idle for 12 h and still in: %d", w.Code)
	}
}

func TestANewPasswordEndsHerOtherSessions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	here, there := signedBrowser(t, s, "ana@exemple.ca"), signedBrowser(t, s, "ana@exemple.ca")
	w := here.post("/reglages/profil/mot-de-passe", "current", "faux", "next", "une autre phrase longue")
	wantStatus(t, w, http.StatusBadRequest, "pas votre mot de passe actuel")
	w = here.post("/reglages/profil/mot-de-passe", "current", phrase, "next", "court")
	wantStatus(t, w, http.StatusBadRequest, "f-next-error")
	w = here.post("/reglages/profil/mot-de-passe", "current", phrase, "next", "une autre phrase longue")
	wantStatus(t, here.follow(w, "/reglages/profil"), http.StatusOK, "Votre mot de passe est changé")
	if w := there.get("/reglages"); w.Code != http.StatusSeeOther {
		t.Errorf("the other session goes on: %d", w.Code)
	}
}

// A deadStore cannot be read.
type deadStore struct{}

var errDead = errors.New("disk gone")

func (deadStore) Find(string) ([]byte, bool, error)                          { return nil, false, errDead }
func (deadStore) Commit(string, []byte, time.Time) error                     { return errDead }
func (deadStore) Delete(string) error                                        { return errDead }
func (deadStore) FindCtx(context.Context, string) ([]byte, bool, error)      { return nil, false, errDead }
func (deadStore) CommitCtx(context.Context, string, []byte, time.Time) error { return errDead }
func (deadStore) DeleteCtx(context.Context, string) error                    { return errDead }

func TestADeadStoreClosesTheDoor(t *testing.T) {
	t.Parallel()
	deps := testDeps(ana("fr"))
	deps.Sessions = deadStore{}
	b := newBrowser(t, newTestServer(t, deps, Config{}))
	b.cookies["veilleur"] = &http.Cookie{Name: "veilleur", Value: "x"}
	w := b.get("/reglages")
	wantStatus(t, w, http.StatusServiceUnavailable, "Rien n’est perdu")
	if strings.Contains(w.Body.String(), "disk") {
		t.Error("the text of the error left")
	}
	deps = testDeps(ana("fr"))
	deps.Accounts.(*people).down = errDead
	wantStatus(t, newBrowser(t, newTestServer(t, deps, Config{})).get("/connexion"), http.StatusServiceUnavailable)
}

func TestAReaderMayNotAct(t *testing.T) {
	t.Parallel()
	reader := ana("fr")
	reader.Role = veille.RoleReader
	s := newTestServer(t, testDeps(reader), Config{})
	s.post("/essai", func(v *visit) error { return v.goTo("/") })
	b := signedBrowser(t, s, "ana@exemple.ca")
	wantStatus(t, b.post("/essai"), http.StatusForbidden, "Votre rôle permet de lire")
	if w := b.post("/caisse", "branch", "b0"); w.Code != http.StatusForbidden {
		t.Errorf("turned to another branch: %d", w.Code)
	}
}

func TestACentralUserTurnsToAnotherBranch(t *testing.T) {
	t.Parallel()
	u := ana("fr")
	u.Role = veille.RoleCentral
	b := signedBrowser(t, newTestServer(t, testDeps(u), Config{}), "ana@exemple.ca")
	b.follow(b.post("/caisse", "branch", "b0"), "/")
	wantStatus(t, b.get("/reglages"), http.StatusOK, "Ce que Veilleur fait pour Mouvement Desrivières")
	wantStatus(t, b.post("/caisse", "branch", "b9"), http.StatusNotFound)
}
