// Package tone says how good or bad a text sounds, in [-1,1], and the words
// that made it so.
//
// A text is read in passages of a few sentences. In each, a lexicon written for
// this project (words.txt) is read with the rules of each language: negation,
// also where French drops its "ne", intensifiers, idioms, and grave words that
// are fought or prevented. A small model trained offline by internal/train
// (weights.bin) weighs what the lexicon found and the words it learned, and
// gives the chances that the passage is negative, neutral or positive. It
// stores nothing and sends nothing.
//
// Source: the rules follow Taboada et al., Lexicon-based methods for sentiment
// analysis, Computational Linguistics 37(2), 2011; the words are ours. For the
// model see Model.
package tone

import (
	"math"
	"slices"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

const (
	// titleTimes is what the title counts against a passage: it is chosen.
	titleTimes = 2
	// bodyWords is how much of a long text is read; its tone is in its lead.
	bodyWords = 400
	// passageWords is about how long a passage is, in words: what a person
	// writes at once, and the length the model was trained on.
	passageWords = 40
	// band is the half-width of the neutral tones; see veille.Reading.
	band = .15
	// shown is how many of the deciding words are given.
	shown = 8
)

// Score gives the tone of a text, in [-1,1], and the words that made it, as
// written, heaviest first, each with its weight in [-1,1]. A text
// with no word of tone has tone 0. lang is "fr" or "en"; any other is read with both
// lexicons, by their words alone.
//
// The tone is beyond ±0.15 when negative or positive is the likeliest class,
// the further the surer; within it when neutral is.
func Score(lang, title, body string) (float64, []veille.ToneWord) {
	m := models()[lang]
	if m == nil {
		return byWords(title, body)
	}
	r := scorer{m: m, lang: lang, l: book().of(lang)}
	r.read(title, titleTimes)
	r.readBody(body)
	if len(r.words) == 0 { // a tone is not told without the words that made it
		return 0, nil
	}
	for c := range r.sum {
		r.sum[c] /= r.times
	}
	return round(toneOf(r.sum)), heaviest(r.words)
}

// toneOf places chances in [-1,1]: the edges of the neutral band are where two
// classes are as likely.
func toneOf(p [classes]float64) float64 {
	side, way := p[Positive], 1.0
	if p[Negative] > side {
		side, way = p[Negative], -1
	}
	if side <= p[Neutral] {
		return way * band * .99 * (side - min(p[Negative], p[Positive])) / p[Neutral]
	}
	return way * (band + (1-band)*(side-max(p[Neutral], min(p[Negative], p[Positive]))))
}

// A scorer sums the chances of the passages of one text.
type scorer struct {
	m     *Model
	lang  string
	l     lexicon
	toks  []text.Token // reused
	f     Features     // reused
	sum   [classes]float64
	times float64
	words []veille.ToneWord
	seen  int // words read
}

// readBody reads the passages of a body until enough words are read.
func (r *scorer) readBody(body string) {
	start, end, words := 0, 0, 0
	for _, s := range text.Sentences(body) {
		n := 1 + (s[1]-s[0])/6 // about its words
		if words > 0 && words+n > passageWords {
			r.read(body[start:end], 1)
			words = 0
			if r.seen >= bodyWords {
				return
			}
		}
		if words == 0 {
			start = s[0]
		}
		end, words = s[1], words+n
	}
	if words > 0 {
		r.read(body[start:end], 1)
	}
}

func (r *scorer) read(s string, times float64) {
	r.toks = text.AppendTokens(r.toks[:0], r.lang, s)
	if len(r.toks) == 0 {
		return
	}
	r.toks = r.toks[:min(len(r.toks), bodyWords)]
	p := passage{reader: reader{l: r.l, s: s, toks: r.toks}}
	r.m.read(&p, &r.f)
	for c, v := range r.m.Chances(&r.f) {
		r.sum[c] += v * times
	}
	r.times += times
	r.seen += len(r.toks)
	r.words = append(append(r.words, p.hits...), r.m.taught(&p, &r.f)...)
}

// softening turns a sum of words into [-1,1]: one word of weight .5 gives a
// tone of .38, three give .78.
const softening = 1.5

// byWords reads a text in no language we know by the words of both lexicons.
func byWords(title, body string) (float64, []veille.ToneWord) {
	var words []veille.ToneWord
	for _, s := range [...]string{title, title, body} {
		r := reader{l: book().both, s: s, toks: text.Tokens("", s)}
		r.toks = r.toks[:min(len(r.toks), bodyWords)]
		words = append(words, r.read(nil)...)
	}
	sum, mass := 0.0, 0.0
	for _, w := range words {
		sum += w.Weight
		mass += math.Abs(w.Weight)
	}
	// A long text has many words of both sides; what decides is their balance
	// as much as their sum.
	sum /= math.Sqrt(max(1, mass/2))
	return round(sum / math.Sqrt(sum*sum+softening)), heaviest(words)
}

// heaviest keeps the words that weigh most, each once.
func heaviest(words []veille.ToneWord) []veille.ToneWord {
	slices.SortStableFunc(words, func(a, b veille.ToneWord) int {
		return int(1000 * (math.Abs(b.Weight) - math.Abs(a.Weight)))
	})
	seen := make(map[string]bool)
	words = slices.DeleteFunc(words, func(w veille.ToneWord) bool {
		f := text.Fold(w.Word)
		dup := seen[f]
		seen[f] = true
		return dup
	})
	return slices.Clip(words[:min(shown, len(words))])
}
