package engine

import (
	"context"
	"fmt"

	"veilleur/index"
	"veilleur/internal/veille"
)

// SourceRemover removes a source with its entries and mentions.
type SourceRemover interface {
	DeleteSource(ctx context.Context, id veille.SourceID) error
}

// Forgetting removes sources from the store and from the index.
type Forgetting struct {
	store SourceRemover
	rows  Rows
	index index.Index
	group *Group
}

// NewForgetting makes a Forgetting.
func NewForgetting(store SourceRemover, rows Rows, ix index.Index, g *Group) *Forgetting {
	return &Forgetting{store: store, rows: rows, index: ix, group: g}
}

// DeleteSource forgets a source: its entries leave the store and the index,
// and the stories they were part of are counted again.
func (f *Forgetting) DeleteSource(ctx context.Context, id veille.SourceID) error {
	ids, stories, err := f.entries(ctx, id)
	if err != nil {
		return err
	}
	if err := f.store.DeleteSource(ctx, id); err != nil {
		return fmt.Errorf("engine: forget source: %w", err)
	}
	if err := f.index.Delete(ctx, ids); err != nil {
		return fmt.Errorf("engine: forget source %s in the index: %w", id, err)
	}
	sources, err := sourcesByID(ctx, f.group.sources)
	if err != nil {
		return err
	}
	return f.group.count(ctx, stories, sources)
}

// entries gives the entries of a source and the stories they are part of.
func (f *Forgetting) entries(ctx context.Context, id veille.SourceID) ([]veille.EntryID, map[veille.StoryID]bool, error) {
	var ids []veille.EntryID
	stories := map[veille.StoryID]bool{}
	for seq := int64(0); ; {
		heads, err := f.rows.HeadsAfter(ctx, seq, 5000)
		if err != nil {
			return nil, nil, fmt.Errorf("engine: entries of source %s: %w", id, err)
		}
		if len(heads) == 0 {
			return ids, stories, nil
		}
		for _, e := range heads {
			if e.SourceID == id {
				ids = append(ids, e.ID)
				stories[e.Reading.StoryID] = true
			}
		}
		seq = heads[len(heads)-1].Seq
	}
}
