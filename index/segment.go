package index

import (
	"veilleur/index/query"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	scorchsegment "github.com/blevesearch/scorch_segment_api/v2"
)

// segment is one part of the engine's index, with the row number of each of
// its documents.
type segment struct {
	snap  *scorch.SegmentSnapshot
	rows  []int32
	dicts map[string]scorchsegment.TermDictionary
	memo  map[string]*roaring.Bitmap // documents of a Text of one word, deleted ones too
}

func newSegment(snap *scorch.SegmentSnapshot, rows []int32) *segment {
	return &segment{snap: snap, rows: rows, dicts: map[string]scorchsegment.TermDictionary{}, memo: map[string]*roaring.Bitmap{}}
}

// live gives the documents that were not deleted, a bitmap of the caller's.
func (s *segment) live() *roaring.Bitmap { return s.snap.DocNumbersLive() }

func (s *segment) dict(field string) (scorchsegment.TermDictionary, error) {
	if d, ok := s.dicts[field]; ok {
		return d, nil
	}
	d, err := s.snap.Segment().Dictionary(field)
	if err == nil {
		s.dicts[field] = d
	}
	return d, err
}

// postings gives where a term stands; nil when it stands nowhere. A list must
// not be used for another term: bitmaps made of it share its memory.
func (s *segment) postings(field, term string) (scorchsegment.PostingsList, error) {
	d, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	p, err := d.PostingsList([]byte(term), nil, nil)
	if err != nil || p == nil || p.Count() == 0 {
		return nil, err
	}
	return p, nil
}

// ranged calls f with each term of a field from a beginning on.
func (s *segment) ranged(field, beginning string, f func(term string) error) error {
	d, err := s.dict(field)
	if err != nil {
		return err
	}
	stop := []byte(beginning)
	stop[len(stop)-1]++ // never 0xFF: terms are UTF-8
	iterate := d.AutomatonIterator
	if quick, ok := d.(interface {
		AutomatonIteratorOmitCount(a scorchsegment.Automaton, from, to []byte) scorchsegment.DictionaryIterator
	}); ok {
		iterate = quick.AutomatonIteratorOmitCount
	}
	it := iterate(nil, []byte(beginning), stop)
	for {
		e, err := it.Next()
		if err != nil || e == nil {
			return err
		}
		if err := f(e.Term); err != nil {
			return err
		}
	}
}

// orInto adds the documents of a postings list to a bitmap.
func orInto(p scorchsegment.PostingsList, docs *roaring.Bitmap) error {
	if fast, ok := p.(interface{ OrInto(*roaring.Bitmap) }); ok {
		fast.OrInto(docs)
		return nil
	}
	it := p.Iterator(false, false, false, nil)
	for {
		next, err := it.Next()
		if err != nil || next == nil {
			return err
		}
		docs.Add(uint32(next.Number()))
	}
}

// fieldOf gives the engine's field for a Text.
func fieldOf(t query.Text) string {
	switch t.In {
	case query.Title:
		return fieldTitle
	case query.Author:
		return fieldAuthor
	}
	return fieldWords
}
