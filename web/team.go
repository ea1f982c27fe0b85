package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// teamKeeper is what the team needs beyond accounts.
type teamKeeper interface {
	// PutLink keeps the hash of a one-time link until it expires.
	PutLink(ctx context.Context, hash, purpose string, user veille.UserID, expires time.Time) error
	DeleteUser(ctx context.Context, id veille.UserID) error
}

func (s *Server) teamRoutes() {
	s.get("/reglages/equipe", leading(s.team))
	s.post("/reglages/equipe", leading(s.teamAdd))
	s.post("/reglages/equipe/:id", leading(s.teamRole))
	s.post("/reglages/equipe/:id/lien", leading(s.teamLink))
	s.post("/reglages/equipe/:id/retirer", leading(s.teamRemove))
}

// leading lets in only those who decide for their branch.
func leading(h func(*visit) error) func(*visit) error {
	return func(v *visit) error {
		if !v.leads() {
			return veille.NewProblem(veille.ErrDenied, veille.Say("team.denied"), nil)
		}
		return h(v)
	}
}

// linkLife is how long a one-time link signs its person in.
const linkLife = 72 * time.Hour

// keyLink holds, in the session, a link that is shown on the next page and
// never after.
const keyLink = "link"

// A shownLink is a one-time link, and whom it signs in.
type shownLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// A teamModel is the people of a branch, and the form of a new one.
type teamModel struct {
	People []veille.User
	New    veille.User
	Errors map[string]string
	Link   shownLink
}

func (s *Server) team(v *visit) error {
	m := teamModel{New: veille.User{Role: veille.RoleContributor, Locale: v.Branch.Locale}}
	if err := s.recall(v.ctx(), keyLink, &m.Link); err != nil {
		return err
	}
	s.sessions.Remove(v.ctx(), keyLink)
	return s.showTeam(v, http.StatusOK, m)
}

func (s *Server) showTeam(v *visit, status int, m teamModel) error {
	var err error
	if m.People, err = s.deps.Accounts.Users(v.ctx(), v.Branch.ID); err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("team.title"), Nav: "settings"}, teamPage(v, m))
}

func (s *Server) teamAdd(v *visit) error {
	m := v.readPerson()
	if len(m.Errors) > 0 {
		return s.showTeam(v, http.StatusBadRequest, m)
	}
	err := s.deps.Accounts.PutUser(v.ctx(), m.New)
	if says := v.problem(err); says != "" && errors.Is(err, veille.ErrConflict) {
		m.Errors["email"] = says
		return s.showTeam(v, http.StatusConflict, m)
	}
	if err != nil {
		return err
	}
	s.lg.Info("account made", "user", m.New.ID, "role", m.New.Role, "by", v.User.ID)
	return s.giveLink(v, m.New)
}

// readPerson takes the form of a new person, and what is wrong with it. Her
// digest starts on, at 7 h, as at the first visit.
func (v *visit) readPerson() teamModel {
	m := teamModel{Errors: map[string]string{}, New: veille.User{
		ID: veille.UserID(veille.NewID(v.Now)), BranchID: v.Branch.ID, CreatedAt: v.Now.UTC(),
		Name: v.line("name"), Email: strings.ToLower(v.value("email")),
		Role: veille.Role(v.value("role")), Locale: v.value("locale"),
		Digest: veille.DigestSettings{On: true, Hour: 7, Zone: v.Branch.Zone},
	}}
	if m.New.Name == "" {
		m.Errors["name"] = v.T("team.name_needed")
	}
	if to, err := mail.ParseAddress(m.New.Email); err != nil || to.Address != m.New.Email {
		m.Errors["email"] = v.T("welcome.email_wrong")
	}
	if !v.mayGive(m.New.Role) {
		m.Errors["role"] = v.T("team.role_wrong")
	}
	if !slices.Contains(i18n.Locales(), m.New.Locale) {
		m.Errors["locale"] = v.T("welcome.locale_wrong")
	}
	return m
}

// roles lists those she may give, the widest first: only the central team
// makes another of its own.
func (v *visit) roles() []veille.Role {
	list := []veille.Role{veille.RoleManager, veille.RoleContributor, veille.RoleApprover, veille.RoleReader}
	if v.User.Role == veille.RoleCentral {
		return slices.Insert(list, 0, veille.RoleCentral)
	}
	return list
}

func (v *visit) mayGive(r veille.Role) bool { return slices.Contains(v.roles(), r) }

// giveLink makes a one-time link for a person and shows it on the team's page.
func (s *Server) giveLink(v *visit, u veille.User) error {
	token, hash := auth.NewToken()
	if err := s.deps.Settings.Team.PutLink(v.ctx(), hash, LinkSignIn, u.ID, v.Now.Add(linkLife)); err != nil {
		return err
	}
	link := url.URL{Scheme: v.Scheme(), Host: v.Request().Host, Path: "/entrer", RawQuery: url.Values{"jeton": {token}}.Encode()}
	if err := s.remember(v.ctx(), keyLink, shownLink{Name: u.Name, URL: link.String()}); err != nil {
		return err
	}
	return v.goTo("/reglages/equipe")
}

// colleague reads a person of the branch whom she may change: herself she may
// not, so that nobody locks herself out.
func (s *Server) colleague(v *visit) (veille.User, error) {
	u, err := s.deps.Accounts.User(v.ctx(), veille.UserID(v.Param("id")))
	switch {
	case err != nil:
		return u, err
	case u.BranchID != v.Branch.ID:
		return u, fmt.Errorf("web: person of branch %s: %w", u.BranchID, veille.ErrNotFound)
	case u.ID == v.User.ID:
		return u, veille.NewProblem(veille.ErrConflict, veille.Say("team.herself"), nil)
	case !v.mayGive(u.Role):
		return u, veille.NewProblem(veille.ErrDenied, veille.Say("team.central_only"), nil)
	}
	return u, nil
}

func (s *Server) teamRole(v *visit) error {
	u, err := s.colleague(v)
	if err != nil {
		return err
	}
	if u.Role = veille.Role(v.value("role")); !v.mayGive(u.Role) {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("team.role_wrong"), nil)
	}
	if err := s.deps.Accounts.PutUser(v.ctx(), u); err != nil {
		return err
	}
	s.lg.Info("role changed", "user", u.ID, "role", u.Role, "by", v.User.ID)
	return v.done("/reglages/equipe", veille.Say("team.role_saved", "name", u.Name, "role_key", roleKey(u.Role)))
}

func (s *Server) teamLink(v *visit) error {
	u, err := s.colleague(v)
	if err != nil {
		return err
	}
	return s.giveLink(v, u)
}

func (s *Server) teamRemove(v *visit) error {
	u, err := s.colleague(v)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Team.DeleteUser(v.ctx(), u.ID); err != nil {
		return err
	}
	s.lg.Info("account removed", "user", u.ID, "by", v.User.ID)
	return v.done("/reglages/equipe", veille.Say("team.removed", "name", u.Name))
}

// roleKey is the key of the name of a role.
func roleKey(r veille.Role) string { return "team.role_" + string(r) }

func roleOptions(v *visit) []option {
	var out []option
	for _, r := range v.roles() {
		out = append(out, option{Value: string(r), Label: v.T(roleKey(r))})
	}
	return out
}
