package columns

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"veilleur/internal/veille"
)

// An Ask is what is wanted of rows that match a text. Zero fields ask nothing.
type Ask struct {
	Scope   []veille.BranchID // nil means every branch, empty none
	Topics  []veille.TopicID  // any of them; so for each list below
	Tiers   []veille.Tier
	Tones   []string // negative, neutral, positive
	Langs   []string // fr, en, "" for neither
	Sources []veille.SourceID
	After   time.Time // at or after
	Before  time.Time // before

	ByScore bool // best score first, else newest first
	ByStory bool // one hit a story
	Offset  int  // hits, or stories, to pass over
	Limit   int  // hits wanted; 0 means none
	Facets  bool
	Days    int            // days of histogram; 0 means none
	LastDay time.Time      // an instant of the last of them
	Zone    *time.Location // whose days; nil means UTC
}

// A Hit is one entry, or the one that stands for its story.
type Hit struct {
	ID      veille.EntryID
	StoryID veille.StoryID
	Score   float64 // 0 when sorted by time; compares only within one answer
	More    int     // other matching entries of the story, when folded
}

// An Answer is what an Ask finds.
type Answer struct {
	Entries   int // matching entries
	Stories   int // stories among them, an entry without one counting as one
	Hits      []Hit
	Facets    Facets
	Histogram []Day
}

// Facets count the matching entries by what they are. A facet counts as if its
// own boxes were not ticked, so that several can be; a ticked one is there
// even at 0. Most frequent first.
type Facets struct {
	Topics  []Count `json:"topics"`
	Tiers   []Count `json:"tiers"` // keys 1 to 4
	Tones   []Count `json:"tones"`
	Langs   []Count `json:"langs"` // fr, en, "" for neither
	Sources []Count `json:"sources"`
}

// A Count is how many entries have one key.
type Count struct {
	Key string `json:"key"`
	N   int    `json:"n"`
}

// A Day is how many matching entries were published on one day, counted as if
// After and Before were not asked.
type Day struct {
	Date time.Time `json:"date"` // its first instant in the zone asked
	N    int       `json:"n"`
}

// What a row may fail, one bit each.
const (
	failTopics = 1 << iota
	failTiers
	failTones
	failLangs
	failSources
	failDates
)

// Answer sorts, folds and counts the living ones among the rows given, which
// match a text; scores, if any, go with rows.
func (v View) Answer(rows []int32, scores []float32, ask Ask) Answer {
	w := newWalk(v.t, ask)
	for i, n := range rows {
		if n < 0 || !v.t.alive[n] || w.scope != nil && !w.scope[v.t.branch[n]] {
			continue
		}
		fails := w.fails(n)
		if fails == 0 {
			score := float32(0)
			if scores != nil {
				score = scores[i]
			}
			w.hit(n, score)
		}
		w.count(n, fails)
	}
	return w.answer()
}

// A walk is one pass over rows.
type walk struct {
	t        *Table
	ask      Ask
	scope    []bool
	topics   []bool // by set
	tiers    [5]bool
	tones    [3]bool
	langs    [3]bool
	sources  []bool
	from, to int64

	entries int
	fold    *folding // nil unless ByStory
	best    top
	tally   tally
	days    days
}

func newWalk(t *Table, ask Ask) *walk {
	w := &walk{t: t, ask: ask, from: minTime, to: maxTime}
	if ask.Scope != nil {
		w.scope = ticked(&t.branches, ask.Scope)
	}
	if len(ask.Topics) > 0 {
		w.topics = t.setsWith(ticked(&t.themes, ask.Topics))
	}
	if len(ask.Sources) > 0 {
		w.sources = ticked(&t.sources, ask.Sources)
	}
	for _, x := range ask.Tiers {
		w.tiers[tierOf(x)] = true
	}
	for _, x := range ask.Tones {
		if k := slices.Index(toneNames[:], x); k >= 0 {
			w.tones[k] = true
		}
	}
	for _, x := range ask.Langs {
		w.langs[langOf(x)] = true
	}
	if !ask.After.IsZero() {
		w.from = ask.After.UnixMicro()
	}
	if !ask.Before.IsZero() {
		w.to = ask.Before.UnixMicro()
	}
	w.best = top{t: t, k: ask.Offset + ask.Limit, byScore: ask.ByScore}
	if ask.Limit <= 0 {
		w.best.k = 0
	}
	w.fold = t.pool.Get().(*folding)
	w.fold.reset(len(t.stories.keys) + 1)
	if ask.Facets {
		w.tally.make(t)
	}
	w.days = newDays(ask)
	return w
}

const (
	minTime = -1 << 63
	maxTime = 1<<63 - 1
)

// ticked gives by number whether a key is in list.
func ticked[K comparable](s *names[K], list []K) []bool {
	out := make([]bool, len(s.keys))
	for _, k := range list {
		if n, ok := s.byKey[k]; ok {
			out[n] = true
		}
	}
	return out
}

// setsWith gives by number whether a set of topics holds one that is ticked.
func (t *Table) setsWith(topics []bool) []bool {
	out := make([]bool, max(1, len(t.sets.list)))
	for i, set := range t.sets.list {
		out[i] = slices.ContainsFunc(set, func(n uint32) bool { return topics[n] })
	}
	return out
}

// fails gives the filters row n does not pass.
func (w *walk) fails(n int32) int {
	t, f := w.t, 0
	if w.topics != nil && !w.topics[t.topics[n]] {
		f |= failTopics
	}
	if len(w.ask.Tiers) > 0 && !w.tiers[t.tier[n]] {
		f |= failTiers
	}
	if len(w.ask.Tones) > 0 && !w.tones[t.tone[n]] {
		f |= failTones
	}
	if len(w.ask.Langs) > 0 && !w.langs[t.lang[n]] {
		f |= failLangs
	}
	if w.sources != nil && !w.sources[t.source[n]] {
		f |= failSources
	}
	if at := t.at[n]; at < w.from || at >= w.to {
		f |= failDates
	}
	return f
}

// toneNames are the classes of veille.Reading.ToneClass.
var toneNames = [...]string{"negative", "neutral", "positive"}

func toneOf(tone float64) uint8 {
	return uint8(slices.Index(toneNames[:], veille.Reading{Tone: tone}.ToneClass()))
}

// hit notes a row that passes every filter.
func (w *walk) hit(n int32, score float32) {
	w.entries++
	c := candidate{row: n, score: score}
	w.fold.add(w.t, c, w.ask.ByScore)
	if !w.ask.ByStory || w.t.story[n] == 0 {
		w.best.offer(c)
	}
}

// count adds a row to the facets and days that do not count its failures.
func (w *walk) count(n int32, fails int) {
	if w.ask.Facets && fails&(fails-1) == 0 {
		w.tally.add(w.t, n, fails)
	}
	if len(w.days.n) > 0 && fails&^failDates == 0 {
		w.days.add(w.t.at[n])
	}
}

func (w *walk) answer() Answer {
	a := Answer{Entries: w.entries, Stories: w.fold.stories, Histogram: w.days.list()}
	if w.ask.ByStory {
		for _, s := range w.fold.seen {
			w.best.offer(w.fold.groups[s].first)
		}
	}
	for _, c := range w.best.page(w.ask.Offset) {
		a.Hits = append(a.Hits, w.show(c))
	}
	if w.ask.Facets {
		a.Facets = w.tally.facets(w.t, w.ask)
	}
	w.t.pool.Put(w.fold)
	return a
}

func (w *walk) show(c candidate) Hit {
	n, s := c.row, w.t.story[c.row]
	h := Hit{Score: float64(c.score)}
	if s > 0 {
		h.StoryID = w.t.stories.keys[s-1]
		if w.ask.ByStory {
			g := w.fold.groups[s]
			h.More = int(g.n) - 1
			if g.original.row >= 0 {
				n = g.original.row
			}
		}
	}
	h.ID = w.t.ids[n]
	return h
}

// sorted puts counts in order, with the ticked keys that found nothing.
func sorted(counts []Count, ticked []string) []Count {
	for _, k := range ticked {
		if !slices.ContainsFunc(counts, func(c Count) bool { return c.Key == k }) {
			counts = append(counts, Count{Key: k})
		}
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Key, b.Key))
	})
	return counts
}

func tierKey(t veille.Tier) string { return strconv.Itoa(int(tierOf(t))) }
