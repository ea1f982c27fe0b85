// Package story groups the entries that report one event.
//
// A Grouper reads entries in the order they come and says of each which story
// it joins, or that it begins one. It keeps the stories of the last days in
// memory, is rebuilt from the store with Restore, and sends nothing.
//
// An entry is its title read twice and the first words of its text; words are
// weighed by log frequency and running rarity, French and English meet through
// names, numbers and a small glossary (glossary.txt). Stories that share its
// heaviest words are candidates; the cosine with each one's centroid decides,
// moved by what the two have of names and numbers and by the time between.
//
// Source: Allan, Lavrenko and Jin, First story detection in TDT is hard, 2000
// (incremental TF-IDF, time decay); Azzopardi and Staff, Incremental
// clustering of news reports, 2012 (centroids, inverted index).
package story

import (
	"math"
	"slices"
	"strings"
	"time"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

const (
	titleTimes = 2.0 // a title says what happened: twice is best, thrice makes puns of headlines weigh
	bodyWords  = 60  // the lead; more brings background that other events share
	heavy      = 25  // heaviest features by which a story is found again
)

// A Config says how much a Grouper remembers and what it demands.
type Config struct {
	Window time.Duration // how long after its last entry a story can grow. Optional: 14 days
	Max    int           // how many stories are held at most, some 5 KB each. Optional: 20,000
	Join   float64       // likeness from which an entry joins, in ]0,1[. Optional: see join
}

// join is the likeness that gave the best BCubed F1 over all development sets
// at once.
const join = .175

// A Doc is what is read of an entry.
type Doc struct {
	ID          veille.EntryID
	Lang        string // "fr", "en" or ""
	Title       string
	Text        string
	Published   time.Time      // zero: unknown, and time says nothing
	Voice       string         // its press group or medium: kept for who tells a story, not read to group
	DuplicateOf veille.EntryID // the entry it reprints, whose story it joins; "" when original
}

// A Grouper is the memory of the last stories. It is not safe for use by
// several goroutines.
type Grouper struct {
	c       Config
	docs    int // remembered, as df counts them
	added   int
	df      map[string]int
	places  map[string]bool // names read as places
	days    map[string]days // on how many days each name was read
	stories map[veille.StoryID]*cluster
	of      map[veille.EntryID]veille.StoryID
	index   map[string]map[*cluster]struct{}
	newest  time.Time
	toks    []text.Token
	next    int
}

// New makes an empty Grouper.
func New(c Config) *Grouper {
	if c.Window <= 0 {
		c.Window = 14 * 24 * time.Hour
	}
	if c.Max <= 0 {
		c.Max = 20_000
	}
	if c.Join <= 0 {
		c.Join = join
	}
	return &Grouper{c: c, df: make(map[string]int), places: make(map[string]bool), days: make(map[string]days), stories: make(map[veille.StoryID]*cluster),
		of: make(map[veille.EntryID]veille.StoryID), index: make(map[string]map[*cluster]struct{})}
}

// Add gives the story of an entry. A new story is named after its first entry,
// so that reading all entries again in the same order gives the same ids. An
// entry added before gets the answer it got then.
func (g *Grouper) Add(d Doc) veille.StoryID {
	if id, ok := g.of[d.ID]; ok {
		return id
	}
	v := g.read(d)
	if id, ok := g.of[d.DuplicateOf]; ok && d.DuplicateOf != "" {
		g.put(d, v, g.stories[id])
		return id
	}
	s := g.best(v, d)
	if s == nil {
		s = g.begin(NewID(d.ID))
	}
	g.put(d, v, s)
	return s.id
}

// Restore puts an entry back in the story it was in, oldest entries first.
func (g *Grouper) Restore(d Doc, id veille.StoryID) {
	if _, ok := g.of[d.ID]; ok || id == "" {
		return
	}
	v := g.read(d)
	s := g.stories[id]
	if s == nil {
		s = g.begin(id)
	}
	g.put(d, v, s)
}

// NewID names a story after its first entry.
func NewID(first veille.EntryID) veille.StoryID {
	id := string(first)
	return veille.StoryID("s" + id[:min(16, len(id))])
}

// Len is how many stories are remembered.
func (g *Grouper) Len() int { return len(g.stories) }

// A cluster is one story as remembered.
type cluster struct {
	id          veille.StoryID
	n           int
	order       int
	sum         map[string]*dim
	norm        float64 // of sum
	first, last time.Time
	entries     []veille.EntryID
	keys        []string // under which index knows it
}

// A dim is one feature of a story: the sum of its weights over the entries,
// and how many have it.
type dim struct {
	weight float64
	n      int
	kind   kind
}

// A vector is one entry, its features weighed, norm 1, heaviest first.
type vector []feature

// read weighs an entry's features and counts them.
func (g *Grouper) read(d Doc) vector {
	fs := g.features(d)
	g.docs++
	for _, f := range fs {
		g.df[f.key]++
		if f.kind == name && !d.Published.IsZero() {
			g.days[f.key] = g.days[f.key].on(d.Published)
		}
	}
	norm := 0.0
	for i := range fs {
		f := &fs[i]
		f.weight = (1 + math.Log(f.weight)) * g.rarity(f.key) * kindWeight(f.kind)
		norm += f.weight * f.weight
	}
	if norm = math.Sqrt(norm); norm > 0 {
		for i := range fs {
			fs[i].weight /= norm
		}
	}
	slices.SortFunc(fs, func(a, b feature) int {
		if a.weight != b.weight {
			return int(math.Copysign(1, b.weight-a.weight))
		}
		return strings.Compare(a.key, b.key)
	})
	return fs
}

// unseen is the number of entries supposed to have been read before the
// first, so that the rarity of words does not jump while the window fills.
const unseen = 100

func (g *Grouper) rarity(key string) float64 {
	return math.Log(1 + float64(g.docs+unseen)/(float64(g.df[key])+1))
}

// kindWeight is what names and numbers count beside words: an event is mostly
// who, where and how many.
func kindWeight(k kind) float64 {
	switch k {
	case name, place:
		return 1.25
	case number:
		return 1.2
	}
	return 1
}

func (g *Grouper) begin(id veille.StoryID) *cluster {
	g.next++
	s := &cluster{id: id, order: g.next, sum: make(map[string]*dim)}
	g.stories[id] = s
	return s
}

// put adds an entry to a story, then forgets the stories that are over.
func (g *Grouper) put(d Doc, v vector, s *cluster) {
	g.of[d.ID] = s.id
	s.entries = append(s.entries, d.ID)
	s.n++
	for i, f := range v {
		x := s.sum[f.key]
		if x == nil {
			x = &dim{kind: f.kind}
			s.sum[f.key] = x
		}
		s.norm += f.weight * (2*x.weight + f.weight)
		x.weight += f.weight
		x.kind = max(x.kind, f.kind)
		x.n++
		if i < heavy {
			g.post(f.key, s)
		}
	}
	if s.first.IsZero() || d.Published.Before(s.first) {
		s.first = d.Published
	}
	if d.Published.After(s.last) {
		s.last = d.Published
	}
	if d.Published.After(g.newest) {
		g.newest = d.Published
	}
	g.forget()
}

func (g *Grouper) post(key string, s *cluster) {
	m := g.index[key]
	if m == nil {
		m = make(map[*cluster]struct{})
		g.index[key] = m
	}
	if _, ok := m[s]; !ok {
		m[s] = struct{}{}
		s.keys = append(s.keys, key)
	}
}

// forget drops the stories whose last entry is older than the window, once in
// a while, and the oldest when there are too many.
func (g *Grouper) forget() {
	g.added++
	if len(g.stories) <= g.c.Max && g.added%256 != 0 {
		return
	}
	var all []*cluster
	for _, s := range g.stories {
		if g.newest.Sub(s.last) > g.c.Window && !s.last.IsZero() {
			g.drop(s)
			continue
		}
		all = append(all, s)
	}
	if len(all) <= g.c.Max {
		return
	}
	slices.SortFunc(all, func(a, b *cluster) int { return a.last.Compare(b.last) })
	for _, s := range all[:len(all)-g.c.Max*9/10] {
		g.drop(s)
	}
}

func (g *Grouper) drop(s *cluster) {
	delete(g.stories, s.id)
	for _, e := range s.entries {
		delete(g.of, e)
	}
	for _, k := range s.keys {
		if m := g.index[k]; m != nil {
			delete(m, s)
			if len(m) == 0 {
				delete(g.index, k)
			}
		}
	}
	g.docs -= s.n
	for k, x := range s.sum {
		if g.df[k] -= x.n; g.df[k] <= 0 {
			delete(g.df, k)
			delete(g.places, k)
			delete(g.days, k)
		}
	}
}
