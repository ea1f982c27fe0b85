package relevance

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// An Example is one mention of a topic that a person or a full name settled.
type Example struct {
	// Family is the same for a text and its reprints: they teach once.
	Family   veille.EntryID
	Passages []veille.Passage // the names marked
}

// A Lesson is one word that stood by the name in what was refused and never in
// what was kept.
type Lesson struct {
	Word   string // as first written
	Beside bool   // only right beside the name; else up to around words from it
	Times  int    // refused texts it stood in, reprints counted once; at least 1
	exact  string
}

const (
	// around is how far from a name, in words, a word is learned.
	around = 6
	// seenTwice is how many refused texts must share a word that is not a name
	// beside the name: two may share a word by chance of subject, and a person
	// sees and undoes it; one shares all of its words with itself.
	seenTwice = 2
	// mostLessons is how many words a topic remembers: a person reads them all.
	mostLessons = 12
)

// Learn gives the words by which to know texts like the refused ones, those
// seen most first. A capitalised word right beside the name is learned from
// one refusal ("Normand Desrivières"), any other from two. A word that stands
// as near in one kept text is never learned.
func Learn(refused, kept []Example) []Lesson {
	no, yes := gather(refused), gather(kept)
	var out []Lesson
	for exact, n := range no {
		l := Lesson{Word: n.word, exact: exact, Times: len(n.near)}
		k := yes[exact]
		switch {
		case len(n.near) >= seenTwice && k == nil:
		case len(n.beside) > 0 && (k == nil || len(k.beside)+len(k.lower) == 0):
			l.Beside, l.Times = true, len(n.beside)
		default:
			continue
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Lesson) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.exact, b.exact))
	})
	return out[:min(len(out), mostLessons)]
}

// A seen is where one word stood, by family.
type seen struct {
	word   string
	near   map[veille.EntryID]bool // up to around words from the name
	beside map[veille.EntryID]bool // right beside it, with a capital no beginning explains
	lower  map[veille.EntryID]bool // right beside it, otherwise
}

func gather(examples []Example) map[string]*seen {
	out := map[string]*seen{}
	for _, e := range examples {
		eachNear(e.Passages, func(w neighbour) bool {
			s := out[w.exact]
			if s == nil {
				s = &seen{word: w.text(), near: map[veille.EntryID]bool{}, beside: map[veille.EntryID]bool{}, lower: map[veille.EntryID]bool{}}
				out[w.exact] = s
			}
			s.near[e.Family] = true
			switch {
			case w.beside && w.capital:
				s.beside[e.Family] = true
			case w.beside:
				s.lower[e.Family] = true
			}
			return true
		})
	}
	return out
}

// A neighbour is one word near a name.
type neighbour struct {
	passage         veille.Passage
	from, to        int // in the passage's text
	exact           string
	beside, capital bool
}

func (w neighbour) text() string { return w.passage.Text[w.from:w.to] }

// Known gives the first lesson that holds for a mention, with the passage it
// holds in, its word marked.
func Known(lessons []Lesson, passages []veille.Passage) (Lesson, veille.Passage, bool) {
	var found Lesson
	var where veille.Passage
	ok := false
	if len(lessons) == 0 {
		return found, where, false
	}
	eachNear(passages, func(w neighbour) bool {
		for _, l := range lessons {
			if l.exact == w.exact && (!l.Beside || w.beside) {
				found, ok = l, true
				where = veille.Passage{Field: w.passage.Field, Text: w.passage.Text, Marks: [][2]int{{w.from, w.to}}}
				return false
			}
		}
		return true
	})
	return found, where, ok
}

// eachNear gives f the telling words near the marks of passages, until f has
// seen enough.
func eachNear(passages []veille.Passage, f func(neighbour) bool) {
	for _, p := range passages {
		toks := text.Tokens("", p.Text)
		for _, m := range p.Marks {
			lo := slices.IndexFunc(toks, func(t text.Token) bool { return t.End > m[0] })
			if lo < 0 {
				continue
			}
			hi := lo
			for hi+1 < len(toks) && toks[hi+1].Start < m[1] {
				hi++
			}
			for i := max(0, lo-around); i < min(len(toks), hi+around+1); i++ {
				if inMarks(p, toks[i]) || !telling(toks[i].Exact) {
					continue
				}
				w := neighbour{passage: p, from: toks[i].Start, to: toks[i].End, exact: toks[i].Exact, capital: capital(p.Text, toks, i)}
				w.beside = i == lo-1 && joined(p.Text[toks[i].End:toks[lo].Start]) || i == hi+1 && joined(p.Text[toks[hi].End:toks[i].Start])
				if !f(w) {
					return
				}
			}
		}
	}
}

func inMarks(p veille.Passage, t text.Token) bool {
	return slices.ContainsFunc(p.Marks, func(m [2]int) bool { return t.Start < m[1] && m[0] < t.End })
}

// telling tells whether a word can tell one subject from another.
func telling(w string) bool {
	return utf8.RuneCountInString(w) > 2 && w[0] > '9' && !in(lists()["stop"], w)
}

// capital tells whether word i has a capital that no beginning explains.
func capital(s string, toks []text.Token, i int) bool {
	first, _ := utf8.DecodeRuneInString(s[toks[i].Start:])
	if !unicode.IsUpper(first) || i == 0 {
		return false
	}
	between := s[toks[i-1].End:toks[i].Start]
	return !ends(between)
}

func ends(between string) bool {
	for _, r := range between {
		switch r {
		case '.', '!', '?', ':', '«', '“', '"', '\n':
			return true
		}
	}
	return false
}

// Beside gives the phrases a name makes with a telling word right beside it,
// as written ("Excavation Desrivières"), each once: what to leave out when
// they are another's.
func Beside(passages []veille.Passage) (out []string) {
	eachNear(passages, func(w neighbour) bool {
		if !w.beside {
			return true
		}
		from, to := w.from, w.to
		for _, m := range w.passage.Marks {
			if joined(w.passage.Text[min(w.to, m[0]):m[0]]) && w.to <= m[0] && m[0]-w.to < 3 {
				to = m[1]
			}
			if m[1] <= w.from && joined(w.passage.Text[m[1]:w.from]) {
				from = m[0]
			}
		}
		if phrase := w.passage.Text[from:to]; !slices.Contains(out, phrase) {
			out = append(out, phrase)
		}
		return true
	})
	return out
}
