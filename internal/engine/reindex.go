package engine

import (
	"context"
	"fmt"

	"veilleur/index"
	"veilleur/internal/veille"
)

// Derived is what a rebuild empties first, and the names of the stories it
// replaces.
type Derived interface {
	ClearDerived(ctx context.Context) error
	Stories(ctx context.Context, ids []veille.StoryID) ([]veille.Story, error)
	Aliases(ctx context.Context) ([]veille.StoryAlias, error)
	PutAliases(ctx context.Context, aliases []veille.StoryAlias) error
}

// Rebuild derives everything again from the log: readings, stories, mentions
// and the index, which must be new and empty. Incidents, ideas and posts are
// decisions, not derived: they stay, and a story that is now named otherwise
// (its first entry was edited since, or is gone) is still found by its old
// name.
func Rebuild(ctx context.Context, d Derived, rows Rows, p *Pipeline, g *Group, progress func(stage string, seq int64)) error {
	before, err := storyNames(ctx, rows)
	if err != nil {
		return err
	}
	older, err := d.Aliases(ctx)
	if err != nil {
		return fmt.Errorf("engine: old names of stories: %w", err)
	}
	if err := d.ClearDerived(ctx); err != nil {
		return fmt.Errorf("engine: clear what is derived: %w", err)
	}
	g.Reset()
	if _, err := p.Drain(ctx, progress); err != nil {
		return err
	}
	return aliasStories(ctx, d, rows, before, older)
}

// storyNames tells the story of each entry.
func storyNames(ctx context.Context, rows Rows) (map[veille.EntryID]veille.StoryID, error) {
	names := map[veille.EntryID]veille.StoryID{}
	return names, eachHead(ctx, rows, func(e veille.Entry) bool {
		if e.Reading.StoryID != "" {
			names[e.ID] = e.Reading.StoryID
		}
		return true
	})
}

// aliasStories leads each name that no longer is a story's to the story where
// the first of its entries is now, and older names with it.
func aliasStories(ctx context.Context, d Derived, rows Rows, before map[veille.EntryID]veille.StoryID, older []veille.StoryAlias) error {
	now := map[veille.StoryID]veille.StoryID{}
	err := eachHead(ctx, rows, func(e veille.Entry) bool {
		old := before[e.ID]
		if _, known := now[old]; old != "" && !known {
			now[old] = e.Reading.StoryID
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, a := range older {
		now[a.Old] = now[a.New]
	}
	ids := make([]veille.StoryID, 0, len(now))
	for old := range now {
		ids = append(ids, old)
	}
	still, err := d.Stories(ctx, ids)
	if err != nil {
		return fmt.Errorf("engine: stories by their old names: %w", err)
	}
	for _, s := range still {
		delete(now, s.ID)
	}
	var aliases []veille.StoryAlias
	for old, id := range now {
		if id != "" {
			aliases = append(aliases, veille.StoryAlias{Old: old, New: id})
		}
	}
	if err := d.PutAliases(ctx, aliases); err != nil {
		return fmt.Errorf("engine: old names of %d stories: %w", len(aliases), err)
	}
	return nil
}

// eachHead gives every entry of the log to f, without its text, until f has
// seen enough.
func eachHead(ctx context.Context, rows Rows, f func(veille.Entry) (more bool)) error {
	for seq := int64(0); ; {
		heads, err := rows.HeadsAfter(ctx, seq, 5000)
		if err != nil {
			return fmt.Errorf("engine: heads after %d: %w", seq, err)
		}
		if len(heads) == 0 {
			return nil
		}
		for _, e := range heads {
			if !f(e) {
				return nil
			}
		}
		seq = heads[len(heads)-1].Seq
	}
}

// CatchUp makes an index that lost entries in a crash whole again: the cursor
// of search goes back to before the first entry it passed that is not inside.
func CatchUp(ctx context.Context, log Log, rows Rows, ix index.Index) error {
	done, err := log.Cursor(ctx, "search")
	if err != nil {
		return fmt.Errorf("engine: cursor of search: %w", err)
	}
	parked, err := log.Parked(ctx)
	if err != nil {
		return fmt.Errorf("engine: parked entries: %w", err)
	}
	aside := map[veille.EntryID]bool{}
	for _, p := range parked {
		aside[p.EntryID] = aside[p.EntryID] || p.Stage == "search"
	}
	lost := int64(0)
	err = eachHead(ctx, rows, func(e veille.Entry) bool {
		if e.Seq <= done && !aside[e.ID] && !ix.Has([]veille.EntryID{e.ID})[0] {
			lost = e.Seq
		}
		return e.Seq <= done && lost == 0
	})
	if err != nil || lost == 0 {
		return err
	}
	return log.SetCursor(ctx, "search", lost-1)
}
