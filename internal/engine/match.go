package engine

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

// Topics reads topics and who sees what.
type Topics interface {
	Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error)
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
}

// Mentions is where match writes.
type Mentions interface {
	ReplaceEntryMentions(ctx context.Context, ids []veille.EntryID, m []veille.Mention) error
}

// Match is the stage that turns entries into mentions of topics. A topic sees
// the entries of its own branch's sources and of the branches above.
type Match struct {
	lg       *slog.Logger
	topics   Topics
	mentions Mentions
	sources  SourceReader
	matcher  *match.Matcher
	sieve    *sieve
	mu       sync.Mutex // held while mentions are replaced, here or by Watch
	known    map[veille.TopicID]watched
}

// watched is a topic the matcher holds, as it was stored, and whose entries it
// may see.
type watched struct {
	topic veille.Topic
	query query.Query
	sees  map[veille.BranchID]bool
}

// NewMatch makes the stage.
func NewMatch(lg *slog.Logger, topics Topics, mentions Mentions, sources SourceReader, opinions Opinions) *Match {
	return &Match{lg: lg, topics: topics, mentions: mentions, sources: sources,
		matcher: match.New(), sieve: newSieve(opinions), known: map[veille.TopicID]watched{}}
}

// Name is the name of its cursor.
func (m *Match) Name() string { return "match" }

// Take replaces the mentions of entries by those of the topics as they are now.
func (m *Match) Take(ctx context.Context, entries []veille.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.refresh(ctx); err != nil {
		return err
	}
	sources, err := sourcesOf(ctx, m.sources, entries)
	if err != nil {
		return err
	}
	ids := make([]veille.EntryID, len(entries))
	var found []veille.Mention
	for i, e := range entries {
		ids[i] = e.ID
		found = append(found, m.mentionsOf(e, sources[e.SourceID])...)
	}
	if err := m.mentions.ReplaceEntryMentions(ctx, ids, found); err != nil {
		return fmt.Errorf("put %d mentions: %w", len(found), err)
	}
	return nil
}

func (m *Match) mentionsOf(e veille.Entry, src veille.Source) []veille.Mention {
	var out []veille.Mention
	w := m.sieve.weigh(e)
	for _, h := range m.matcher.Match(match.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}) {
		t := m.known[h.TopicID]
		if !t.sees[src.BranchID] {
			continue
		}
		out = append(out, w.mention(t, h))
	}
	return out
}

// mention makes the mention of a hit, with its standing and
// its tone.
func (w *weighing) mention(t watched, h match.Hit) veille.Mention {
	m := veille.Mention{TopicID: h.TopicID, EntryID: w.entry.ID, InTitle: h.InTitle, Passages: h.Passages, At: w.entry.Published}
	w.settle(t, &m)
	w.tone(t, &m)
	return m
}

// refresh brings the matcher to the topics as stored, new and changed ones
// set, deleted ones removed, and the sieve to what people said.
func (m *Match) refresh(ctx context.Context) error {
	topics, err := m.topics.Topics(ctx, nil)
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	stored, changed := make(map[veille.TopicID]bool, len(topics)), false
	for _, t := range topics {
		stored[t.ID] = true
		if k, ok := m.known[t.ID]; ok && k.topic.UpdatedAt.Equal(t.UpdatedAt) {
			continue
		}
		if err := m.set(ctx, t); err != nil {
			return err
		}
		changed = true
	}
	for id := range m.known {
		if !stored[id] {
			m.matcher.Remove(id)
			delete(m.known, id)
			changed = true
		}
	}
	return m.sieve.refresh(ctx, m.known, changed)
}

func (m *Match) set(ctx context.Context, t veille.Topic) error {
	q, err := query.Parse(t.Query)
	if err != nil {
		// Saved queries were checked; one that no longer parses must not stop the others.
		m.lg.Error("topic has a broken query", "topic", t.ID, "err", err)
		q = query.Query{}
	}
	scope, err := m.topics.Scope(ctx, t.BranchID)
	if err != nil {
		return fmt.Errorf("scope of branch %s: %w", t.BranchID, err)
	}
	w := watched{topic: t, query: q, sees: map[veille.BranchID]bool{}}
	for _, b := range scope {
		w.sees[b] = true
	}
	m.known[t.ID] = w
	if q.Empty() {
		m.matcher.Remove(t.ID)
		return nil
	}
	m.matcher.Set(t.ID, q)
	return nil
}

// sourcesOf gives the sources of entries by their ids.
func sourcesOf(ctx context.Context, r SourceReader, entries []veille.Entry) (map[veille.SourceID]veille.Source, error) {
	ids := make([]veille.SourceID, len(entries))
	for i, e := range entries {
		ids[i] = e.SourceID
	}
	slices.Sort(ids)
	found, err := r.SourcesByID(ctx, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("engine: sources of %d entries: %w", len(entries), err)
	}
	return indexBy(found, func(s veille.Source) veille.SourceID { return s.ID }), nil
}

// sourcesByID gives every source by its id.
func sourcesByID(ctx context.Context, r SourceReader) (map[veille.SourceID]veille.Source, error) {
	return sourcesIn(ctx, r, nil)
}

// sourcesIn gives the sources of branches by their ids; a nil scope means
// every branch.
func sourcesIn(ctx context.Context, r SourceReader, scope []veille.BranchID) (map[veille.SourceID]veille.Source, error) {
	all, err := r.Sources(ctx, scope)
	if err != nil {
		return nil, fmt.Errorf("engine: sources: %w", err)
	}
	return indexBy(all, func(s veille.Source) veille.SourceID { return s.ID }), nil
}
