package query

import (
	"strconv"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// String gives q in one canonical form: English names, a space for AND, a
// minus for NOT. Parse gives q back from it.
func (q Query) String() string { return q.Format("en") }

// Format gives q in the words of a language, "fr" or else English, in a form
// Parse reads back to q.
func (q Query) Format(locale string) string {
	p := printer{or: " OR ", names: [...]string{"title:", "author:", "source:", "lang:", "tier:", "after:", "before:", "other"}}
	if locale == "fr" {
		p = printer{or: " OU ", names: [...]string{"titre:", "auteur:", "source:", "langue:", "palier:", "apres:", "avant:", "autre"}}
	}
	p.node(q.Root)
	return p.b.String()
}

type printer struct {
	b     strings.Builder
	or    string
	names [8]string
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case And:
		for i, c := range n {
			if i > 0 {
				p.b.WriteByte(' ')
			}
			_, mixed := c.(Or)
			p.within(c, mixed)
		}
	case Or:
		for i, c := range n {
			if i > 0 {
				p.b.WriteString(p.or)
			}
			_, mixed := c.(And)
			p.within(c, mixed)
		}
	case Not:
		p.b.WriteByte('-')
		p.within(n.Of, many(n.Of))
	default:
		p.leaf(n)
	}
}

func many(n Node) bool {
	switch n.(type) {
	case And, Or:
		return true
	}
	return false
}

func (p *printer) within(n Node, brackets bool) {
	if brackets {
		p.b.WriteByte('(')
		defer p.b.WriteByte(')')
	}
	p.node(n)
}

func (p *printer) leaf(n Node) {
	switch n := n.(type) {
	case Text:
		switch n.In {
		case Title:
			p.b.WriteString(p.names[0])
		case Author:
			p.b.WriteString(p.names[1])
		}
		p.words(n.Text, len(n.Words), n.Prefix, n.Near)
	case Source:
		p.b.WriteString(p.names[2])
		p.words(n.Text, len(n.Words), n.Prefix, 0)
	case Lang:
		p.b.WriteString(p.names[3])
		if n.Lang == "" {
			n.Lang = p.names[7]
		}
		p.b.WriteString(n.Lang)
	case Tier:
		p.b.WriteString(p.names[4] + tiers(n))
	case After:
		p.b.WriteString(p.names[5] + n.Day.String())
	case Before:
		p.b.WriteString(p.names[6] + n.Day.String())
	}
}

func tiers(t Tier) string {
	if t.Min == t.Max {
		return strconv.Itoa(int(t.Min))
	}
	return strconv.Itoa(int(t.Min)) + "-" + strconv.Itoa(int(t.Max))
}

// words prints a word bare when it reads back as one, else between quotes.
func (p *printer) words(s string, n int, star bool, near int) {
	quote := ""
	if n > 1 || near > 0 || !reads(s) {
		quote = `"`
	}
	p.b.WriteString(quote + s)
	if star {
		p.b.WriteByte('*')
	}
	p.b.WriteString(quote)
	if near > 0 {
		p.b.WriteString("~" + strconv.Itoa(near))
	}
}

// reads tells whether a word without quotes is read as that word.
func reads(s string) bool {
	c := scanner{s: s}
	l, err := c.next()
	return err == nil && l.kind == word && l.text == s && !strings.ContainsAny(s, ":~")
}

// phrase gives a Text or a Source as it is shown to a person in a list.
func phrase(s string, words int, star bool) string {
	p := printer{}
	p.words(s, words, star, 0)
	return p.b.String()
}

// tierOf gives the tier a source counts as.
func tierOf(t veille.Tier) veille.Tier {
	if t == 0 {
		return 3
	}
	return t
}

// folded gives the folded words of s.
func folded(s string) []string {
	toks := text.Tokens("", s)
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.Exact
	}
	return out
}
