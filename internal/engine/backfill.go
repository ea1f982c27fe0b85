package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"veilleur/index"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// topicArgs is the argument of a backfill job.
type topicArgs struct {
	Topic veille.TopicID `json:"topic"`
}

// Backfill is the job that replaces a topic's mentions by those its query
// finds in the whole archive.
func (w *Watch) Backfill(ctx context.Context, a job.Attempt) error {
	args, err := argsOf[topicArgs](a)
	if err != nil {
		return err
	}
	return lasting(w.BackfillNow(ctx, args.Topic))
}

// BackfillNow does at once what the job of a saved topic does later.
func (w *Watch) BackfillNow(ctx context.Context, id veille.TopicID) error {
	t, err := w.store.Topic(ctx, id)
	if err != nil {
		return fmt.Errorf("engine: backfill: %w", err)
	}
	q, err := query.Parse(t.Query)
	if err != nil {
		return job.Permanent(fmt.Errorf("engine: backfill topic %s: %w", id, err))
	}
	before, err := w.store.MentionsOf(ctx, id, time.Time{})
	if err != nil {
		return fmt.Errorf("engine: mentions of topic %s: %w", id, err)
	}
	found, err := w.refill(ctx, t, q)
	if err != nil {
		return fmt.Errorf("engine: backfill topic %s: %w", id, err)
	}
	return w.mark(ctx, before, found)
}

// refill replaces the mentions of a topic and gives the entries that make
// them, without their texts. The match stage waits meanwhile: it then knows
// the topic as stored, and nothing it wrote of it before is lost or left.
func (w *Watch) refill(ctx context.Context, t veille.Topic, q query.Query) ([]veille.Entry, error) {
	w.match.mu.Lock()
	defer w.match.mu.Unlock()
	if err := w.match.refresh(ctx); err != nil {
		return nil, err
	}
	sources, err := sourcesByID(ctx, w.match.sources)
	if err != nil {
		return nil, err
	}
	f := refiller{topic: w.match.known[t.ID], sources: sources, matcher: match.New(), sieve: w.match.sieve}
	f.matcher.Set(t.ID, q)
	if err := w.archive(ctx, q, &f); err != nil {
		return nil, err
	}
	if err := w.store.ReplaceMentions(ctx, t.ID, f.mentions); err != nil {
		return nil, fmt.Errorf("replace mentions: %w", err)
	}
	return f.entries, nil
}

// archive gives f each entry that may mention its topic: those the index finds,
// then those grouped but not yet inside.
func (w *Watch) archive(ctx context.Context, q query.Query, f *refiller) error {
	seq, err := w.log.Cursor(ctx, w.search.Name())
	if err != nil {
		return fmt.Errorf("cursor of search: %w", err)
	}
	scope, err := w.store.Scope(ctx, f.topic.topic.BranchID)
	if err != nil {
		return fmt.Errorf("scope: %w", err)
	}
	res, err := w.search.index.Search(ctx, index.Request{Query: q, Scope: scope, Limit: w.search.index.Len()})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	for hits := range slices.Chunk(res.Hits, batch) {
		ids := make([]veille.EntryID, len(hits))
		for i, h := range hits {
			ids[i] = h.ID
		}
		entries, err := w.store.EntriesByID(ctx, ids)
		if err != nil {
			return fmt.Errorf("entries found: %w", err)
		}
		f.add(entries)
	}
	for {
		entries, err := w.log.EntriesAfter(ctx, seq, batch)
		if err != nil {
			return fmt.Errorf("entries after %d: %w", seq, err)
		}
		if !slices.ContainsFunc(entries, func(e veille.Entry) bool { return e.Reading.StoryID != "" }) {
			return nil // the end, or what match has yet to see
		}
		f.add(entries)
		seq = entries[len(entries)-1].Seq
	}
}

// A refiller collects the mentions of one topic.
type refiller struct {
	topic    watched
	sieve    *sieve
	sources  map[veille.SourceID]veille.Source
	matcher  *match.Matcher
	mentions []veille.Mention
	entries  []veille.Entry
}

func (f *refiller) add(entries []veille.Entry) {
	for _, e := range entries {
		src := f.sources[e.SourceID]
		if !f.topic.sees[src.BranchID] {
			continue
		}
		for _, h := range f.matcher.Match(match.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}) {
			f.mentions = append(f.mentions, f.sieve.weigh(e).mention(f.topic, h))
			e.Text = ""
			f.entries = append(f.entries, e)
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
