package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type storyRow struct {
	bun.BaseModel `bun:"table:story,alias:story"`

	ID          veille.StoryID `bun:"id,pk"`
	LeadID      veille.EntryID `bun:"lead_id"`
	Title       string         `bun:"title"`
	Lang        string         `bun:"lang"`
	Entries     int            `bun:"entries"`
	Sources     int            `bun:"sources"`
	Independent int            `bun:"independent"`
	Tone        float64        `bun:"tone"`
	First       int64          `bun:"first_at"`
	Last        int64          `bun:"last_at"`
}

func storyRowOf(s veille.Story) storyRow {
	return storyRow{ID: s.ID, LeadID: s.LeadID, Title: s.Title, Lang: s.Lang, Entries: s.Entries, Sources: s.Sources,
		Independent: s.Independent, Tone: s.Tone, First: stamp(s.First), Last: stamp(s.Last)}
}

func (r storyRow) noun() veille.Story {
	return veille.Story{ID: r.ID, LeadID: r.LeadID, Title: r.Title, Lang: r.Lang, Entries: r.Entries,
		Sources: r.Sources, Independent: r.Independent, Tone: r.Tone, First: when(r.First), Last: when(r.Last)}
}

type aliasRow struct {
	bun.BaseModel `bun:"table:story_alias,alias:story_alias"`

	Old veille.StoryID `bun:"old_id,pk"`
	New veille.StoryID `bun:"new_id"`
}

// PutStories stores stories, new or changed.
func (s *Store) PutStories(ctx context.Context, stories []veille.Story) error {
	rows := all(stories, storyRowOf)
	slices.SortFunc(rows, func(a, b storyRow) int { return cmp.Compare(a.ID, b.ID) })
	rows = slices.CompactFunc(rows, func(a, b storyRow) bool { return a.ID == b.ID })
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return put(ctx, tx, rows) })
	return wrap(err, "put %d stories", len(stories))
}

// PutAliases says that stories were merged into others: their entries move,
// and their old ids lead to the new story from then on, however many mergers
// follow.
func (s *Store) PutAliases(ctx context.Context, aliases []veille.StoryAlias) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, a := range aliases {
			if err := merge(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "put %d aliases", len(aliases))
}

// Aliases gives the old names of stories, in order.
func (s *Store) Aliases(ctx context.Context) ([]veille.StoryAlias, error) {
	var rows []aliasRow
	err := s.r.NewSelect().Model(&rows).Order("old_id").Scan(ctx)
	return all(rows, func(r aliasRow) veille.StoryAlias { return veille.StoryAlias{Old: r.Old, New: r.New} }), wrap(err, "aliases")
}

// merge keeps every alias one step from its story.
func merge(ctx context.Context, tx bun.Tx, a veille.StoryAlias) error {
	now, err := followed(ctx, tx, a.New)
	if err != nil || now == a.Old {
		return err
	}
	for _, q := range []string{
		`UPDATE story_alias SET new_id = ?1 WHERE new_id = ?0`,
		`UPDATE entry SET story_id = ?1 WHERE story_id = ?0`,
		`DELETE FROM story WHERE id = ?0`,
	} {
		if _, err := tx.NewRaw(q, a.Old, now).Exec(ctx); err != nil {
			return err
		}
	}
	return put(ctx, tx, []aliasRow{{Old: a.Old, New: now}})
}

// followed gives the id a story goes by now.
func followed(ctx context.Context, db bun.IDB, id veille.StoryID) (veille.StoryID, error) {
	var r aliasRow
	err := db.NewSelect().Model(&r).Where("old_id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	return r.New, err
}

// Story gives a story, by its id or by that of one merged into it; ErrNotFound
// if there is none.
func (s *Store) Story(ctx context.Context, id veille.StoryID) (veille.Story, error) {
	now, err := followed(ctx, s.r, id)
	if err != nil {
		return veille.Story{}, wrap(err, "story %s", id)
	}
	var r storyRow
	err = s.r.NewSelect().Model(&r).Where("id = ?", now).Scan(ctx)
	return r.noun(), wrap(err, "story %s", id)
}

// Stories gives stories in the order asked, following mergers; each comes
// once, and those missing are left out.
func (s *Store) Stories(ctx context.Context, ids []veille.StoryID) ([]veille.Story, error) {
	found := make(map[veille.StoryID]veille.Story, len(ids))
	now := slices.Clone(ids)
	for part := range slices.Chunk(now, batch) {
		var aliases []aliasRow
		if err := s.r.NewSelect().Model(&aliases).Where("old_id IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, wrap(err, "%d stories", len(ids))
		}
		for _, a := range aliases {
			for i := range part {
				if part[i] == a.Old {
					part[i] = a.New
				}
			}
		}
		var rows []storyRow
		if err := s.r.NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, wrap(err, "%d stories", len(ids))
		}
		for _, r := range rows {
			found[r.ID] = r.noun()
		}
	}
	out := make([]veille.Story, 0, len(found))
	for _, id := range now {
		if st, ok := found[id]; ok {
			out = append(out, st)
			delete(found, id)
		}
	}
	return out, nil
}

// EntriesOfStory gives the entries of a story, by its id or by that of one
// merged into it, in the order they were published.
func (s *Store) EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error) {
	now, err := followed(ctx, s.r, id)
	if err != nil {
		return nil, wrap(err, "entries of story %s", id)
	}
	if now == "" {
		return nil, nil
	}
	var rows []entryRow
	err = whole(s.r.NewSelect().Model(&rows)).Where("story_id = ?", now).Order("published", "seq").Scan(ctx)
	return all(rows, entryRow.noun), wrap(err, "entries of story %s", id)
}

// HeadsOfStories gives the entries of stories without their texts and what was
// read in them beside language and tone, in the order they were published. Old
// names of stories are not followed.
func (s *Store) HeadsOfStories(ctx context.Context, ids []veille.StoryID) (map[veille.StoryID][]veille.Entry, error) {
	out := make(map[veille.StoryID][]veille.Entry, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []entryRow
		err := withAgency(s.r.NewSelect().Model(&rows).
			Column("id", "seq", "source_id", "story_id", "duplicate_of", "published", "seen", "lang", "tone", "url", "title", "publisher")).
			Where("story_id IN (?)", bun.List(part)).Order("published", "seq").Scan(ctx)
		if err != nil {
			return nil, wrap(err, "heads of %d stories", len(ids))
		}
		for _, r := range rows {
			out[r.StoryID] = append(out[r.StoryID], r.noun())
		}
	}
	return out, nil
}

// StoriesOf gives the stories a filter chooses, those with the latest entry
// first.
func (s *Store) StoriesOf(ctx context.Context, f veille.StoryFilter) ([]veille.Story, error) {
	entries := s.inScope(s.r.NewSelect().Model((*entryRow)(nil)), f.Scope)
	var rows []storyRow
	q := s.r.NewSelect().Model(&rows)
	if len(f.Topics) > 0 {
		// From the mentions to the stories: they are few.
		found := counted(s.r.NewSelect().Model((*mentionRow)(nil))).Column("entry_id").Where("topic_id IN (?)", bun.List(f.Topics))
		entries = entries.Column("story_id").Where("entry.id IN (?)", found)
		q = q.Where("story.id IN (?)", entries)
	} else {
		// From the newest story down, until Limit are found.
		q = q.Where("EXISTS (?)", entries.ColumnExpr("1").Where("entry.story_id = story.id"))
	}
	if !f.Since.IsZero() {
		q = q.Where("story.last_at >= ?", stamp(f.Since))
	}
	if !f.Until.IsZero() {
		q = q.Where("story.last_at < ?", stamp(f.Until))
	}
	err := limited(q.Order("story.last_at DESC", "story.id"), f.Limit).Scan(ctx)
	return all(rows, storyRow.noun), wrap(err, "stories")
}

// ClearDerived forgets what grouping and matching derived: stories, aliases,
// mentions, cursors, parked entries, and the story of each entry. The log of
// entries stays; every stage starts over from its beginning.
func (s *Store) ClearDerived(ctx context.Context) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, q := range []string{
			`DELETE FROM mention`,
			`DELETE FROM parked`,
			`DELETE FROM cursor_position`,
			`DELETE FROM story_alias`,
			`DELETE FROM story`,
			`DELETE FROM entry_agency`,
			`UPDATE entry SET story_id = '', duplicate_of = '' WHERE story_id <> '' OR duplicate_of <> ''`,
		} {
			if _, err := tx.NewRaw(q).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "clear what is derived")
}
