package index

import (
	"slices"

	"veilleur/index/query"

	"github.com/RoaringBitmap/roaring/v2"
	scorchsegment "github.com/blevesearch/scorch_segment_api/v2"
)

// standing keeps of docs, where every word stands, those where they stand as t
// asks: side by side, or near each other.
func standing(t query.Text, spots []*spot, docs *roaring.Bitmap) (*roaring.Bitmap, error) {
	readers := make([]*reader, len(spots))
	at := make([][]int, len(spots))
	out := roaring.New()
	for it := docs.Iterator(); it.HasNext(); {
		doc := it.Next()
		for i, s := range spots {
			if k := slices.Index(spots, s); k < i {
				at[i] = at[k] // a word that comes again
				continue
			}
			if readers[i] == nil {
				readers[i] = newReader(s.lists)
			}
			var err error
			if at[i], err = readers[i].positions(doc, at[i][:0]); err != nil {
				return nil, err
			}
		}
		if t.Stand(at) {
			out.Add(doc)
		}
	}
	return out, nil
}

// reader reads the positions of one word, in any of its forms, document after
// document.
type reader struct {
	its  []scorchsegment.PostingsIterator
	next []scorchsegment.Posting // nil when there is no more
	end  []bool
}

func newReader(lists []scorchsegment.PostingsList) *reader {
	r := &reader{next: make([]scorchsegment.Posting, len(lists)), end: make([]bool, len(lists))}
	for _, l := range lists {
		r.its = append(r.its, l.Iterator(true, false, true, nil))
	}
	return r
}

// positions appends the ascending positions of the word in a document, which
// must come after the one asked before.
func (r *reader) positions(doc uint32, at []int) ([]int, error) {
	forms := 0
	for i, it := range r.its {
		if r.end[i] {
			continue
		}
		if r.next[i] == nil || r.next[i].Number() < uint64(doc) {
			p, err := it.Advance(uint64(doc))
			if err != nil {
				return nil, err
			}
			r.next[i], r.end[i] = p, p == nil
		}
		if r.end[i] || r.next[i].Number() != uint64(doc) {
			continue
		}
		forms++
		for _, l := range r.next[i].Locations() {
			at = append(at, int(l.Pos()))
		}
	}
	if forms > 1 {
		slices.Sort(at)
	}
	return at, nil
}
