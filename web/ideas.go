package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"veilleur/internal/veille"
)

// ideaShelf reads the ideas of a branch.
type ideaShelf interface {
	Ideas(ctx context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error)
	Idea(ctx context.Context, id veille.IdeaID) (veille.Idea, error)
}

// ideaActs is what a person decides about an idea.
type ideaActs interface {
	Refuse(ctx context.Context, id veille.IdeaID, why string) error
	Use(ctx context.Context, id veille.IdeaID) error
}

// citeReader reads what ideas and posts cite.
type citeReader interface {
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
	Story(ctx context.Context, id veille.StoryID) (veille.Story, error)
}

// reachReader tells what a branch may read: its own and its ancestors'.
type reachReader interface {
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
}

func (s *Server) ideasRoutes() {
	s.get("/idees", s.ideas)
	s.post("/idees/:id/refuser", s.refuseIdea)
}

// A citedIdea is an idea with the article it comes from.
type citedIdea struct {
	Idea   veille.Idea
	Entry  veille.Entry // zero when it is gone
	Source string       // the medium; "" when the article is gone
}

// An ideasModel is the page of ideas.
type ideasModel struct {
	New  []citedIdea // best first
	Done []citedIdea // refused or used, as they ranked
}

func (s *Server) ideas(v *visit) error {
	fresh, err := s.freshIdeas(v)
	if err != nil {
		return err
	}
	done, err := s.deps.Calendar.Ideas.Ideas(v.ctx(), v.Branch.ID, veille.IdeaRefused, veille.IdeaUsed)
	if err != nil {
		return err
	}
	cited, err := s.cite(v, slices.Concat(fresh, done))
	if err != nil {
		return err
	}
	m := ideasModel{New: cited[:len(fresh)], Done: cited[len(fresh):]}
	return v.page(http.StatusOK, page{Title: v.T("ideas.title"), Nav: "ideas"}, ideasPage(v, m))
}

// freshIdeas gives the new ideas that are still good, best first.
func (s *Server) freshIdeas(v *visit) ([]veille.Idea, error) {
	ideas, err := s.deps.Calendar.Ideas.Ideas(v.ctx(), v.Branch.ID, veille.IdeaNew)
	if err != nil {
		return nil, err
	}
	ideas = slices.DeleteFunc(ideas, func(i veille.Idea) bool { return !i.ExpiresAt.IsZero() && !v.Now.Before(i.ExpiresAt) })
	slices.SortStableFunc(ideas, func(a, b veille.Idea) int {
		switch {
		case a.Rank > b.Rank:
			return -1
		case a.Rank < b.Rank:
			return 1
		}
		return 0
	})
	return ideas, nil
}

// cite finds the article behind each idea, in the order given.
func (s *Server) cite(v *visit, ideas []veille.Idea) ([]citedIdea, error) {
	if len(ideas) == 0 {
		return nil, nil
	}
	ids := make([]veille.EntryID, len(ideas))
	for i, idea := range ideas {
		ids[i] = idea.EntryID
	}
	entries, err := s.deps.Calendar.Cites.EntriesByID(v.ctx(), ids)
	if err != nil {
		return nil, err
	}
	sources, err := s.sourcesSeen(v)
	if err != nil {
		return nil, err
	}
	byID := make(map[veille.EntryID]veille.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	out := make([]citedIdea, len(ideas))
	for i, idea := range ideas {
		e := byID[idea.EntryID]
		out[i] = citedIdea{Idea: idea, Entry: e, Source: mediumOf(e, sources)}
	}
	return out, nil
}

// sourcesSeen gives the sources her branch reads, by id.
func (s *Server) sourcesSeen(v *visit) (map[veille.SourceID]veille.Source, error) {
	scope, err := s.deps.Calendar.Reach.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Calendar.Reach.Sources(v.ctx(), scope)
	if err != nil {
		return nil, err
	}
	out := make(map[veille.SourceID]veille.Source, len(list))
	for _, src := range list {
		out[src.ID] = src
	}
	return out, nil
}

// mediumOf names the medium of an article: the one an alert names, else its
// source, else the site it is on.
func mediumOf(e veille.Entry, sources map[veille.SourceID]veille.Source) string {
	if e.Publisher != "" {
		return e.Publisher
	}
	if src, ok := sources[e.SourceID]; ok {
		return src.Name()
	}
	return hostOf(e.URL)
}

// ownIdea gives an idea of her branch; any other is not found.
func (s *Server) ownIdea(v *visit, id veille.IdeaID) (veille.Idea, error) {
	idea, err := s.deps.Calendar.Ideas.Idea(v.ctx(), id)
	if err != nil {
		return idea, err
	}
	if idea.BranchID != v.Branch.ID {
		return veille.Idea{}, fmt.Errorf("web: idea %s: %w", id, veille.ErrNotFound)
	}
	return idea, nil
}

func (s *Server) refuseIdea(v *visit) error {
	idea, err := s.ownIdea(v, veille.IdeaID(v.Param("id")))
	if err != nil {
		return err
	}
	if err := s.deps.Calendar.IdeaActs.Refuse(v.ctx(), idea.ID, v.value("reason")); err != nil {
		return err
	}
	return v.done("/idees", veille.Say("ideas.refused_done"))
}

// points is what the reasons of an idea add up to.
func points(reasons []veille.Reason) float64 {
	sum := 0.0
	for _, r := range reasons {
		sum += r.Points
	}
	return sum
}

// composePath is the composer filled in from an idea.
func composePath(id veille.IdeaID) string {
	return "/calendrier/nouvelle?idee=" + url.QueryEscape(string(id))
}

// storyPath is the page of a story; "" when there is none.
func storyPath(id veille.StoryID) string {
	if id == "" {
		return ""
	}
	return "/nouvelles/" + url.PathEscape(string(id))
}

// webAddress is address when it is one of the web, else "".
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// mayWrite tells whether she may change what is her branch's.
func (v *visit) mayWrite() bool { return v.User.Role != veille.RoleReader }
