package store

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type mentionRow struct {
	bun.BaseModel `bun:"table:mention,alias:mention"`

	TopicID  veille.TopicID       `bun:"topic_id,pk"`
	EntryID  veille.EntryID       `bun:"entry_id,pk"`
	InTitle  bool                 `bun:"in_title"`
	Passages js[[]veille.Passage] `bun:"passages,type:text"`
	At       int64                `bun:"published"`
	Seen     int64                `bun:"seen"` // the entry's
	Standing veille.Standing      `bun:"standing"`
	Clues    js[[]veille.Clue]    `bun:"clues,type:text"`
	Tone     js[veille.Toward]    `bun:"tone,type:text"`
}

func mentionRowOf(m veille.Mention, seen int64) mentionRow {
	return mentionRow{TopicID: m.TopicID, EntryID: m.EntryID, InTitle: m.InTitle, Passages: js[[]veille.Passage]{m.Passages},
		At: stamp(m.At), Seen: seen, Standing: m.Standing, Clues: js[[]veille.Clue]{m.Clues}, Tone: js[veille.Toward]{m.Tone}}
}

func (r mentionRow) noun() veille.Mention {
	return veille.Mention{TopicID: r.TopicID, EntryID: r.EntryID, InTitle: r.InTitle, Passages: r.Passages.V,
		At: when(r.At), Standing: r.Standing, Clues: r.Clues.V, Tone: r.Tone.V}
}

// counted keeps the mentions that count.
func counted(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("standing NOT IN (?)", bun.List(veille.HiddenStandings()))
}

// hidden keeps those that do not.
func hidden(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("standing IN (?)", bun.List(veille.HiddenStandings()))
}

// PutMentions stores mentions, new or changed. Those of entries that are gone
// are left out.
func (s *Store) PutMentions(ctx context.Context, mentions []veille.Mention) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return putMentions(ctx, tx, mentions) })
	return wrap(err, "put %d mentions", len(mentions))
}

// ReplaceMentions makes mentions the only ones of a topic.
func (s *Store) ReplaceMentions(ctx context.Context, topic veille.TopicID, mentions []veille.Mention) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*mentionRow)(nil)).Where("topic_id = ?", topic).Exec(ctx)
		if err != nil {
			return err
		}
		return putMentions(ctx, tx, mentions)
	})
	return wrap(err, "replace mentions of topic %s", topic)
}

func putMentions(ctx context.Context, tx bun.Tx, mentions []veille.Mention) error {
	seen, err := seenOf(ctx, tx, mentions)
	if err != nil {
		return err
	}
	rows := make([]mentionRow, 0, len(mentions))
	at := make(map[[2]string]int, len(mentions))
	for _, m := range mentions {
		when, known := seen[m.EntryID]
		if !known {
			continue
		}
		r := mentionRowOf(m, when)
		key := [2]string{string(m.TopicID), string(m.EntryID)}
		if i, again := at[key]; again {
			rows[i] = r
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	return put(ctx, tx, rows)
}

// seenOf gives when the entries of mentions were seen.
func seenOf(ctx context.Context, db bun.IDB, mentions []veille.Mention) (map[veille.EntryID]int64, error) {
	seen := make(map[veille.EntryID]int64, len(mentions))
	for part := range slices.Chunk(mentions, batch) {
		ids := make([]veille.EntryID, len(part))
		for i, m := range part {
			ids[i] = m.EntryID
		}
		var rows []entryRow
		if err := db.NewSelect().Model(&rows).Column("id", "seen").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			seen[r.ID] = r.Seen
		}
	}
	return seen, nil
}

// MentionsOf gives the mentions of a topic that count, by entries published at
// or after since, in the order they were published.
func (s *Store) MentionsOf(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error) {
	var rows []mentionRow
	err := counted(s.r.NewSelect().Model(&rows)).Where("topic_id = ? AND published >= ?", topic, stamp(since)).
		Order("published", "entry_id").Scan(ctx)
	return all(rows, mentionRow.noun), wrap(err, "mentions of topic %s", topic)
}

// HiddenMentions gives the mentions of a topic that do not count, by entries
// published at or after since, the latest first.
func (s *Store) HiddenMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.Mention, error) {
	var rows []mentionRow
	err := hidden(s.r.NewSelect().Model(&rows)).Where("topic_id = ? AND published >= ?", topic, stamp(since)).
		Order("published DESC", "entry_id").Scan(ctx)
	return all(rows, mentionRow.noun), wrap(err, "hidden mentions of topic %s", topic)
}

// SettledMentions gives the latest mentions of a topic that a full name or a
// person settled, at most limit.
func (s *Store) SettledMentions(ctx context.Context, topic veille.TopicID, limit int) ([]veille.Mention, error) {
	var rows []mentionRow
	err := s.r.NewSelect().Model(&rows).
		Where("topic_id = ? AND standing IN (?)", topic, bun.List([]veille.Standing{veille.StandingNamed, veille.StandingKept})).
		Order("published DESC", "entry_id").Limit(int64(limit)).Scan(ctx)
	return all(rows, mentionRow.noun), wrap(err, "settled mentions of topic %s", topic)
}

// MentionsOfEntries gives the mentions that count among those entries make, by
// topic.
func (s *Store) MentionsOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error) {
	return s.mentionsOfEntries(ctx, ids, counted)
}

// HiddenOfEntries gives the mentions that do not count among those entries
// make, by topic.
func (s *Store) HiddenOfEntries(ctx context.Context, ids []veille.EntryID) ([]veille.Mention, error) {
	return s.mentionsOfEntries(ctx, ids, hidden)
}

func (s *Store) mentionsOfEntries(ctx context.Context, ids []veille.EntryID, of func(*bun.SelectQuery) *bun.SelectQuery) ([]veille.Mention, error) {
	var out []veille.Mention
	for part := range slices.Chunk(ids, batch) {
		var rows []mentionRow
		err := of(s.r.NewSelect().Model(&rows)).Where("entry_id IN (?)", bun.List(part)).
			Order("topic_id", "published", "entry_id").Scan(ctx)
		if err != nil {
			return nil, wrap(err, "mentions of %d entries", len(ids))
		}
		out = append(out, all(rows, mentionRow.noun)...)
	}
	return out, nil
}

// CountMentions counts the mentions of a topic that count, by entries
// published at or after since.
func (s *Store) CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error) {
	n, err := counted(s.r.NewSelect().Model((*mentionRow)(nil))).
		Where("topic_id = ? AND published >= ?", topic, stamp(since)).Count(ctx)
	return int(n), wrap(err, "count mentions of topic %s", topic)
}

// CountHidden counts the mentions of a topic that do not count, by entries
// published at or after since.
func (s *Store) CountHidden(ctx context.Context, topic veille.TopicID, since time.Time) (int, error) {
	n, err := hidden(s.r.NewSelect().Model((*mentionRow)(nil))).
		Where("topic_id = ? AND published >= ?", topic, stamp(since)).Count(ctx)
	return int(n), wrap(err, "count hidden mentions of topic %s", topic)
}

// JudgedMentions gives the mentions of a topic that count, by entries seen at
// or after since, with their entries and sources, in the order they were seen.
// Where a person corrected the tone of a mention, its entry has that tone.
func (s *Store) JudgedMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.JudgedMention, error) {
	var mentions []mentionRow
	err := counted(s.r.NewSelect().Model(&mentions)).Where("topic_id = ? AND seen >= ?", topic, stamp(since)).
		Order("seen", "entry_id").Scan(ctx)
	if err != nil {
		return nil, wrap(err, "judged mentions of topic %s", topic)
	}
	ids := make([]veille.EntryID, len(mentions))
	for i, m := range mentions {
		ids[i] = m.EntryID
	}
	entries, err := s.EntriesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	sources, err := s.sourcesOf(ctx, entries)
	if err != nil {
		return nil, wrap(err, "judged mentions of topic %s", topic)
	}
	byID := make(map[veille.EntryID]veille.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	out := make([]veille.JudgedMention, 0, len(mentions))
	for _, m := range mentions {
		e, known := byID[m.EntryID]
		src, knownToo := sources[e.SourceID]
		if known && knownToo { // else it was deleted between two looks
			if m.Tone.V.From == veille.TonePerson {
				e.Reading.Tone, e.Reading.ToneWords = m.Tone.V.Tone, nil
			}
			out = append(out, veille.JudgedMention{Mention: m.noun(), Entry: e, Source: src})
		}
	}
	return out, nil
}

// sourcesOf gives the sources of entries.
func (s *Store) sourcesOf(ctx context.Context, entries []veille.Entry) (map[veille.SourceID]veille.Source, error) {
	known := make(map[veille.SourceID]bool)
	var ids []veille.SourceID
	for _, e := range entries {
		if !known[e.SourceID] {
			known[e.SourceID] = true
			ids = append(ids, e.SourceID)
		}
	}
	out := make(map[veille.SourceID]veille.Source, len(ids))
	for part := range slices.Chunk(ids, batch) {
		var rows []sourceRow
		if err := s.r.NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r.noun()
		}
	}
	return out, nil
}
