package tone

import (
	"cmp"
	"math"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// Dense is how many numbers Features counts besides its grams.
const Dense = 10

// Features are what the model reads of one passage of a few sentences.
type Features struct {
	// Grams are the hashes of its words, pairs of words, and beginnings of
	// long words, as often as they occur.
	Grams []uint32
	// Counts are, in order: the sum of the lexicon's good words, of its bad
	// words, 1 if any good, 1 if any bad; the sums of the good and of the bad
	// priors; marks of exclamation, of question; signs of a social network
	// (handles, hashtags, addresses); the logarithm of its length in words.
	Counts [Dense]float64
}

// stemBytes is how much of a longer word stands for its family.
const stemBytes = 5

// A passage is read from start to end.
type passage struct {
	reader
	hits   []veille.ToneWord // words of the lexicon
	priors []veille.ToneWord // words of the priors that the lexicon does not know
}

// FeaturesOf reads a passage for training. lang is "fr" or "en"; m gives the
// priors.
func FeaturesOf(m *Model, lang, s string) Features {
	var f Features
	m.read(&passage{reader: reader{l: book().of(lang), s: s, toks: text.Tokens(lang, s)}}, &f)
	return f
}

func (m *Model) read(p *passage, f *Features) {
	p.hits = p.reader.read(func(i int) {
		t := p.toks[i]
		if w := p.meant(i, m.prior(t.Exact)); w != 0 {
			p.priors = append(p.priors, veille.ToneWord{Word: p.s[t.Start:t.End], Weight: w})
		}
	})
	f.Grams = appendGrams(f.Grams[:0], p.toks)
	c := &f.Counts
	*c = [Dense]float64{}
	c[0], c[1] = sums(p.hits)
	c[2], c[3] = float64(sign(c[0])), float64(sign(c[1]))
	c[4], c[5] = sums(p.priors)
	c[6] = float64(min(3, strings.Count(p.s, "!")))
	c[7] = float64(min(3, strings.Count(p.s, "?")))
	c[8] = float64(min(3, strings.Count(p.s, "@")+strings.Count(p.s, "#")+strings.Count(p.s, "http")))
	c[9] = math.Log1p(float64(len(p.toks))) / 4
}

// sums gives the weight of the good words and that of the bad, both positive.
func sums(words []veille.ToneWord) (good, bad float64) {
	for _, w := range words {
		good += max(0, w.Weight)
		bad += max(0, -w.Weight)
	}
	return good, bad
}

func sign(x float64) int { return cmp.Compare(x, 0) }

func appendGrams(dst []uint32, toks []text.Token) []uint32 {
	for i, t := range toks {
		dst = append(dst, Hash(t.Exact))
		if len(t.Exact) > stemBytes {
			dst = append(dst, hashOn(Hash("^"), t.Exact[:stemBytes]))
		}
		if i > 0 {
			dst = append(dst, hashOn(hashOn(Hash(toks[i-1].Exact), " "), t.Exact))
		}
	}
	return dst
}

// Hash is FNV-1a of 32 bits, the name of a word in a Model.
func Hash(s string) uint32 { return hashOn(2166136261, s) }

func hashOn(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}
