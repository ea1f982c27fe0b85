package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

// problem turns an error into the document a program reads. What is more than
// the error says, such as the feeds found on a page, are its details.
func (s *server) problem(ctx context.Context, err error) error {
	status := veille.HTTPStatus(err)
	if status == http.StatusInternalServerError {
		return huma.NewError(status, s.fault(err))
	}
	text := http.StatusText(status)
	if says, ok := veille.SaysOf(err); ok {
		text = callerOf(ctx).printer.Say(says)
	}
	told := huma.NewError(status, text, details(ctx, err)...)
	if status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(told, http.Header{"Retry-After": {"60"}})
	}
	return told
}

// fault logs a fault of ours and says what may be told of it: its id.
func (s *server) fault(err error) string {
	id := veille.NewID(s.now())
	s.lg.Error("api request", "request", id, "err", err)
	return "a fault of ours; request " + id
}

// A detailed error has more to tell a program than its sentence.
type detailed struct {
	error
	more []error
}

func (d *detailed) Unwrap() error { return d.error }

// details adds where a query is wrong and its mend, and what an error found.
func details(ctx context.Context, err error) []error {
	var d *detailed
	if errors.As(err, &d) {
		return d.more
	}
	var q *query.Error
	if !errors.As(err, &q) {
		return nil
	}
	return []error{&huma.ErrorDetail{Message: callerOf(ctx).printer.Say(q.Says), Location: "query", Value: map[string]any{"at": q.At, "mend": q.Mend}}}
}

// invalid is a request that is well formed and cannot be done: 422, with the
// field.
func invalid(ctx context.Context, location, key string, kv ...any) error {
	text := callerOf(ctx).printer.T(key, kv...)
	return huma.Error422UnprocessableEntity(text, &huma.ErrorDetail{Message: text, Location: location})
}

// plainError answers for the routes outside OpenAPI, in the same form.
func (s *server) plainError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := veille.HTTPStatus(err)
	var he *echo.HTTPError
	if errors.As(err, &he) {
		status = he.Code
	}
	told := &huma.ErrorModel{Status: status, Title: http.StatusText(status)}
	if status >= http.StatusInternalServerError && he == nil {
		told.Detail = s.fault(err)
	}
	b, err := json.Marshal(told)
	if err == nil {
		err = c.Blob(status, "application/problem+json; charset=utf-8", b)
	}
	if err != nil {
		s.lg.Debug("answer not written", "err", err)
	}
}
