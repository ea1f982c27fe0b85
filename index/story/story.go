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
	"cmp"
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
	terms   terms
	stories map[veille.StoryID]*cluster
	of      map[veille.EntryID]veille.StoryID
	newest  time.Time
	toks    []text.Token // reused
	at      text.Token   // the one being read
	near    nearest      // reused
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
	return &Grouper{c: c, terms: terms{ids: map[string]int32{}}, stories: map[veille.StoryID]*cluster{}, of: map[veille.EntryID]veille.StoryID{}}
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
	sum         []dim   // by feature
	norm        float64 // of sum, squared
	first, last time.Time
	entries     []veille.EntryID
	keys        []int32 // under which terms know it
	shared      float64 // scratch of nearest
}

// A dim is one feature of a story: the sum of its weights over the entries,
// and how many have it.
type dim struct {
	weight float64
	id     int32
	n      int32
}

// A vector is one entry, its features weighed, norm 1, heaviest first.
type vector []feature

// read weighs an entry's features and counts them.
func (g *Grouper) read(d Doc) vector {
	fs := g.features(d)
	g.docs++
	for _, f := range fs {
		t := &g.terms.all[f.id]
		t.df++
		if f.kind == name && !d.Published.IsZero() {
			t.days = t.days.on(d.Published)
		}
	}
	norm := 0.0
	for i := range fs {
		f := &fs[i]
		f.weight = (1 + math.Log(f.weight)) * g.rarity(f.id) * kindWeight(f.kind)
		norm += f.weight * f.weight
	}
	if norm = math.Sqrt(norm); norm > 0 {
		for i := range fs {
			fs[i].weight /= norm
		}
	}
	slices.SortFunc(fs, func(a, b feature) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(g.terms.all[a.id].key, g.terms.all[b.id].key))
	})
	return fs
}

// unseen is the number of entries supposed to have been read before the
// first, so that the rarity of words does not jump while the window fills.
const unseen = 100

func (g *Grouper) rarity(id int32) float64 {
	return math.Log(1 + float64(g.docs+unseen)/(float64(g.terms.all[id].df)+1))
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
	s := &cluster{id: id, order: g.next}
	g.stories[id] = s
	return s
}

// put adds an entry to a story, then forgets the stories that are over.
func (g *Grouper) put(d Doc, v vector, s *cluster) {
	g.of[d.ID] = s.id
	s.entries = append(s.entries, d.ID)
	s.n++
	s.add(v)
	for _, f := range v[:min(heavy, len(v))] {
		if g.terms.post(f.id, s) {
			s.keys = append(s.keys, f.id)
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

// add adds an entry's weights to a story's.
func (s *cluster) add(v vector) {
	byID := slices.SortedFunc(slices.Values(v), func(a, b feature) int { return cmp.Compare(a.id, b.id) })
	sum := make([]dim, 0, len(s.sum)+len(v))
	k := 0
	for _, f := range byID {
		for k < len(s.sum) && s.sum[k].id < f.id {
			sum = append(sum, s.sum[k])
			k++
		}
		x := dim{id: f.id}
		if k < len(s.sum) && s.sum[k].id == f.id {
			x = s.sum[k]
			k++
		}
		s.norm += f.weight * (2*x.weight + f.weight)
		x.weight += f.weight
		x.n++
		sum = append(sum, x)
	}
	s.sum = append(sum, s.sum[k:]...)
}

// weight is what a story has of a feature; false when nothing.
func (s *cluster) weight(id int32) (float64, bool) {
	i, ok := slices.BinarySearchFunc(s.sum, id, func(d dim, id int32) int { return cmp.Compare(d.id, id) })
	if !ok {
		return 0, false
	}
	return s.sum[i].weight, true
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
		g.terms.unpost(k, s)
	}
	g.docs -= s.n
	for _, x := range s.sum {
		g.terms.release(x.id, x.n)
	}
}
