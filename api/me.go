package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/veille"
)

// who is whose token it is, and what it opens.
type who struct {
	User     veille.User       `json:"user"`
	Branch   veille.Branch     `json:"branch" doc:"The branch asked for"`
	Scope    []veille.BranchID `json:"scope" doc:"The branch, then those above it: what is read"`
	Calendar string            `json:"calendar" doc:"Address of the calendar as ICS; whoever has it may read it"`
}

func (s *server) meRoutes(api huma.API) {
	get(s, api, "/me", "Whose token this is", func(ctx context.Context, _ *none) (who, error) {
		c := callerOf(ctx)
		b, err := s.d.People.Branch(ctx, c.branch)
		return who{c.user, b, c.scope, Flux(s.d.Base, s.d.Key, "calendrier", string(c.branch), "ics")}, err
	})
	get(s, api, "/branches", "The branches this token may name or see", func(ctx context.Context, _ *none) ([]veille.Branch, error) {
		all, err := s.d.People.Branches(ctx)
		if err != nil || callerOf(ctx).user.Role == veille.RoleCentral {
			return all, err
		}
		var seen []veille.Branch
		for _, b := range all {
			if mine(ctx, b.ID) == nil {
				seen = append(seen, b)
			}
		}
		return seen, nil
	})
	get(s, api, "/morning", "What to see this morning", func(ctx context.Context, _ *none) (morning, error) {
		m, err := s.d.Mornings.Of(ctx, callerOf(ctx).branch, s.now())
		return morning(m), err
	})
}
