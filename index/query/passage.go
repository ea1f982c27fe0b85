package query

import (
	"slices"
	"unicode/utf8"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// maxPassage is the longest passage in bytes; a longer sentence is cut around
// its first mark.
const maxPassage = 320

// Passages gives at most most pieces of an entry in which a word q asks for
// stands, with the words marked: the title first when it has one, then the
// sentences with the most different words, first come first among equals. It
// is empty when q only filters or excludes.
func Passages(q Query, lang, title, body string, most int) []veille.Passage {
	d := Doc{Entry: veille.Entry{Title: title, Text: body, Reading: veille.Reading{Lang: lang}}}
	return q.Passages(d, most)
}

// Passages is as the function of that name, on an entry whose tokens may be
// there already.
func (q Query) Passages(d Doc, most int) []veille.Passage {
	d.Cut()
	leaves := sought(q)
	if len(leaves) == 0 || most <= 0 {
		return nil
	}
	var out []veille.Passage
	if marks := marksIn(leaves, d.Entry.Reading.Lang, d.TitleTokens, true); len(marks) > 0 {
		out = append(out, passage("title", d.Entry.Title, [2]int{0, len(d.Entry.Title)}, marks))
	}
	marks := marksIn(leaves, d.Entry.Reading.Lang, d.TextTokens, false)
	for _, s := range bestSentences(d.Entry.Text, marks, most-len(out)) {
		out = append(out, passage("text", d.Entry.Text, s.at, s.marks))
	}
	return out
}

// PassageAt gives the sentence of s in which the bytes from and to stand, them
// marked; a long one is cut around them, and a title is one sentence.
func PassageAt(field, s string, from, to int) veille.Passage {
	at := [2]int{0, len(s)}
	if field != "title" {
		for _, a := range text.Sentences(s) {
			if a[0] <= from && from < a[1] {
				at = a
			}
		}
	}
	return passage(field, s, at, []mark{{from: from, to: min(to, at[1])}})
}

// sought gives the different Texts q asks for, those it excludes left out.
func sought(q Query) []Text {
	var out []Text
	Each(q, func(n Node, negated bool) {
		t, ok := n.(Text)
		if ok && !negated && t.In != Author && !slices.ContainsFunc(out, t.same) {
			out = append(out, t)
		}
	})
	return out
}

func (t Text) same(u Text) bool {
	return t.In == u.In && t.Prefix == u.Prefix && t.Near == u.Near && slices.Equal(t.Words, u.Words)
}

// A mark is a byte range to highlight, and the leaf it answers.
type mark struct{ from, to, leaf int }

func marksIn(leaves []Text, lang string, toks []text.Token, title bool) []mark {
	var out []mark
	for k, t := range leaves {
		if t.In == Title && !title {
			continue
		}
		stems := t.Stems(lang)
		t.find(stems, toks, func(from, to int) bool {
			if t.Near == 0 {
				out = append(out, mark{toks[from].Start, toks[to-1].End, k})
				return true
			}
			for _, tok := range toks[from:to] {
				if slices.ContainsFunc(t.each(), func(i int) bool { return t.is(stems, i, tok) }) {
					out = append(out, mark{tok.Start, tok.End, k})
				}
			}
			return true
		})
	}
	slices.SortFunc(out, func(a, b mark) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	return out
}

// each gives the indexes of the words.
func (t Text) each() []int {
	out := make([]int, len(t.Words))
	for i := range out {
		out[i] = i
	}
	return out
}

// A sentence is the place of one, with its marks.
type sentence struct {
	at    [2]int
	marks []mark
	worth int
}

// bestSentences gives at most most sentences that hold marks, best first.
func bestSentences(s string, marks []mark, most int) []sentence {
	if len(marks) == 0 || most <= 0 {
		return nil
	}
	var out []sentence
	for _, at := range text.Sentences(s) {
		n := 0
		for n < len(marks) && marks[n].from < at[1] {
			n++
		}
		if n > 0 {
			out = append(out, sentence{at, marks[:n], worth(marks[:n])})
			marks = marks[n:]
		}
	}
	slices.SortStableFunc(out, func(a, b sentence) int { return b.worth - a.worth })
	return out[:min(len(out), most)]
}

// worth counts the different leaves marked first, then the marks.
func worth(marks []mark) int {
	var seen []int
	for _, m := range marks {
		if !slices.Contains(seen, m.leaf) {
			seen = append(seen, m.leaf)
		}
	}
	return len(seen)<<16 + len(marks)
}

// passage cuts out of s the piece at, around its first mark when it is long.
func passage(field, s string, at [2]int, marks []mark) veille.Passage {
	a, b := at[0], at[1]
	if b-a > maxPassage {
		a, b = around(s, a, b, marks[0].from)
	}
	p := veille.Passage{Field: field, Text: s[a:b]}
	last := a
	for _, m := range marks {
		from, to := max(m.from, last), min(m.to, b)
		if from < to {
			p.Marks = append(p.Marks, [2]int{from - a, to - a})
			last = to
		}
	}
	return p
}

// around gives a range of about maxPassage bytes in [a,b) that begins and ends
// between words and holds what stands at i.
func around(s string, a, b, i int) (int, int) {
	from := max(a, i-maxPassage/3)
	if from > a {
		from = boundary(s, from, i)
	}
	to := min(b, from+maxPassage)
	if to < b {
		for k := to; k > max(i+1, to-40); k-- {
			if s[k] == ' ' {
				return from, k
			}
		}
		for to > i+1 && !utf8.RuneStart(s[to]) {
			to--
		}
	}
	return from, to
}

// boundary gives the first start of a word at or after from, before i.
func boundary(s string, from, i int) int {
	for k := from; k < i; k++ {
		if s[k] == ' ' {
			return k + 1
		}
	}
	return i
}
