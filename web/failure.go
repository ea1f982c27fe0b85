package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

// failLimit is how long saying an error may take.
const failLimit = 5 * time.Second

// A failure is what she reads when a request did not do what she asked.
type failure struct {
	Status int
	Title  string
	Says   string // what happened and what to do
	ID     string // of the request, for faults of ours; else ""
}

// fail answers a request that ended in an error: a page, or for htmx a notice,
// by the kind of the error. What is ours to mend is logged with the id that
// she reads; the text of the error itself never leaves.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		s.lg.Error("answer cut short", "route", c.Path(), "err", err)
		return
	}
	// The request may be at its end already; its answer is not.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), failLimit)
	defer cancel()
	c.SetRequest(c.Request().WithContext(ctx))
	v := s.whoever(c)
	f := v.failure(err)
	if f.Status >= http.StatusInternalServerError {
		s.logFault(err, c, f)
	}
	if f.Status == http.StatusServiceUnavailable || f.Status == http.StatusTooManyRequests {
		c.Response().Header().Set("Retry-After", seconds(retryAfter))
	}
	if err := v.showFailure(f); err != nil {
		s.lg.Error("error page not written", "id", f.ID, "err", err)
	}
}

func (s *Server) logFault(err error, c echo.Context, f failure) {
	lg := s.lg.With("id", c.Response().Header().Get(echo.HeaderXRequestID), "route", c.Path(), "status", f.Status)
	var p *panicked
	if errors.As(err, &p) {
		lg.Error("panic", "value", p.value, "stack", string(p.stack))
		return
	}
	lg.Error("request failed", "err", err)
}

// whoever is the visit to answer with: hers when she is signed in and can be
// read, a stranger's otherwise.
func (s *Server) whoever(c echo.Context) *visit {
	if s.sessions.Token(safeContext(s, c)) != "" {
		if v, ok, err := s.signedIn(c); ok && err == nil {
			return v
		}
	}
	return s.visitor(c)
}

// safeContext gives the request a session when it failed before it had one.
func safeContext(s *Server, c echo.Context) context.Context {
	r := c.Request()
	ctx, err := s.sessions.Load(r.Context(), "")
	if err != nil {
		return r.Context() // an empty token asks nothing of the store
	}
	c.SetRequest(r.WithContext(ctx))
	return ctx
}

// failure says an error by its status and, when it is a Problem, in its words.
func (v *visit) failure(err error) failure {
	status := statusOf(err)
	f := failure{Status: status, Title: v.T(failureKey(status) + "_title"), Says: v.problem(err)}
	if f.Says == "" {
		f.Says = v.T(failureKey(status) + "_says")
	}
	if status == http.StatusInternalServerError {
		f.Says = v.T("web.fault_says")
		f.ID = v.Response().Header().Get(echo.HeaderXRequestID)
	}
	return f
}

// statusOf reads echo's own errors and the kinds of ours.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	var limited *limitedError
	var he *echo.HTTPError
	switch {
	case errors.As(err, &limited):
		return http.StatusTooManyRequests
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	case errors.As(err, &he):
		return he.Code
	}
	return veille.HTTPStatus(err)
}

// failureKey is the beginning of the texts for a status.
func failureKey(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return "web.absent"
	case http.StatusConflict:
		return "web.conflict"
	case http.StatusForbidden, http.StatusUnauthorized:
		return "web.denied"
	case http.StatusTooManyRequests:
		return "web.limited"
	case http.StatusRequestEntityTooLarge:
		return "web.large"
	case http.StatusServiceUnavailable:
		return "web.slow"
	case http.StatusInternalServerError:
		return "web.fault"
	}
	return "web.refused"
}

// showFailure answers htmx with a notice where every notice stands, and anyone
// else with a page.
func (v *visit) showFailure(f failure) error {
	if v.wantsPart() {
		h := v.Response().Header()
		h.Set("HX-Retarget", "#notices")
		h.Set("HX-Reswap", "innerHTML")
		return v.part(f.Status, failureNotice(f))
	}
	p := page{Title: f.Title, Bare: v.User.ID == ""}
	return v.page(f.Status, p, failurePage(v, f))
}
