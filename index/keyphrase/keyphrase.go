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
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

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
	c := counts.Get().(*count)
	defer c.release()
	c.title = c.read(c.title, lang, title, true)
	c.body = c.read(c.body, lang, body, false)
	var out []string
	var kept []*candidate
	for _, x := range c.ranked() {
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
	words   []text.Token // where it was first written
	first   int          // position of its first word among the words read
	n       int
	form    string // as first written
	formN   int    // how often so
	others  map[string]int
	inTitle bool
	names   int // times it was written as a name
	score   float64
}

// surface is the form most often written, the first among equals.
func (c *candidate) surface() string {
	best, most := c.form, c.formN
	for f, n := range c.others {
		if n > most || n == most && f < best {
			best, most = f, n
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
		case within(c.words, k.words) && c.n <= k.n+k.n/2:
			return true
		case within(k.words, c.words) && c.n*2 < k.n:
			return true
		}
	}
	return false
}

// within tells whether small is a run of large, by stems.
func within(small, large []text.Token) bool {
	for i := 0; i+len(small) <= len(large); i++ {
		if slices.EqualFunc(small, large[i:i+len(small)], func(a, b text.Token) bool { return a.Term == b.Term }) {
			return true
		}
	}
	return false
}

// A count gathers candidates, by the hash of their stems.
type count struct {
	all         map[uint64]int32
	list        []candidate
	order       []*candidate
	title, body []text.Token
	roles       []role
	pos         int
}

// counts are the working memories of Extract, reused from text to text: they
// hold nothing when they are not in use.
var counts = sync.Pool{New: func() any { return &count{all: make(map[uint64]int32, 1024)} }}

// release empties c and puts it back.
func (c *count) release() {
	clear(c.all)
	clear(c.list)
	clear(c.order)
	clear(c.title)
	clear(c.body)
	c.list, c.order, c.pos = c.list[:0], c.order[:0], 0
	counts.Put(c)
}

// A role is what one word may do in a phrase.
type role struct {
	stem  uint64 // hash of its stem
	edge  bool   // it may begin or end a phrase
	inner bool   // it may stand inside
	upper bool   // it has a capital
}

func appendRoles(out []role, s string, toks []text.Token) []role {
	stop := stops()
	for _, t := range toks {
		in, stopped := stop[t.Exact]
		first, _ := utf8.DecodeRuneInString(s[t.Start:])
		r := role{edge: !stopped && len(t.Exact) > 2 && t.Exact[0] > '9', inner: in, upper: unicode.IsUpper(first)}
		if r.edge || in {
			r.stem = xxhash.Sum64String(t.Term)
		}
		out = append(out, r)
	}
	return out
}

// read adds the candidates of one field, cut into buf, which it gives back.
func (c *count) read(buf []text.Token, lang, s string, title bool) []text.Token {
	buf = text.AppendTokens(buf[:0], lang, s)
	toks := buf[:min(len(buf), readWords)]
	c.roles = appendRoles(c.roles[:0], s, toks)
	roles := c.roles
	for i := range toks {
		if !roles[i].edge {
			continue
		}
		h, name := uint64(0), true // a name has a capital at each of its edge words
		for j := i; j < len(toks) && j < i+longest; j++ {
			r := roles[j]
			if j > i && !together(s, toks[j-1], toks[j]) || !r.edge && !r.inner {
				break
			}
			h = r.stem + h*31
			if r.edge {
				name = name && r.upper
				c.add(h, s, toks[i:j+1], c.pos+i, title, name)
			}
		}
	}
	c.pos += len(toks)
	return buf
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

func (c *count) add(h uint64, s string, toks []text.Token, pos int, title, name bool) {
	form := s[toks[0].Start:toks[len(toks)-1].End]
	i, ok := c.all[h]
	if !ok {
		i = int32(len(c.list))
		c.all[h] = i
		c.list = append(c.list, candidate{words: toks, first: pos, form: form})
	}
	x := &c.list[i]
	if form == x.form {
		x.formN++
	} else {
		if x.others == nil {
			x.others = map[string]int{}
		}
		x.others[form]++
	}
	x.n++
	x.inTitle = x.inTitle || title
	if name {
		x.names++
	}
}

// ranked scores the candidates and sorts them.
func (c *count) ranked() []*candidate {
	out := c.order
	for i := range c.list {
		x := &c.list[i]
		if len(x.words) > 1 && x.n == 1 && x.names == 0 {
			continue // words side by side once are no phrase, unless they are a name
		}
		x.score = (1 + math.Log(float64(x.n))) * wordWorth[min(len(x.words), longest)] / (1 + float64(x.first)/early)
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
		return len(b.words) - len(a.words)
	})
	c.order = out
	return out
}
