package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

// HeadsAfter is EntriesAfter without texts: what the index keeps in memory.
func (s *Store) HeadsAfter(ctx context.Context, seq int64, limit int) ([]veille.Entry, error) {
	var rows []entryRow
	q := s.r.NewSelect().Model(&rows).
		Column("id", "seq", "source_id", "story_id", "duplicate_of", "published", "seen", "lang", "tone").
		Where("seq > ?", seq).Order("seq")
	err := limited(q, limit).Scan(ctx)
	return all(rows, entryRow.noun), wrap(err, "heads after %d", seq)
}

// TopicsOfEntries gives the topics each entry mentions by a mention that
// counts; one that mentions none is left out.
func (s *Store) TopicsOfEntries(ctx context.Context, ids []veille.EntryID) (map[veille.EntryID][]veille.TopicID, error) {
	out := make(map[veille.EntryID][]veille.TopicID)
	for part := range slices.Chunk(ids, batch) {
		var rows []mentionRow
		err := counted(s.r.NewSelect().Model(&rows)).Column("topic_id", "entry_id").
			Where("entry_id IN (?)", bun.List(part)).Order("topic_id").Scan(ctx)
		if err != nil {
			return nil, wrap(err, "topics of %d entries", len(ids))
		}
		for _, r := range rows {
			out[r.EntryID] = append(out[r.EntryID], r.TopicID)
		}
	}
	return out, nil
}

// ReplaceEntryMentions makes mentions the only ones of entries: an edited
// entry loses those its new text no longer makes.
func (s *Store) ReplaceEntryMentions(ctx context.Context, ids []veille.EntryID, mentions []veille.Mention) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for part := range slices.Chunk(ids, batch) {
			_, err := tx.NewDelete().Model((*mentionRow)(nil)).Where("entry_id IN (?)", bun.List(part)).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return putMentions(ctx, tx, mentions)
	})
	return wrap(err, "replace mentions of %d entries", len(ids))
}

// FirstPublished gives when the oldest entry of branches' sources was
// published; ErrNotFound when there is none.
func (s *Store) FirstPublished(ctx context.Context, scope []veille.BranchID) (time.Time, error) {
	// The oldest of each source is one look in entry_published; the oldest of
	// all of them together would be a walk through every entry.
	oldest := s.r.NewSelect().Model((*entryRow)(nil)).ColumnExpr("MIN(published)").Where("entry.source_id = source.id")
	q := scoped(s.r.NewSelect().Model((*sourceRow)(nil)).ColumnExpr("MIN((?))", oldest), "branch_id", scope)
	var first sql.NullInt64
	if err := q.Scan(ctx, &first); err != nil {
		return time.Time{}, wrap(err, "first entry")
	}
	if !first.Valid {
		return time.Time{}, wrap(veille.ErrNotFound, "first entry")
	}
	return when(first.Int64), nil
}
