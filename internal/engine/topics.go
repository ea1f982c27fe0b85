package engine

import (
	"context"
	"fmt"
	"time"

	"veilleur/index/query"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// TopicStore is the memory of topics and their mentions.
type TopicStore interface {
	PutTopic(ctx context.Context, t veille.Topic, jobs ...job.Job) error
	Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error)
	DeleteTopic(ctx context.Context, id veille.TopicID) error
	ReplaceMentions(ctx context.Context, topic veille.TopicID, m []veille.Mention) error
	MentionsOf(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error)
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
}

// Watch keeps topics and finds again the mentions of one that changed.
type Watch struct {
	store  TopicStore
	log    Log
	match  *Match
	search *Search
	now    func() time.Time
}

// NewWatch makes a Watch beside the stages whose work a changed topic calls
// back.
func NewWatch(store TopicStore, log Log, m *Match, s *Search) *Watch {
	return &Watch{store: store, log: log, match: m, search: s, now: time.Now}
}

// Save checks and keeps a topic; a job then finds its mentions in the archive. It gives the id of a new topic, and returns ErrInvalid
// with the character and the mend when the query has a mistake.
func (w *Watch) Save(ctx context.Context, t veille.Topic) (veille.TopicID, error) {
	t.Name = clean(t.Name)
	if t.Name == "" {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("topic.name_needed"), nil)
	}
	q, err := query.Parse(t.Query)
	if err != nil {
		return "", err
	}
	if q.Empty() || !query.Positive(q) {
		return "", veille.NewProblem(veille.ErrInvalid, veille.Say("topic.query_needed"), nil)
	}
	now := w.now()
	t.Query, t.UpdatedAt = q.String(), now
	if t.ID == "" {
		t.ID = veille.TopicID(veille.NewID(now))
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = now
	}
	if t.Subject == "" {
		t.Subject = veille.SubjectTheme
	}
	backfill := job.Job{Kind: job.KindBackfill, Key: fmt.Sprintf("%s:%d", t.ID, now.UnixNano()), Args: topicArgs{t.ID}}
	if err := w.store.PutTopic(ctx, t, backfill); err != nil {
		return "", fmt.Errorf("engine: save topic: %w", err)
	}
	return t.ID, nil
}

// Delete forgets a topic, its mentions and its incidents.
func (w *Watch) Delete(ctx context.Context, id veille.TopicID) error {
	before, err := w.store.MentionsOf(ctx, id, time.Time{})
	if err != nil {
		return fmt.Errorf("engine: delete topic: %w", err)
	}
	if err := w.store.DeleteTopic(ctx, id); err != nil {
		return fmt.Errorf("engine: delete topic: %w", err)
	}
	return w.mark(ctx, before, nil)
}
