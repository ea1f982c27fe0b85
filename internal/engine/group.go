package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"veilleur/index/dedup"
	"veilleur/index/keyphrase"
	"veilleur/index/lang"
	"veilleur/index/story"
	"veilleur/index/tone"
	"veilleur/internal/veille"
)

// window is how far back an entry can still join a story.
const window = 14 * 24 * time.Hour

// keyphrases is how many are kept for each entry.
const keyphrases = 8

// Stories is where group writes what it derives.
type Stories interface {
	PutReadings(ctx context.Context, r map[veille.EntryID]veille.Reading) error
	PutStories(ctx context.Context, s []veille.Story) error
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
	// HeadsOfStories gives the entries of stories without their texts.
	HeadsOfStories(ctx context.Context, ids []veille.StoryID) (map[veille.StoryID][]veille.Entry, error)
	EntriesSince(ctx context.Context, t time.Time, scope []veille.BranchID, limit int) ([]veille.Entry, error)
}

// SourceReader reads sources.
type SourceReader interface {
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
}

// Group is the stage that reads each entry (language, tone, keyphrases), folds
// reprints and joins the entry to its story. An entry keeps the story it has,
// whatever its publisher edits: only Rebuild groups it again. Group holds the
// last two weeks in memory; Restore fills it after a start.
type Group struct {
	stories Stories
	sources SourceReader
	mu      sync.Mutex // holds what follows
	dups    *dedup.Window
	grouper *story.Grouper
	now     func() time.Time
}

// NewGroup makes the stage, empty.
func NewGroup(stories Stories, sources SourceReader) *Group {
	g := &Group{stories: stories, sources: sources, now: time.Now}
	g.reset()
	return g
}

// Name is the name of its cursor.
func (g *Group) Name() string { return "group" }

// Reset forgets every entry held in memory.
func (g *Group) Reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reset()
}

func (g *Group) reset() {
	g.dups = dedup.New(dedup.Config{})
	g.grouper = story.New(story.Config{})
}

// Restore fills the memory with the entries of the last two weeks that already
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
	g.reset()
	slices.SortFunc(entries, func(a, b veille.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, e := range entries {
		if e.Reading.StoryID != "" {
			g.restore(e, sources[e.SourceID].Press())
		}
	}
	return nil
}

func (g *Group) restore(e veille.Entry, voice string) {
	g.dups.Restore(dupDoc(e), e.Reading.DuplicateOf)
	g.grouper.Restore(storyDoc(e, voice), e.Reading.StoryID)
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
	readings := make(map[veille.EntryID]veille.Reading, len(entries))
	touched := map[veille.StoryID]bool{}
	for _, e := range byBurst(entries) {
		r := g.read(e, sources[e.SourceID].Press())
		readings[e.ID] = r
		touched[r.StoryID] = true
	}
	if err := g.stories.PutReadings(ctx, readings); err != nil {
		return fmt.Errorf("put %d readings: %w", len(readings), err)
	}
	return g.count(ctx, touched, sources)
}

// read derives all that one entry says of itself, and its story.
func (g *Group) read(e veille.Entry, voice string) veille.Reading {
	var r veille.Reading
	r.Lang, _ = lang.Detect(e.Title + ". " + e.Text)
	r.Tone, r.ToneWords = tone.Score(r.Lang, e.Title, e.Text)
	r.Keyphrases = keyphrase.Extract(r.Lang, e.Title, e.Text, keyphrases)
	if e.Reading.StoryID != "" {
		r.StoryID, r.DuplicateOf = e.Reading.StoryID, e.Reading.DuplicateOf
		e.Reading = r
		g.restore(e, voice)
		return r
	}
	r.DuplicateOf, _ = g.dups.Add(dupDoc(e))
	e.Reading = r
	r.StoryID = g.grouper.Add(storyDoc(e, voice))
	return r
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

func dupDoc(e veille.Entry) dedup.Doc {
	return dedup.Doc{ID: e.ID, Title: e.Title, Text: e.Text, At: e.Published}
}

func storyDoc(e veille.Entry, voice string) story.Doc {
	return story.Doc{ID: e.ID, Lang: e.Reading.Lang, Title: e.Title, Text: e.Text,
		Published: e.Published, Voice: voice, DuplicateOf: e.Reading.DuplicateOf}
}
