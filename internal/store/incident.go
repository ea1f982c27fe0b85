package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type incidentRow struct {
	bun.BaseModel `bun:"table:incident,alias:incident"`

	ID            veille.IncidentID    `bun:"id,pk"`
	BranchID      veille.BranchID      `bun:"branch_id"`
	TopicID       veille.TopicID       `bun:"topic_id"`
	StoryID       veille.StoryID       `bun:"story_id"`
	Title         string               `bun:"title"`
	State         veille.IncidentState `bun:"state"`
	Level         veille.Level         `bun:"level"`
	LevelAt       int64                `bun:"level_at"`
	Score         float64              `bun:"score"`
	Peak          float64              `bun:"peak"`
	PeakLevel     veille.Level         `bun:"peak_level"`
	Signals       js[[]veille.Signal]  `bun:"signals,type:text"`
	Weeks         int                  `bun:"weeks"`
	ShortOfData   bool                 `bun:"short_of_data"`
	Entries       int                  `bun:"entries"`
	Independent   int                  `bun:"independent"`
	Inherited     bool                 `bun:"inherited"`
	OwnerID       veille.UserID        `bun:"owner_id"`
	OpenedAt      int64                `bun:"opened_at"`
	JudgedAt      int64                `bun:"judged_at"`
	AckedAt       int64                `bun:"acked_at"`
	ClosedAt      int64                `bun:"closed_at"`
	SilencedUntil int64                `bun:"silenced_until"`
	SilenceReason string               `bun:"silence_reason"`
	CloseReason   string               `bun:"close_reason"`
	NotifiedAt    int64                `bun:"notified_at"`
	NotifiedLevel veille.Level         `bun:"notified_level"`
	Version       int64                `bun:"version"`
}

func incidentRowOf(i veille.Incident) incidentRow {
	return incidentRow{ID: i.ID, BranchID: i.BranchID, TopicID: i.TopicID, StoryID: i.StoryID, Title: i.Title,
		State: i.State, Level: i.Level, LevelAt: stamp(i.LevelAt), Score: i.Score, Peak: i.Peak,
		PeakLevel: i.PeakLevel, Signals: js[[]veille.Signal]{i.Signals}, Weeks: i.Weeks, ShortOfData: i.ShortOfData,
		Entries: i.Entries, Independent: i.Independent, Inherited: i.Inherited, OwnerID: i.OwnerID,
		OpenedAt: stamp(i.OpenedAt), JudgedAt: stamp(i.JudgedAt), AckedAt: stamp(i.AckedAt),
		ClosedAt: stamp(i.ClosedAt), SilencedUntil: stamp(i.SilencedUntil), SilenceReason: i.SilenceReason,
		CloseReason: i.CloseReason, NotifiedAt: stamp(i.NotifiedAt), NotifiedLevel: i.NotifiedLevel,
		Version: 1}
}

func (r incidentRow) noun() veille.Incident {
	return veille.Incident{ID: r.ID, BranchID: r.BranchID, TopicID: r.TopicID, StoryID: r.StoryID, Title: r.Title,
		State: r.State, Level: r.Level, LevelAt: when(r.LevelAt), Score: r.Score, Peak: r.Peak,
		PeakLevel: r.PeakLevel, Signals: r.Signals.V, Weeks: r.Weeks, ShortOfData: r.ShortOfData,
		Entries: r.Entries, Independent: r.Independent, Inherited: r.Inherited, OwnerID: r.OwnerID,
		OpenedAt: when(r.OpenedAt), JudgedAt: when(r.JudgedAt), AckedAt: when(r.AckedAt),
		ClosedAt: when(r.ClosedAt), SilencedUntil: when(r.SilencedUntil), SilenceReason: r.SilenceReason,
		CloseReason: r.CloseReason, NotifiedAt: when(r.NotifiedAt), NotifiedLevel: r.NotifiedLevel,
		Version: r.Version}
}

type eventRow struct {
	bun.BaseModel `bun:"table:incident_event,alias:incident_event"`

	IncidentID veille.IncidentID `bun:"incident_id,pk"`
	Number     int64             `bun:"number,pk"` // from 1, within the incident
	At         int64             `bun:"happened_at"`
	Kind       string            `bun:"kind"`
	By         veille.UserID     `bun:"by_user"`
	Level      veille.Level      `bun:"level"`
	Score      float64           `bun:"score"`
	Note       string            `bun:"note"`
}

func (r eventRow) noun() veille.IncidentEvent {
	return veille.IncidentEvent{IncidentID: r.IncidentID, At: when(r.At), Kind: r.Kind, By: r.By, Level: r.Level,
		Score: r.Score, Note: r.Note}
}

// PutIncident stores an incident, new or changed, what happened to it, what a
// false alarm among that teaches, the deliveries this causes and their jobs:
// all of it or nothing. It returns
// ErrConflict if another has written it since it was read, or if another
// incident of its topic is live; ErrInvalid if its topic is gone.
func (s *Store) PutIncident(ctx context.Context, i veille.Incident, events []veille.IncidentEvent, ds []veille.Delivery, jobs ...job.Job) error {
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		if err := putIncident(ctx, tx, i); err != nil {
			return err
		}
		if err := addEvents(ctx, tx, i.ID, events); err != nil {
			return err
		}
		if err := learn(ctx, tx, i, events); err != nil {
			return err
		}
		return put(ctx, tx, all(ds, deliveryRowOf))
	})
	return says(wrap(err, "put incident %s", i.ID), veille.ErrConflict, "store.incident_moved")
}

// putIncident writes an incident unless its stored version is another.
func putIncident(ctx context.Context, tx bun.Tx, i veille.Incident) error {
	rows := []incidentRow{incidentRowOf(i)}
	q := upsert(tx, &rows, "version").Set("version = incident.version + 1")
	if i.Version != 0 {
		q = q.Where("incident.version = ?", i.Version)
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return veille.ErrConflict
}

// addEvents writes events after those the incident has. The row of the
// incident, just written, keeps another process from doing it meanwhile.
func addEvents(ctx context.Context, tx bun.Tx, id veille.IncidentID, events []veille.IncidentEvent) error {
	if len(events) == 0 {
		return nil
	}
	var last int64
	err := tx.NewSelect().Model((*eventRow)(nil)).ColumnExpr("COALESCE(MAX(number), 0)").
		Where("incident_id = ?", id).Scan(ctx, &last)
	if err != nil {
		return err
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		rows[i] = eventRow{IncidentID: id, Number: last + int64(i) + 1, At: stamp(e.At), Kind: e.Kind, By: e.By,
			Level: e.Level, Score: e.Score, Note: e.Note}
	}
	return put(ctx, tx, rows)
}

// Incident gives an incident; ErrNotFound if there is none.
func (s *Store) Incident(ctx context.Context, id veille.IncidentID) (veille.Incident, error) {
	var r incidentRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "incident %s", id)
}

// live are the states of an incident that still runs.
const live = "state IN ('open', 'acknowledged')"

// LiveIncident gives the live incident of a topic; ErrNotFound if there is
// none. There is at most one.
func (s *Store) LiveIncident(ctx context.Context, topic veille.TopicID) (veille.Incident, error) {
	var r incidentRow
	err := s.r.NewSelect().Model(&r).Where("topic_id = ?", topic).Where(live).Scan(ctx)
	return r.noun(), wrap(err, "live incident of topic %s", topic)
}

// LatestIncident gives the incident of a topic opened last, live or closed;
// ErrNotFound if it never had one.
func (s *Store) LatestIncident(ctx context.Context, topic veille.TopicID) (veille.Incident, error) {
	var r incidentRow
	err := s.r.NewSelect().Model(&r).Where("topic_id = ?", topic).Order("opened_at DESC", "id DESC").Limit(1).Scan(ctx)
	return r.noun(), wrap(err, "latest incident of topic %s", topic)
}

// Incidents gives the incidents a filter chooses, the last opened first.
func (s *Store) Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error) {
	var rows []incidentRow
	q := scoped(s.r.NewSelect().Model(&rows), "branch_id", f.Scope)
	if f.Live {
		q = q.Where(live)
	}
	if !f.Since.IsZero() {
		q = q.Where("(opened_at >= ?0 OR closed_at >= ?0)", stamp(f.Since))
	}
	err := limited(q.Order("opened_at DESC", "id DESC"), f.Limit).Scan(ctx)
	return all(rows, incidentRow.noun), wrap(err, "incidents")
}

// IncidentEvents gives what happened to an incident, in order.
func (s *Store) IncidentEvents(ctx context.Context, id veille.IncidentID) ([]veille.IncidentEvent, error) {
	var rows []eventRow
	err := s.r.NewSelect().Model(&rows).Where("incident_id = ?", id).Order("number").Scan(ctx)
	return all(rows, eventRow.noun), wrap(err, "events of incident %s", id)
}

// FalseAlarms gives the incidents of a topic that were none and still teach,
// the latest first.
func (s *Store) FalseAlarms(ctx context.Context, topic veille.TopicID) ([]veille.Incident, error) {
	var rows []incidentRow
	err := s.r.NewSelect().Model(&rows).Where("topic_id = ? AND state = ?", topic, veille.IncidentFalseAlarm).
		Where("NOT EXISTS (SELECT 1 FROM tuning WHERE tuning.incident_id = incident.id AND tuning.undone_at <> 0)").
		Order("opened_at DESC", "id DESC").Scan(ctx)
	return all(rows, incidentRow.noun), wrap(err, "false alarms of topic %s", topic)
}
