package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

// How long a session lives: so long without a request, so long in all. The
// time of the last request is written at most every idleStep, to spare the
// store a write for each page.
const (
	idleLimit = 12 * time.Hour
	idleStep  = 5 * time.Minute
	lifeLimit = 30 * 24 * time.Hour
)

// The keys of a session.
const (
	keyUser    = "user"    // her id
	keyStamp   = "stamp"   // of her password when she signed in
	keySeen    = "seen"    // unix time of the last request, to idleStep
	keyNotices = "notices" // JSON, shown once
	keyBranch  = "branch"  // the branch a central user looks at
	keySetup   = "setup"   // true: may make the first account
	keyTopics  = "topics"  // JSON, proposed at the first visit
)

func newSessions(store scs.Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = store
	m.Lifetime = lifeLimit
	m.HashTokenInStore = true
	m.Cookie.Name = "veilleur"
	if secure {
		m.Cookie.Name = "__Host-veilleur"
		m.Cookie.Secure = true
	}
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	return m
}

// withSession loads the session, ends one left idle, and saves it before the
// answer begins. When the store is down the answer is 503: never a page as if
// nobody were signed in.
func (s *Server) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Path() == "/assets/:name" {
			return next(c)
		}
		r := c.Request()
		var token string
		if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			return closed(err)
		}
		c.SetRequest(r.WithContext(ctx))
		if err := s.touch(ctx); err != nil {
			return closed(err)
		}
		c.Response().Before(func() { s.saveSession(ctx, c) })
		return next(c)
	}
}

// closed says that the memory does not answer, unless what went wrong was put
// in words already.
func closed(err error) error {
	if _, said := veille.SaysOf(err); said {
		return err
	}
	return veille.NewProblem(veille.ErrBusy, veille.Say("web.busy"), fmt.Errorf("web: session: %w", err))
}

// touch ends a session idle for too long, and otherwise notes the time.
func (s *Server) touch(ctx context.Context) error {
	if s.sessions.Token(ctx) == "" {
		return nil
	}
	seen := time.Unix(s.sessions.GetInt64(ctx, keySeen), 0)
	switch idle := s.now().Sub(seen); {
	case idle >= idleLimit:
		return s.sessions.Destroy(ctx)
	case idle >= idleStep:
		s.sessions.Put(ctx, keySeen, s.now().Unix())
	}
	return nil
}

func (s *Server) saveSession(ctx context.Context, c echo.Context) {
	ctx = context.WithoutCancel(ctx) // what an act did is kept though she left
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := s.sessions.Commit(ctx)
		if err != nil {
			s.lg.Error("session not saved", "err", err)
			return
		}
		s.sessions.WriteSessionCookie(ctx, c.Response(), token, expiry)
	case scs.Destroyed:
		s.sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	}
}

// signIn opens a fresh session for u, so that one planted before is worth
// nothing.
func (s *Server) signIn(ctx context.Context, u veille.User) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return closed(err)
	}
	s.sessions.Put(ctx, keyUser, string(u.ID))
	s.sessions.Put(ctx, keyStamp, stamp(u))
	s.sessions.Put(ctx, keySeen, s.now().Unix())
	return nil
}

// stamp changes when her password does, which ends her other sessions.
func stamp(u veille.User) string {
	sum := sha256.Sum256([]byte("veilleur session\x00" + u.PasswordHash))
	return hex.EncodeToString(sum[:8])
}

// signedIn gives the visit of the person who is signed in, and false when
// nobody is.
func (s *Server) signedIn(c echo.Context) (*visit, bool, error) {
	ctx := c.Request().Context()
	id := veille.UserID(s.sessions.GetString(ctx, keyUser))
	if id == "" {
		return nil, false, nil
	}
	u, err := s.deps.Accounts.User(ctx, id)
	if errors.Is(err, veille.ErrNotFound) || err == nil && stamp(u) != s.sessions.GetString(ctx, keyStamp) {
		return nil, false, s.sessions.Destroy(ctx)
	}
	if err != nil {
		return nil, false, closed(err)
	}
	b, err := s.branchOf(ctx, u)
	if err != nil {
		return nil, false, closed(err)
	}
	return s.visitOf(c, u, b), true, nil
}

// branchOf is the branch u looks at: her own, or the one a central user chose.
func (s *Server) branchOf(ctx context.Context, u veille.User) (veille.Branch, error) {
	chosen := veille.BranchID(s.sessions.GetString(ctx, keyBranch))
	if chosen != "" && u.Role == veille.RoleCentral {
		b, err := s.deps.Accounts.Branch(ctx, chosen)
		if err == nil || !errors.Is(err, veille.ErrNotFound) {
			return b, err
		}
	}
	return s.deps.Accounts.Branch(ctx, u.BranchID)
}

// A notice is a sentence shown once, on the next page.
type notice struct {
	Kind string          `json:"kind"` // "ok", "warn" or "bad"
	Says veille.Sentence `json:"says"`
}

// remember keeps a value in the session as JSON.
func (s *Server) remember(ctx context.Context, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("web: session %s: %w", key, err)
	}
	s.sessions.Put(ctx, key, string(body))
	return nil
}

// recall reads what remember kept; into is left alone when there is nothing.
func (s *Server) recall(ctx context.Context, key string, into any) error {
	body := s.sessions.GetString(ctx, key)
	if body == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		return fmt.Errorf("web: session %s: %w", key, err)
	}
	return nil
}
