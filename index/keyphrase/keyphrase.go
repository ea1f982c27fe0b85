// Package keyphrase finds the phrases that say what a text is about.
//
// Candidates are runs of one to four words that neither begin nor end with a
// word of every text (stop.txt); they are ranked by how often they come, how
// early, whether the title has them; names need not come twice. It stores
// nothing and sends nothing.
//
// Source: Campos et al., YAKE! Keyword extraction from single documents, 2020,
// for the features; the sum and the word list are ours.
package keyphrase

import (
	"math"
	"slices"
	"strings"

	"veilleur/index/text"
)

const (
	// longest is how many words a phrase has at most, inner words included.
	longest = 4
	// readWords is how much of a text is read: what it is about is told early.
	readWords = 600
	// titleWorth multiplies a phrase of the title.
	titleWorth = 2.5
	// early is the number of words after which a first mention has lost half
	// its worth.
	early = 180
)

// wordWorth is what a phrase of 1, 2, 3 or 4 words is worth beside its
// frequency: long phrases come less often for the same weight.
var wordWorth = [longest + 1]float64{0, 1, 1.25, 1.2, 1}

// Extract gives at most n phrases of a text, best first, as written, in lower
// case but for names. lang is "fr", "en" or ""; n ≤ 0 gives none.
func Extract(lang, title, body string, n int) []string {
	if n <= 0 {
		return nil
	}
	c := newCount()
	c.read(lang, title, true)
	c.read(lang, body, false)
	ranked := c.ranked()
	var out []string
	var kept []*candidate
	for _, x := range ranked {
		if len(out) == n {
			break
		}
		if x.said(kept) {
			continue
		}
		kept = append(kept, x)
		out = append(out, x.surface())
	}
	return out
}

// A candidate is one phrase, under its stems.
type candidate struct {
	stems   []string
	forms   map[string]int // as written
	n       int
	first   int // position of its first word among the words read
	inTitle bool
	names   int // times it was written as a name
	score   float64
}

// surface is the form most often written, the first among equals.
func (c *candidate) surface() string {
	best := ""
	for f, n := range c.forms {
		if best == "" || n > c.forms[best] || n == c.forms[best] && f < best {
			best = f
		}
	}
	if c.names*2 <= c.n {
		return strings.ToLower(best)
	}
	return best
}

// said tells whether a better phrase already says this one: it holds all its
// words and comes almost as often, or is held by it and comes as often.
func (c *candidate) said(kept []*candidate) bool {
	for _, k := range kept {
		switch {
		case within(c.stems, k.stems) && c.n <= k.n+k.n/2:
			return true
		case within(k.stems, c.stems) && c.n*2 < k.n:
			return true
		}
	}
	return false
}

// within tells whether small is a run of large.
func within(small, large []string) bool {
	for i := 0; i+len(small) <= len(large); i++ {
		if slices.Equal(small, large[i:i+len(small)]) {
			return true
		}
	}
	return false
}

// A count gathers candidates.
type count struct {
	all  map[string]*candidate
	pos  int
	keys strings.Builder
}

func newCount() *count { return &count{all: make(map[string]*candidate)} }

// read adds the candidates of one field.
func (c *count) read(lang, s string, title bool) {
	toks := text.Tokens(lang, s)
	toks = toks[:min(len(toks), readWords)]
	for i := range toks {
		if !edge(toks[i]) {
			continue
		}
		for n := 1; n <= longest && i+n <= len(toks); n++ {
			if n > 1 && !together(s, toks[i+n-2], toks[i+n-1]) {
				break
			}
			last := toks[i+n-1]
			if edge(last) {
				c.add(s, toks[i:i+n], c.pos+i, title)
			} else if !inner(last) {
				break
			}
		}
	}
	c.pos += len(toks)
}

// together tells whether nothing but a space, a hyphen or an elision parts two
// words.
func together(s string, a, b text.Token) bool {
	for _, r := range s[a.End:b.Start] {
		switch r {
		case ' ', '\u00a0', '\u202f', '-', '’', '\'', 'l', 'd', 'L', 'D':
		default:
			return false
		}
	}
	return true
}

func (c *count) add(s string, toks []text.Token, pos int, title bool) {
	c.keys.Reset()
	for i, t := range toks {
		if i > 0 {
			c.keys.WriteByte(' ')
		}
		c.keys.WriteString(t.Term)
	}
	key := c.keys.String()
	x := c.all[key]
	if x == nil {
		x = &candidate{stems: strings.Split(key, " "), forms: make(map[string]int, 1), first: pos}
		c.all[key] = x
	}
	form := s[toks[0].Start:toks[len(toks)-1].End]
	x.forms[form]++
	x.n++
	x.inTitle = x.inTitle || title
	if isName(s, toks) {
		x.names++
	}
}

// ranked scores the candidates and sorts them.
func (c *count) ranked() []*candidate {
	out := make([]*candidate, 0, len(c.all))
	for _, x := range c.all {
		if len(x.stems) > 1 && x.n == 1 && x.names == 0 {
			continue // words side by side once are no phrase, unless they are a name
		}
		x.score = (1 + math.Log(float64(x.n))) * wordWorth[min(len(x.stems), longest)] / (1 + float64(x.first)/early)
		if x.inTitle {
			x.score *= titleWorth
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *candidate) int {
		switch {
		case a.score != b.score:
			return int(math.Copysign(1, b.score-a.score))
		case a.first != b.first:
			return a.first - b.first
		}
		return len(b.stems) - len(a.stems)
	})
	return out
}
