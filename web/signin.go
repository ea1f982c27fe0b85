package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// What a one-time link is for. Whoever makes one stores the hash of its token
// under one of these purposes; its address is /entrer?jeton= and the token.
const (
	LinkSignIn = "signin" // signs its user in
	LinkSetup  = "setup"  // lets whoever holds it make the first account; has no user
)

// accounts are who signs in, and the branches they work for.
type accounts interface {
	User(ctx context.Context, id veille.UserID) (veille.User, error)
	UserByEmail(ctx context.Context, email string) (veille.User, error)
	Users(ctx context.Context, branch veille.BranchID) ([]veille.User, error) // "" for every branch
	PutUser(ctx context.Context, u veille.User) error
	TakeLink(ctx context.Context, hash, purpose string, now time.Time) (veille.UserID, error)
	Branch(ctx context.Context, id veille.BranchID) (veille.Branch, error)
	Branches(ctx context.Context) ([]veille.Branch, error)
}

func (s *Server) signInRoutes() {
	s.openGet("/connexion", s.signInForm)
	s.openPost("/connexion", s.signInAct)
	s.openGet("/entrer", s.linkForm)
	s.openPost("/entrer", s.linkAct)
	s.openPost("/sortir", s.signOut)
}

// signInPath is the sign-in page that leads on to path.
func signInPath(path string) string {
	if path == "/" {
		return "/connexion"
	}
	return "/connexion?" + url.Values{"suite": {path}}.Encode()
}

// A signInModel is the sign-in page: First when nobody has an account yet.
type signInModel struct {
	Email, Next, Error string
	First              bool
}

func (s *Server) signInForm(v *visit) error {
	m := signInModel{Next: localPath(v.QueryParam("suite"))}
	users, err := s.deps.Accounts.Users(v.ctx(), "")
	if err != nil {
		return closed(err)
	}
	m.First = len(users) == 0
	return v.page(http.StatusOK, page{Title: v.T("web.sign_in"), Bare: true}, signInPage(v, m))
}

// signInAct checks a password. Wrong, unknown and without a password all read
// the same and take the same time.
func (s *Server) signInAct(v *visit) error {
	email := strings.ToLower(v.value("email"))
	if err := s.guard.allow(v.RealIP(), email, v.Now); err != nil {
		s.lg.Warn("sign-in limited", "address", v.RealIP())
		return err
	}
	u, err := s.deps.Accounts.UserByEmail(v.ctx(), email)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return closed(err)
	}
	if !auth.CheckPassword(v.FormValue("password"), u.PasswordHash) || u.PasswordHash == "" {
		s.lg.Warn("sign-in refused", "address", v.RealIP())
		m := signInModel{Email: email, Next: localPath(v.value("suite")), Error: v.T("web.sign_in_wrong")}
		return v.page(http.StatusForbidden, page{Title: v.T("web.sign_in"), Bare: true}, signInPage(v, m))
	}
	if err := s.signIn(v.ctx(), u); err != nil {
		return err
	}
	s.lg.Info("signed in", "user", u.ID, "by", "password")
	return v.goTo(localPath(v.value("suite")))
}

// linkForm shows a button and uses nothing up: programs that read her mail
// follow links too.
func (s *Server) linkForm(v *visit) error {
	return v.page(http.StatusOK, page{Title: v.T("web.link_title"), Bare: true}, linkPage(v, v.QueryParam("jeton")))
}

func (s *Server) linkAct(v *visit) error {
	if err := s.guard.allow(v.RealIP(), "link", v.Now); err != nil {
		return err
	}
	hash := auth.HashToken(v.value("jeton"))
	id, err := s.deps.Accounts.TakeLink(v.ctx(), hash, LinkSignIn, v.Now)
	if errors.Is(err, veille.ErrNotFound) {
		return s.setupLink(v, hash)
	}
	if err != nil {
		return closed(err)
	}
	u, err := s.deps.Accounts.User(v.ctx(), id)
	if err != nil {
		return err
	}
	if err := s.signIn(v.ctx(), u); err != nil {
		return err
	}
	s.lg.Info("signed in", "user", u.ID, "by", "link")
	return v.goTo("/")
}

// setupLink opens the first visit to whoever holds the link that the server
// printed when it had no account.
func (s *Server) setupLink(v *visit, hash string) error {
	_, err := s.deps.Accounts.TakeLink(v.ctx(), hash, LinkSetup, v.Now)
	if errors.Is(err, veille.ErrNotFound) {
		return veille.NewProblem(veille.ErrDenied, veille.Say("web.link_used"), err)
	}
	if err != nil {
		return closed(err)
	}
	if err := s.sessions.RenewToken(v.ctx()); err != nil {
		return closed(err)
	}
	s.sessions.Put(v.ctx(), keySetup, true)
	s.sessions.Put(v.ctx(), keySeen, v.Now.Unix())
	return v.goTo("/bienvenue")
}

func (s *Server) signOut(v *visit) error {
	if err := s.sessions.Destroy(v.ctx()); err != nil {
		return closed(err)
	}
	return v.goTo("/connexion")
}
