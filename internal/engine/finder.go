package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veilleur/index"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

// FinderStore reads what search shows beside what the index found.
type FinderStore interface {
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
	Stories(ctx context.Context, ids []veille.StoryID) ([]veille.Story, error)
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
}

// A Finder answers searches for people and programs.
type Finder struct {
	index index.Index
	store FinderStore
	now   func() time.Time
}

// NewFinder makes a Finder.
func NewFinder(ix index.Index, store FinderStore) *Finder {
	return &Finder{index: ix, store: store, now: time.Now}
}

// A SearchRequest is a search in words: the query as typed, and the boxes ticked.
type SearchRequest struct {
	Query   string
	Topics  []veille.TopicID
	Tiers   []veille.Tier
	Tones   []string
	Langs   []string
	Sources []veille.SourceID
	After   time.Time // zero: no bound
	Before  time.Time // zero: no bound
	Sort    string    // "recent" (default) or "relevant"
	ByStory bool      // one hit a story
	Offset  int
	Limit   int // 0 means 20
	Days    int // days of histogram; 0 means none
	Zone    *time.Location
}

// A Found is one hit as shown: the entry, its story, its source, why it was
// found.
type Found struct {
	Entry    veille.Entry     `json:"entry"`
	Story    veille.Story     `json:"story"`
	Source   veille.Source    `json:"source"`
	Passages []veille.Passage `json:"passages"`
	More     int              `json:"more"` // other entries of the story that match
}

// Results is the answer to a search.
type Results struct {
	Entries   int           `json:"entries"`
	Stories   int           `json:"stories"`
	Found     []Found       `json:"found"`
	Facets    index.Facets  `json:"facets"`
	Histogram []index.Day   `json:"histogram"`
	Took      time.Duration `json:"took_ns"`
	Query     query.Query   `json:"-"`
}

// Search answers a request within what a branch may see. It returns ErrInvalid
// (a *query.Error) when the query has a mistake.
func (f *Finder) Search(ctx context.Context, branch veille.BranchID, r SearchRequest) (Results, error) {
	began := f.now()
	q, err := query.Parse(r.Query)
	if err != nil {
		return Results{}, err
	}
	scope, err := f.store.Scope(ctx, branch)
	if err != nil {
		return Results{}, fmt.Errorf("engine: search scope: %w", err)
	}
	if r.Limit <= 0 {
		r.Limit = 20
	}
	res, err := f.index.Search(ctx, index.Request{
		Query: q, Scope: scope, Topics: r.Topics, Tiers: r.Tiers, Tones: r.Tones, Langs: r.Langs, Sources: r.Sources,
		After: r.After, Before: r.Before, Sort: r.Sort, ByStory: r.ByStory, Offset: r.Offset, Limit: r.Limit,
		Facets: true, Days: r.Days, Zone: r.Zone,
	})
	if err != nil {
		return Results{}, fmt.Errorf("engine: search: %w", err)
	}
	out := Results{Entries: res.Entries, Stories: res.Stories, Facets: res.Facets, Histogram: res.Histogram, Query: q}
	if out.Found, err = f.show(ctx, scope, q, res.Hits); err != nil {
		return Results{}, err
	}
	out.Took = f.now().Sub(began)
	return out, nil
}

// show reads the entries, stories and sources of hits and why each was found.
func (f *Finder) show(ctx context.Context, scope []veille.BranchID, q query.Query, hits []index.Hit) ([]Found, error) {
	ids := make([]veille.EntryID, len(hits))
	storyIDs := make([]veille.StoryID, 0, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
		storyIDs = append(storyIDs, h.StoryID)
	}
	entries, err1 := f.store.EntriesByID(ctx, ids)
	stories, err2 := f.store.Stories(ctx, storyIDs)
	sources, err3 := f.store.Sources(ctx, scope)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("engine: read %d hits: %w", len(hits), err)
	}
	byEntry := indexBy(entries, func(e veille.Entry) veille.EntryID { return e.ID })
	byStory := indexBy(stories, func(s veille.Story) veille.StoryID { return s.ID })
	bySource := indexBy(sources, func(s veille.Source) veille.SourceID { return s.ID })
	found := make([]Found, 0, len(hits))
	for _, h := range hits {
		e, ok := byEntry[h.ID]
		if !ok {
			continue // removed since: the index is caught up later
		}
		found = append(found, Found{Entry: e, Story: byStory[h.StoryID], Source: bySource[e.SourceID], More: h.More,
			Passages: query.Passages(q, e.Reading.Lang, e.Title, e.Text, 2)})
	}
	return found, nil
}

func indexBy[K comparable, V any](vs []V, key func(V) K) map[K]V {
	m := make(map[K]V, len(vs))
	for _, v := range vs {
		m[key(v)] = v
	}
	return m
}
