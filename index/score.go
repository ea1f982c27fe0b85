package index

import (
	"math"

	"veilleur/index/query"

	"github.com/RoaringBitmap/roaring/v2"
)

// The shape of a score. Source: Robertson and Zaragoza, "The Probabilistic
// Relevance Framework: BM25 and Beyond", 2009, with k1 1.2 and b 0: bodies are
// news of much the same length.
const (
	saturation = 1.2
	titleWorth = 1.5 // how much more a word in the title is worth
)

// score gives the scores of the documents found, in the order of search: for
// each Text the query asks for, its rarity among them and the archive, more
// when it stands in the title.
func (e *evaluation) score(segs []*segment, found []*roaring.Bitmap, q query.Query, total int) ([]float32, error) {
	scores := make([]float32, total)
	texts := leaves(q)
	all := 0
	for _, s := range segs {
		all += int(s.snap.Count())
	}
	for _, t := range texts {
		where := make([]*roaring.Bitmap, len(segs))
		df := 0
		for i, s := range segs {
			docs, err := e.text(s, t, found[i])
			if err != nil {
				return nil, err
			}
			df += int(docs.GetCardinality())
			where[i] = docs
		}
		rarity := math.Log1p((float64(max(all, df)-df) + 0.5) / (float64(df) + 0.5))
		at := 0
		for i, s := range segs {
			err := e.addScores(s, t, found[i], where[i], rarity, scores[at:])
			if err != nil {
				return nil, err
			}
			at += int(found[i].GetCardinality())
		}
	}
	return scores, nil
}

// addScores adds what one Text is worth to the documents found in a segment.
func (e *evaluation) addScores(s *segment, t query.Text, found, where *roaring.Bitmap, rarity float64, scores []float32) error {
	titled := roaring.New()
	if t.In == query.Anywhere {
		in := t
		in.In = query.Title
		docs, err := e.text(s, in, found)
		if err != nil {
			return err
		}
		titled = docs
	}
	often, err := e.counts(s, t, where)
	if err != nil {
		return err
	}
	for i, it := 0, found.Iterator(); it.HasNext(); i++ {
		doc := it.Next()
		if !where.Contains(doc) {
			continue
		}
		n := 1.0
		if often != nil {
			n = float64(often[doc])
		}
		worth := rarity * n * (saturation + 1) / (n + saturation)
		if titled.Contains(doc) {
			worth += rarity * titleWorth
		}
		scores[i] += float32(worth)
	}
	return nil
}

// counts gives how often a single word stands in each of docs; nil for a
// phrase and for a beginning, which count once.
func (e *evaluation) counts(s *segment, t query.Text, docs *roaring.Bitmap) (map[uint32]uint64, error) {
	if len(t.Words) > 1 || t.Prefix || docs.IsEmpty() {
		return nil, nil
	}
	out := make(map[uint32]uint64, docs.GetCardinality())
	for _, forms := range e.forms(keyOf(t), t) {
		for _, term := range forms {
			p, err := s.postings(fieldOf(t), term)
			if err != nil {
				return nil, err
			}
			if p == nil {
				continue
			}
			it := p.Iterator(true, false, false, nil)
			for {
				next, err := it.Next()
				if err != nil {
					return nil, err
				}
				if next == nil {
					break
				}
				if doc := uint32(next.Number()); docs.Contains(doc) {
					out[doc] += next.Frequency()
				}
			}
		}
	}
	return out, nil
}
