// Package dedup finds the entries that reprint an earlier one: the wire story
// on fifteen sites, the release copied by each weekly of a group, with its
// first line or its title changed.
//
// A Window holds the fingerprints of the last days in memory and nothing else;
// it sends nothing. It is rebuilt from the store with Restore.
//
// Texts are cut into runs of four words; sixty-four minima of their hashes,
// in thirty-two bands of two, choose candidates, and the share of the shorter
// text's runs that the longer has decides. A 64-bit SimHash at three bits was
// measured at a recall of .06 on edited reprints, which is why there is none.
//
// Source: Broder, On the resemblance and containment of documents, 1997;
// Indyk and Motwani, Approximate nearest neighbors, 1998 (bands).
package dedup

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	hashes = 64 // minima of one text
	bands  = 32 // of hashes/bands minima each: resemblance .3 is found 19 times of 20
	// contained is the share of the shorter text's runs from which it is a
	// reprint. Two reports of one event by two hands share less than a tenth.
	contained = .3
	// brief is the number of runs under which chance and formulas ("a remis
	// 2 000 $ à la popote roulante de") make shares meaningless; half of the
	// runs must then be common.
	brief          = 60
	containedBrief = .5
	// fewest is the least number of common runs, for texts of a line or two.
	fewest = 5
)

// A Config says how much a Window remembers.
type Config struct {
	Span time.Duration // how long an entry can be reprinted, by its date. Optional: 14 days
	Max  int           // how many entries are held at most, some 2 KB each. Optional: 30,000
}

// A Doc is what is compared of an entry.
type Doc struct {
	ID    veille.EntryID
	Title string
	Text  string
	At    time.Time // when it was published; zero: unknown, and time says nothing
}

// A Window is the memory of the last entries. It is not safe for use by
// several goroutines.
type Window struct {
	c      Config
	byID   map[veille.EntryID]*imprint
	order  []*imprint // as added, dead ones at the front dropped
	band   [bands]map[uint64][]*imprint
	newest time.Time
	buf    scratch
}

// An imprint is the fingerprint of one entry.
type imprint struct {
	id   veille.EntryID
	of   veille.EntryID // the original it reprints; "" when it is one
	at   time.Time
	runs []uint32 // hashes of its runs, sorted, each once
	keys [bands]uint64
}

// New makes an empty Window.
func New(c Config) *Window {
	if c.Span <= 0 {
		c.Span = 14 * 24 * time.Hour
	}
	if c.Max <= 0 {
		c.Max = 30_000
	}
	w := &Window{c: c, byID: make(map[veille.EntryID]*imprint)}
	for i := range w.band {
		w.band[i] = make(map[uint64][]*imprint)
	}
	return w
}

// Add remembers an entry and gives the earliest entry it reprints, if it does.
// An entry added before gets the answer it got then.
func (w *Window) Add(d Doc) (of veille.EntryID, ok bool) {
	if p := w.byID[d.ID]; p != nil {
		return p.of, p.of != ""
	}
	p := w.buf.imprint(d)
	if o := w.original(p); o != nil {
		p.of = o.id
		if o.of != "" {
			p.of = o.of
		}
	}
	w.keep(p)
	return p.of, p.of != ""
}

// Restore remembers an entry with the answer it got before: of is the entry it
// reprints, "" when it is an original.
func (w *Window) Restore(d Doc, of veille.EntryID) {
	if w.byID[d.ID] != nil {
		return
	}
	p := w.buf.imprint(d)
	p.of = of
	w.keep(p)
}

// Len is how many entries are remembered.
func (w *Window) Len() int { return len(w.byID) }

// original gives the remembered entry that p has most in common with, nil when
// p is none's reprint. Among equals the earliest wins.
func (w *Window) original(p *imprint) *imprint {
	var best *imprint
	most := 0.0
	seen := w.buf.seen
	clear(seen)
	for i, k := range p.keys {
		if len(p.runs) == 0 {
			break
		}
		for _, o := range w.band[i][k] {
			if seen[o] || far(p.at, o.at) > w.c.Span {
				continue
			}
			seen[o] = true
			share, ok := reprints(p.runs, o.runs)
			if ok && (best == nil || share > most || share == most && o.at.Before(best.at)) {
				best, most = o, share
			}
		}
	}
	return best
}

// far is the time between two dates, none when either is unknown.
func far(a, b time.Time) time.Duration {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return a.Sub(b).Abs()
}

// reprints tells whether one text reprints the other, and the share of the
// shorter that is common.
func reprints(a, b []uint32) (float64, bool) {
	n := common(a, b)
	short := min(len(a), len(b))
	if n == 0 {
		return 0, false
	}
	share := float64(n) / float64(short)
	if short < fewest {
		return share, share == 1 && max(len(a), len(b)) <= 2*fewest
	}
	need := contained
	if short < brief {
		need = containedBrief
	}
	return share, n >= fewest && share >= need
}

// common counts the numbers in both sorted lists.
func common(a, b []uint32) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// keep remembers an imprint and forgets what is too old or too many.
func (w *Window) keep(p *imprint) {
	w.byID[p.id] = p
	w.order = append(w.order, p)
	if len(p.runs) > 0 {
		for i, k := range p.keys {
			w.band[i][k] = append(w.band[i][k], p)
		}
	}
	if p.at.After(w.newest) {
		w.newest = p.at
	}
	drop := 0
	for drop < len(w.order) && (len(w.order)-drop > w.c.Max || far(w.newest, w.order[drop].at) > w.c.Span) {
		w.forget(w.order[drop])
		drop++
	}
	if drop > 0 {
		w.order = slices.Delete(w.order, 0, drop)
	}
}

func (w *Window) forget(p *imprint) {
	delete(w.byID, p.id)
	if len(p.runs) == 0 {
		return
	}
	for i, k := range p.keys {
		left := slices.DeleteFunc(w.band[i][k], func(o *imprint) bool { return o == p })
		if len(left) == 0 {
			delete(w.band[i], k)
		} else {
			w.band[i][k] = left
		}
	}
}
