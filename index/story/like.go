package story

import (
	"math"
	"time"
)

// join is the likeness from which an entry joins a story. All the numbers
// below were chosen together, on headlines, full texts and the two-language
// stream at once, and none for one of them alone.
const join = .36

const (
	// kept is the part of an entry's words that come of its own story, the
	// rest of the news at large: a second report says it in its own words.
	kept = .25
	// doubt is how many entries are supposed to tell the story in other words,
	// so that a story of one entry does not promise its words again.
	doubt = 1
	// most is the most one feature can tell, as a logarithm: a rare word shared
	// by chance, or a misspelling, is no proof.
	most = 2.5
	// longer is the power of an entry's size by which its odds are divided:
	// words come in company, so that ten are not ten times one. It is what lets
	// a headline and a full text be asked the same.
	longer = .55
	// foreign is the part of the missing words that count when no entry of the
	// story is in their language.
	foreign = .5
	// gathering is what each e-fold of its entries, up to crowd, adds to a
	// story: the more ways an event was told, the likelier the next way is of
	// it too.
	gathering, crowd = .167, 150
	// fading is what a day away from a story takes: a local story is told for a
	// week or two, and the same words a month later are another event.
	fading = .031
	// oddsFloor and cosineFloor are what places and common names may add with
	// nothing else: two events in one town are the usual error.
	oddsFloor, cosineFloor = 1.4, .07
	// namesFloor and namesShare bound what all names add to the odds, by what
	// the words add: the same people are in other news.
	namesFloor, namesShare = 4.5, 4
	// silence is the most that a story's words missing from an entry take away,
	// and settled the number of entries that makes half of it: what all tell of
	// an event, the next does too.
	silence, settled = .34, 1
	// rarely is the number of entries of which one at least must say a word for
	// its silence to tell anything.
	rarely = 3
)

// looks is how many stories are compared in full with an entry: those that
// share most of its heaviest features, by weight. It bounds the cost of an
// entry however many stories are alive; every figure of the development sets is
// the same as without it.
const looks = 32

// nearest gathers the stories that share heavy features with an entry.
type nearest struct{ found, most []*cluster }

// of gives those that share most, the most first.
func (n *nearest) of(t *terms, heaviest []feature) []*cluster {
	n.found, n.most = n.found[:0], n.most[:0]
	for _, f := range heaviest {
		for _, s := range t.all[f.id].posts {
			if s.shared == 0 {
				n.found = append(n.found, s)
			}
			s.shared += f.weight * f.weight
		}
	}
	for _, s := range n.found {
		n.keep(s)
	}
	for _, s := range n.found {
		s.shared = 0
	}
	return n.most
}

// keep puts a story in its place among the most, if it has one.
func (n *nearest) keep(s *cluster) {
	if len(n.most) == looks {
		if !s.before(n.most[looks-1]) {
			return
		}
		n.most = n.most[:looks-1]
	}
	n.most = append(n.most, s)
	for i := len(n.most) - 1; i > 0 && s.before(n.most[i-1]); i-- {
		n.most[i], n.most[i-1] = n.most[i-1], s
	}
}

func (s *cluster) before(o *cluster) bool {
	return s.shared > o.shared || s.shared == o.shared && s.order < o.order
}

// best gives the story an entry joins, nil when it is like none enough.
func (g *Grouper) best(v vector) *cluster {
	most := g.c.Join
	var best *cluster
	for _, s := range g.near.of(&g.terms, v.heaviest()) {
		if away(v.at, s) > g.c.Window {
			continue
		}
		like := v.like(s)
		if like > most { // silence only takes away
			like -= g.silence(v, s)
		}
		if like > most || like == most && best != nil && s.order < best.order {
			best, most = s, like
		}
	}
	return best
}

// like tells how much an entry is like a story, before what it does not say: 0
// or less for one of another event, seldom more than 3.
func (v vector) like(s *cluster) float64 {
	lost := v.missed + v.missedHere
	if s.in[v.tongue] == 0 {
		lost = v.missed + foreign*v.missedHere
	}
	norm := math.Sqrt(s.norm)
	var odds, cosine shares
	for _, f := range v.features {
		d, ok := s.has(f.id)
		if !ok {
			continue
		}
		n := s.n
		if f.kind == word {
			n = s.in[v.tongue]
		}
		odds.add(f, f.worth*min(most, math.Log1p(f.odds*float64(d.n)/float64(n+doubt))))
		cosine.add(f, f.weight*float64(d.weight)/norm)
	}
	o := odds.words + min(odds.names+odds.bounded(oddsFloor), namesFloor+namesShare*odds.words)
	c := cosine.words + cosine.names + cosine.bounded(cosineFloor)
	return (o-lost)/v.size + c + gathering*math.Log(float64(min(s.n, crowd))) - fading*away(v.at, s).Hours()/24
}

// shares are what an entry and a story share of words, of names, and of names
// that are no one event's.
type shares struct{ words, names, common float64 }

func (s *shares) add(f feature, shared float64) {
	switch {
	case f.common:
		s.common += shared
	case f.kind == name:
		s.names += shared
	default:
		s.words += shared
	}
}

// bounded is what common names count: no more than all else does, and a little.
func (s shares) bounded(floor float64) float64 { return min(s.common, floor+s.words+s.names) }

// away is the time between an entry and a story, 0 when either's is unknown.
func away(at time.Time, s *cluster) time.Duration {
	if at.IsZero() || s.last.IsZero() {
		return 0
	}
	gap := at.Sub(s.last)
	if at.Before(s.first) {
		gap = s.first.Sub(at)
	}
	return max(0, gap)
}

// silence is what the words of a story that the entry read last does not say
// take away, each by how many of the story's entries say it and how rare it is.
func (g *Grouper) silence(v vector, s *cluster) float64 {
	if s.n < 2 {
		return 0
	}
	all, missing := 0., 0.
	for _, d := range s.sum {
		n := s.n
		switch d.kind {
		case field:
			continue
		case word:
			n = s.in[v.tongue]
		}
		if int(d.n)*rarely < n || n == 0 {
			continue
		}
		w := float64(d.n) / float64(n) * g.rarity(d.id)
		all += w
		if g.terms.all[d.id].read != v.order {
			missing += w
		}
	}
	if all == 0 {
		return 0
	}
	return silence * missing / all * float64(s.n) / float64(s.n+settled)
}
