package store

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type changeRow struct {
	bun.BaseModel `bun:"table:story_change,alias:story_change"`

	ID        veille.StoryChangeID `bun:"id,pk"`
	BranchID  veille.BranchID      `bun:"branch_id"`
	By        veille.UserID        `bun:"by_user"`
	From      veille.StoryID       `bun:"from_id"`
	FromTitle string               `bun:"from_title"`
	Into      veille.StoryID       `bun:"into_id"`
	IntoTitle string               `bun:"into_title"`
	Whole     bool                 `bun:"whole"`
	At        int64                `bun:"made_at"`
	UndoneAt  int64                `bun:"undone_at"`
	UndoneBy  veille.UserID        `bun:"undone_by"`
	Carried   js[carried]          `bun:"carried,type:text"`
}

func changeRowOf(c veille.StoryChange) changeRow {
	return changeRow{ID: c.ID, BranchID: c.BranchID, By: c.By, From: c.From, FromTitle: c.FromTitle, Into: c.Into,
		IntoTitle: c.IntoTitle, Whole: c.Whole, At: stamp(c.At), UndoneAt: stamp(c.UndoneAt), UndoneBy: c.UndoneBy}
}

func (r changeRow) noun() veille.StoryChange {
	return veille.StoryChange{ID: r.ID, BranchID: r.BranchID, By: r.By, From: r.From, FromTitle: r.FromTitle, Into: r.Into,
		IntoTitle: r.IntoTitle, Whole: r.Whole, At: when(r.At), UndoneAt: when(r.UndoneAt), UndoneBy: r.UndoneBy}
}

type placementRow struct {
	bun.BaseModel `bun:"table:story_change_entry,alias:placed"`

	ChangeID    veille.StoryChangeID `bun:"change_id,pk"`
	EntryID     veille.EntryID       `bun:"entry_id,pk"`
	Was         veille.StoryID       `bun:"was_id"`
	Now         veille.StoryID       `bun:"now_id"`
	DuplicateOf veille.EntryID       `bun:"duplicate_of"`
}

func (r placementRow) noun() veille.Placement {
	return veille.Placement{EntryID: r.EntryID, Was: r.Was, Now: r.Now, DuplicateOf: r.DuplicateOf}
}

// PutStoryChange keeps what a person decided and does it, all or nothing: the
// entries move; when their story is emptied its id, its older ids, its
// incidents, ideas and posts lead to the other; else the ideas that cite what
// moved follow it, and the incidents most of whose entries moved. The stories
// themselves are to be counted again by the caller. It returns ErrConflict if
// an entry is no longer where the change found it.
func (s *Store) PutStoryChange(ctx context.Context, c veille.StoryChange) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := move(ctx, tx, c.Placed); err != nil {
			return err
		}
		row := changeRowOf(c)
		var err error
		if row.Carried.V, err = carry(ctx, tx, c); err != nil {
			return err
		}
		if c.Whole {
			if err := merge(ctx, tx, veille.StoryAlias{Old: c.From, New: c.Into}); err != nil {
				return err
			}
		}
		if err := put(ctx, tx, []changeRow{row}); err != nil {
			return err
		}
		return put(ctx, tx, all(c.Placed, func(p veille.Placement) placementRow {
			return placementRow{ChangeID: c.ID, EntryID: p.EntryID, Was: p.Was, Now: p.Now, DuplicateOf: p.DuplicateOf}
		}))
	})
	return says(wrap(err, "put story change %s", c.ID), veille.ErrConflict, "story.change_stale")
}

// UndoStoryChange undoes a change and gives it as it then is: what it moved
// and what followed come back, and a story it began, if emptied, leads to the
// one it came from. It returns ErrNotFound if there is none, ErrConflict if it
// was undone already or if a later change placed one of its entries.
func (s *Store) UndoStoryChange(ctx context.Context, id veille.StoryChangeID, by veille.UserID, now time.Time) (veille.StoryChange, error) {
	var c veille.StoryChange
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		var row changeRow
		if err = tx.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}
		if c, err = undoable(ctx, tx, row); err != nil {
			return err
		}
		if err = uncarry(ctx, tx, c, row.Carried.V); err != nil {
			return err
		}
		if err = move(ctx, tx, turned(c.Placed)); err != nil {
			return err
		}
		if err = closeEmpty(ctx, tx, c); err != nil {
			return err
		}
		c.UndoneAt, c.UndoneBy = now, by
		_, err = tx.NewUpdate().Model((*changeRow)(nil)).Set("undone_at = ?, undone_by = ?", stamp(now), by).Where("id = ?", id).Exec(ctx)
		return err
	})
	return c, wrap(err, "undo story change %s", id)
}

// undoable gives a change with its placements, or why it cannot be undone.
func undoable(ctx context.Context, tx bun.Tx, row changeRow) (veille.StoryChange, error) {
	c := row.noun()
	if !c.UndoneAt.IsZero() {
		return c, veille.NewProblem(veille.ErrConflict, veille.Say("story.change_undone"), nil)
	}
	var placed []placementRow
	if err := tx.NewSelect().Model(&placed).Where("change_id = ?", c.ID).Order("entry_id").Scan(ctx); err != nil {
		return c, err
	}
	c.Placed = all(placed, placementRow.noun)
	later, err := tx.NewSelect().Model((*changeRow)(nil)).
		Where("undone_at = 0 AND (made_at > ?0 OR made_at = ?0 AND id > ?1)", row.At, c.ID).
		Where("id IN (SELECT o.change_id FROM story_change_entry o JOIN story_change_entry p ON o.entry_id = p.entry_id WHERE p.change_id = ?)", c.ID).
		Count(ctx)
	if err == nil && later > 0 {
		err = veille.NewProblem(veille.ErrConflict, veille.Say("story.change_later"), nil)
	}
	return c, err
}

// turned is what undoes placements.
func turned(placed []veille.Placement) []veille.Placement {
	out := slices.Clone(placed)
	for i := range out {
		out[i].Was, out[i].Now = out[i].Now, out[i].Was
	}
	return out
}

// move puts entries in their story, from the one they are said to be in.
func move(ctx context.Context, tx bun.Tx, placed []veille.Placement) error {
	type way struct{ was, now veille.StoryID }
	ways := map[way][]veille.EntryID{}
	for _, p := range placed {
		if p.Moved() {
			ways[way{p.Was, p.Now}] = append(ways[way{p.Was, p.Now}], p.EntryID)
		}
	}
	for w, ids := range ways {
		for part := range slices.Chunk(ids, batch) {
			res, err := tx.NewUpdate().Model((*entryRow)(nil)).Set("story_id = ?", w.now).
				Where("id IN (?)", bun.List(part)).Where("story_id = ?", w.was).Exec(ctx)
			if err != nil {
				return err
			}
			switch n, err := res.RowsAffected(); {
			case err != nil:
				return err
			case int(n) != len(part):
				return veille.ErrConflict
			}
		}
	}
	return nil
}

// closeEmpty leads the story a change filled to the one it came from, when
// undoing leaves nothing in it.
func closeEmpty(ctx context.Context, tx bun.Tx, c veille.StoryChange) error {
	n, err := tx.NewSelect().Model((*entryRow)(nil)).Where("story_id = ?", c.Into).Count(ctx)
	if err != nil || n > 0 {
		return err
	}
	return merge(ctx, tx, veille.StoryAlias{Old: c.Into, New: c.From})
}

// StoryChanges gives the changes that placed entries in a story or took some
// out of it, by its id or an older one, the latest first, undone ones too.
func (s *Store) StoryChanges(ctx context.Context, id veille.StoryID) ([]veille.StoryChange, error) {
	now, err := followed(ctx, s.r, id)
	if err != nil {
		return nil, wrap(err, "changes of story %s", id)
	}
	var rows []changeRow
	err = s.r.NewSelect().Model(&rows).
		Where("from_id = ?0 OR into_id = ?0 OR id IN (SELECT change_id FROM story_change_entry WHERE entry_id IN (SELECT id FROM entry WHERE story_id = ?0))", now).
		Order("made_at DESC", "id DESC").Scan(ctx)
	if err != nil {
		return nil, wrap(err, "changes of story %s", id)
	}
	out := all(rows, changeRow.noun)
	for i := range out {
		var placed []placementRow
		if err := s.r.NewSelect().Model(&placed).Where("change_id = ?", out[i].ID).Order("entry_id").Scan(ctx); err != nil {
			return nil, wrap(err, "changes of story %s", id)
		}
		out[i].Placed = all(placed, placementRow.noun)
	}
	return out, nil
}

// Placed gives where people put entries, by the last change of each that was
// not undone; entries nobody placed are left out. What an entry reprinted is
// left out once it is gone.
func (s *Store) Placed(ctx context.Context, ids []veille.EntryID) (map[veille.EntryID]veille.Placement, error) {
	out := map[veille.EntryID]veille.Placement{}
	for part := range slices.Chunk(ids, batch) {
		var rows []placementRow
		err := s.r.NewSelect().Model(&rows).
			ColumnExpr("placed.change_id, placed.entry_id, placed.was_id, placed.now_id").
			ColumnExpr("COALESCE((SELECT id FROM entry WHERE id = placed.duplicate_of), '') AS duplicate_of").
			Join("JOIN story_change ON story_change.id = placed.change_id AND story_change.undone_at = 0").
			Where("placed.entry_id IN (?)", bun.List(part)).Order("story_change.made_at", "story_change.id").Scan(ctx)
		if err != nil {
			return nil, wrap(err, "placements of %d entries", len(ids))
		}
		for _, r := range rows {
			out[r.EntryID] = r.noun()
		}
	}
	return out, nil
}
