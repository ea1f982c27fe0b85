package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// searches is the memory of saved searches.
type searches interface {
	Search(ctx context.Context, id veille.SearchID) (veille.SavedSearch, error)
	Searches(ctx context.Context, scope []veille.BranchID) ([]veille.SavedSearch, error)
	PutSearch(ctx context.Context, q veille.SavedSearch) error
	DeleteSearch(ctx context.Context, id veille.SearchID) error
}

// searchesMost is how many searches a branch keeps, here and on its page.
const searchesMost = 50

// savedSearch is a saved search with the addresses where it is read.
type savedSearch struct {
	veille.SavedSearch
	RSS    string `json:"rss" doc:"Whoever has this address may read it"`
	CSV    string `json:"csv"`
	Unread int    `json:"unread" doc:"Entries since seen_at; -1 when the query no longer reads"`
}

type searchWords struct {
	Name  string `json:"name" minLength:"1" maxLength:"120"`
	Query string `json:"query" minLength:"1" maxLength:"10240"`
}

type savedInput struct{ Body searchWords }

type savedChange struct {
	ByID
	Body searchWords
}

type resultsInput struct {
	ByID
	Offset int `query:"offset" minimum:"0" maximum:"100000"`
	Limit  int `query:"limit" minimum:"1" maximum:"200" default:"20"`
}

func (s *server) savedRoutes(api huma.API) {
	get(s, api, "/searches", "Saved searches", s.savedList)
	create(s, api, "/searches", "Save a search", s.save)
	get(s, api, "/searches/{id}", "One saved search", func(ctx context.Context, in *ByID) (savedSearch, error) {
		q, err := s.ownSearch(ctx, in.ID)
		if err != nil {
			return savedSearch{}, err
		}
		return s.saved(ctx, q)
	})
	change(s, api, http.MethodPut, "/searches/{id}", "Change a saved search", func(ctx context.Context, in *savedChange) (savedSearch, error) {
		q, err := s.ownSearch(ctx, in.ID)
		if err != nil {
			return savedSearch{}, err
		}
		return s.putSearch(ctx, q, in.Body)
	})
	get(s, api, "/searches/{id}/entries", "What a saved search finds, newest first", func(ctx context.Context, in *resultsInput) (engine.Results, error) {
		q, err := s.ownSearch(ctx, in.ID)
		if err != nil {
			return engine.Results{}, err
		}
		return s.d.Finder.Search(ctx, q.BranchID, engine.SearchRequest{Query: q.Query, Offset: in.Offset, Limit: in.Limit})
	})
	act(s, api, http.MethodPost, "/searches/{id}/seen", "Mark what a search finds as read", func(ctx context.Context, in *ByID) error {
		q, err := s.ownSearch(ctx, in.ID)
		if err != nil {
			return err
		}
		q.SeenAt = s.now().UTC()
		return s.d.Searches.PutSearch(ctx, q)
	})
	act(s, api, http.MethodDelete, "/searches/{id}", "Forget a saved search; its addresses end", func(ctx context.Context, in *ByID) error {
		q, err := s.ownSearch(ctx, in.ID)
		if err != nil {
			return err
		}
		return s.d.Searches.DeleteSearch(ctx, q.ID)
	})
}

func (s *server) savedList(ctx context.Context, _ *none) ([]savedSearch, error) {
	all, err := s.d.Searches.Searches(ctx, []veille.BranchID{callerOf(ctx).branch})
	if err != nil {
		return nil, err
	}
	out := make([]savedSearch, len(all))
	for i, q := range all {
		if out[i], err = s.saved(ctx, q); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// saved adds to a search its addresses and what is unread in it.
func (s *server) saved(ctx context.Context, q veille.SavedSearch) (savedSearch, error) {
	address := func(ext string) string { return Flux(s.d.Base, s.d.Key, "recherche", string(q.ID), ext) }
	out := savedSearch{SavedSearch: q, RSS: address("rss"), CSV: address("csv")}
	res, err := s.d.Finder.Search(ctx, q.BranchID, engine.SearchRequest{Query: q.Query, After: q.SeenAt, Limit: 1})
	if errors.Is(err, veille.ErrInvalid) {
		out.Unread = -1 // one that no longer reads must not hide the others
		return out, nil
	}
	out.Unread = res.Entries
	return out, err
}

func (s *server) save(ctx context.Context, in *savedInput) (savedSearch, error) {
	c := callerOf(ctx)
	all, err := s.d.Searches.Searches(ctx, []veille.BranchID{c.branch})
	if err != nil {
		return savedSearch{}, err
	}
	if len(all) >= searchesMost {
		return savedSearch{}, veille.NewProblem(veille.ErrConflict, veille.Say("api.searches_many", "n", searchesMost), nil)
	}
	now := s.now().UTC()
	return s.putSearch(ctx, veille.SavedSearch{ID: veille.SearchID(veille.NewID(now)), BranchID: c.branch, SeenAt: now, CreatedAt: now}, in.Body)
}

func (s *server) putSearch(ctx context.Context, q veille.SavedSearch, w searchWords) (savedSearch, error) {
	parsed, err := query.Parse(w.Query)
	if err != nil {
		return savedSearch{}, err
	}
	if parsed.Empty() {
		return savedSearch{}, invalid(ctx, "body.query", "api.query_empty")
	}
	if q.Name = line(w.Name); q.Name == "" {
		return savedSearch{}, invalid(ctx, "body.name", "api.name_needed")
	}
	q.Query = parsed.String()
	if err := s.d.Searches.PutSearch(ctx, q); err != nil {
		return savedSearch{}, err
	}
	return s.saved(ctx, q)
}

func (s *server) ownSearch(ctx context.Context, id string) (veille.SavedSearch, error) {
	q, err := s.d.Searches.Search(ctx, veille.SearchID(id))
	if err != nil {
		return q, err
	}
	return q, own(ctx, q.BranchID)
}

// line folds white space, newlines included: a name is one line.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// since is the beginning of the last days, for counts that need one.
func since(now time.Time, days int) time.Time { return now.AddDate(0, 0, -days) }
