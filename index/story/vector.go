package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

const (
	// titleTimes is how many times a word of the title counts as said, and
	// again what each e-fold of times adds to its weight: the cosine is of
	// what is said first and most, while odds are read off every word alike.
	titleTimes, again = 6., 3.7
	// unseen is the number of entries supposed to have been read before the
	// first, so that the rarity of words does not jump while the window fills.
	unseen = 86
	// daily is the number of days beyond which a name is no one event's: a
	// branch's own name is in the news each week, of as many events.
	daily = 5
)

// A vector is one entry as compared: its features, heaviest first, and what
// holds for all of them.
type vector struct {
	features   []feature
	order      int // which entry it is, by the count of those read
	tongue     int // 1: French, 0: any other
	at         time.Time
	size       float64 // what its odds are divided by
	missed     float64 // odds lost if no feature of all languages is in the story
	missedHere float64 // and if no word of its own language is
}

// heaviest are the features by which stories are found.
func (v vector) heaviest() []feature { return v.features[:min(heavy, len(v.features))] }

// read counts an entry's features and weighs them.
func (g *Grouper) read(d Doc) vector {
	g.reads++
	v := vector{features: g.features(d), order: g.reads, at: d.Published}
	if d.Lang == "fr" {
		v.tongue = 1
	}
	g.docs++
	g.in[v.tongue]++
	norm, size := 0., 0.
	for i := range v.features {
		f := &v.features[i]
		t := &g.terms.all[f.id]
		t.df++
		t.read = v.order
		if f.kind == name && !d.Published.IsZero() {
			t.days = t.days.on(d.Published)
		}
		f.common = f.kind == place || f.kind == name && t.days.n > daily
		weight, worth := f.kind.counts()
		f.weight = (1 + again*math.Log(f.times)) * g.rarity(f.id) * weight
		f.worth = worth
		norm += f.weight * f.weight
		size += worth
		docs := g.docs
		if f.kind == word {
			docs = g.in[v.tongue]
			v.missedHere -= worth * math.Log(1-kept)
		} else {
			v.missed -= worth * math.Log(1-kept)
		}
		f.odds = kept / (1 - kept) * float64(docs+unseen) / float64(t.df+1)
	}
	v.size = math.Pow(size, longer)
	norm = math.Sqrt(norm)
	for i := range v.features {
		v.features[i].weight /= norm
	}
	slices.SortFunc(v.features, func(a, b feature) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(g.terms.all[a.id].key, g.terms.all[b.id].key))
	})
	return v
}

func (g *Grouper) rarity(id int32) float64 {
	return math.Log(1 + float64(g.docs+unseen)/(float64(g.terms.all[id].df)+1))
}

// counts tells what a kind counts beside words, in the cosine and in the odds:
// an event is mostly who, where and how many; a concept gathers words that do
// not always mean one thing, a field words that often do not.
func (k kind) counts() (weight, worth float64) {
	switch k {
	case field:
		return 1.3, .03
	case concept:
		return 1, .74
	case number:
		return .45, 1.6
	case name, place:
		return 2.2, 2
	}
	return 1, 1
}
