package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

// carried is what followed entries into another story, by id, so that undoing
// brings back that and nothing else.
type carried struct {
	Incidents []string `json:"incidents,omitempty"`
	Ideas     []string `json:"ideas,omitempty"`
	Posts     []string `json:"posts,omitempty"`
	Names     []string `json:"names,omitempty"` // older ids of the story
}

// A holder is a table whose rows name a story.
type holder struct {
	table string
	ids   *[]string // of those that follow
	also  string    // what else is set, so that a judge at work sees it has moved
}

func (c *carried) holders() []holder {
	return []holder{{"incident", &c.Incidents, ", version = version + 1"}, {"idea", &c.Ideas, ""}, {"post", &c.Posts, ""}}
}

// carry makes what named the story follow the entries that left it.
func carry(ctx context.Context, tx bun.Tx, c veille.StoryChange) (carried, error) {
	var out carried
	if err := followers(ctx, tx, c, &out); err != nil {
		return out, err
	}
	for _, h := range out.holders() {
		if err := rename(ctx, tx, h, c.From, c.Into); err != nil {
			return out, err
		}
	}
	return out, nil
}

// uncarry takes it back. Names first: the story is to be found again.
func uncarry(ctx context.Context, tx bun.Tx, c veille.StoryChange, what carried) error {
	if c.Whole {
		if _, err := tx.NewDelete().Model((*aliasRow)(nil)).Where("old_id = ?", c.From).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(what.Names, batch) {
		_, err := tx.NewUpdate().Model((*aliasRow)(nil)).Set("new_id = ?", c.From).
			Where("old_id IN (?)", bun.List(part)).Where("new_id = ?", c.Into).Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, h := range what.holders() {
		if err := rename(ctx, tx, h, c.Into, c.From); err != nil {
			return err
		}
	}
	return nil
}

// rename gives the rows of a holder another story, where they have the first.
func rename(ctx context.Context, tx bun.Tx, h holder, from, into veille.StoryID) error {
	for part := range slices.Chunk(*h.ids, batch) {
		_, err := tx.NewRaw("UPDATE ? SET story_id = ?"+h.also+" WHERE id IN (?) AND story_id = ?",
			bun.Ident(h.table), into, bun.List(part), from).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// followers finds what follows: all of a story that is emptied, else the ideas
// that cite what moved, the posts drafted from them, and the incidents whose
// entries mostly moved.
func followers(ctx context.Context, tx bun.Tx, c veille.StoryChange, out *carried) error {
	if c.Whole {
		for _, h := range out.holders() {
			if err := tx.NewSelect().Table(h.table).Column("id").Where("story_id = ?", c.From).Order("id").Scan(ctx, h.ids); err != nil {
				return err
			}
		}
		return tx.NewSelect().Table("story_alias").Column("old_id").Where("new_id = ?", c.From).Order("old_id").Scan(ctx, &out.Names)
	}
	moved := c.Moved()
	if err := tx.NewSelect().Table("idea").Column("id").Where("story_id = ?", c.From).
		Where("entry_id IN (?)", bun.List(moved)).Order("id").Scan(ctx, &out.Ideas); err != nil {
		return err
	}
	if len(out.Ideas) > 0 {
		err := tx.NewSelect().Table("post").Column("id").Where("story_id = ?", c.From).
			Where("idea_id IN (?)", bun.List(out.Ideas)).Order("id").Scan(ctx, &out.Posts)
		if err != nil {
			return err
		}
	}
	return movedIncidents(ctx, tx, c, moved, out)
}

func movedIncidents(ctx context.Context, tx bun.Tx, c veille.StoryChange, moved []veille.EntryID, out *carried) error {
	in := make(map[veille.EntryID]bool, len(moved))
	for _, id := range moved {
		in[id] = true
	}
	var rows []incidentRow
	if err := tx.NewSelect().Model(&rows).Where("story_id = ?", c.From).Order("id").Scan(ctx); err != nil {
		return err
	}
	for _, r := range rows {
		if r.noun().MostlyOf(in) {
			out.Incidents = append(out.Incidents, string(r.ID))
		}
	}
	return nil
}
