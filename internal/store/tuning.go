package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type tuningRow struct {
	bun.BaseModel `bun:"table:tuning,alias:tuning"`

	IncidentID veille.IncidentID `bun:"incident_id,pk"`
	TopicID    veille.TopicID    `bun:"topic_id"`
	At         int64             `bun:"said_at"`
	By         veille.UserID     `bun:"by_user"`
	Reason     string            `bun:"reason"`
	UndoneAt   int64             `bun:"undone_at"`
	UndoneBy   veille.UserID     `bun:"undone_by"`
}

func (r tuningRow) noun() veille.Tuning {
	return veille.Tuning{IncidentID: r.IncidentID, TopicID: r.TopicID, At: when(r.At), By: r.By, Reason: r.Reason,
		UndoneAt: when(r.UndoneAt), UndoneBy: r.UndoneBy}
}

// learn writes what the false alarms among an incident's events teach.
func learn(ctx context.Context, tx bun.Tx, i veille.Incident, events []veille.IncidentEvent) error {
	var rows []tuningRow
	for _, e := range events {
		if e.Kind == "false_alarm" {
			rows = []tuningRow{{IncidentID: i.ID, TopicID: i.TopicID, At: stamp(e.At), By: e.By, Reason: i.CloseReason}}
		}
	}
	return put(ctx, tx, rows)
}

// Tunings gives what the false alarms of a topic taught, undone or not, the
// latest first.
func (s *Store) Tunings(ctx context.Context, topic veille.TopicID) ([]veille.Tuning, error) {
	var rows []tuningRow
	err := s.r.NewSelect().Model(&rows).Where("topic_id = ?", topic).Order("said_at DESC", "incident_id DESC").Scan(ctx)
	return all(rows, tuningRow.noun), wrap(err, "tunings of topic %s", topic)
}

// UndoTuning makes the judge forget what a false alarm taught, and notes it in
// the incident's history. Undoing twice changes nothing. It returns ErrNotFound
// when the incident taught nothing.
func (s *Store) UndoTuning(ctx context.Context, id veille.IncidentID, by veille.UserID, at time.Time) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var i incidentRow
		if err := tx.NewSelect().Model(&i).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}
		var t tuningRow
		if err := tx.NewSelect().Model(&t).Where("incident_id = ?", id).Scan(ctx); err != nil {
			return err
		}
		if t.UndoneAt != 0 {
			return nil
		}
		_, err := tx.NewUpdate().Model(&t).Set("undone_at = ?", stamp(at)).Set("undone_by = ?", by).WherePK().Exec(ctx)
		if err != nil {
			return err
		}
		return addEvents(ctx, tx, id, []veille.IncidentEvent{{IncidentID: id, At: at, Kind: "tuning_undone", By: by, Level: i.Level, Score: i.Score}})
	})
	return wrap(err, "undo tuning of incident %s", id)
}
