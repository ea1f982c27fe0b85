package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type correctionRow struct {
	bun.BaseModel `bun:"table:correction,alias:correction"`

	TopicID  veille.TopicID        `bun:"topic_id,pk"`
	EntryID  veille.EntryID        `bun:"entry_id,pk"`
	Kind     veille.CorrectionKind `bun:"kind,pk"`
	Value    string                `bun:"value"`
	Original veille.EntryID        `bun:"original"`
	Title    string                `bun:"title"`
	Passages js[[]veille.Passage]  `bun:"passages,type:text"`
	By       veille.UserID         `bun:"by_user"`
	At       int64                 `bun:"said_at"`
}

func correctionRowOf(c veille.Correction) correctionRow {
	return correctionRow{TopicID: c.TopicID, EntryID: c.EntryID, Kind: c.Kind, Value: c.Value, Original: c.Original,
		Title: c.Title, Passages: js[[]veille.Passage]{c.Passages}, By: c.By, At: stamp(c.At)}
}

func (r correctionRow) noun() veille.Correction {
	return veille.Correction{TopicID: r.TopicID, EntryID: r.EntryID, Kind: r.Kind, Value: r.Value, Original: r.Original,
		Title: r.Title, Passages: r.Passages.V, By: r.By, At: when(r.At)}
}

// PutCorrection keeps what a person says of a mention, over what was said of
// it before, and jobs with it. It returns ErrInvalid if its topic does not
// exist.
func (s *Store) PutCorrection(ctx context.Context, c veille.Correction, jobs ...job.Job) error {
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		return put(ctx, tx, []correctionRow{correctionRowOf(c)})
	})
	return wrap(err, "put correction of %s in topic %s", c.EntryID, c.TopicID)
}

// DeleteCorrection takes back what a person said, and writes jobs with it;
// ErrNotFound if nothing was said.
func (s *Store) DeleteCorrection(ctx context.Context, topic veille.TopicID, entry veille.EntryID, kind veille.CorrectionKind, jobs ...job.Job) error {
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		return oneRow(tx.NewDelete().Model((*correctionRow)(nil)).
			Where("topic_id = ? AND entry_id = ? AND kind = ?", topic, entry, kind).Exec(ctx))
	})
	return wrap(err, "delete correction of %s in topic %s", entry, topic)
}

// Corrections gives what people said of the mentions of topics, the latest
// first; nil topics mean all.
func (s *Store) Corrections(ctx context.Context, topics []veille.TopicID) ([]veille.Correction, error) {
	var rows []correctionRow
	q := s.r.NewSelect().Model(&rows).Order("said_at DESC", "topic_id", "entry_id", "kind")
	if topics != nil {
		q = q.Where("topic_id IN (?)", bun.List(topics))
	}
	err := q.Scan(ctx)
	return all(rows, correctionRow.noun), wrap(err, "corrections")
}
