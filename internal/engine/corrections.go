package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// CorrectionStore is the memory of what people say of mentions.
type CorrectionStore interface {
	PutCorrection(ctx context.Context, c veille.Correction, jobs ...job.Job) error
	DeleteCorrection(ctx context.Context, topic veille.TopicID, entry veille.EntryID, kind veille.CorrectionKind, jobs ...job.Job) error
}

// MentionReader reads mentions, those hidden too, with their entries.
type MentionReader interface {
	MentionsOf(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error)
	HiddenMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error)
	MentionsOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	HiddenOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error)
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
}

// Corrections keeps what people say of mentions against what was derived, and
// makes the mentions follow: that one and its reprints at once, the others of
// its topic in a job.
type Corrections struct {
	store  CorrectionStore
	reader MentionReader
	match  *Match
	search *Search
	now    func() time.Time
}

// NewCorrections makes Corrections beside the stages whose work they change.
func NewCorrections(store CorrectionStore, r MentionReader, m *Match, s *Search) *Corrections {
	return &Corrections{store: store, reader: r, match: m, search: s, now: time.Now}
}

// Correct keeps what a person says of a mention; what she said before of the
// same kind is replaced. It returns ErrInvalid for a value its kind has not,
// and ErrNotFound when the topic did not find the entry.
func (c *Corrections) Correct(ctx context.Context, said veille.Correction) error {
	if !validCorrection(said) {
		return fmt.Errorf("engine: correct %s to %q: %w", said.Kind, said.Value, veille.ErrInvalid)
	}
	m, e, err := c.mention(ctx, said.TopicID, said.EntryID)
	if err != nil {
		return err
	}
	said.Original, said.Title, said.Passages, said.At = original(e), e.Title, m.Passages, c.now()
	if err := c.store.PutCorrection(ctx, said, c.again(said.TopicID)); err != nil {
		return fmt.Errorf("engine: correct a mention: %w", err)
	}
	return c.follow(ctx, e)
}

func validCorrection(c veille.Correction) bool {
	switch c.Kind {
	case veille.CorrectAbout:
		return c.Value == veille.AboutUs || c.Value == veille.AboutNotUs
	case veille.CorrectTone:
		_, ok := veille.Tones()[c.Value]
		return ok
	}
	return false
}

// TakeBack forgets what a person said of a mention; ErrNotFound when nothing
// was said.
func (c *Corrections) TakeBack(ctx context.Context, topic veille.TopicID, entry veille.EntryID, kind veille.CorrectionKind) error {
	if err := c.store.DeleteCorrection(ctx, topic, entry, kind, c.again(topic)); err != nil {
		return fmt.Errorf("engine: take back a correction: %w", err)
	}
	found, err := c.reader.EntriesByID(ctx, []veille.EntryID{entry})
	if err != nil || len(found) == 0 { // its source was forgotten since
		return err
	}
	return c.follow(ctx, found[0])
}

// again is the job that reads the archive again for a topic.
func (c *Corrections) again(topic veille.TopicID) job.Job {
	return job.Job{Kind: job.KindBackfill, Key: fmt.Sprintf("%s:%d", topic, c.now().UnixNano()), Args: topicArgs{topic}}
}

func (c *Corrections) mention(ctx context.Context, topic veille.TopicID, entry veille.EntryID) (m veille.Mention, e veille.Entry, err error) {
	ids := []veille.EntryID{entry}
	counted, err := c.reader.MentionsOfEntries(ctx, ids)
	if err != nil {
		return m, e, fmt.Errorf("engine: mentions of %s: %w", entry, err)
	}
	hidden, err := c.reader.HiddenOfEntries(ctx, ids)
	if err != nil {
		return m, e, fmt.Errorf("engine: mentions of %s: %w", entry, err)
	}
	all := append(counted, hidden...)
	at := slices.IndexFunc(all, func(m veille.Mention) bool { return m.TopicID == topic })
	entries, err := c.reader.EntriesByID(ctx, ids)
	if err != nil {
		return m, e, fmt.Errorf("engine: entry %s: %w", entry, err)
	}
	if at < 0 || len(entries) == 0 {
		return m, e, fmt.Errorf("engine: mention of %s by %s: %w", topic, entry, veille.ErrNotFound)
	}
	return all[at], entries[0], nil
}

// follow matches an entry again with its reprints, and tells the index.
func (c *Corrections) follow(ctx context.Context, e veille.Entry) error {
	entries := []veille.Entry{e}
	if e.Reading.StoryID != "" {
		told, err := c.reader.EntriesOfStory(ctx, e.Reading.StoryID)
		if err != nil {
			return fmt.Errorf("engine: reprints of %s: %w", e.ID, err)
		}
		for _, x := range told {
			if x.ID != e.ID && original(x) == original(e) {
				entries = append(entries, x)
			}
		}
	}
	if err := c.match.Take(ctx, entries); err != nil {
		return fmt.Errorf("engine: match %s again: %w", e.ID, err)
	}
	return c.search.Mark(ctx, entries)
}

// Learned gives the words a topic learned from what was refused, those seen
// most first.
func (c *Corrections) Learned(ctx context.Context, topic veille.TopicID) ([]relevance.Lesson, error) {
	c.match.mu.Lock()
	defer c.match.mu.Unlock()
	if err := c.match.refresh(ctx); err != nil {
		return nil, fmt.Errorf("engine: learned of topic %s: %w", topic, err)
	}
	return c.match.sieve.said[topic].lessons, nil
}

// A Loss is what a topic would lose by leaving something out.
type Loss struct {
	All      int              // stored mentions
	Counted  int              // of them, those that count today
	Kept     int              // of them, those a person said are of the topic
	Mentions []veille.Mention // the first of them: those kept, then those that count, then those hidden; each the latest first
	Cut      bool             // the topic has more mentions than were read
}

const (
	lossRead  = 3000 // mentions read, the latest: a second of work
	lossShown = 8
)

// Losses tells, for each of what could be left out of a topic, which stored
// mentions would go.
func (c *Corrections) Losses(ctx context.Context, topic veille.TopicID, leaves []query.Query) ([]Loss, error) {
	counted, err := c.reader.MentionsOf(ctx, topic, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("engine: losses of topic %s: %w", topic, err)
	}
	hidden, err := c.reader.HiddenMentions(ctx, topic, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("engine: losses of topic %s: %w", topic, err)
	}
	all := append(counted, hidden...)
	slices.SortStableFunc(all, func(a, b veille.Mention) int { return b.At.Compare(a.At) })
	out := make([]Loss, len(leaves))
	for i := range out {
		out[i].Cut = len(all) > lossRead
	}
	sources, err := sourcesByID(ctx, c.match.sources)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(all[:min(len(all), lossRead)], batch) {
		if err := c.lose(ctx, part, leaves, sources, out); err != nil {
			return nil, fmt.Errorf("engine: losses of topic %s: %w", topic, err)
		}
	}
	for i := range out {
		out[i].arrange()
	}
	return out, nil
}

// lose adds the mentions that each query would leave out.
func (c *Corrections) lose(ctx context.Context, part []veille.Mention, leaves []query.Query, sources map[veille.SourceID]veille.Source, out []Loss) error {
	ids := make([]veille.EntryID, len(part))
	for i, m := range part {
		ids[i] = m.EntryID
	}
	entries, err := c.reader.EntriesByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	byID := indexBy(entries, func(e veille.Entry) veille.EntryID { return e.ID })
	for _, m := range part {
		e, ok := byID[m.EntryID]
		if !ok {
			continue
		}
		src := sources[e.SourceID]
		d := match.Doc{Entry: e, SourceName: src.Name(), Tier: src.Tier}
		d.Cut()
		for i, q := range leaves {
			if query.Matches(q, d) {
				out[i].add(m)
			}
		}
	}
	return nil
}

func (l *Loss) add(m veille.Mention) {
	l.All++
	if !m.Standing.Hidden() {
		l.Counted++
	}
	if m.Standing == veille.StandingKept {
		l.Kept++
	}
	l.Mentions = append(l.Mentions, m)
}

func (l *Loss) arrange() {
	rank := func(m veille.Mention) int {
		switch {
		case m.Standing == veille.StandingKept:
			return 0
		case m.Standing.Hidden():
			return 2
		}
		return 1
	}
	slices.SortStableFunc(l.Mentions, func(a, b veille.Mention) int { return rank(a) - rank(b) })
	l.Mentions = l.Mentions[:min(len(l.Mentions), lossShown)]
}
