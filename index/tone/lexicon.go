package tone

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"veilleur/index/text"
)

//go:embed words.txt
var wordsText string

// A phrase is one line's word or words, each maybe a prefix.
type phrase struct {
	words  []string
	prefix []bool
	weight float64
}

// A lexicon finds phrases by the first letters of their first word.
type lexicon map[string][]phrase

// head is how many bytes of the first word are the key; shorter words are
// their own.
const head = 3

func key(w string) string { return w[:min(head, len(w))] }

type books struct{ fr, en, both lexicon }

func (b *books) of(lang string) lexicon {
	switch lang {
	case "fr":
		return b.fr
	case "en":
		return b.en
	}
	return b.both
}

// book reads words.txt once. A bad line is a fault of the binary: it panics.
var book = sync.OnceValue(func() *books {
	b := &books{lexicon{}, lexicon{}, lexicon{}}
	for line := range strings.Lines(wordsText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		start, list, _ := strings.Cut(line, ":")
		lang, number, _ := strings.Cut(start, " ")
		w, err := strconv.ParseFloat(number, 64)
		if err != nil || w < -1 || w > 1 {
			panic("tone: words.txt: " + line)
		}
		for s := range strings.SplitSeq(list, ";") {
			p := parse(s, w)
			if len(p.words) == 0 {
				continue
			}
			b.both[key(p.words[0])] = append(b.both[key(p.words[0])], p)
			l := b.of(lang)
			l[key(p.words[0])] = append(l[key(p.words[0])], p)
		}
	}
	return b
})

func parse(s string, w float64) (p phrase) {
	p.weight = w
	for f := range strings.FieldsSeq(s) {
		f, star := strings.CutSuffix(f, "*")
		if len(f) == 1 && strings.Contains("ldjmtsnc", f) || f == "qu" {
			continue
		}
		p.words = append(p.words, text.Fold(f))
		p.prefix = append(p.prefix, star)
	}
	return p
}

// longest gives the longest phrase at the start of words, the first written
// among equals, and how many words it has; 0 when there is none. A whole word
// wins over a prefix.
func (l lexicon) longest(words []text.Token) (best phrase, n int) {
	exact := false
	for _, p := range l[key(words[0].Exact)] {
		if len(p.words) < n || !p.at(words) {
			continue
		}
		if len(p.words) > n || !p.prefix[0] && !exact {
			best, n, exact = p, len(p.words), !p.prefix[0]
		}
	}
	return best, n
}

func (p phrase) at(words []text.Token) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		got := words[i].Exact
		if got != w && !(p.prefix[i] && strings.HasPrefix(got, w)) {
			return false
		}
	}
	return true
}
