package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
)

// A lexeme is one sign of the language.
type lexeme struct {
	kind     kind
	from, to int    // bytes in the query
	text     string // word: as written, without quotes or stars; field: its name
	star     bool   // word: ends with a star
	near     int    // word: the number after ~
}

type kind int

const (
	end kind = iota
	open
	closing
	opAnd
	opOr
	opNot
	field
	word
)

// A scanner cuts a query into lexemes.
type scanner struct {
	s string
	i int
}

const quotes = "\"“”„«»"

// next gives the next lexeme, skipping what holds no letter and no digit.
func (c *scanner) next() (lexeme, *Error) {
	for c.i < len(c.s) {
		from := c.i
		r, w := utf8.DecodeRuneInString(c.s[c.i:])
		switch {
		case unicode.IsSpace(r):
			c.i += w
		case r == '(' || r == ')':
			c.i += w
			return lexeme{kind: bracket(r), from: from, to: c.i}, nil
		case (r == '-' || r == '−') && c.negates(c.i+w):
			c.i += w
			return lexeme{kind: opNot, from: from, to: c.i}, nil
		case strings.ContainsRune(quotes, r):
			if l, err := c.quoted(r, w); err != nil || l.kind != end {
				return l, err
			}
		default:
			if l, err := c.bare(); err != nil || l.kind != end {
				return l, err
			}
		}
	}
	return lexeme{from: len(c.s), to: len(c.s)}, nil
}

func bracket(r rune) kind {
	if r == '(' {
		return open
	}
	return closing
}

// negates tells whether what stands at i can be excluded by the minus before.
func (c *scanner) negates(i int) bool {
	if i >= len(c.s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(c.s[i:])
	return r == '(' || strings.ContainsRune(quotes, r) || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// quoted reads what stands between quotes. It gives the end lexeme for quotes
// around nothing.
func (c *scanner) quoted(opening rune, w int) (lexeme, *Error) {
	from := c.i
	closers := "\"“”"
	switch opening {
	case '«':
		closers = "»"
	case '»':
		c.i += w // closes nothing
		return lexeme{}, nil
	}
	n := strings.IndexAny(c.s[from+w:], closers)
	if n < 0 {
		c.i = len(c.s)
		return lexeme{}, failQuote(c.s, from, opening)
	}
	inner := c.s[from+w : from+w+n]
	_, cw := utf8.DecodeRuneInString(c.s[from+w+n:])
	c.i = from + w + n + cw
	l := lexeme{kind: word, from: from}
	inner = strings.TrimSpace(inner)
	l.text = strings.TrimRight(inner, "*")
	l.star = l.text != inner || c.eat('*')
	if c.i < len(c.s) && c.s[c.i] == '~' {
		l.near = c.number()
	}
	l.to = c.i
	if !hasWord(l.text) {
		return lexeme{}, nil
	}
	return l, nil
}

// number reads ~ and the digits after it, at most 99.
func (c *scanner) number() int {
	n := 0
	for c.i++; c.i < len(c.s) && c.s[c.i] >= '0' && c.s[c.i] <= '9'; c.i++ {
		n = min(n*10+int(c.s[c.i]-'0'), 99)
	}
	return n
}

func (c *scanner) eat(b byte) bool {
	if c.i < len(c.s) && c.s[c.i] == b {
		c.i++
		return true
	}
	return false
}

// bare reads a word without quotes, an operator, or the name of a field.
func (c *scanner) bare() (lexeme, *Error) {
	from := c.i
	n := strings.IndexFunc(c.s[from:], func(r rune) bool {
		return unicode.IsSpace(r) || r == '(' || r == ')' || strings.ContainsRune(quotes, r)
	})
	c.i = len(c.s)
	if n >= 0 {
		c.i = from + n
	}
	raw := c.s[from:c.i]
	l := lexeme{kind: word, from: from, to: c.i, text: raw}
	switch raw {
	case "AND", "ET":
		l.kind = opAnd
		return l, nil
	case "OR", "OU", "|", "||":
		l.kind = opOr
		return l, nil
	case "NOT", "SAUF":
		l.kind = opNot
		return l, nil
	}
	if name, value, ok := strings.Cut(raw, ":"); ok {
		if f, err := c.fieldName(name, value, from); err != nil || f.kind == field {
			return f, err
		}
	}
	l.text = strings.TrimRight(raw, "*")
	l.star = l.text != raw
	if !hasWord(l.text) {
		return lexeme{}, nil
	}
	if k := strings.IndexByte(l.text, '*'); k >= 0 {
		return lexeme{}, failStar(raw, from, k)
	}
	return l, nil
}

// fieldName reads name: as the name of a field. It gives the end lexeme when
// it is an hour or an address, to be read as words.
func (c *scanner) fieldName(name, value string, from int) (lexeme, *Error) {
	known, ok := fieldNames(text.Fold(name))
	if ok {
		c.i = from + len(name) + 1
		return lexeme{kind: field, from: from, to: c.i, text: known}, nil
	}
	if name == "" || value == "" || strings.HasPrefix(value, "//") || strings.IndexFunc(name, notLetter) >= 0 {
		return lexeme{}, nil
	}
	return lexeme{}, failField(name, from)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// fieldNames gives the field a folded name means, in either language.
func fieldNames(name string) (string, bool) {
	switch name {
	case "title", "titre":
		return "title", true
	case "author", "auteur":
		return "author", true
	case "source":
		return "source", true
	case "lang", "langue", "language":
		return "lang", true
	case "tier", "palier":
		return "tier", true
	case "after", "apres", "depuis", "since":
		return "after", true
	case "before", "avant":
		return "before", true
	}
	return "", false
}

func hasWord(s string) bool { return len(text.Tokens("", s)) > 0 }
