package keyphrase

import (
	_ "embed"
	"strings"
	"sync"
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
