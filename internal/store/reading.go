package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

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
			if err := putAgencies(ctx, tx, part, readings); err != nil {
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
