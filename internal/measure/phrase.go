package measure

import "slices"

// Phrases averages over texts how well the first phrases said of each agree
// with those people gave. Its zero value is ready to use.
type Phrases struct{ f1, at5, texts float64 }

// Add counts one text: got are the phrases said, best first, gold those given,
// both as they are to be compared (stemmed, say); got may be cut to ten.
func (p *Phrases) Add(got, gold []string) {
	got = got[:min(len(got), 10)]
	gold = slices.Compact(slices.Sorted(slices.Values(gold)))
	right, first := 0.0, 0.0
	for i, g := range got {
		if !slices.Contains(gold, g) || slices.Contains(got[:i], g) {
			continue
		}
		right++
		if i < 5 {
			first++
		}
	}
	p.f1 += found(right, float64(len(got)), float64(len(gold))).F1
	p.at5 += first / 5
	p.texts++
}

// F1At10 is the mean F1 of the first ten phrases.
func (p *Phrases) F1At10() float64 { return p.f1 / max(p.texts, 1) }

// PrecisionAt5 is the mean part of the first five phrases that are right; a
// phrase that is not said is wrong.
func (p *Phrases) PrecisionAt5() float64 { return p.at5 / max(p.texts, 1) }

// Texts is how many were counted.
func (p *Phrases) Texts() int { return int(p.texts) }
