package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"veilleur/index"
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

// Watch keeps topics and finds again the mentions of one whose query changed.
type Watch struct {
	store  TopicStore
	index  index.Index
	search *Search
	now    func() time.Time
}

// NewWatch makes a Watch; search marks the index with the topics found.
func NewWatch(store TopicStore, ix index.Index, search *Search) *Watch {
	return &Watch{store: store, index: ix, search: search, now: time.Now}
}

// topicArgs is the argument of a backfill job.
type topicArgs struct {
	Topic veille.TopicID `json:"topic"`
}

// Save checks and keeps a topic; a new or changed query finds its mentions in
// the archive in a job. It gives the id of a new topic, and returns ErrInvalid
// with the character and the mend when the query has a mistake.
func (w *Watch) Save(ctx context.Context, t veille.Topic) (veille.TopicID, error) {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
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

// Backfill is the job that replaces a topic's mentions by those its query
// finds in the whole archive.
func (w *Watch) Backfill(ctx context.Context, a job.Attempt) error {
	var args topicArgs
	if err := json.Unmarshal(a.Args, &args); err != nil {
		return job.Permanent(fmt.Errorf("engine: backfill job %s: %w", a.Key, err))
	}
	t, err := w.store.Topic(ctx, args.Topic)
	if err != nil {
		return job.Permanent(fmt.Errorf("engine: backfill: %w", err))
	}
	return w.backfill(ctx, t)
}

// BackfillNow does at once what the job of a saved topic does later.
func (w *Watch) BackfillNow(ctx context.Context, id veille.TopicID) error {
	t, err := w.store.Topic(ctx, id)
	if err != nil {
		return fmt.Errorf("engine: backfill: %w", err)
	}
	return w.backfill(ctx, t)
}

func (w *Watch) backfill(ctx context.Context, t veille.Topic) error {
	before, err := w.store.MentionsOf(ctx, t.ID, time.Time{})
	if err != nil {
		return fmt.Errorf("engine: mentions of topic %s: %w", t.ID, err)
	}
	entries, err := w.find(ctx, t)
	if err != nil {
		return err
	}
	q, err := query.Parse(t.Query)
	if err != nil {
		return job.Permanent(err)
	}
	mentions := make([]veille.Mention, len(entries))
	for i, e := range entries {
		mentions[i] = mention(t.ID, q, e)
	}
	if err := w.store.ReplaceMentions(ctx, t.ID, mentions); err != nil {
		return fmt.Errorf("engine: replace mentions of topic %s: %w", t.ID, err)
	}
	return w.mark(ctx, before, entries)
}

// find gives every entry in the archive that the topic's query finds.
func (w *Watch) find(ctx context.Context, t veille.Topic) ([]veille.Entry, error) {
	q, err := query.Parse(t.Query)
	if err != nil {
		return nil, job.Permanent(err)
	}
	scope, err := w.store.Scope(ctx, t.BranchID)
	if err != nil {
		return nil, fmt.Errorf("engine: scope of topic %s: %w", t.ID, err)
	}
	var out []veille.Entry
	for offset := 0; ; offset += batch {
		res, err := w.index.Search(ctx, index.Request{Query: q, Scope: scope, Offset: offset, Limit: batch, Sort: "recent"})
		if err != nil {
			return nil, fmt.Errorf("engine: search for topic %s: %w", t.ID, err)
		}
		ids := make([]veille.EntryID, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = h.ID
		}
		entries, err := w.store.EntriesByID(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("engine: entries of topic %s: %w", t.ID, err)
		}
		out = append(out, entries...)
		if len(res.Hits) < batch {
			return out, nil
		}
	}
}

// mark tells the index of the entries that gained or lost the topic.
func (w *Watch) mark(ctx context.Context, before []veille.Mention, now []veille.Entry) error {
	kept := make(map[veille.EntryID]bool, len(now))
	for _, e := range now {
		kept[e.ID] = true
	}
	var lost []veille.EntryID
	for _, m := range before {
		if !kept[m.EntryID] {
			lost = append(lost, m.EntryID)
		}
	}
	entries, err := w.store.EntriesByID(ctx, lost)
	if err != nil {
		return fmt.Errorf("engine: entries to mark: %w", err)
	}
	return w.search.Mark(ctx, append(entries, now...))
}

func mention(id veille.TopicID, q query.Query, e veille.Entry) veille.Mention {
	m := veille.Mention{TopicID: id, EntryID: e.ID, At: e.Published}
	m.Passages = query.Passages(q, e.Reading.Lang, e.Title, e.Text, 3)
	for _, p := range m.Passages {
		m.InTitle = m.InTitle || p.Field == "title"
	}
	return m
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
