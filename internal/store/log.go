package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

// contentHash names what a publisher may edit. Two entries with one hash are
// the same to the log.
func contentHash(e veille.Entry) string {
	h := sha256.Sum256([]byte(strings.Join([]string{e.Title, e.URL, e.Text, e.Author}, "\x00")))
	return hex.EncodeToString(h[:16])
}

// appendEntries writes the entries that are new or changed at the end of the
// log, and none of the others.
//
// Whoever appends holds the row of entry_log until commit, so positions become
// visible in their order and no cursor can pass one that is still to come.
func appendEntries(ctx context.Context, tx bun.Tx, entries []veille.Entry) (veille.PutCount, error) {
	var n veille.PutCount
	rows, err := unknown(ctx, tx, entries, &n)
	if err != nil || len(rows) == 0 {
		return n, err
	}
	var last int64
	err = tx.NewRaw(`UPDATE entry_log SET last = last + ? WHERE id = 1 RETURNING last`, len(rows)).Scan(ctx, &last)
	if err != nil {
		return n, err
	}
	for i := range rows {
		rows[i].Seq = last - int64(len(rows)) + int64(i) + 1
	}
	for part := range slices.Chunk(rows, batch) {
		q := upsert(tx, &part, "source_id", "guid", "published", "seen", "story_id", "duplicate_of", "lang", "tone",
			"tone_words", "keyphrases")
		// Never after the time we first saw it.
		q = q.Set("published = CASE WHEN EXCLUDED.published < entry.seen THEN EXCLUDED.published ELSE entry.seen END")
		if _, err := q.Exec(ctx); err != nil {
			return n, err
		}
	}
	return n, nil
}

// unknown gives the rows of the entries not stored with the same content, in
// order and each id once, and counts them in n.
func unknown(ctx context.Context, db bun.IDB, entries []veille.Entry, n *veille.PutCount) ([]entryRow, error) {
	ids := make([]veille.EntryID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	stored := make(map[veille.EntryID]string, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []entryRow
		err := db.NewSelect().Model(&rows).Column("id", "content_hash").Where("id IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			stored[r.ID] = r.ContentHash
		}
	}
	var fresh []entryRow
	at := make(map[veille.EntryID]int)
	for _, e := range entries {
		r := entryRowOf(e)
		if i, again := at[e.ID]; again {
			fresh[i] = r // the same item twice in one feed: the last one counts
			continue
		}
		hash, known := stored[e.ID]
		switch {
		case !known:
			n.New++
		case hash != r.ContentHash:
			n.Changed++
		default:
			continue
		}
		at[e.ID] = len(fresh)
		fresh = append(fresh, r)
	}
	return fresh, nil
}

// PutEntries stores the entries of an archive. Those already stored with the
// same content are left alone; Seq and Reading are ignored.
func (s *Store) PutEntries(ctx context.Context, entries []veille.Entry) (veille.PutCount, error) {
	var n veille.PutCount
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		n, err = appendEntries(ctx, tx, entries)
		return err
	})
	return n, wrap(err, "put %d entries", len(entries))
}

// EntriesAfter gives at most limit entries of the log after a position, in
// order. Every entry it gives is committed, and none will appear before it.
func (s *Store) EntriesAfter(ctx context.Context, seq int64, limit int) ([]veille.Entry, error) {
	var rows []entryRow
	err := limited(s.r.NewSelect().Model(&rows).Where("seq > ?", seq).Order("seq"), limit).Scan(ctx)
	return all(rows, entryRow.noun), wrap(err, "entries after %d", seq)
}

// LastSeq gives the position of the newest entry of the log; 0 when it is
// empty.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	var last int64
	err := s.r.NewRaw(`SELECT last FROM entry_log WHERE id = 1`).Scan(ctx, &last)
	return last, wrap(err, "last position")
}
