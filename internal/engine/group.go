package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"veilleur/index/press"
	"veilleur/index/story"
	"veilleur/internal/veille"
)

// window is how far back an entry can still join a story.
const window = 21 * 24 * time.Hour

// Stories is where group writes what it derives.
type Stories interface {
	PutReadings(ctx context.Context, r map[veille.EntryID]veille.Reading) error
	PutStories(ctx context.Context, s []veille.Story) error
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
	// HeadsOfStories gives the entries of stories without their texts.
	HeadsOfStories(ctx context.Context, ids []veille.StoryID) (map[veille.StoryID][]veille.Entry, error)
	EntriesSince(ctx context.Context, t time.Time, scope []veille.BranchID, limit int) ([]veille.Entry, error)
	// Placed tells where people put entries; those nobody moved are left out.
	Placed(ctx context.Context, ids []veille.EntryID) (map[veille.EntryID]veille.Placement, error)
	// Repeats counts the articles that sources repeat of each other.
	Repeats(ctx context.Context) ([]veille.Repeat, error)
	PutKin(ctx context.Context, kin map[veille.SourceID]string) error
}

// SourceReader reads sources.
type SourceReader interface {
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	// SourcesByID gives those of the sources that are stored.
	SourcesByID(ctx context.Context, ids []veille.SourceID) ([]veille.Source, error)
}

// Group is the stage that reads each entry (language, tone, keyphrases), folds
// reprints and joins the entry to its story. An entry keeps the story it has,
// whatever its publisher edits: only Rebuild groups it again. Group holds the
// last weeks in memory; Restore fills it after a start.
type Group struct {
	stories Stories
	sources SourceReader
	mu      sync.Mutex // holds what follows
	reader  *Reader
	kinAt   time.Time // when kin were last looked for
	now     func() time.Time
}

// NewGroup makes the stage, empty.
func NewGroup(stories Stories, sources SourceReader) *Group {
	return &Group{stories: stories, sources: sources, reader: NewReader(), now: time.Now}
}

// Name is the name of its cursor.
func (g *Group) Name() string { return "group" }

// Reset forgets every entry held in memory.
func (g *Group) Reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reader = NewReader()
}

// Restore fills the memory with the entries of the last three weeks that already
// have a story, and nothing else.
func (g *Group) Restore(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	entries, err := g.stories.EntriesSince(ctx, g.now().Add(-window), nil, 0)
	if err != nil {
		return fmt.Errorf("engine: restore stories: %w", err)
	}
	sources, err := sourcesByID(ctx, g.sources)
	if err != nil {
		return err
	}
	g.reader = NewReader()
	slices.SortFunc(entries, func(a, b veille.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, e := range entries {
		if e.Reading.StoryID != "" {
			g.reader.Restore(e, sources[e.SourceID].Press())
		}
	}
	return nil
}

// Take reads, folds and groups entries, then counts again the stories they
// touched.
func (g *Group) Take(ctx context.Context, entries []veille.Entry) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	sources, err := sourcesByID(ctx, g.sources)
	if err != nil {
		return err
	}
	if entries, err = g.placed(ctx, entries); err != nil {
		return fmt.Errorf("engine: where people put %d entries: %w", len(entries), err)
	}
	readings := make(map[veille.EntryID]veille.Reading, len(entries))
	touched := map[veille.StoryID]bool{}
	for _, e := range byBurst(entries) {
		src := sources[e.SourceID]
		r := g.reader.Read(e, src.Press())
		r.Agency = press.Agency(cmp.Or(e.Publisher, src.Name()), e.Author, e.Text)
		readings[e.ID] = r
		touched[r.StoryID] = true
	}
	if err := g.stories.PutReadings(ctx, readings); err != nil {
		return fmt.Errorf("put %d readings: %w", len(readings), err)
	}
	if err := g.kindred(ctx, sources); err != nil {
		return err
	}
	return g.count(ctx, touched, sources)
}

// inherit makes the first of the entries that reprint a forgotten one an
// original, which the others reprint from now on. It counts the stories again,
// and forgets what was forgotten. The entries are given back as they now are.
func (g *Group) inherit(ctx context.Context, reprints []veille.Entry, stories map[veille.StoryID]bool) error {
	slices.SortStableFunc(reprints, func(a, b veille.Entry) int { return a.Published.Compare(b.Published) })
	heir, readings := map[veille.EntryID]veille.EntryID{}, map[veille.EntryID]veille.Reading{}
	for i := range reprints {
		e := &reprints[i]
		of := e.Reading.DuplicateOf
		e.Reading.DuplicateOf = heir[of]
		if heir[of] == "" {
			heir[of] = e.ID
		}
		readings[e.ID] = e.Reading
		stories[e.Reading.StoryID] = true
	}
	if err := g.stories.PutReadings(ctx, readings); err != nil {
		return fmt.Errorf("put %d readings: %w", len(readings), err)
	}
	sources, err := sourcesByID(ctx, g.sources)
	if err != nil {
		return err
	}
	if err := g.count(ctx, stories, sources); err != nil {
		return err
	}
	return g.Restore(ctx)
}

// count summarises the touched stories from their entries.
func (g *Group) count(ctx context.Context, touched map[veille.StoryID]bool, sources map[veille.SourceID]veille.Source) error {
	ids := slices.Sorted(maps.Keys(touched))
	heads, err := g.stories.HeadsOfStories(ctx, ids)
	if err != nil {
		return fmt.Errorf("heads of %d stories: %w", len(ids), err)
	}
	stories := make([]veille.Story, 0, len(ids))
	for _, id := range ids {
		s, err := g.summary(ctx, id, heads[id], sources)
		if err != nil {
			return err
		}
		if s.Entries > 0 {
			stories = append(stories, s)
		}
	}
	if err := g.stories.PutStories(ctx, stories); err != nil {
		return fmt.Errorf("put %d stories: %w", len(stories), err)
	}
	return nil
}

// summary summarises one story. One of another name since, or whose entries
// have no title, is read whole.
func (g *Group) summary(ctx context.Context, id veille.StoryID, entries []veille.Entry, sources map[veille.SourceID]veille.Source) (veille.Story, error) {
	s := story.Summarise(entries, sources)
	if s.Title == "" {
		entries, err := g.stories.EntriesOfStory(ctx, id)
		if err != nil {
			return s, fmt.Errorf("entries of story %s: %w", id, err)
		}
		s = story.Summarise(entries, sources)
	}
	s.ID = id
	return s, nil
}
