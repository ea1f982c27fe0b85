package story

import (
	"math"
	"time"
)

// The numbers below were chosen together, on headlines, full texts and the
// two-language stream at once; none was moved for one of them alone.
const (
	// fading is the time after which likeness has lost half its weight: a
	// local story is told for a week or two, and the same words a month later
	// are another event.
	fading = 11 * 24 * time.Hour
	// usual is how many features an entry with a title and a lead has. A bare
	// headline has a third of them, is like its story by fewer, and is asked
	// for less, by the power of shorter.
	usual   = 25
	shorter = .4
	// gathering is the power by which a story's entries, up to crowd of them,
	// make it ask for less: the more ways an event was told, the likelier the
	// next way is of it too.
	gathering, crowd = .2, 30
	// common is the number of stories beyond which a name is no one's: the
	// movement's, a minister's.
	common = 3
	// daily is the number of days beyond which a name is no one's either: a
	// branch's own name is in the news each week, of as many events.
	daily = 5
	// nameFloor and nameShare bound what places and common names add to
	// likeness: a little, and half of what the other words add. Two events in
	// one town are the usual error.
	nameFloor, nameShare = .04, .5
	// nameWorth and numberWorth are what names and numbers found, or not, in
	// the story move likeness; numberLack what numbers found nowhere in it
	// take away: the same kind of event has other figures.
	nameWorth, numberWorth, numberLack = .05, .05, .03
)

// looks is how many stories are compared in full with an entry: those that
// share most of its heaviest features, by weight. It bounds the cost of an
// entry however many stories are alive; every figure of the development sets is
// the same as without it.
const looks = 32

// nearest gathers the stories that share heavy features with an entry.
type nearest struct{ found, most []*cluster }

// of gives those that share most, the most first.
func (n *nearest) of(t *terms, v vector) []*cluster {
	n.found, n.most = n.found[:0], n.most[:0]
	for _, f := range v[:min(heavy, len(v))] {
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
func (g *Grouper) best(v vector, d Doc) *cluster {
	most := g.c.Join * math.Pow(float64(len(v))/usual, shorter)
	var best *cluster
	for _, s := range g.near.of(&g.terms, v) {
		like := g.like(v, d, s) * math.Pow(float64(min(s.n, crowd)), gathering)
		if like > most || like == most && best != nil && s.order < best.order {
			best, most = s, like
		}
	}
	return best
}

// like tells how much an entry is like a story, in about [0,1].
func (g *Grouper) like(v vector, d Doc, s *cluster) float64 {
	words, names := 0.0, 0.0
	var ev evidence
	for _, f := range v {
		w, in := s.weight(f.id)
		ev.see(f, in)
		switch {
		case !in:
		case f.kind == place || f.kind == name && g.shared(f.id):
			names += f.weight * w
		default:
			words += f.weight * w
		}
	}
	norm := math.Sqrt(s.norm)
	words, names = words/norm, names/norm
	return (words+min(names, nameFloor+nameShare*words))*decay(d.Published, s) + ev.worth()
}

// shared tells whether a name is no one event's.
func (g *Grouper) shared(id int32) bool {
	t := &g.terms.all[id]
	return len(t.posts) > common || t.days.n > daily
}

// days counts the days a name was read on. It counts each change of day, so
// that entries out of order count a little more.
type days struct{ last, n int }

func (d days) on(at time.Time) days {
	if day := int(at.Unix() / 86400); day != d.last {
		return days{day, d.n + 1}
	}
	return d
}

// decay is what the time between an entry and a story leaves of likeness: 1
// when either time is unknown.
func decay(at time.Time, s *cluster) float64 {
	if at.IsZero() || s.last.IsZero() {
		return 1
	}
	gap := at.Sub(s.last)
	if at.Before(s.first) {
		gap = s.first.Sub(at)
	}
	if gap <= 0 {
		return 1
	}
	return math.Exp2(-float64(gap) / float64(fading))
}

// An evidence is what an entry has of names and numbers, and what of those the
// story has, by weight.
type evidence struct {
	names, namesIn     float64
	numbers, numbersIn float64
}

func (e *evidence) see(f feature, in bool) {
	all, shared := &e.names, &e.namesIn
	switch f.kind {
	case word:
		return
	case number:
		all, shared = &e.numbers, &e.numbersIn
	}
	*all += f.weight
	if in {
		*shared += f.weight
	}
}

// worth moves the likeness: common names and numbers for, names and numbers
// all foreign to the story against.
func (e *evidence) worth() float64 {
	w := 0.0
	if e.names > 0 {
		w += nameWorth * (2*e.namesIn/e.names - 1) * min(1, e.names/.5)
	}
	if e.numbersIn > 0 {
		return w + numberWorth*min(1, e.numbersIn/.2)
	}
	return w - numberLack*min(1, e.numbers/.4)
}
