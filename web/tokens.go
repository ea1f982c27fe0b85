package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// tokenKeeper is the memory of the tokens that open the API.
type tokenKeeper interface {
	Tokens(ctx context.Context, user veille.UserID) ([]veille.Token, error)
	PutToken(ctx context.Context, t veille.Token) error
	DeleteToken(ctx context.Context, id veille.TokenID) error
}

func (s *Server) tokenRoutes() {
	s.get("/reglages/jetons", s.tokens)
	s.postSelf("/reglages/jetons", s.tokenAdd)
	s.postSelf("/reglages/jetons/:id/retirer", s.tokenRemove)
}

// keyToken holds, in the session, a token that is shown on the next page and
// never after: only its hash is kept.
const keyToken = "token"

// A tokensModel is her tokens, and the one just made.
type tokensModel struct {
	Tokens []veille.Token
	Fresh  string // shown once
	Name   string
	Error  string // about the name
}

func (s *Server) tokens(v *visit) error {
	return s.showTokens(v, http.StatusOK, tokensModel{Fresh: s.sessions.PopString(v.ctx(), keyToken)})
}

func (s *Server) showTokens(v *visit, status int, m tokensModel) error {
	var err error
	if m.Tokens, err = s.deps.Settings.Tokens.Tokens(v.ctx(), v.User.ID); err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("tokens.title"), Nav: "settings"}, tokensPage(v, m))
}

func (s *Server) tokenAdd(v *visit) error {
	name := v.line("name")
	if name == "" {
		return s.showTokens(v, http.StatusBadRequest, tokensModel{Error: v.T("tokens.name_needed")})
	}
	token, hash := auth.NewToken()
	t := veille.Token{ID: veille.TokenID(veille.NewID(v.Now)), UserID: v.User.ID, Name: name, Hash: hash, CreatedAt: v.Now.UTC()}
	if err := s.deps.Settings.Tokens.PutToken(v.ctx(), t); err != nil {
		return err
	}
	s.lg.Info("token made", "token", t.ID, "user", v.User.ID)
	s.sessions.Put(v.ctx(), keyToken, token)
	return v.goTo("/reglages/jetons")
}

// tokenRemove shuts the API to the programs that hold one of her tokens.
func (s *Server) tokenRemove(v *visit) error {
	id := veille.TokenID(v.Param("id"))
	hers, err := s.deps.Settings.Tokens.Tokens(v.ctx(), v.User.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(hers, func(t veille.Token) bool { return t.ID == id })
	if at < 0 {
		return fmt.Errorf("web: token of %s: %w", v.User.ID, veille.ErrNotFound)
	}
	if err := s.deps.Settings.Tokens.DeleteToken(v.ctx(), id); err != nil {
		return err
	}
	return v.done("/reglages/jetons", veille.Say("tokens.removed", "name", hers[at].Name))
}
