package query

import (
	"slices"
	"strings"
	"time"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// A Doc is an entry with what a query may ask of its source.
type Doc struct {
	Entry      veille.Entry
	SourceName string
	Tier       veille.Tier
	Zone       *time.Location // whose days after: and before: mean; nil means UTC

	// TitleTokens and TextTokens are the words of Entry.Title and Entry.Text in
	// Entry.Reading.Lang, when the caller has cut them already. Optional.
	TitleTokens, TextTokens []text.Token
}

// Cut fills in the tokens that are missing.
func (d *Doc) Cut() {
	if d.TitleTokens == nil {
		d.TitleTokens = text.Tokens(d.Entry.Reading.Lang, d.Entry.Title)
	}
	if d.TextTokens == nil {
		d.TextTokens = text.Tokens(d.Entry.Reading.Lang, d.Entry.Text)
	}
}

// Matches tells whether the entry is one q asks for. It is the plain reading
// of the language, leaf by leaf; index/match and the indexes answer the same,
// faster.
func Matches(q Query, d Doc) bool {
	d.Cut()
	return matches(q.Root, &d)
}

func matches(n Node, d *Doc) bool {
	switch n := n.(type) {
	case nil:
		return true
	case And:
		return !slices.ContainsFunc(n, func(c Node) bool { return !matches(c, d) })
	case Or:
		return slices.ContainsFunc(n, func(c Node) bool { return matches(c, d) })
	case Not:
		return !matches(n.Of, d)
	case Text:
		return n.in(d)
	}
	return Filter(n, Facts{
		SourceID: d.Entry.SourceID, SourceName: d.SourceName, Lang: d.Entry.Reading.Lang,
		Tier: d.Tier, Published: d.Entry.Published, Zone: d.Zone,
	})
}

func (t Text) in(d *Doc) bool {
	lang := d.Entry.Reading.Lang
	stems := t.Stems(lang)
	found := false
	stop := func(int, int) bool { found = true; return false }
	switch t.In {
	case Author:
		t.find(stems, text.Tokens(lang, d.Entry.Author), stop)
	case Title:
		t.find(stems, d.TitleTokens, stop)
	default:
		t.find(stems, d.TitleTokens, stop)
		if !found {
			t.find(stems, d.TextTokens, stop)
		}
	}
	return found
}

// Stems gives the stems of the words in a language; a last word that is a
// beginning stays as it is.
func (t Text) Stems(lang string) []string {
	out := make([]string, len(t.Words))
	for i, w := range t.Words {
		out[i] = text.Stem(lang, w)
	}
	if t.Prefix {
		out[len(out)-1] = t.Words[len(t.Words)-1]
	}
	return out
}

// is tells whether a token is the i-th word.
func (t Text) is(stems []string, i int, tok text.Token) bool {
	if t.Prefix && i == len(stems)-1 {
		return strings.HasPrefix(tok.Exact, stems[i])
	}
	return tok.Term == stems[i]
}

// find calls f with each place, as a range of tokens, where the words stand as
// the Text asks, until f gives false.
func (t Text) find(stems []string, toks []text.Token, f func(from, to int) bool) {
	for i := range toks {
		n := 0
		if t.Near > 0 {
			n = t.near(stems, toks[i:])
		} else {
			n = t.row(stems, toks[i:])
		}
		if n > 0 && !f(i, i+n) {
			return
		}
	}
}

// row gives how many tokens the words take when they begin toks in order, or 0.
func (t Text) row(stems []string, toks []text.Token) int {
	if len(toks) < len(stems) {
		return 0
	}
	for i := range stems {
		if !t.is(stems, i, toks[i]) {
			return 0
		}
	}
	return len(stems)
}

// near gives how many tokens hold all the words, the first of them one of the
// words, or 0 when they are too far apart.
func (t Text) near(stems []string, toks []text.Token) int {
	seen := make([]bool, len(stems))
	left, last := len(stems), 0
	for k, tok := range toks[:min(len(toks), len(stems)+t.Near)] {
		for i := range stems {
			if !seen[i] && t.is(stems, i, tok) {
				seen[i] = true
				left--
				last = k
			}
		}
		if k == 0 && left == len(stems) {
			return 0
		}
		if left == 0 {
			return last + 1
		}
	}
	return 0
}

// Stand tells whether words found at these positions, ascending, one list a
// word, stand as the Text asks. A word that comes again may share its list.
func (t Text) Stand(at [][]int) bool {
	for _, list := range at {
		if len(list) == 0 {
			return false
		}
	}
	if len(at) == 1 {
		return true
	}
	if t.Near > 0 {
		return within(distinct(at), len(at)+t.Near)
	}
	return inRow(at)
}

// distinct leaves out the lists that come again.
func distinct(at [][]int) [][]int {
	out := make([][]int, 0, len(at))
	for _, list := range at {
		if !slices.ContainsFunc(out, func(l []int) bool { return &l[0] == &list[0] }) {
			out = append(out, list)
		}
	}
	return out
}

// inRow tells whether some p is in the first list, p+1 in the second, and so on.
func inRow(at [][]int) bool {
	next := make([]int, len(at)) // how far each list has been read
	for _, p := range at[0] {
		k := 1
		for ; k < len(at); k++ {
			list := at[k]
			for next[k] < len(list) && list[next[k]] < p+k {
				next[k]++
			}
			if next[k] == len(list) {
				return false
			}
			if list[next[k]] != p+k {
				break
			}
		}
		if k == len(at) {
			return true
		}
	}
	return false
}

// within tells whether some span of n positions holds one of each list.
func within(at [][]int, n int) bool {
	next := make([]int, len(at))
	for {
		low, high, first := int(^uint(0)>>1), -1, 0
		for k, list := range at {
			p := list[next[k]]
			if p < low {
				low, first = p, k
			}
			high = max(high, p)
		}
		if high-low < n {
			return true
		}
		if next[first]++; next[first] == len(at[first]) {
			return false
		}
	}
}

// Facts are what the filters of a query look at.
type Facts struct {
	SourceID   veille.SourceID
	SourceName string
	Lang       string
	Tier       veille.Tier
	Published  time.Time
	Zone       *time.Location // nil means UTC
}

// Filter tells whether the facts of an entry pass a leaf that is no Text.
func Filter(leaf Node, f Facts) bool {
	switch n := leaf.(type) {
	case Source:
		return n.Is(f.SourceID, f.SourceName)
	case Lang:
		return n.Lang == f.Lang || n.Lang == "" && f.Lang != "fr" && f.Lang != "en"
	case Tier:
		t := tierOf(f.Tier)
		return n.Min <= t && t <= n.Max
	case After:
		return !f.Published.Before(n.Day.Start(f.Zone))
	case Before:
		return f.Published.Before(n.Day.Start(f.Zone))
	}
	return false
}

// Is tells whether a source is one s asks for.
func (s Source) Is(id veille.SourceID, name string) bool {
	if s.Text == string(id) {
		return true
	}
	words := folded(name)
	last := len(s.Words) - 1
	for i := 0; i+len(s.Words) <= len(words); i++ {
		if slices.Equal(s.Words[:last], words[i:i+last]) &&
			(words[i+last] == s.Words[last] || s.Prefix && strings.HasPrefix(words[i+last], s.Words[last])) {
			return true
		}
	}
	return false
}
