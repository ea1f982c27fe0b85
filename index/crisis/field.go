package crisis

import (
	_ "embed"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

//go:embed context.txt
var contextText string

// A field is the title or the text of a mention, cut into sentences and words.
type field struct {
	kind      string // "title" or "text"
	text      string
	sentences [][2]int
	words     []text.Token
	of        []int    // sentence of each word
	counts    []bool   // whether each sentence counts for this topic
	names     [][2]int // where the topic is named, as bytes of text
}

func newField(kind, s string, m veille.Mention) *field {
	f := &field{kind: kind, text: s}
	if s == "" {
		return f
	}
	f.sentences = text.Sentences(s)
	f.words = text.Tokens("", s)
	f.of = make([]int, len(f.words))
	i := 0
	for w := range f.words {
		for i+1 < len(f.sentences) && f.words[w].Start >= f.sentences[i][1] {
			i++
		}
		f.of[w] = i
	}
	f.place(m)
	return f
}

// place finds where the mention's passages stand, and so which sentences
// count.
func (f *field) place(m veille.Mention) {
	f.counts = make([]bool, len(f.sentences))
	near := f.kind == "text" && len(f.text) > whole
	for i := range f.counts {
		f.counts[i] = !near
	}
	for _, p := range m.Passages {
		at := strings.Index(f.text, p.Text)
		if p.Field != f.kind || at < 0 {
			continue
		}
		for _, mark := range p.Marks {
			f.names = append(f.names, [2]int{at + mark[0], at + mark[1]})
		}
		for i, s := range f.sentences {
			if s[1] > at && s[0] < at+len(p.Text) {
				for j := max(0, i-1); j <= min(i+1, len(f.counts)-1); j++ {
					f.counts[j] = true
				}
			}
		}
	}
	if near && len(f.names) == 0 {
		for i := range min(3, len(f.counts)) {
			f.counts[i] = true
		}
	}
}

// contexts counts the context words of the sentences that count.
func (f *field) contexts(into *contexts) {
	l := contextWords()
	for i := 0; i < len(f.words); {
		p, n := l.longest(f.rest(i))
		if n == 0 {
			i++
			continue
		}
		if f.counts[f.of[i]] {
			into.add(p.class)
		}
		i++
		if n > 2 {
			i += n - 1
		}
	}
}

// grave finds the grave phrases that are meant: not negated, not fought
// against.
func (f *field) grave() []hit {
	l := severity()
	var hits []hit
	for i := 0; i < len(f.words); {
		p, n := l.longest(f.rest(i))
		if n == 0 {
			i++
			continue
		}
		if p.class != "none" && f.counts[f.of[i]] {
			from, to := f.words[i].Start, f.words[i+n-1].End
			w := p.weight * f.meant(i, p.class)
			hits = append(hits, hit{pattern: p, said: f.text[from:to], field: f.kind, from: from, to: to, sentence: f.of[i], weight: w})
		}
		i += n
	}
	return hits
}

// rest gives the words from i to the end of its sentence, no more than a phrase
// has.
func (f *field) rest(i int) []text.Token {
	const phrase = 6
	end := i + 1
	for end < len(f.words) && end < i+phrase && f.of[end] == f.of[i] {
		end++
	}
	return f.words[i:end]
}

// meant is what the words before word i leave of its gravity: 1 when nothing
// turns it.
func (f *field) meant(i int, c class) float64 {
	for back := 1; back <= far && i-back >= 0 && f.of[i-back] == f.of[i]; back++ {
		w := f.words[i-back].Exact
		switch {
		case turns(w):
			return .1
		case back <= 4 && denies(w) && !f.somebody(i-back):
			return .15
		case back <= 2 && w == "pas" || back <= 3 && (w == "not" || w == "never" || w == "jamais"):
			return .2
		}
	}
	if f.landmark(i) && (c == "injury" || c == "emergency" || c == "fraud" || c == "violence") {
		return .5
	}
	return 1
}

// turns tells the words after which a grave word is what one fights, prevents
// or has overcome.
func turns(w string) bool {
	switch w {
	case "lutte", "lutter", "luttent", "prevenir", "prevention", "preventif", "preventive", "eviter", "evite", "evitez",
		"proteger", "protege", "protegez", "protection", "contrer", "dejouer", "dejoue", "detecter", "reconnaitre", "vaincu", "vaincre",
		"surmonte", "surmonter", "gueri", "guerie", "survecu", "atelier", "conference", "formation", "capsule", "anti", "prevent",
		"preventing", "avoid", "avoiding", "fight", "fighting", "protect", "protecting", "awareness", "overcame", "overcome", "combat", "combats":
		return true
	}
	return strings.HasPrefix(w, "combatt") || strings.HasPrefix(w, "sensibilis")
}

// denies tells the words that say there is none of what follows.
func denies(w string) bool {
	switch w {
	case "aucun", "aucune", "sans", "ni", "personne", "nul", "nulle", "no", "without", "nobody", "zero":
		return true
	}
	return false
}

// somebody tells whether word i is the noun of "une personne", not the
// "personne" that means nobody.
func (f *field) somebody(i int) bool {
	if f.words[i].Exact != "personne" || i == 0 {
		return false
	}
	switch f.words[i-1].Exact {
	case "une", "la", "cette", "autre", "jeune", "seule", "chaque", "premiere", "deuxieme", "troisieme":
		return true
	}
	return false
}

// landmark tells whether the topic only tells where word i happened: "devant
// la caisse", "near the branch".
func (f *field) landmark(i int) bool {
	for _, n := range f.names {
		for j := 1; j < len(f.words); j++ {
			if f.words[j].Start < n[0] || f.of[j] != f.of[i] {
				continue
			}
			for back := 1; back <= 3 && j-back >= 0; back++ {
				switch f.words[j-back].Exact {
				case "devant", "pres", "cote", "derriere", "face", "entre", "pied", "near", "outside", "front", "behind", "beside", "stationnement":
					return true
				}
			}
			break
		}
	}
	return false
}
