package story

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
)

var (
	//go:embed glossary.txt
	glossaryText string
	//go:embed stop.txt
	stopText string
)

// A wordbook is the two tables of the package.
type wordbook struct {
	stop     map[string]bool
	concepts map[string]map[string]string // language, then stem, to concept
}

var book = sync.OnceValue(func() wordbook {
	b := wordbook{stop: make(map[string]bool), concepts: map[string]map[string]string{"fr": {}, "en": {}}}
	for w := range strings.FieldsSeq(stopText) {
		b.stop[w] = true
	}
	for line := range strings.Lines(glossaryText) {
		fr, en, ok := strings.Cut(strings.TrimSpace(line), "|")
		if !ok || line[0] == '#' {
			continue
		}
		concept := ""
		for lang, list := range map[string]string{"fr": fr, "en": en} {
			for _, t := range text.Tokens(lang, list) {
				if concept == "" {
					concept = "=" + text.Tokens("fr", fr)[0].Exact
				}
				if _, taken := b.concepts[lang][t.Term]; !taken {
					b.concepts[lang][t.Term] = concept
				}
			}
		}
	}
	return b
})

// A feature is one thing a text speaks of: a word, a concept of the glossary,
// a name or a number.
type feature struct {
	weight float64 // before its rarity, how often it is said
	id     int32
	kind   kind
}

type kind byte

const (
	word kind = iota
	number
	name
	place
)

// features reads a title twice and the first words of a body.
func (g *Grouper) features(d Doc) []feature {
	out := make([]feature, 0, 64)
	add := func(f found, times float64) {
		id := g.terms.id(f.key)
		t := &g.terms.all[id]
		if t.at == 0 {
			out = append(out, feature{id: id, kind: f.kind})
			t.at = int32(len(out))
		}
		x := &out[t.at-1]
		x.kind = max(x.kind, f.kind)
		x.weight += times
	}
	g.each(d.Lang, d.Title, len(d.Title), func(f found) { add(f, titleTimes) })
	g.each(d.Lang, d.Text, bodyWords, func(f found) { add(f, 1) })
	for _, f := range out {
		g.terms.all[f.id].at = 0
	}
	return out
}

// found is one word as read.
type found struct {
	key  string
	kind kind
}

// each calls f with the words of s that carry sense, at most n words read.
func (g *Grouper) each(lang, s string, n int, f func(found)) {
	b := book()
	g.toks = text.AppendTokens(g.toks[:0], lang, s)
	toks := g.toks[:min(n, len(g.toks))]
	shouts := titleCase(s, toks)
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		g.at = t
		first, _ := utf8.DecodeRuneInString(s[t.Start:])
		switch {
		case unicode.IsDigit(first):
			num, skip := numberAt(s, toks[i:])
			i += skip
			if len(num) > 1 {
				f(found{num, number})
			}
		case b.stop[t.Exact] || len(t.Exact) < 2:
		case unicode.IsUpper(first) && hyphened(s, toks, i):
			key, last := joined(s, toks, i)
			k := name
			if g.isPlace(key, s, toks, i) {
				k = place
			}
			f(found{key, k})
			i = last
		case unicode.IsUpper(first) && !shouts && !begins(s, toks, i):
			k := name
			if g.isPlace(t.Exact, s, toks, i) {
				k = place
			}
			f(found{t.Exact, k})
		default:
			key := t.Term
			if c := b.concepts[lang][key]; c != "" {
				key = c
			}
			f(found{key, word})
		}
	}
}

// hyphened tells whether a hyphen ties token i to the next.
func hyphened(s string, toks []text.Token, i int) bool {
	return i+1 < len(toks) && s[toks[i].End:toks[i+1].Start] == "-"
}

// joined is the whole of a hyphened name, and its last token.
func joined(s string, toks []text.Token, i int) (string, int) {
	key := toks[i].Exact
	for hyphened(s, toks, i) {
		i++
		key += "-" + toks[i].Exact
	}
	return key, i
}

// isPlace tells whether a name is of a place: it follows "à" or "in", or did
// once before.
func (g *Grouper) isPlace(key, s string, toks []text.Token, i int) bool {
	if i > 0 && s[toks[i-1].End:toks[i].Start] == " " {
		switch s[toks[i-1].Start:toks[i-1].End] {
		case "à", "À", "in", "In", "near", "at":
			g.terms.all[g.terms.id(key)].place = true
		}
	}
	id, ok := g.terms.ids[key]
	return ok && g.terms.all[id].place
}

// begins tells whether token i begins a sentence, where any word has a capital.
func begins(s string, toks []text.Token, i int) bool {
	if i == 0 {
		return true
	}
	between := s[toks[i-1].End:toks[i].Start]
	return strings.ContainsAny(between, ".!?:\n") || strings.Contains(between, "«") || strings.Contains(between, "“")
}

// numberAt reads a number that may be written with spaces or commas between
// its thousands: 1 500 and 1,500 are 1500. It tells how many more tokens it
// took.
func numberAt(s string, toks []text.Token) (string, int) {
	num := toks[0].Exact
	if i := strings.IndexByte(num, '.'); i > 0 && len(num)-i == 4 {
		num = num[:i] + num[i+1:]
	}
	skip := 0
	for skip+1 < len(toks) {
		a, b := toks[skip], toks[skip+1]
		gap := s[a.End:b.Start]
		if len(b.Exact) != 3 || !digits(b.Exact) || gap != " " && gap != "\u00a0" && gap != "\u202f" || len(num) > 6 || len(toks[0].Exact) > 3 {
			break
		}
		num += b.Exact
		skip++
	}
	return num, skip
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// titleCase tells whether most words have a capital, so that a capital says
// nothing.
func titleCase(s string, toks []text.Token) bool {
	caps := 0
	for _, t := range toks {
		if r, _ := utf8.DecodeRuneInString(s[t.Start:]); unicode.IsUpper(r) {
			caps++
		}
	}
	return len(toks) >= 4 && caps*10 > len(toks)*6
}
