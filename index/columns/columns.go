// Package columns keeps the small facts of every entry in memory, one slice a
// column, so that scope, filters, facets, day counts, sorting and the folding
// of stories are a walk over numbers.
//
// An index asks its full-text engine for the rows that match, and the table
// for everything else. The table stores nothing on disk: it is filled from the
// store when an index opens. 28 bytes a row, and its id.
package columns

import (
	"slices"
	"sync"
	"time"

	"veilleur/internal/veille"
)

// A Row is the small facts of one entry.
type Row struct {
	ID          veille.EntryID
	BranchID    veille.BranchID // whose source it came from
	SourceID    veille.SourceID
	Source      string // the name of the source; the last one given stands for all its rows
	Tier        veille.Tier
	Lang        string  // "fr", "en", or anything else for neither
	Tone        float64 // in [-1,1]
	StoryID     veille.StoryID
	DuplicateOf veille.EntryID
	Topics      []veille.TopicID
	Published   time.Time // kept to the microsecond
}

// A Table holds rows by number. A row lives from Set to Delete; its number
// never changes and never serves another entry. All methods may be called at
// once; what View gives is good only within its function.
type Table struct {
	mu   sync.RWMutex
	byID map[veille.EntryID]int32
	live int

	ids    []veille.EntryID
	alive  []bool
	at     []int64 // Published in microseconds since 1970
	branch []uint32
	source []uint32
	story  []uint32 // 0: none
	topics []uint32 // a set of topics; 0: none
	tone   []uint8  // index in toneNames
	tier   []uint8  // 1–4
	lang   []uint8  // langFrench, langEnglish, langOther
	dup    []bool

	branches names[veille.BranchID]
	sources  names[veille.SourceID]
	called   []string // names of sources, by number
	stories  names[veille.StoryID]
	themes   names[veille.TopicID]
	sets     sets
	pool     sync.Pool // *folding
}

// The languages as numbers.
const (
	langFrench = iota
	langEnglish
	langOther
)

// New makes an empty table.
func New() *Table {
	t := &Table{byID: map[veille.EntryID]int32{}}
	t.pool.New = func() any { return &folding{} }
	return t
}

// Len is the number of living rows.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.live
}

// Has tells of each id whether its row lives.
func (t *Table) Has(ids []veille.EntryID) []bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := make([]bool, len(ids))
	for i, id := range ids {
		n, ok := t.byID[id]
		out[i] = ok && t.alive[n]
	}
	return out
}

// Reserve gives numbers to ids that have none, without bringing their rows to
// life, so that an index may learn a number before the row is there.
func (t *Table) Reserve(ids []veille.EntryID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		t.reserve(id)
	}
}

func (t *Table) reserve(id veille.EntryID) int32 {
	if n, ok := t.byID[id]; ok {
		return n
	}
	n := int32(len(t.ids))
	t.byID[id] = n
	t.ids = append(t.ids, id)
	t.alive = append(t.alive, false)
	t.at = append(t.at, 0)
	t.branch = append(t.branch, 0)
	t.source = append(t.source, 0)
	t.story = append(t.story, 0)
	t.topics = append(t.topics, 0)
	t.tone = append(t.tone, 0)
	t.tier = append(t.tier, 0)
	t.lang = append(t.lang, 0)
	t.dup = append(t.dup, false)
	return n
}

// Set writes rows and brings them to life.
func (t *Table) Set(rows []Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range rows {
		n := t.reserve(rows[i].ID)
		t.write(n, &rows[i])
		t.revive(n)
	}
}

// Load writes rows without bringing them to life: Revive does, once they are
// known to be in the full-text engine.
func (t *Table) Load(rows []Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range rows {
		t.write(t.reserve(rows[i].ID), &rows[i])
	}
}

// Revive brings loaded rows to life.
func (t *Table) Revive(numbers []int32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range numbers {
		if n >= 0 {
			t.revive(n)
		}
	}
}

func (t *Table) revive(n int32) {
	if !t.alive[n] {
		t.alive[n] = true
		t.live++
	}
}

// Mark writes the rows that live and passes over the others.
func (t *Table) Mark(rows []Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range rows {
		if n, ok := t.byID[rows[i].ID]; ok && t.alive[n] {
			t.write(n, &rows[i])
		}
	}
}

// Delete ends rows; an unknown id is no error.
func (t *Table) Delete(ids []veille.EntryID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		if n, ok := t.byID[id]; ok && t.alive[n] {
			t.alive[n] = false
			t.live--
		}
	}
}

func (t *Table) write(n int32, r *Row) {
	t.at[n] = r.Published.UnixMicro()
	t.branch[n] = t.branches.number(r.BranchID)
	t.source[n] = t.sources.number(r.SourceID)
	for len(t.called) < len(t.sources.keys) {
		t.called = append(t.called, "")
	}
	t.called[t.source[n]] = r.Source
	t.story[n] = 0
	if r.StoryID != "" {
		t.story[n] = t.stories.number(r.StoryID) + 1
	}
	t.topics[n] = t.topicSet(r.Topics)
	t.tone[n] = toneOf(r.Tone)
	t.tier[n] = uint8(tierOf(r.Tier))
	t.lang[n] = langOf(r.Lang)
	t.dup[n] = r.DuplicateOf != ""
}

func (t *Table) topicSet(ids []veille.TopicID) uint32 {
	numbers := make([]uint32, 0, 8)
	for _, id := range ids {
		numbers = append(numbers, t.themes.number(id))
	}
	slices.Sort(numbers)
	return t.sets.number(slices.Compact(numbers))
}

// tierOf gives the tier a source counts as: 3 when it has none.
func tierOf(t veille.Tier) veille.Tier {
	if t < 1 || t > 4 {
		return 3
	}
	return t
}

func langOf(lang string) uint8 {
	switch lang {
	case "fr":
		return langFrench
	case "en":
		return langEnglish
	}
	return langOther
}

// names gives each key a number, from 0, in order of arrival.
type names[K comparable] struct {
	byKey map[K]uint32
	keys  []K
}

func (s *names[K]) number(k K) uint32 {
	if n, ok := s.byKey[k]; ok {
		return n
	}
	if s.byKey == nil {
		s.byKey = map[K]uint32{}
	}
	n := uint32(len(s.keys))
	s.byKey[k] = n
	s.keys = append(s.keys, k)
	return n
}

// sets gives each set of topics a number; 0 is the empty set.
type sets struct {
	byKey map[string]uint32
	list  [][]uint32
}

func (s *sets) number(sorted []uint32) uint32 {
	if len(sorted) == 0 {
		return 0
	}
	key := make([]byte, 0, 32)
	for _, n := range sorted {
		key = append(key, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	if n, ok := s.byKey[string(key)]; ok {
		return n
	}
	if s.byKey == nil {
		s.byKey = map[string]uint32{}
		s.list = append(s.list, nil)
	}
	n := uint32(len(s.list))
	s.byKey[string(key)] = n
	s.list = append(s.list, slices.Clone(sorted))
	return n
}
