package columns

import (
	"slices"
	"strings"
)

// A folding gathers the hits of each story. It is used again and again.
type folding struct {
	stories int      // seen, an entry without a story counting as one
	seen    []uint32 // stories with a hit
	now     uint32
	groups  []group // by story
}

// A group is the hits of one story.
type group struct {
	stamp    uint32 // the search it belongs to
	n        int32
	first    candidate
	original candidate // the first that reprints no other; row -1 when there is none
}

// reset forgets the last search, and makes room for story numbers below n.
func (f *folding) reset(n int) {
	if f.now++; f.now == 0 {
		clear(f.groups)
		f.now = 1
	}
	f.stories, f.seen = 0, f.seen[:0]
	if grow := n - len(f.groups); grow > 0 {
		f.groups = append(f.groups, make([]group, grow)...)
	}
}

// add notes a hit.
func (f *folding) add(t *Table, c candidate, byScore bool) {
	s := t.story[c.row]
	if s == 0 {
		f.stories++
		return
	}
	g := &f.groups[s]
	if g.stamp != f.now {
		f.stories++
		f.seen = append(f.seen, s)
		*g = group{stamp: f.now, first: c, original: candidate{row: -1}}
	}
	g.n++
	if t.before(c, g.first, byScore) {
		g.first = c
	}
	if !t.dup[c.row] && (g.original.row < 0 || t.before(c, g.original, byScore)) {
		g.original = c
	}
}

// A candidate is a row that may be shown.
type candidate struct {
	row   int32
	score float32
}

// before tells whether a is shown before b: the better score first if asked,
// then the newer, then by id so that every rebuild gives the same order.
func (t *Table) before(a, b candidate, byScore bool) bool {
	if byScore && a.score != b.score {
		return a.score > b.score
	}
	if t.at[a.row] != t.at[b.row] {
		return t.at[a.row] > t.at[b.row]
	}
	return strings.Compare(string(t.ids[a.row]), string(t.ids[b.row])) < 0
}

// A top keeps the k first of the candidates offered, as a heap with the last
// of them at its root.
type top struct {
	t       *Table
	k       int
	byScore bool
	heap    []candidate
}

func (h *top) offer(c candidate) {
	if len(h.heap) < h.k {
		h.heap = append(h.heap, c)
		for i := len(h.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if !h.t.before(h.heap[up], h.heap[i], h.byScore) {
				return
			}
			h.heap[up], h.heap[i] = h.heap[i], h.heap[up]
			i = up
		}
		return
	}
	if h.k == 0 || !h.t.before(c, h.heap[0], h.byScore) {
		return
	}
	h.heap[0] = c
	for i := 0; ; {
		last := i
		for _, down := range [...]int{2*i + 1, 2*i + 2} {
			if down < h.k && h.t.before(h.heap[last], h.heap[down], h.byScore) {
				last = down
			}
		}
		if last == i {
			return
		}
		h.heap[last], h.heap[i] = h.heap[i], h.heap[last]
		i = last
	}
}

// page gives the candidates after the first offset, in order.
func (h *top) page(offset int) []candidate {
	slices.SortFunc(h.heap, func(a, b candidate) int {
		if h.t.before(a, b, h.byScore) {
			return -1
		}
		return 1
	})
	return h.heap[min(max(offset, 0), len(h.heap)):]
}
