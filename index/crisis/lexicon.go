package crisis

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"

	"veilleur/index/text"
)

//go:embed severity.txt
var severityText string

// A class is a kind of grave word: death, data, closure… Class "none" is for
// idioms that would otherwise look grave.
type class string

// A pattern is a phrase of the lexicon: its folded words, the last of each
// marked as a prefix when the file has a star.
type pattern struct {
	words  []string
	prefix []bool
	class  class
	weight float64
}

// stem is how many bytes of a first word find its patterns; no prefix of the
// lexicon is shorter.
const stem = 4

// A lexicon finds phrases in a text by the first bytes of their first word.
type lexicon map[string][]pattern

var severity = sync.OnceValue(func() lexicon { return parseLexicon(severityText) })

// parseLexicon reads lines of "class weight: phrase; phrase". A bad line is a
// fault of the binary, so it panics.
func parseLexicon(s string) lexicon {
	l := make(lexicon)
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, list, _ := strings.Cut(line, ":")
		name, number, _ := strings.Cut(head, " ")
		w, err := strconv.ParseFloat(number, 64)
		if err != nil {
			panic("crisis: severity.txt: " + line)
		}
		for phrase := range strings.SplitSeq(list, ";") {
			if p, ok := parsePattern(phrase, class(name), w); ok {
				key := head4(p.words[0])
				l[key] = append(l[key], p)
			}
		}
	}
	return l
}

// parsePattern reads one phrase. Elided words are left out, as the tokenizer
// leaves them out of texts.
func parsePattern(phrase string, c class, w float64) (pattern, bool) {
	p := pattern{class: c, weight: w}
	for f := range strings.FieldsSeq(phrase) {
		f, star := strings.CutSuffix(f, "*")
		if len(f) == 1 && strings.Contains("ldjmtsnc", f) || f == "qu" {
			continue
		}
		if star && len(p.words) == 0 && len(f) < stem {
			panic("crisis: severity.txt: a first word this short cannot be a prefix: " + phrase)
		}
		p.words = append(p.words, text.Fold(f))
		p.prefix = append(p.prefix, star)
	}
	return p, len(p.words) > 0
}

// Words is the fingerprint of the words this judge reads by: twelve hexadecimal
// digits that change when any of them does. It is kept with evidence, so that
// one can tell whether a judgement made today would be made of the same words.
func Words() string {
	h := sha256.Sum256([]byte(severityText + "\x00" + contextText))
	return hex.EncodeToString(h[:6])
}

func head4(w string) string { return w[:min(stem, len(w))] }

// longest gives the longest phrase that starts at words[0], the gravest among
// equals, and how many words it has; 0 when there is none.
func (l lexicon) longest(words []text.Token) (best pattern, n int) {
	for _, p := range l[head4(words[0].Exact)] {
		if len(p.words) < n || len(p.words) == n && p.weight <= best.weight || !p.at(words) {
			continue
		}
		best, n = p, len(p.words)
	}
	return best, n
}

// at tells whether the phrase starts at words[0].
func (p pattern) at(words []text.Token) bool {
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
