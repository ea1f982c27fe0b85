package engine

import (
	"context"
	"fmt"

	"veilleur/index"
	"veilleur/internal/veille"
)

// Derived is what a rebuild empties first.
type Derived interface {
	ClearDerived(ctx context.Context) error
	SetCursor(ctx context.Context, name string, seq int64) error
}

// Rebuild derives everything again from the log: readings, stories, mentions
// and the index, which must be new and empty. Incidents, ideas and posts are
// decisions, not derived: they stay.
func Rebuild(ctx context.Context, d Derived, p *Pipeline, g *Group, progress func(stage string, seq int64)) error {
	if err := d.ClearDerived(ctx); err != nil {
		return fmt.Errorf("engine: clear what is derived: %w", err)
	}
	for _, s := range p.stages {
		if err := d.SetCursor(ctx, s.Name(), 0); err != nil {
			return fmt.Errorf("engine: cursor of %s: %w", s.Name(), err)
		}
	}
	g.Reset()
	_, err := p.Drain(ctx, progress)
	return err
}

// CatchUp makes an index that lost entries in a crash whole again: the cursor
// of search goes back to before the first entry it passed that is not inside.
func CatchUp(ctx context.Context, log Log, rows Rows, ix index.Index) error {
	done, err := log.Cursor(ctx, "search")
	if err != nil {
		return fmt.Errorf("engine: cursor of search: %w", err)
	}
	for seq := int64(0); seq < done; {
		heads, err := rows.HeadsAfter(ctx, seq, 5000)
		if err != nil {
			return fmt.Errorf("engine: heads after %d: %w", seq, err)
		}
		if len(heads) == 0 {
			return nil
		}
		ids := make([]veille.EntryID, len(heads))
		for i, e := range heads {
			ids[i] = e.ID
		}
		for i, inside := range ix.Has(ids) {
			if !inside && heads[i].Seq <= done {
				return log.SetCursor(ctx, "search", heads[i].Seq-1)
			}
		}
		seq = heads[len(heads)-1].Seq
	}
	return nil
}
