package store

import (
	"context"
	"slices"
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
	Partial     bool                  `bun:"partial"`
	ToneWords   js[[]veille.ToneWord] `bun:"tone_words,type:text"`
	Keyphrases  js[[]string]          `bun:"keyphrases,type:text"`
	Text        string                `bun:"body"`
	Agency      string                `bun:"agency,scanonly"`
}

// entryRowOf makes the row of a new entry: its Reading is not read yet.
func entryRowOf(e veille.Entry) entryRow {
	return entryRow{ID: e.ID, SourceID: e.SourceID, GUID: e.GUID, URL: e.URL, Title: e.Title, Author: e.Author,
		Publisher: e.Publisher, Text: e.Text, Image: e.Image, Partial: e.Partial, Published: stamp(e.Published), Seen: stamp(e.Seen),
		ContentHash: contentHash(e)}
}

func (r entryRow) noun() veille.Entry {
	return veille.Entry{ID: r.ID, Seq: r.Seq, SourceID: r.SourceID, GUID: r.GUID, URL: r.URL, Title: r.Title,
		Author: r.Author, Publisher: r.Publisher, Text: r.Text, Image: r.Image, Partial: r.Partial,
		Published: when(r.Published), Seen: when(r.Seen),
		Reading: veille.Reading{Lang: r.Lang, Tone: r.Tone, ToneWords: r.ToneWords.V, Keyphrases: r.Keyphrases.V,
			StoryID: r.StoryID, DuplicateOf: r.DuplicateOf, Agency: r.Agency}}
}

// Entry gives an entry; ErrNotFound if there is none.
func (s *Store) Entry(ctx context.Context, id veille.EntryID) (veille.Entry, error) {
	var r entryRow
	err := whole(s.r.NewSelect().Model(&r)).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "entry %s", id)
}

// EntriesByID gives entries in the order asked; those missing are left out.
func (s *Store) EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	found := make(map[veille.EntryID]veille.Entry, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []entryRow
		if err := whole(s.r.NewSelect().Model(&rows)).Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
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
