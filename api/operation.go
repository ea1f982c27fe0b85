package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// A body is an answer of one JSON value.
type body[T any] struct{ Body T }

// none is the input or output of an operation that has none.
type none struct{}

// ByID is the input of an operation on one thing. It is exported because huma
// passes over embedded types that are not.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// get registers a read.
func get[I, O any](s *server, api huma.API, path, summary string, do func(context.Context, *I) (O, error)) {
	register(s, api, operation(http.MethodGet, path, summary, http.StatusOK), do)
}

// create registers what makes something new, answered with it.
func create[I, O any](s *server, api huma.API, path, summary string, do func(context.Context, *I) (O, error)) {
	register(s, api, operation(http.MethodPost, path, summary, http.StatusCreated), do)
}

// change registers a change, answered with what changed.
func change[I, O any](s *server, api huma.API, method, path, summary string, do func(context.Context, *I) (O, error)) {
	register(s, api, operation(method, path, summary, http.StatusOK), do)
}

// act registers a change that answers nothing.
func act[I any](s *server, api huma.API, method, path, summary string, do func(context.Context, *I) error) {
	huma.Register(api, operation(method, path, summary, http.StatusNoContent), func(ctx context.Context, in *I) (*none, error) {
		if err := do(ctx, in); err != nil {
			return nil, s.told(ctx, err)
		}
		return nil, nil
	})
}

func register[I, O any](s *server, api huma.API, op huma.Operation, do func(context.Context, *I) (O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*body[O], error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, s.told(ctx, err)
		}
		finish(callerOf(ctx), &out)
		return &body[O]{out}, nil
	})
}

// told is an error as a program reads it; what already has a status stays.
func (s *server) told(ctx context.Context, err error) error {
	var already huma.StatusError
	if errors.As(err, &already) {
		return err
	}
	return s.problem(ctx, err)
}

func operation(method, path, summary string, status int) huma.Operation {
	tag, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	tag, _, _ = strings.Cut(tag, ".")
	return huma.Operation{Method: method, Path: "/api/v1" + path, Summary: summary, DefaultStatus: status, Tags: []string{tag},
		OperationID: operationID(method, path), MaxBodyBytes: bodyLimit, RejectUnknownQueryParameters: true,
		Parameters: []*huma.Param{{Name: branchHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The branch asked for; for tokens of role central. Default: the user's own."}}}
}

// operationID names an operation after its path: post-incidents-id-resolve.
func operationID(method, path string) string {
	return strings.ToLower(method) + strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-", "_", "-").Replace(path)
}
