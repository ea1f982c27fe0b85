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
	//go:embed fields.txt
	fieldText string
	//go:embed stop.txt
	stopText string
)

// A wordbook is the three tables of the package.
type wordbook struct {
	stop  map[string]bool
	sense map[string]map[string]sense // language, then stem
}

// A sense is what a word is read as: a concept of the glossary, "" when it is
// in none, and the fields it belongs to.
type sense struct {
	concept string
	fields  []string
}

var book = sync.OnceValue(func() wordbook {
	b := wordbook{stop: make(map[string]bool), sense: map[string]map[string]sense{"fr": {}, "en": {}}}
	for w := range strings.FieldsSeq(stopText) {
		b.stop[w] = true
	}
	b.each(glossaryText, func(s *sense, first string) {
		if s.concept == "" {
			s.concept = "=" + first
		}
	})
	b.each(fieldText, func(s *sense, first string) {
		s.fields = append(s.fields, "#"+first)
	})
	return b
})

// each reads a table of French | English, one sense a line, and calls f with
// each word's sense and the first French word of its line.
func (b wordbook) each(table string, f func(s *sense, first string)) {
	for line := range strings.Lines(table) {
		fr, en, ok := strings.Cut(strings.TrimSpace(line), "|")
		if !ok || line[0] == '#' {
			continue
		}
		first := text.Tokens("fr", fr)[0].Exact
		for _, said := range []struct{ lang, words string }{{"fr", fr}, {"en", en}} {
			for _, t := range text.Tokens(said.lang, said.words) {
				s := b.sense[said.lang][t.Term]
				f(&s, first)
				b.sense[said.lang][t.Term] = s
			}
		}
	}
}

// A feature is one thing a text speaks of: a word, a concept of the glossary,
// a field, a name or a number.
type feature struct {
	times  float64 // how often it is said
	weight float64 // its part of the entry's norm, 1: how often, how rare
	worth  float64 // what its odds count
	odds   float64 // of it being read in its story, against in the news at large
	id     int32
	kind   kind
	common bool // no one event's: a place, or a name of every week
}

type kind byte

const (
	word  kind = iota // of one language
	field             // of both, as all that follow
	concept
	number
	name
	place
)

// features reads a title and the first words of a body.
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
		x.times += times
		t.learn(f)
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
	key   string
	kind  kind
	upper bool // it has a capital
	tells bool // and that, or that it has none, tells whether it is a name
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
				f(found{key: num, kind: number})
			}
		case b.stop[t.Exact] || len(t.Exact) < 2:
		case unicode.IsUpper(first) && hyphened(s, toks, i):
			key, last := joined(s, toks, i)
			f(found{key: key, kind: g.nameOrPlace(key, s, toks, i)})
			i = last
		default:
			sense, upper, tells := b.sense[lang][t.Term], unicode.IsUpper(first), !shouts && !begins(s, toks, i)
			for _, key := range sense.fields {
				f(found{key: key, kind: field})
			}
			switch {
			case sense.concept != "" && !(upper && tells):
				f(found{key: sense.concept, kind: concept})
			case g.isName(t.Term, upper, tells):
				f(found{t.Term, g.nameOrPlace(t.Term, s, toks, i), upper, tells && sense.concept == ""})
			default:
				f(found{t.Term, word, upper, tells})
			}
		}
	}
}

// isName tells whether a word is read as a name: it has a capital where a
// capital tells, or where it does not (first of a sentence, in a title all of
// capitals) and was read more often with one than without elsewhere.
func (g *Grouper) isName(key string, upper, tells bool) bool {
	if !upper || tells {
		return upper
	}
	id, ok := g.terms.ids[key]
	return ok && g.terms.all[id].upper > g.terms.all[id].lower
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

// nameOrPlace tells what a name is of: a place if it follows "à" or "in", or did
// once before.
func (g *Grouper) nameOrPlace(key, s string, toks []text.Token, i int) kind {
	if i > 0 && s[toks[i-1].End:toks[i].Start] == " " {
		switch s[toks[i-1].Start:toks[i-1].End] {
		case "à", "À", "in", "In", "near", "at":
			return place
		}
	}
	if id, ok := g.terms.ids[key]; ok && g.terms.all[id].place {
		return place
	}
	return name
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
