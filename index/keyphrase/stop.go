package keyphrase

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
)

//go:embed stop.txt
var stopText string

// stops are the words of stop.txt; true for those that may stand inside.
var stops = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	var within []string
	for line := range strings.Lines(stopText) {
		if line[0] == '#' {
			continue
		}
		list, isInner := strings.CutPrefix(line, "inner:")
		for w := range strings.FieldsSeq(list) {
			if isInner {
				within = append(within, w)
			}
			m[w] = false
		}
	}
	for _, w := range within {
		m[w] = true
	}
	return m
})

// edge tells whether a word may begin or end a phrase.
func edge(t text.Token) bool {
	_, stop := stops()[t.Exact]
	return !stop && len(t.Exact) > 2 && t.Exact[0] > '9'
}

// inner tells whether a word that is no edge may stand inside a phrase.
func inner(t text.Token) bool { return stops()[t.Exact] }

// isName tells whether all the edge words of a phrase have a capital.
func isName(s string, toks []text.Token) bool {
	for _, t := range toks {
		r, _ := utf8.DecodeRuneInString(s[t.Start:])
		if edge(t) && !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}
