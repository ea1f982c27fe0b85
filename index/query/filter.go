package query

import (
	"strconv"
	"strings"
	"time"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// langLeaf reads the value of lang:.
func langLeaf(l lexeme) (Node, *Error) {
	switch text.Fold(l.text) {
	case "fr", "francais", "french":
		return Lang{Lang: "fr"}, nil
	case "en", "anglais", "english":
		return Lang{Lang: "en"}, nil
	case "other", "autre", "autres":
		return Lang{}, nil
	}
	return nil, fail(l.from, edit{l.from, l.to, "fr", false}, "query.error.lang", "value", l.text)
}

// tierLeaf reads the value of tier: N or N-M, from 1 to 4.
func tierLeaf(l lexeme) (Node, *Error) {
	from, to, ranged := strings.Cut(l.text, "-")
	if !ranged {
		to = from
	}
	a, okA := tier(from)
	b, okB := tier(to)
	if !okA || !okB || a > b {
		return nil, fail(l.from, edit{l.from, l.to, "1-4", false}, "query.error.tier", "value", l.text)
	}
	return Tier{Min: a, Max: b}, nil
}

func tier(s string) (veille.Tier, bool) {
	n, err := strconv.Atoi(s)
	return veille.Tier(n), err == nil && n >= 1 && n <= 4
}

// dayLeaf reads the value of after: or before:, a day, a month or a year.
func dayLeaf(in string, l lexeme) (Node, *Error) {
	d, ok := day(l.text, "2006-1-2", "2006/1/2", "2006-1", "2006/1", "2006")
	if !ok {
		fix := edit{none: true}
		if d, ok := day(l.text, "2-1-2006", "2/1/2006", "20060102"); ok {
			fix = edit{l.from, l.to, d.String(), false}
		}
		return nil, fail(l.from, fix, "query.error.day", "value", l.text)
	}
	if in == "after" {
		return After{Day: d}, nil
	}
	return Before{Day: d}, nil
}

func day(s string, layouts ...string) (Day, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return Day{t.Year(), t.Month(), t.Day()}, true
		}
	}
	return Day{}, false
}
