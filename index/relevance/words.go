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
