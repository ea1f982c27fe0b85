package query

import (
	"strings"
	"unicode/utf8"

	"veilleur/index/text"
)

// Parse reads a query. The error is a *Error; a query of spaces and
// punctuation is empty, not wrong.
func Parse(s string) (Query, error) {
	q, err := parse(s)
	if err != nil {
		err.Mend = mend(s, err)
		return Query{}, err
	}
	return q, nil
}

func parse(s string) (Query, *Error) {
	if len(s) > MaxBytes {
		return Query{}, fail(MaxBytes, edit{none: true}, "query.error.long", "max", MaxBytes)
	}
	p := &parser{scanner: scanner{s: s}}
	if err := p.advance(); err != nil {
		return Query{}, err
	}
	if p.ahead.kind == end {
		return Query{}, nil
	}
	n, err := p.or("")
	if err != nil {
		return Query{}, err
	}
	if p.ahead.kind == closing {
		return Query{}, fail(p.ahead.from, cut(p.ahead), "query.error.close")
	}
	return Query{Root: n}, nil
}

// A parser reads by recursive descent: or, and, unary, primary. The field in
// force, "" outside title:(…), goes down with it.
type parser struct {
	scanner
	ahead          lexeme
	depth, clauses int
}

func (p *parser) advance() *Error {
	l, err := p.next()
	p.ahead = l
	return err
}

// cut is the edit that takes a lexeme out.
func cut(l lexeme) edit { return edit{from: l.from, to: l.to} }

func (p *parser) or(in string) (Node, *Error) {
	var list []Node
	for {
		n, err := p.and(in)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if p.ahead.kind != opOr {
			return or(list), nil
		}
		op := p.ahead
		if err := p.operator(op); err != nil {
			return nil, err
		}
	}
}

// operator steps over an operator that something must follow.
func (p *parser) operator(op lexeme) *Error {
	if err := p.advance(); err != nil {
		return err
	}
	switch p.ahead.kind {
	case end, closing:
		return fail(op.from, cut(op), "query.error.after", "word", p.s[op.from:op.to])
	case opAnd, opOr:
		return fail(p.ahead.from, cut(p.ahead), "query.error.twice", "word", p.s[p.ahead.from:p.ahead.to])
	}
	return nil
}

func (p *parser) and(in string) (Node, *Error) {
	var list []Node
	for {
		switch p.ahead.kind {
		case opAnd:
			if len(list) == 0 {
				return nil, p.nothingBefore()
			}
			if err := p.operator(p.ahead); err != nil {
				return nil, err
			}
			continue
		case opOr, closing, end:
			if len(list) == 0 {
				return nil, p.nothingBefore()
			}
			return and(list), nil
		}
		n, err := p.unary(in)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
}

// nothingBefore says that the lexeme ahead needs something before it.
func (p *parser) nothingBefore() *Error {
	l := p.ahead
	if l.kind == closing || l.kind == end {
		return fail(l.from, cut(l), "query.error.close")
	}
	return fail(l.from, cut(l), "query.error.before", "word", p.s[l.from:l.to])
}

func (p *parser) unary(in string) (Node, *Error) {
	if p.ahead.kind != opNot {
		return p.primary(in)
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if err := p.operator(p.ahead); err != nil {
		return nil, err
	}
	n, err := p.unary(in)
	if err != nil {
		return nil, err
	}
	return not(n), nil
}

func (p *parser) deeper() *Error {
	if p.depth++; p.depth > MaxDepth {
		return fail(p.ahead.from, edit{none: true}, "query.error.deep", "max", MaxDepth)
	}
	return nil
}

func (p *parser) primary(in string) (Node, *Error) {
	l := p.ahead
	switch l.kind {
	case open:
		return p.group(in)
	case field:
		return p.fielded()
	}
	n, err := p.leaf(in, l)
	if err != nil {
		return nil, err
	}
	return n, p.advance()
}

func (p *parser) group(in string) (Node, *Error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	opening := p.ahead
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.ahead.kind == closing {
		return nil, fail(opening.from, edit{from: opening.from, to: p.ahead.to}, "query.error.empty")
	}
	if p.ahead.kind == end {
		return nil, fail(opening.from, cut(opening), "query.error.open", "after", snippet(p.s[:opening.to]))
	}
	n, err := p.or(in)
	if err != nil {
		return nil, err
	}
	if p.ahead.kind != closing {
		stop := len(strings.TrimRight(p.s, " \t\n"))
		return nil, fail(stop, edit{stop, stop, ")", false}, "query.error.open", "after", tail(p.s[opening.to:]))
	}
	return n, p.advance()
}

// fielded reads what follows the name of a field: a word, a phrase or a group.
func (p *parser) fielded() (Node, *Error) {
	name := p.ahead
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch p.ahead.kind {
	case word, open:
		return p.primary(name.text)
	}
	return nil, fail(name.from, cut(name), "query.error.value", "name", p.s[name.from:name.to])
}

// leaf makes the node of one word or phrase in a field.
func (p *parser) leaf(in string, l lexeme) (Node, *Error) {
	var n Node
	var err *Error
	switch in {
	case "lang":
		n, err = langLeaf(l)
	case "tier":
		n, err = tierLeaf(l)
	case "after", "before":
		n, err = dayLeaf(in, l)
	default:
		n, err = p.words(in, l)
	}
	if err != nil {
		return nil, err
	}
	if p.clauses++; p.clauses > MaxClauses {
		return nil, fail(l.from, edit{none: true}, "query.error.many", "max", MaxClauses)
	}
	return n, nil
}

// words makes a Text or a Source.
func (p *parser) words(in string, l lexeme) (Node, *Error) {
	written, words := settle(l.text)
	last := words[len(words)-1]
	if l.star && utf8.RuneCountInString(last) < 2 {
		star := l.from + strings.IndexByte(p.s[l.from:l.to], '*')
		return nil, fail(star, edit{from: star, to: star + 1}, "query.error.short", "word", last)
	}
	if len(words) > MaxPhrase {
		return nil, fail(l.from, edit{none: true}, "query.error.phrase", "max", MaxPhrase)
	}
	p.clauses += len(words) - 1
	if in == "source" {
		return Source{Text: written, Words: words, Prefix: l.star}, nil
	}
	near := l.near
	if len(words) == 1 {
		near = 0
	}
	return Text{In: Field(in), Text: written, Words: words, Prefix: l.star, Near: near}, nil
}

// settle gives s from its first word to its last, without the quotes and stars
// it may hold, and its folded words. Cutting the ends off may change how the
// last word reads, an acronym before an apostrophe for one; hence the loop.
func settle(s string) (string, []string) {
	for {
		toks := text.Tokens("", s)
		next := plainText(s[toks[0].Start:toks[len(toks)-1].End])
		if next == s {
			return s, folded(s)
		}
		s = next
	}
}

// plainText makes spaces of quotes and stars, and joins words with single
// spaces.
func plainText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '*' || strings.ContainsRune(quotes, r) {
			return ' '
		}
		return r
	}, s)), " ")
}
