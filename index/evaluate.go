package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"veilleur/index/columns"
	"veilleur/index/query"
	"veilleur/index/text"

	"github.com/RoaringBitmap/roaring/v2"
	scorchsegment "github.com/blevesearch/scorch_segment_api/v2"
)

// evaluation is one query being answered.
type evaluation struct {
	ctx    context.Context
	view   columns.View
	zone   *time.Location
	terms  int                   // read so far
	expand map[string][][]string // by Text: for each language and word, the forms to look up
}

// eval gives the documents among within that a node matches. The bitmap it
// gives is the caller's; it may change within.
func (e *evaluation) eval(seg *segment, n query.Node, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	if within.IsEmpty() {
		return within, nil
	}
	switch n := n.(type) {
	case query.And:
		var err error
		for _, c := range textFirst(n) {
			if within, err = e.eval(seg, c, within); err != nil {
				return nil, err
			}
		}
		return within, nil
	case query.Or:
		out := roaring.New()
		for _, c := range n {
			docs, err := e.eval(seg, c, within.Clone())
			if err != nil {
				return nil, err
			}
			out.Or(docs)
		}
		return out, nil
	case query.Not:
		docs, err := e.eval(seg, n.Of, within.Clone())
		if err != nil {
			return nil, err
		}
		within.AndNot(docs)
		return within, nil
	case query.Text:
		return e.text(seg, n, within)
	}
	return e.filter(seg, n, within), nil
}

// textFirst puts the words of an And before its filters, which are cheaper the
// fewer documents are left.
func textFirst(n query.And) []query.Node {
	out := slices.Clone(n)
	slices.SortStableFunc(out, func(a, b query.Node) int { return weight(a) - weight(b) })
	return out
}

func weight(n query.Node) int {
	switch n.(type) {
	case query.Text:
		return 0
	case query.And, query.Or:
		return 1
	case query.Not:
		return 2
	}
	return 3
}

// filter keeps the documents whose row passes a leaf that is no Text.
func (e *evaluation) filter(seg *segment, n query.Node, within *roaring.Bitmap) *roaring.Bitmap {
	passes := e.view.Filter(n, e.zone)
	out := roaring.New()
	for it := within.Iterator(); it.HasNext(); {
		doc := it.Next()
		if row := seg.rows[doc]; row >= 0 && passes(row) {
			out.Add(doc)
		}
	}
	return out
}

// text gives the documents among within of a Text, a bitmap of the caller's.
func (e *evaluation) text(seg *segment, t query.Text, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	key := keyOf(t)
	if docs, ok := seg.memo[key]; ok {
		return roaring.And(within, docs), nil
	}
	if err := e.ctx.Err(); err != nil {
		return nil, err
	}
	out := roaring.New()
	for i, lang := range languages {
		docs, err := e.inLang(seg, t, e.forms(key, t)[i*len(t.Words):], lang, within)
		if err != nil {
			return nil, err
		}
		if docs != nil {
			out.Or(docs)
		}
	}
	if len(t.Words) > 1 {
		return out, nil
	}
	seg.memo[key] = out // of one word inLang gives all documents
	return roaring.And(within, out), nil
}

// languages are the languages stems differ in; any other is as the last.
var languages = [...]string{"fr", "en", ""}

func keyOf(t query.Text) string {
	return fmt.Sprint(t.In, t.Prefix, t.Near, strings.Join(t.Words, " "))
}

// forms gives the terms to look up for each word in French, then in English,
// then in neither; none for a beginning, whose terms each segment lists.
func (e *evaluation) forms(key string, t query.Text) [][]string {
	if out, ok := e.expand[key]; ok {
		return out
	}
	var out [][]string
	for _, lang := range languages {
		mark := string(langMark(lang))
		for i, w := range t.Words {
			if t.Prefix && i == len(t.Words)-1 {
				out = append(out, nil)
				continue
			}
			forms := text.Forms(lang, text.Stem(lang, w))
			for k := range forms {
				forms[k] = mark + forms[k]
			}
			out = append(out, forms)
		}
	}
	e.expand[key] = out
	return out
}

// spot is where one word of a Text stands in a segment, in any of its forms.
type spot struct {
	docs  *roaring.Bitmap
	lists []scorchsegment.PostingsList // when keep
	keep  bool
}

// inLang gives the documents in a language where the words of t stand as
// asked, those among within when they are several; nil when there are none.
func (e *evaluation) inLang(seg *segment, t query.Text, forms [][]string, lang string, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	spots := make([]*spot, len(t.Words))
	for i, w := range t.Words {
		begins := t.Prefix && i == len(t.Words)-1
		if k := slices.Index(t.Words, w); k < i && !begins {
			spots[i] = spots[k]
			continue
		}
		spots[i] = &spot{keep: len(t.Words) > 1}
		var err error
		if begins {
			err = e.beginning(spots[i], seg, fieldOf(t), string(langMark(lang))+w)
		} else {
			err = e.word(spots[i], seg, fieldOf(t), forms[i])
		}
		if err != nil || spots[i].docs == nil {
			return nil, err
		}
	}
	if len(spots) == 1 {
		return spots[0].docs, nil
	}
	docs := roaring.And(within, spots[0].docs)
	for _, s := range spots[1:] {
		docs.And(s.docs)
	}
	return standing(t, spots, docs)
}

// word finds the forms of one word.
func (e *evaluation) word(s *spot, seg *segment, field string, forms []string) error {
	for _, term := range forms {
		if err := e.add(s, seg, field, term); err != nil {
			return err
		}
	}
	return nil
}

// beginning finds every word that begins so.
func (e *evaluation) beginning(s *spot, seg *segment, field, start string) error {
	return seg.ranged(field, start, func(term string) error { return e.add(s, seg, field, term) })
}

func (e *evaluation) add(s *spot, seg *segment, field, term string) error {
	if e.terms++; e.terms > maxTerms {
		return tooBroad()
	}
	if e.terms%1024 == 0 && e.ctx.Err() != nil {
		return e.ctx.Err()
	}
	p, err := seg.postings(field, term)
	if err != nil || p == nil {
		return err
	}
	if s.docs == nil {
		s.docs = roaring.New()
	}
	if s.keep {
		s.lists = append(s.lists, p)
	}
	return orInto(p, s.docs)
}
