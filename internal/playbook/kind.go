package playbook

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"veilleur/internal/veille"
)

//go:embed kinds.txt
var kinds string

// A lexicon is the words of one kind.
type lexicon struct {
	kind    string
	phrases []string // folded; a star ends a prefix
}

// lexicons reads kinds.txt: a line is "kind: phrase; phrase". Their order is
// the one that decides between equals, gravest first.
func lexicons() []lexicon {
	var out []lexicon
	for line := range strings.SplitSeq(kinds, "\n") {
		kind, phrases, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		l := lexicon{kind: strings.TrimSpace(kind)}
		for p := range strings.SplitSeq(phrases, ";") {
			l.phrases = append(l.phrases, strings.TrimSpace(p))
		}
		out = append(out, l)
	}
	return out
}

// The weight of a word by where it stands: the judge's own grave words say
// most, the title next.
const (
	weightSevere  = 3
	weightTitle   = 2
	weightPassage = 1
)

// KindOf reads the kind of an incident from its words; KindOther when none
// speaks.
func KindOf(i veille.Incident) string {
	severe, passages := wordsOf(i)
	fields := []struct {
		text   string
		weight int
	}{{severe, weightSevere}, {fold(i.Title), weightTitle}, {passages, weightPassage}}
	best, most := KindOther, 0
	for _, l := range lexicons() {
		points := 0
		for _, f := range fields {
			points += f.weight * l.count(f.text)
		}
		if points > most {
			best, most = l.kind, points
		}
	}
	return best
}

// count tells how many of the phrases stand in a folded text.
func (l lexicon) count(text string) int {
	n := 0
	for _, p := range l.phrases {
		if begin, prefix := strings.CutSuffix(p, "*"); prefix && strings.Contains(text, " "+begin) || !prefix && strings.Contains(text, " "+p+" ") {
			n++
		}
	}
	return n
}

// wordsOf gives the grave words of an incident's signals, and the passages of
// its evidence, each once, both folded.
func wordsOf(i veille.Incident) (severe, passages string) {
	var grave, read strings.Builder
	seen := map[string]bool{}
	for _, s := range i.Signals {
		if s.Kind == "severity" {
			for _, v := range s.Reason.Args {
				if text, ok := v.(string); ok {
					grave.WriteString(text + " ")
				}
			}
		}
		for _, e := range s.Evidence {
			if !seen[e.Passage.Text] {
				seen[e.Passage.Text] = true
				read.WriteString(e.Passage.Text + " ")
			}
		}
	}
	return fold(grave.String()), fold(read.String())
}

// fold gives the words of a text without case, accents or punctuation,
// separated and surrounded by one space.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			if s := b.String(); s[len(s)-1] != ' ' {
				b.WriteByte(' ')
			}
		}
	}
	b.WriteByte(' ')
	return b.String()
}
