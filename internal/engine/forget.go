package engine

import (
	"context"
	"fmt"

	"veilleur/internal/veille"
)

// SourceRemover removes a source with its entries and mentions.
type SourceRemover interface {
	DeleteSource(ctx context.Context, id veille.SourceID) error
}

// ForgottenReader reads what a forgotten source leaves behind.
type ForgottenReader interface {
	Rows
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
}

// Forgetting removes sources from the store, from the index and from the
// stories.
type Forgetting struct {
	store  SourceRemover
	reader ForgottenReader
	group  *Group
	search *Search
}

// NewForgetting makes a Forgetting beside the stages that know the entries.
func NewForgetting(store SourceRemover, r ForgottenReader, g *Group, s *Search) *Forgetting {
	return &Forgetting{store: store, reader: r, group: g, search: s}
}

// DeleteSource forgets a source: its entries leave the store and the index,
// the first reprint of each becomes an original, and the stories they were
// part of are counted again. It returns ErrNotFound if there is none.
func (f *Forgetting) DeleteSource(ctx context.Context, id veille.SourceID) error {
	left, err := f.leaves(ctx, id)
	if err != nil {
		return err
	}
	if err := f.store.DeleteSource(ctx, id); err != nil {
		return fmt.Errorf("engine: forget source: %w", err)
	}
	if err := f.search.index.Delete(ctx, left.entries); err != nil {
		return fmt.Errorf("engine: forget source %s in the index: %w", id, err)
	}
	heirs, err := f.reader.EntriesByID(ctx, left.reprints)
	if err != nil {
		return fmt.Errorf("engine: reprints of source %s: %w", id, err)
	}
	if err := f.group.inherit(ctx, heirs, left.stories); err != nil {
		return fmt.Errorf("engine: forget source %s in the stories: %w", id, err)
	}
	return f.search.Mark(ctx, heirs)
}

// A legacy is what a source leaves: its entries, the entries of others that
// reprint them, and the stories they are part of.
type legacy struct {
	entries  []veille.EntryID
	reprints []veille.EntryID
	stories  map[veille.StoryID]bool
}

func (f *Forgetting) leaves(ctx context.Context, id veille.SourceID) (legacy, error) {
	l := legacy{stories: map[veille.StoryID]bool{}}
	own, copies := map[veille.EntryID]bool{}, map[veille.EntryID]veille.EntryID{}
	err := eachHead(ctx, f.reader, func(e veille.Entry) bool {
		switch {
		case e.SourceID == id:
			own[e.ID] = true
			l.entries = append(l.entries, e.ID)
			l.stories[e.Reading.StoryID] = true
		case e.Reading.DuplicateOf != "":
			copies[e.ID] = e.Reading.DuplicateOf
		}
		return true
	})
	for copied, of := range copies {
		if own[of] {
			l.reprints = append(l.reprints, copied)
		}
	}
	return l, err
}
