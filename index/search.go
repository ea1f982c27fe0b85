package index

import (
	"context"
	"fmt"

	"veilleur/index/columns"
	"veilleur/index/query"
	"veilleur/internal/veille"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// maxTerms bounds the terms of the engine one search may read: past it a query
// of very many short beginnings is refused rather than left to hold the
// machine.
const maxTerms = 150_000

// Search reads the text part in the engine, segment by segment, as bitmaps,
// and leaves the rest to the columns.
func (b *bleve) Search(ctx context.Context, r Request) (res Result, err error) {
	defer rescue(&err)
	ask := r.ask(b.now())
	if r.Query.Empty() {
		err = b.table.View(func(v columns.View) error {
			res = v.Answer(v.Rows(), nil, ask)
			return nil
		})
		return res, err
	}
	err = b.snapshot(func(s *scorch.IndexSnapshot) error {
		segs, err := b.segments(s)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrRebuild, err)
		}
		return b.table.View(func(v columns.View) error {
			rows, scores, err := search(ctx, segs, v, r)
			if err == nil {
				res = v.Answer(rows, scores, ask)
				return nil
			}
			if ctx.Err() != nil || veille.KindOf(err) != nil {
				return err
			}
			return fmt.Errorf("%w: %w", ErrRebuild, err)
		})
	})
	if err != nil {
		return Result{}, fmt.Errorf("index: search: %w", err)
	}
	return res, nil
}

// segments gives the segments of a snapshot, with their row numbers.
func (b *bleve) segments(s *scorch.IndexSnapshot) ([]*segment, error) {
	list := s.Segments()
	out := make([]*segment, len(list))
	for i, seg := range list {
		rows, err := b.maps.of(b.table, seg)
		if err != nil {
			return nil, err
		}
		out[i] = newSegment(seg, rows)
	}
	b.maps.keep(list)
	return out, nil
}

// search gives the rows whose words match, and their scores when asked.
func search(ctx context.Context, segs []*segment, v columns.View, r Request) ([]int32, []float32, error) {
	e := &evaluation{ctx: ctx, view: v, zone: r.Zone, expand: map[string][][]string{}}
	found := make([]*roaring.Bitmap, len(segs))
	total := 0
	for i, seg := range segs {
		docs, err := e.eval(seg, r.Query.Root, seg.live())
		if err != nil {
			return nil, nil, err
		}
		found[i] = docs
		total += int(docs.GetCardinality())
	}
	rows := make([]int32, 0, total)
	for i, seg := range segs {
		for it := found[i].Iterator(); it.HasNext(); {
			rows = append(rows, seg.rows[it.Next()])
		}
	}
	if !r.byScore() {
		return rows, nil, nil
	}
	scores, err := e.score(segs, found, r.Query, total)
	return rows, scores, err
}

// tooBroad says that a query asks for too many words.
func tooBroad() error {
	return veille.NewProblem(veille.ErrInvalid, veille.Say("query.error.broad"), nil)
}

// leaves gives the Texts a query asks for, those it excludes left out.
func leaves(q query.Query) []query.Text {
	var out []query.Text
	query.Each(q, func(n query.Node, negated bool) {
		if t, ok := n.(query.Text); ok && !negated {
			out = append(out, t)
		}
	})
	return out
}
