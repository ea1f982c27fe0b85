// Package match finds, among thousands of topics, those an entry belongs to.
//
// It works the other way round from a search: the topics are filed once, each
// under a word it cannot do without, and an entry wakes only the topics filed
// under its own words; those are then read in full. Its answers are those of
// query.Matches, which a property test shows.
//
// It keeps the topics in memory, learns from the entries it reads which words
// are rare, and sends nothing.
package match

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

// A Doc is an entry with what a query may ask of its source.
type Doc = query.Doc

// A Hit is one topic an entry belongs to.
type Hit struct {
	TopicID  veille.TopicID
	InTitle  bool // one of its words stands in the title
	Passages []veille.Passage
}

// MaxPassages is the most passages a Hit carries.
const MaxPassages = 5

// A Matcher holds topics. All methods may be called at once.
type Matcher struct {
	mu     sync.RWMutex
	topics map[veille.TopicID]*topic
	slots  []*topic // by topic.slot; nil where one was removed
	free   []int32
	always map[*topic]bool // topics that no word can wake
	langs  [len(languages)]*dictionary
	read   atomic.Int64 // entries matched so far
	pool   sync.Pool
}

// languages are the languages stems differ in; any other is as the last.
var languages = [...]string{"fr", "en", ""}

func langIndex(lang string) int {
	for i, l := range languages[:len(languages)-1] {
		if l == lang {
			return i
		}
	}
	return len(languages) - 1
}

// A topic is a query as filed.
type topic struct {
	id      veille.TopicID
	query   query.Query
	slot    int32
	code    [len(languages)]node
	anchors [len(languages)][]anchor // where it is filed; nil when in always
}

// New makes a Matcher without topics.
func New() *Matcher {
	m := &Matcher{topics: map[veille.TopicID]*topic{}, always: map[*topic]bool{}}
	for i := range m.langs {
		m.langs[i] = newDictionary(languages[i])
	}
	m.pool.New = func() any { return &scratch{} }
	return m
}

// Set adds a topic, or changes its query. An empty query belongs to no entry.
func (m *Matcher) Set(id veille.TopicID, q query.Query) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(id)
	if q.Empty() {
		return
	}
	t := &topic{id: id, query: q}
	if n := len(m.free); n > 0 {
		t.slot, m.free = m.free[n-1], m.free[:n-1]
		m.slots[t.slot] = t
	} else {
		t.slot = int32(len(m.slots))
		m.slots = append(m.slots, t)
	}
	m.topics[id] = t
	for i, d := range m.langs {
		t.code[i] = d.compile(q.Root)
	}
	m.file(t)
}

// Remove forgets a topic; one it does not know is no error.
func (m *Matcher) Remove(id veille.TopicID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(id)
}

func (m *Matcher) remove(id veille.TopicID) {
	t := m.topics[id]
	if t == nil {
		return
	}
	m.unfile(t)
	for i, d := range m.langs {
		d.release(t.code[i])
	}
	delete(m.topics, id)
	m.slots[t.slot] = nil
	m.free = append(m.free, t.slot)
}

// Len is the number of topics.
func (m *Matcher) Len() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.topics)
}

// file puts a topic under its anchors in each language.
func (m *Matcher) file(t *topic) {
	for i := range m.langs {
		found, _ := anchors(t.code[i])
		if found == nil {
			m.always[t] = true
			continue
		}
		t.anchors[i] = found
		for _, a := range found {
			f := filed{slot: t.slot, also: a.term.id}
			if a.also != nil {
				f.also, f.step = a.also.id, a.step
			}
			a.term.topics = append(a.term.topics, f)
		}
	}
}

func (m *Matcher) unfile(t *topic) {
	delete(m.always, t)
	for i := range m.langs {
		for _, a := range t.anchors[i] {
			list := a.term.topics
			if k := slices.IndexFunc(list, func(f filed) bool { return f.slot == t.slot }); k >= 0 {
				list[k] = list[len(list)-1]
				a.term.topics = list[:len(list)-1]
			}
		}
		t.anchors[i] = nil
	}
}

// Match gives the topics the entry belongs to, by id.
func (m *Matcher) Match(d Doc) []Hit {
	d.Cut()
	m.learn()
	found := m.find(&d)
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b *topic) int { return strings.Compare(string(a.id), string(b.id)) })
	hits := make([]Hit, len(found))
	for i, t := range found {
		p := t.query.Passages(d, MaxPassages)
		hits[i] = Hit{TopicID: t.id, Passages: p, InTitle: len(p) > 0 && p[0].Field == "title"}
	}
	return hits
}

// find gives the topics whose query the entry satisfies.
func (m *Matcher) find(d *Doc) []*topic {
	m.mu.RLock()
	defer m.mu.RUnlock()
	lang := langIndex(d.Entry.Reading.Lang)
	s := m.pool.Get().(*scratch)
	defer m.pool.Put(s)
	s.load(d, m.langs[lang], len(m.slots))
	var found []*topic
	try := func(slot int32) {
		if t := m.slots[slot]; !s.woken(slot) && t.code[lang].holds(s) {
			found = append(found, t)
		}
	}
	for _, id := range s.present {
		for _, f := range m.langs[lang].byID[id].topics {
			if s.beside(id, f) {
				try(f.slot)
			}
		}
	}
	for t := range m.always {
		try(t.slot)
	}
	s.doc = nil
	return found
}

// Topics are filed anew by how rare their words have proved after firstLearning
// entries, then each time four times as many were read, so that its cost stays
// a small part of the whole.
const firstLearning = 1 << 8

func (m *Matcher) learn() {
	n := m.read.Add(1)
	if n < firstLearning || n&(n-1) != 0 || bits.TrailingZeros64(uint64(n))%2 != 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.langs {
		for _, t := range d.byID {
			if t != nil {
				t.topics = t.topics[:0]
			}
		}
	}
	clear(m.always)
	for _, t := range m.topics {
		t.anchors = [len(languages)][]anchor{}
		m.file(t)
	}
}
