package relevance

import (
	_ "embed"
	"strings"
	"sync"

	"veilleur/index/text"
)

//go:embed words.txt
var wordsText string

// lists reads words.txt once: a list a line, its name before the colon, its
// words or phrases parted by semicolons.
var lists = sync.OnceValue(func() map[string][]phrase {
	out := map[string][]phrase{}
	for line := range strings.Lines(wordsText) {
		name, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || name == "" || name[0] == '#' {
			continue
		}
		for s := range strings.SplitSeq(list, ";") {
			var p phrase
			for f := range strings.FieldsSeq(s) {
				f, star := strings.CutSuffix(f, "*")
				for _, t := range text.Tokens("", f) {
					p = append(p, t.Exact)
				}
				if star && len(p) > 0 {
					p[len(p)-1] += "*"
				}
			}
			if len(p) > 0 {
				out[name] = append(out[name], p)
			}
		}
	}
	return out
})

// tradeAt is how many words the longest phrase of the trade takes at the start
// of toks: most words of a text are of none, so the first letter is asked first.
func tradeAt(toks []text.Token) int {
	if list := tradeByLetter()[toks[0].Exact[0]]; list != nil {
		return matches(list, toks)
	}
	return 0
}

var tradeByLetter = sync.OnceValue(func() map[byte][]phrase {
	out := map[byte][]phrase{}
	for _, p := range lists()["trade"] {
		out[p[0][0]] = append(out[p[0][0]], p)
	}
	return out
})
