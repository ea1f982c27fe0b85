package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type topicRow struct {
	bun.BaseModel `bun:"table:topic,alias:topic"`

	ID          veille.TopicID     `bun:"id,pk"`
	BranchID    veille.BranchID    `bun:"branch_id"`
	Name        string             `bun:"name"`
	Query       string             `bun:"query"`
	Subject     veille.Subject     `bun:"subject"`
	Sensitivity veille.Sensitivity `bun:"sensitivity"`
	CreatedAt   int64              `bun:"created_at"`
	UpdatedAt   int64              `bun:"updated_at"`
}

func topicRowOf(t veille.Topic) topicRow {
	return topicRow{ID: t.ID, BranchID: t.BranchID, Name: t.Name, Query: t.Query, Subject: t.Subject,
		Sensitivity: t.Sensitivity, CreatedAt: stamp(t.CreatedAt), UpdatedAt: stamp(t.UpdatedAt)}
}

func (r topicRow) noun() veille.Topic {
	return veille.Topic{ID: r.ID, BranchID: r.BranchID, Name: r.Name, Query: r.Query, Subject: r.Subject,
		Sensitivity: r.Sensitivity, CreatedAt: when(r.CreatedAt), UpdatedAt: when(r.UpdatedAt)}
}

// PutTopic stores a topic, new or changed, and jobs with it. It returns
// ErrInvalid if its branch does not exist.
func (s *Store) PutTopic(ctx context.Context, t veille.Topic, jobs ...job.Job) error {
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		return put(ctx, tx, []topicRow{topicRowOf(t)}, "created_at")
	})
	return wrap(err, "put topic %s", t.ID)
}

// Topic gives a topic; ErrNotFound if there is none.
func (s *Store) Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error) {
	var r topicRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "topic %s", id)
}

// Topics gives the topics of branches, the oldest first.
func (s *Store) Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error) {
	var rows []topicRow
	err := scoped(s.r.NewSelect().Model(&rows), "branch_id", scope).Order("created_at", "id").Scan(ctx)
	return all(rows, topicRow.noun), wrap(err, "topics")
}

// DeleteTopic removes a topic, its mentions and its incidents; ErrNotFound if
// there is none.
func (s *Store) DeleteTopic(ctx context.Context, id veille.TopicID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*topicRow)(nil)).Where("id = ?", id).Exec(ctx)), "delete topic %s", id)
}
