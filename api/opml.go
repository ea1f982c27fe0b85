package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

type opmlInput struct {
	RawBody []byte `contentType:"text/x-opml"`
}

// imported counts the sources a list added.
type imported struct {
	Added int `json:"added"`
}

// file is an answer that is no JSON.
type file struct {
	Type string `header:"Content-Type"`
	As   string `header:"Content-Disposition"`
	Body []byte
}

func (s *server) opmlRoutes(api huma.API) {
	change(s, api, http.MethodPost, "/sources/opml", "Add the sources of an OPML list, of at most 1 MB", func(ctx context.Context, in *opmlInput) (imported, error) {
		n, err := s.d.Desk.ImportOPML(ctx, callerOf(ctx).branch, in.RawBody)
		return imported{n}, err
	})
	op := operation(http.MethodGet, "/sources.opml", "The branch's own sources as OPML; alerts and mailboxes only for those who manage it", http.StatusOK)
	op.Responses = map[string]*huma.Response{"200": {Description: "The list", Content: map[string]*huma.MediaType{
		"text/x-opml": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
	huma.Register(api, op, func(ctx context.Context, _ *none) (*file, error) {
		list, err := s.exportOPML(ctx)
		if err != nil {
			return nil, s.told(ctx, err)
		}
		return &file{Type: "text/x-opml; charset=utf-8", As: `attachment; filename="sources.opml"`, Body: list}, nil
	})
}

func (s *server) exportOPML(ctx context.Context) ([]byte, error) {
	c := callerOf(ctx)
	b, err := s.d.People.Branch(ctx, c.branch)
	if err != nil {
		return nil, err
	}
	all, err := s.d.Sources.Sources(ctx, []veille.BranchID{c.branch})
	if err != nil {
		return nil, err
	}
	return opml.Write(b.Name, opml.Of(all, c.manages(c.branch))), nil
}
