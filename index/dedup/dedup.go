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
	"cmp"
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
	// mostLooks is how many remembered entries one is compared with at most,
	// the latest of each band: a formula sent a thousand times is not
	// compared with each.
	mostLooks = 256
)

// A Config says how much a Window remembers.
type Config struct {
	Span time.Duration // how long an entry can be reprinted, by its date. Optional: 14 days
	Max  int           // how many entries are held at most, some 1.5 KB each. Optional: 30,000
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
	c       Config
	numbers map[veille.EntryID]int32 // of the imprints remembered
	kept    []imprint                // as added; those before gone are forgotten
	gone    int
	first   int32                   // the number of kept[0]; the others follow
	band    [bands]map[uint32]int32 // by key, the number of the last imprint; its next holds the one before
	newest  time.Time
	buf     scratch
}

// An imprint is the fingerprint of one entry. Bands and imprints name each
// other by number: thousands of entries and no pointer between them, which the
// garbage collector would follow each time.
type imprint struct {
	id   veille.EntryID
	of   veille.EntryID // the original it reprints; "" when it is one
	at   time.Time
	n    int32 // its number
	runs runs
	keys [bands]uint32
	next [bands]int32 // the imprint of the same key before it; none under Window.first+gone
	seen int32        // the number of the last imprint compared with it
}

// New makes an empty Window.
func New(c Config) *Window {
	if c.Span <= 0 {
		c.Span = 14 * 24 * time.Hour
	}
	if c.Max <= 0 {
		c.Max = 30_000
	}
	w := &Window{c: c, numbers: make(map[veille.EntryID]int32)}
	for i := range w.band {
		w.band[i] = make(map[uint32]int32)
	}
	return w
}

// at gives a remembered imprint by its number, until another is kept.
func (w *Window) at(n int32) *imprint { return &w.kept[n-w.first] }

// Add remembers an entry and gives the earliest entry it reprints, if it does.
// An entry added before gets the answer it got then.
func (w *Window) Add(d Doc) (of veille.EntryID, ok bool) {
	if n, known := w.numbers[d.ID]; known {
		of = w.at(n).of
		return of, of != ""
	}
	p := w.buf.imprint(d)
	if o := w.original(&p); o != nil {
		p.of = cmp.Or(o.of, o.id)
	}
	w.keep(p)
	return p.of, p.of != ""
}

// Restore remembers an entry with the answer it got before: of is the entry it
// reprints, "" when it is an original.
func (w *Window) Restore(d Doc, of veille.EntryID) {
	if _, known := w.numbers[d.ID]; known {
		return
	}
	p := w.buf.imprint(d)
	p.of = of
	w.keep(p)
}

// Len is how many entries are remembered.
func (w *Window) Len() int { return len(w.numbers) }

// original gives the remembered entry that p has most in common with, nil when
// p is none's reprint. Among equals the earliest wins.
func (w *Window) original(p *imprint) *imprint {
	if len(p.runs.low) == 0 {
		return nil
	}
	var best *imprint
	most, looks := 0.0, 0
	p.n = w.first + int32(len(w.kept))
	for i, k := range p.keys {
		n, known := w.band[i][k]
		for ; known && n >= w.first+int32(w.gone) && looks < mostLooks; n = w.at(n).next[i] {
			o := w.at(n)
			if o.seen == p.n || far(p.at, o.at) > w.c.Span {
				continue
			}
			o.seen = p.n
			looks++
			share, ok := reprints(p.runs, o.runs)
			if ok && (best == nil || share > most || share == most && earlier(o, best)) {
				best, most = o, share
			}
		}
	}
	return best
}

// earlier orders imprints by date, those of one moment as they came.
func earlier(a, b *imprint) bool {
	return a.at.Before(b.at) || a.at.Equal(b.at) && a.n < b.n
}

// far is the time between two dates, none when either is unknown.
func far(a, b time.Time) time.Duration {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return a.Sub(b).Abs()
}

// keep remembers an imprint and forgets what is too old or too many.
func (w *Window) keep(p imprint) {
	p.n = w.first + int32(len(w.kept))
	p.seen = p.n
	w.numbers[p.id] = p.n
	if len(p.runs.low) > 0 {
		for i, k := range p.keys {
			p.next[i] = -1
			if before, known := w.band[i][k]; known {
				p.next[i] = before
			}
			w.band[i][k] = p.n
		}
	}
	w.kept = append(w.kept, p)
	if p.at.After(w.newest) {
		w.newest = p.at
	}
	for w.gone < len(w.kept) && (len(w.kept)-w.gone > w.c.Max || w.newest.Sub(w.kept[w.gone].at) > w.c.Span) {
		w.forget(&w.kept[w.gone])
		w.gone++
	}
	if w.gone > len(w.kept)/8 { // seldom, for all the others are moved
		w.kept = slices.Delete(w.kept, 0, w.gone)
		w.first += int32(w.gone)
		w.gone = 0
	}
}

// forget drops the oldest imprint.
func (w *Window) forget(p *imprint) {
	delete(w.numbers, p.id)
	if len(p.runs.low) > 0 {
		for i, k := range p.keys {
			if w.band[i][k] == p.n { // the last of its key
				delete(w.band[i], k)
			}
		}
	}
	p.runs.low = nil
}
