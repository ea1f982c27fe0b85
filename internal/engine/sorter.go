package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"veilleur/internal/veille"
)

// StoryChanges is the memory of what people decided of stories.
type StoryChanges interface {
	PutStoryChange(ctx context.Context, c veille.StoryChange) error
	UndoStoryChange(ctx context.Context, id veille.StoryChangeID, by veille.UserID, now time.Time) (veille.StoryChange, error)
}

// TitleReader reads stories as they are told.
type TitleReader interface {
	Story(ctx context.Context, id veille.StoryID) (veille.Story, error)
}

// A Sorter does what people decide of stories: merges two, takes entries out
// of one, undoes it. Grouping waits meanwhile, then goes on from there.
type Sorter struct {
	lg      *slog.Logger
	changes StoryChanges
	titles  TitleReader
	group   *Group
	search  *Search
	now     func() time.Time
}

// NewSorter makes a Sorter beside the stages that know the entries.
func NewSorter(lg *slog.Logger, changes StoryChanges, titles TitleReader, g *Group, s *Search) *Sorter {
	return &Sorter{lg: lg, changes: changes, titles: titles, group: g, search: s, now: time.Now}
}

// Merge puts all of a story into another, whose id stands from then on; that
// of the first leads to it. It returns ErrNotFound if one of them is gone, and
// ErrInvalid if both are one.
func (s *Sorter) Merge(ctx context.Context, by veille.User, from, into veille.StoryID) (veille.StoryChange, error) {
	s.group.mu.Lock()
	defer s.group.mu.Unlock()
	c, entries, err := s.begin(ctx, by, from)
	if err != nil {
		return c, err
	}
	c.Whole = true
	if err := s.toward(ctx, &c, into); err != nil {
		return c, err
	}
	for _, e := range entries {
		c.Placed = append(c.Placed, placing(e, c.Into))
	}
	return c, s.do(ctx, c)
}

// TakeOut puts some entries of a story into another, or into a story of their
// own when into is "". It returns ErrInvalid if none or all of the story is
// named, or an entry that is not in it.
func (s *Sorter) TakeOut(ctx context.Context, by veille.User, from veille.StoryID, entries []veille.EntryID, into veille.StoryID) (veille.StoryChange, error) {
	s.group.mu.Lock()
	defer s.group.mu.Unlock()
	c, all, err := s.begin(ctx, by, from)
	if err != nil {
		return c, err
	}
	c.Into = veille.StoryID("s" + c.ID) // no entry's: an entry taken out may be the one the story is named after
	if into != "" {
		if err := s.toward(ctx, &c, into); err != nil {
			return c, err
		}
	}
	out := make(map[veille.EntryID]bool, len(entries))
	for _, id := range entries {
		out[id] = true
	}
	for _, e := range all {
		to := c.From
		if out[e.ID] {
			to = c.Into
			delete(out, e.ID)
		}
		c.Placed = append(c.Placed, placing(e, to))
	}
	switch n := len(c.Moved()); {
	case len(out) > 0:
		return c, veille.NewProblem(veille.ErrInvalid, veille.Say("story.change_stale"), nil)
	case n == 0:
		return c, veille.NewProblem(veille.ErrInvalid, veille.Say("story.take_none"), nil)
	case n == len(all):
		return c, veille.NewProblem(veille.ErrInvalid, veille.Say("story.take_all"), nil)
	}
	return c, s.do(ctx, c)
}

// Undo undoes a change. It returns ErrConflict when a later one moved the same
// entries: that one goes first.
func (s *Sorter) Undo(ctx context.Context, by veille.User, id veille.StoryChangeID) (veille.StoryChange, error) {
	s.group.mu.Lock()
	defer s.group.mu.Unlock()
	c, err := s.changes.UndoStoryChange(ctx, id, by.ID, s.now())
	if err != nil {
		return c, fmt.Errorf("engine: undo story change: %w", err)
	}
	s.lg.Info("story change undone by hand", "change", c.ID, "by", by.ID, "from", c.From, "into", c.Into, "entries", len(c.Moved()))
	return c, s.follow(ctx, c)
}

// begin reads the story a change is about.
func (s *Sorter) begin(ctx context.Context, by veille.User, from veille.StoryID) (veille.StoryChange, []veille.Entry, error) {
	now := s.now()
	c := veille.StoryChange{ID: veille.StoryChangeID(veille.NewID(now)), BranchID: by.BranchID, By: by.ID, At: now}
	st, err := s.titles.Story(ctx, from)
	if err != nil {
		return c, nil, fmt.Errorf("engine: story to change: %w", err)
	}
	c.From, c.FromTitle = st.ID, st.Title
	entries, err := s.group.stories.EntriesOfStory(ctx, st.ID)
	if err != nil {
		return c, nil, fmt.Errorf("engine: entries of story %s: %w", st.ID, err)
	}
	return c, entries, nil
}

// toward makes another story the end of a change, and has its entries stay.
func (s *Sorter) toward(ctx context.Context, c *veille.StoryChange, into veille.StoryID) error {
	st, err := s.titles.Story(ctx, into)
	if err != nil {
		return fmt.Errorf("engine: story to change into: %w", err)
	}
	if st.ID == c.From {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("story.merge_self"), nil)
	}
	c.Into, c.IntoTitle = st.ID, st.Title
	entries, err := s.group.stories.EntriesOfStory(ctx, st.ID)
	if err != nil {
		return fmt.Errorf("engine: entries of story %s: %w", st.ID, err)
	}
	for _, e := range entries {
		c.Placed = append(c.Placed, placing(e, st.ID))
	}
	return nil
}

func placing(e veille.Entry, to veille.StoryID) veille.Placement {
	return veille.Placement{EntryID: e.ID, Was: e.Reading.StoryID, Now: to, DuplicateOf: e.Reading.DuplicateOf}
}

func (s *Sorter) do(ctx context.Context, c veille.StoryChange) error {
	if err := s.changes.PutStoryChange(ctx, c); err != nil {
		return fmt.Errorf("engine: change story %s: %w", c.From, err)
	}
	s.lg.Info("story changed by hand", "change", c.ID, "by", c.By, "from", c.From, "into", c.Into, "entries", len(c.Moved()), "whole", c.Whole)
	return s.follow(ctx, c)
}

// follow brings the memory of grouping, the counts and the index to what a
// change did. The change is kept already: a fault here mends itself at the
// next start or at the next entry of the story.
func (s *Sorter) follow(ctx context.Context, c veille.StoryChange) error {
	moved, err := s.group.regroup(ctx, c.From, c.Into)
	if err != nil {
		return err
	}
	return s.search.Mark(ctx, moved)
}
