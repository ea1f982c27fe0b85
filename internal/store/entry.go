package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type entryRow struct {
	bun.BaseModel `bun:"table:entry,alias:entry"`

	ID          veille.EntryID        `bun:"id,pk"`
	Seq         int64                 `bun:"seq"`
	SourceID    veille.SourceID       `bun:"source_id"`
	StoryID     veille.StoryID        `bun:"story_id"`
	DuplicateOf veille.EntryID        `bun:"duplicate_of"`
	Published   int64                 `bun:"published"`
	Seen        int64                 `bun:"seen"`
	Lang        string                `bun:"lang"`
	Tone        float64               `bun:"tone"`
	ContentHash string                `bun:"content_hash"`
	GUID        string                `bun:"guid"`
	URL         string                `bun:"url"`
	Title       string                `bun:"title"`
	Author      string                `bun:"author"`
	Publisher   string                `bun:"publisher"`
	Image       string                `bun:"image"`
	ToneWords   js[[]veille.ToneWord] `bun:"tone_words,type:text"`
	Keyphrases  js[[]string]          `bun:"keyphrases,type:text"`
	Text        string                `bun:"body"`
}

// entryRowOf makes the row of a new entry: its Reading is not read yet.
func entryRowOf(e veille.Entry) entryRow {
	return entryRow{ID: e.ID, SourceID: e.SourceID, GUID: e.GUID, URL: e.URL, Title: e.Title, Author: e.Author,
		Publisher: e.Publisher, Text: e.Text, Image: e.Image, Published: stamp(e.Published), Seen: stamp(e.Seen),
		ContentHash: contentHash(e)}
}

func (r entryRow) noun() veille.Entry {
	return veille.Entry{ID: r.ID, Seq: r.Seq, SourceID: r.SourceID, GUID: r.GUID, URL: r.URL, Title: r.Title,
		Author: r.Author, Publisher: r.Publisher, Text: r.Text, Image: r.Image,
		Published: when(r.Published), Seen: when(r.Seen),
		Reading: veille.Reading{Lang: r.Lang, Tone: r.Tone, ToneWords: r.ToneWords.V, Keyphrases: r.Keyphrases.V,
			StoryID: r.StoryID, DuplicateOf: r.DuplicateOf}}
}

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

// Entry gives an entry; ErrNotFound if there is none.
func (s *Store) Entry(ctx context.Context, id veille.EntryID) (veille.Entry, error) {
	var r entryRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "entry %s", id)
}

// EntriesByID gives entries in the order asked; those missing are left out.
func (s *Store) EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	found := make(map[veille.EntryID]veille.Entry, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []entryRow
		if err := s.r.NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, wrap(err, "%d entries", len(ids))
		}
		for _, r := range rows {
			found[r.ID] = r.noun()
		}
	}
	return ordered(ids, found), nil
}

// ordered gives what was found, in the order of ids.
func ordered[ID comparable, N any](ids []ID, found map[ID]N) []N {
	out := make([]N, 0, len(found))
	for _, id := range ids {
		if n, ok := found[id]; ok {
			out = append(out, n)
		}
	}
	return out
}

// EntriesSince gives the entries of branches' sources seen at or after t, the
// newest first, at most limit; 0 means no limit.
func (s *Store) EntriesSince(ctx context.Context, t time.Time, scope []veille.BranchID, limit int) ([]veille.Entry, error) {
	var rows []entryRow
	q := s.inScope(s.r.NewSelect().Model(&rows), scope).Where("entry.seen >= ?", stamp(t))
	err := limited(q.Order("entry.seen DESC", "entry.seq DESC"), limit).Scan(ctx)
	return all(rows, entryRow.noun), wrap(err, "entries since %s", t.Format(time.RFC3339))
}

// CountEntries counts the entries of branches' sources.
func (s *Store) CountEntries(ctx context.Context, scope []veille.BranchID) (int, error) {
	n, err := s.inScope(s.r.NewSelect().Model((*entryRow)(nil)), scope).Count(ctx)
	return int(n), wrap(err, "count entries")
}

// inScope keeps the entries of branches' sources.
func (s *Store) inScope(q *bun.SelectQuery, scope []veille.BranchID) *bun.SelectQuery {
	if scope == nil {
		return q
	}
	return q.Where("entry.source_id IN (SELECT id FROM source WHERE branch_id IN (?))", bun.List(scope))
}

// PutReadings stores what analysis derived from entries. Entries that are gone
// are left out.
func (s *Store) PutReadings(ctx context.Context, readings map[veille.EntryID]veille.Reading) error {
	ids := make([]veille.EntryID, 0, len(readings))
	for id := range readings {
		ids = append(ids, id)
	}
	slices.Sort(ids) // one order for all, so that two writers cannot hold each other up
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for part := range slices.Chunk(ids, batch) {
			rows := make([]entryRow, len(part))
			for i, id := range part {
				r := readings[id]
				rows[i] = entryRow{ID: id, Lang: r.Lang, Tone: r.Tone, ToneWords: js[[]veille.ToneWord]{r.ToneWords},
					Keyphrases: js[[]string]{r.Keyphrases}, StoryID: r.StoryID, DuplicateOf: r.DuplicateOf}
			}
			if err := putReadings(ctx, tx, rows); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "put %d readings", len(readings))
}

// putReadings updates one batch of rows by one statement.
func putReadings(ctx context.Context, tx bun.Tx, rows []entryRow) error {
	values := tx.NewValues(&rows).Column("id", "lang", "tone", "tone_words", "keyphrases", "story_id", "duplicate_of")
	_, err := tx.NewRaw(`WITH r (id, lang, tone, tone_words, keyphrases, story_id, duplicate_of) AS (?)
		UPDATE entry SET lang = r.lang, tone = r.tone, tone_words = r.tone_words, keyphrases = r.keyphrases,
		story_id = r.story_id, duplicate_of = r.duplicate_of FROM r WHERE entry.id = r.id`, values).Exec(ctx)
	return err
}
