// Package story groups the entries that report one event.
//
// A Grouper reads entries in the order they come and says of each which story
// it joins, or that it begins one. It keeps the stories of the last days in
// memory, is rebuilt from the store with Restore, and sends nothing.
//
// An entry is its title and the first words of its text, a title's words
// weighing more. French and English meet through names, numbers, a glossary of
// words that mean one thing (glossary.txt) and fields of words that go together
// (fields.txt). Stories that share its heaviest features are candidates; each
// is compared in two ways, by how much likelier its words are in the story than
// in the news at large and by the cosine with its centroid, and loses by the
// time between and by what most of its entries say that this one does not.
//
// Source: Spitters and Kraaij, TNO at TDT2001: language model-based topic
// detection, 2001 (likelihood ratio of smoothed models, made comparable across
// lengths); Allan, Lavrenko and Jin, First story detection in TDT is hard, 2000
// (incremental TF-IDF, time decay); Azzopardi and Staff, Incremental
// clustering of news reports, 2012 (centroids, inverted index).
package story

import (
	"cmp"
	"slices"
	"time"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

const (
	bodyWords = 60 // the lead; more brings background that other events share
	heavy     = 25 // heaviest features by which a story is found again
)

// A Config says how much a Grouper remembers and what it demands.
type Config struct {
	Window time.Duration // how far from its entries a story can grow. Optional: 21 days
	Max    int           // how many stories are held at most, some 3 KB each. Optional: 20,000
	Join   float64       // likeness from which an entry joins. Optional: see join
}

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
	docs    int    // remembered, as df counts them
	in      [2]int // of those, how many in each tongue
	reads   int    // ever
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
		c.Window = 21 * 24 * time.Hour
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
	s := g.best(v)
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
	in          [2]int // how many entries in each tongue
	order       int
	sum         []dim   // by feature
	norm        float64 // of sum, squared
	first, last time.Time
	entries     []veille.EntryID
	keys        []int32 // under which terms know it
	shared      float64 // scratch of nearest
}

// A dim is one feature of a story: the sum of its weights over the entries,
// how many have it, and the most it was read as.
type dim struct {
	weight float32
	id     int32
	n      int32
	kind   kind
	key    bool // the story is found by it
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
	s.in[v.tongue]++
	s.add(v.features)
	for _, f := range v.heaviest() {
		if i, _ := s.find(f.id); !s.sum[i].key {
			s.sum[i].key = true
			s.keys = append(s.keys, f.id)
			g.terms.post(f.id, s)
		}
	}
	if s.first.IsZero() || !d.Published.IsZero() && d.Published.Before(s.first) {
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

// add adds an entry's weights to a story's, in place: a story may be long.
func (s *cluster) add(fs []feature) {
	byID := slices.SortedFunc(slices.Values(fs), func(a, b feature) int { return cmp.Compare(a.id, b.id) })
	from, fresh := len(s.sum)-1, 0
	for _, f := range byID {
		if _, ok := s.has(f.id); !ok {
			fresh++
		}
	}
	s.sum = slices.Grow(s.sum, fresh)[:len(s.sum)+fresh]
	to := len(s.sum) - 1
	for _, f := range slices.Backward(byID) {
		for ; from >= 0 && s.sum[from].id > f.id; from, to = from-1, to-1 {
			s.sum[to] = s.sum[from]
		}
		x := dim{id: f.id}
		if from >= 0 && s.sum[from].id == f.id {
			x = s.sum[from]
			from--
		}
		s.norm += f.weight * (2*float64(x.weight) + f.weight)
		x.weight += float32(f.weight)
		x.n++
		x.kind = max(x.kind, f.kind)
		s.sum[to] = x
		to--
	}
}

// has gives what a story has of a feature; false when nothing.
func (s *cluster) has(id int32) (dim, bool) {
	i, ok := s.find(id)
	if !ok {
		return dim{}, false
	}
	return s.sum[i], true
}

func (s *cluster) find(id int32) (int, bool) {
	return slices.BinarySearchFunc(s.sum, id, func(d dim, id int32) int { return cmp.Compare(d.id, id) })
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
	for tongue, n := range s.in {
		g.in[tongue] -= n
	}
	for _, x := range s.sum {
		g.terms.release(x.id, x.n)
	}
}
