package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// withTeam adds a colleague, one of the central team and one of elsewhere.
func withTeam(deps Deps) {
	p := deps.Accounts.(*people)
	p.users["u2"] = veille.User{ID: "u2", BranchID: "b1", Name: "Béa <i>", Email: "bea@exemple.ca", Role: veille.RoleReader, Locale: "fr"}
	p.users["u3"] = veille.User{ID: "u3", BranchID: "b1", Name: "Cléo", Email: "cleo@exemple.ca", Role: veille.RoleCentral, Locale: "fr"}
	p.users["u9"] = veille.User{ID: "u9", BranchID: "b9", Name: "Ailleurs", Email: "ailleurs@exemple.ca", Role: veille.RoleReader, Locale: "fr"}
}

func TestTheTeamInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "team_"+locale, b.get("/reglages/equipe").Body.String())
		})
	}
}

func TestAPersonIsAddedByALinkShownOnce(t *testing.T) {
	t.Parallel()
	b, f, deps := settingsOf(t, ana("fr"))
	w := b.post("/reglages/equipe", "name", "Dée", "email", "DEE@exemple.ca", "role", "contributor", "locale", "fr")
	page := b.follow(w, "/reglages/equipe").Body.String()
	link := regexp.MustCompile(`http://example\.com/entrer\?jeton=([\w-]+)`).FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("no link on the page: %s", page)
	}
	id := f.links[auth.HashToken(link[1])+LinkSignIn]
	if u, err := deps.Accounts.User(t.Context(), id); err != nil || u.Email != "dee@exemple.ca" || u.Role != veille.RoleContributor || u.BranchID != "b1" {
		t.Errorf("made %+v, %v", u, err)
	}
	if strings.Contains(b.get("/reglages/equipe").Body.String(), link[1]) {
		t.Error("the link is shown again")
	}
	wantStatus(t, b.post("/reglages/equipe", "name", "", "email", "x", "role", "central", "locale", "de"), http.StatusBadRequest, "f-name-error", "f-email-error", "f-role-error", "f-locale-error")
}

func TestATeamIsChangedWithinBounds(t *testing.T) {
	t.Parallel()
	b, f, deps := settingsOf(t, ana("fr"))
	withTeam(deps)
	wantStatus(t, b.get("/reglages/equipe"), http.StatusOK, "Béa &lt;i&gt;")
	b.follow(b.post("/reglages/equipe/u2", "role", "approver"), "/reglages/equipe")
	if u, _ := deps.Accounts.User(t.Context(), "u2"); u.Role != veille.RoleApprover {
		t.Errorf("role %q", u.Role)
	}
	wantStatus(t, b.post("/reglages/equipe/u2", "role", "central"), http.StatusBadRequest)
	wantStatus(t, b.post("/reglages/equipe/u1", "role", "reader"), http.StatusConflict, "votre propre compte")
	wantStatus(t, b.post("/reglages/equipe/u3/retirer"), http.StatusForbidden, "équipe centrale")
	wantStatus(t, b.post("/reglages/equipe/u9/lien"), http.StatusNotFound)
	b.follow(b.post("/reglages/equipe/u2/retirer"), "/reglages/equipe")
	if !slices.Equal(f.removed, []veille.UserID{"u2"}) {
		t.Errorf("removed %q", f.removed)
	}
}
