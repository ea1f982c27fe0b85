// Package tone says how good or bad a text sounds, in [-1,1], and the words
// that made it so.
//
// It reads a lexicon written for this project (words.txt) with the rules of
// each language: negation, also where French drops its "ne", intensifiers,
// idioms, and grave words that are fought or prevented. It stores nothing and
// sends nothing.
//
// Source: the rules follow Taboada et al., Lexicon-based methods for sentiment
// analysis, Computational Linguistics 37(2), 2011; the words are ours.
package tone

import (
	"math"
	"slices"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

const (
	// titleTimes is what a word of the title counts: a title is chosen.
	titleTimes = 2
	// bodyWords is how much of a long text is read; its tone is in its lead.
	bodyWords = 400
	// softening turns a sum into [-1,1]: one word of weight .5 gives a tone of
	// .38, three give .78.
	softening = 1.5
	// shown is how many of the deciding words are given.
	shown = 8
)

// Score gives the tone of a text, in [-1,1], 0 when nothing in it has one, and
// the words that made it, as written, heaviest first, each with its weight in
// [-1,1]. lang is "fr", "en", or "" to read both.
func Score(lang, title, body string) (float64, []veille.ToneWord) {
	l := book().of(lang)
	var words []veille.ToneWord
	sum, mass := 0.0, 0.0
	for _, f := range [...]struct {
		s     string
		times float64
	}{{title, titleTimes}, {body, 1}} {
		r := reader{l: l, s: f.s, toks: text.Tokens(lang, f.s)}
		if len(r.toks) > bodyWords {
			r.toks = r.toks[:bodyWords]
		}
		for _, w := range r.read() {
			words = append(words, w)
			sum += w.Weight * f.times
			mass += math.Abs(w.Weight) * f.times
		}
	}
	if mass == 0 {
		return 0, nil
	}
	// A long text has many words of both sides; what decides is their balance
	// as much as their sum.
	sum /= math.Sqrt(max(1, mass/2))
	score := sum / math.Sqrt(sum*sum+softening)
	return math.Round(score*100) / 100, heaviest(words)
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
