package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/auth"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// people finds who holds a token, and the branches.
type people interface {
	TokenByHash(ctx context.Context, hash string, now time.Time) (veille.Token, error)
	User(ctx context.Context, id veille.UserID) (veille.User, error)
	Branch(ctx context.Context, id veille.BranchID) (veille.Branch, error)
	Branches(ctx context.Context) ([]veille.Branch, error)
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
}

// branchHeader names the branch a central token acts for.
const branchHeader = "Veilleur-Branch"

// A caller is who asks, and the branch she asks for.
type caller struct {
	user    veille.User
	branch  veille.BranchID
	scope   []veille.BranchID
	printer *i18n.Printer
}

// callerKey is the key of the caller in a request's context: who asks travels
// with the request, as its deadline does.
type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller) // set by authenticate on every operation
	return c
}

// leads tells whether she decides for her branch: where its posts and messages
// go, and who reads its credentials.
func (c caller) leads() bool {
	return c.user.Role == veille.RoleManager || c.user.Role == veille.RoleCentral
}

// approves tells whether she may give a post its hour.
func (c caller) approves() bool { return c.leads() || c.user.Role == veille.RoleApprover }

// manages tells whether she leads that very branch.
func (c caller) manages(b veille.BranchID) bool { return c.branch == b && c.leads() }

// authenticate lets a valid token through, at most limit times a minute.
func (s *server) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		kind, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
		if !strings.EqualFold(kind, "Bearer") || token == "" {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			refuse(api, ctx, http.StatusUnauthorized, "a bearer token is needed: veilleur token create")
			return
		}
		hash := auth.HashToken(token)
		if now := s.now(); !s.lim.Allow(hash, now) {
			ctx.SetHeader("Retry-After", seconds(s.lim.Wait(hash, now)))
			refuse(api, ctx, http.StatusTooManyRequests, "at most 60 requests a minute for one token")
			return
		}
		c, err := s.caller(ctx.Context(), hash, veille.BranchID(ctx.Header(branchHeader)))
		switch {
		case errors.Is(err, veille.ErrNotFound):
			ctx.SetHeader("WWW-Authenticate", `Bearer error="invalid_token"`)
			refuse(api, ctx, http.StatusUnauthorized, "this token is not known")
		case errors.Is(err, veille.ErrDenied):
			refuse(api, ctx, http.StatusForbidden, "this token may not see that branch")
		case err != nil:
			s.lg.Error("token not checked", "err", err)
			ctx.SetHeader("Retry-After", "60")
			refuse(api, ctx, http.StatusServiceUnavailable, "try again later")
		case c.user.Role == veille.RoleReader && ctx.Method() != http.MethodGet:
			refuse(api, ctx, http.StatusForbidden, c.printer.T("api.reader_denied"))
		default:
			next(huma.WithValue(ctx, callerKey{}, c))
		}
	}
}

// seconds is a wait as Retry-After says it, never 0.
func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second) + 1) }

func refuse(api huma.API, ctx huma.Context, status int, why string) {
	_ = huma.WriteErr(api, ctx, status, why) // the connection is gone: nobody to tell
}

// caller finds who holds a token and checks the branch asked for; "" is hers.
// It returns ErrNotFound for a token nobody holds, and ErrDenied for a branch
// she may not see, which may not be.
func (s *server) caller(ctx context.Context, hash string, branch veille.BranchID) (caller, error) {
	t, err := s.d.People.TokenByHash(ctx, hash, s.now())
	if err != nil {
		return caller{}, err
	}
	u, err := s.d.People.User(ctx, t.UserID)
	if err != nil {
		return caller{}, err
	}
	if branch == "" {
		branch = u.BranchID
	}
	if branch != u.BranchID && u.Role != veille.RoleCentral {
		return caller{}, veille.ErrDenied
	}
	scope, err := s.d.People.Scope(ctx, branch)
	if errors.Is(err, veille.ErrNotFound) || err == nil && len(scope) == 0 {
		return caller{}, veille.ErrDenied
	}
	if err != nil {
		return caller{}, err
	}
	return caller{user: u, branch: branch, scope: scope, printer: i18n.For(u.Locale)}, nil
}

// mine refuses, as not found, what belongs to a branch the caller does not see.
func mine(ctx context.Context, branch veille.BranchID) error {
	if slices.Contains(callerOf(ctx).scope, branch) {
		return nil
	}
	return veille.ErrNotFound
}

// own refuses changing what is not the branch's own: what she does not see is
// not found, what is her movement's is denied.
func own(ctx context.Context, branch veille.BranchID) error {
	if err := mine(ctx, branch); err != nil {
		return err
	}
	if callerOf(ctx).branch != branch {
		return veille.NewProblem(veille.ErrDenied, veille.Say("api.not_yours"), nil)
	}
	return nil
}

// lead refuses what only those who lead the branch may do.
func lead(ctx context.Context) error {
	if callerOf(ctx).leads() {
		return nil
	}
	return veille.NewProblem(veille.ErrDenied, veille.Say("api.manager_needed"), nil)
}
