// Package relevance tells whether a text is about the movement, about one of
// its branches, or about something else of the same name: a person, a street,
// a crate, a snare drum.
//
// It reads where the names stand. A full name settles it ("Mouvement Alma",
// "Caisse du Val", the Val caisse); what stands around a bare name tells a
// family (a given name or a title before it), a place (rue, school), or the
// institution (a trade, members, rates). A branch's common word, such as
// caisse, counts only beside its place or among words of its trade, and never
// in its other senses (words.txt). It stores nothing and sends nothing.
//
// Source: the one-sense-per-discourse heuristic of Gale, Church and Yarowsky,
// HLT 1992: what one occurrence settles holds for the bare ones around it.
package relevance

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
)

// About says what a text is about.
type About string

// What a text may be about.
const (
	Movement About = "movement"
	Branch   About = "branch"
	Neither  About = "neither"
)

// A Reason is one thing that told.
type Reason struct {
	For  About  `json:"for"`
	What string `json:"what"` // name, place, sponsor, person, street, sense, homonym, trade, bare or alone
	Word string `json:"word"` // as written
	// Title tells that the word stands in the title, At where it begins there or
	// in the body, in bytes.
	Title bool `json:"-"`
	At    int  `json:"-"`
}

// A Verdict is what a text is about, and why.
type Verdict struct {
	About   About    `json:"about"`
	Weak    bool     `json:"weak,omitempty"` // only through a name lent to a place or an event, or thanked for its money
	Because []Reason `json:"because"`
}

// Names are those of a movement and its branches, and words known to be
// others' (each a word or a phrase).
type Names struct {
	Movement []string `json:"movement"`
	Branches []string `json:"branches"`
	Homonyms []string `json:"homonyms"`
}

// A Guard knows the names. It is safe for use by several goroutines.
type Guard struct {
	full     book            // of the movement, of several words
	bare     map[string]bool // of the movement, of one word
	branches book
	places   book            // what tells a branch from another
	common   map[string]bool // the word branches share: caisse
	own      map[string]bool // every word of a name
	homonyms book
	senses   book
}

type phrase []string

// A book finds phrases by their first word, which is whole.
type book map[string][]phrase

func (b book) add(p phrase) { b[p[0]] = append(b[p[0]], p) }

// at is how many words the longest of them takes at the start of toks.
func (b book) at(toks []text.Token) int {
	if list := b[toks[0].Exact]; list != nil {
		return matches(list, toks)
	}
	return 0
}

// New makes a Guard.
func New(n Names) *Guard {
	g := &Guard{bare: map[string]bool{}, common: map[string]bool{}, own: map[string]bool{},
		full: book{}, branches: book{}, places: book{}, homonyms: book{}, senses: book{}}
	for _, p := range lists()["sense"] {
		g.senses.add(p)
	}
	for _, s := range n.Movement {
		if w := words(s); len(w) == 1 {
			g.bare[w[0]] = true
		} else if len(w) > 1 {
			g.full.add(w)
		}
	}
	heads := map[string]int{}
	for _, s := range n.Branches {
		if w := words(s); len(w) > 1 {
			heads[w[0]]++
		}
	}
	for _, s := range n.Branches {
		w := words(s)
		if len(w) == 0 {
			continue
		}
		g.branches.add(w)
		if heads[w[0]] < 2 && heads[w[0]] < len(n.Branches) {
			continue
		}
		g.common[w[0]], g.common[w[0]+"s"] = true, true
		if p := g.place(w[1:]); len(p) > 0 {
			g.places.add(p)
		}
	}
	for _, s := range n.Homonyms {
		if w := words(s); len(w) > 0 {
			g.homonyms.add(w)
		}
	}
	for _, s := range slices.Concat(n.Movement, n.Branches) {
		for _, w := range words(s) {
			g.own[w] = true
		}
	}
	for w := range g.common {
		g.own[w] = true
	}
	return g
}

// place is what of a branch's name names its place.
func (g *Guard) place(w []string) phrase {
	for len(w) > 0 && (linking[w[0]] || g.bare[w[0]]) {
		w = w[1:]
	}
	return w
}

// linking are the words between a common word and a place.
var linking = map[string]bool{"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "of": true, "the": true}

// Own tells whether every word of s stands in a name of the movement or of a
// branch.
func (g *Guard) Own(s string) bool {
	w := words(s)
	for _, x := range w {
		if !g.own[x] {
			return false
		}
	}
	return len(w) > 0
}

// Common tells whether s is the one word that branches share.
func (g *Guard) Common(s string) bool {
	w := words(s)
	return len(w) == 1 && g.common[w[0]]
}

// Bare tells whether s names the movement by one word.
func (g *Guard) Bare(s string) bool {
	w := words(s)
	return len(w) == 1 && g.bare[w[0]]
}

func words(s string) (out phrase) {
	for _, t := range text.Tokens("", s) {
		out = append(out, t.Exact)
	}
	return out
}

// Judge reads a text.
func (g *Guard) Judge(title, body string) Verdict {
	r := reader{g: g, title: true}
	r.read(title)
	r.title = false
	r.read(body)
	return r.verdict()
}

// A reader gathers what a text says of the names in it.
type reader struct {
	g       *Guard
	title   bool // s is the title
	s       string
	toks    []text.Token
	reasons []Reason
	bare    []Reason // bare names, which the others explain
	thanked int      // of them, those thanked for their money
	common  []Reason // common words beside nothing
	place   *Reason  // a place of a branch, anywhere
	trade   map[string]bool
}

func (r *reader) read(s string) {
	r.s, r.toks = s, text.Tokens("", s)
	for i := 0; i < len(r.toks); {
		i += max(1, r.at(i))
	}
}

// at reads what begins at word i and gives how many words it took.
func (r *reader) at(i int) int {
	g := r.g
	if n := g.homonyms.at(r.toks[i:]); n > 0 {
		return r.note(Neither, "homonym", i, n)
	}
	if n := g.branches.at(r.toks[i:]); n > 0 {
		return r.note(Branch, "name", i, n)
	}
	if n := g.full.at(r.toks[i:]); n > 0 {
		return r.note(Movement, "name", i, n)
	}
	if n := g.senses.at(r.toks[i:]); n > 0 {
		return r.note(Neither, "sense", i, n)
	}
	if n := g.places.at(r.toks[i:]); n > 0 {
		x := r.reason(Branch, "place", i, n)
		r.place = &x
		return n
	}
	w := r.toks[i].Exact
	switch {
	case g.bare[w]:
		r.name(i)
	case g.common[w]:
		r.commonWord(i)
	case tradeAt(r.toks[i:]) > 0:
		if r.trade == nil {
			r.trade = map[string]bool{}
		}
		r.trade[w] = true
	}
	return 1
}

// matches is how many words the longest phrase of a list takes at the start of
// toks; a word ending in * stands for all that begin so.
func matches(list []phrase, toks []text.Token) int {
	best := 0
	for _, p := range list {
		if len(p) <= best || len(p) > len(toks) {
			continue
		}
		ok := true
		for k, w := range p {
			got := toks[k].Exact
			if head, star := strings.CutSuffix(w, "*"); got != w && !(star && strings.HasPrefix(got, head)) {
				ok = false
				break
			}
		}
		if ok {
			best = len(p)
		}
	}
	return best
}

func (r *reader) reason(a About, what string, i, n int) Reason {
	at := r.toks[i].Start
	return Reason{For: a, What: what, Word: r.s[at:r.toks[i+n-1].End], Title: r.title, At: at}
}

func (r *reader) note(a About, what string, i, n int) int {
	r.reasons = append(r.reasons, r.reason(a, what, i, n))
	return n
}

// name reads the neighbours of a bare name.
func (r *reader) name(i int) {
	before, after := "", ""
	if i > 0 && r.near(i-1, i) {
		before = r.toks[i-1].Exact
	}
	if i+1 < len(r.toks) && r.near(i, i+1) {
		after = r.toks[i+1].Exact
	}
	from := max(0, i-1)
	n := i - from + 1
	switch has := lists(); {
	case in(has["institution"], before):
		r.note(Movement, "name", from, n)
	case in(has["institution"], after):
		r.note(Movement, "name", i, 2)
	case in(has["lent"], before):
		r.note(Movement, "sponsor", from, n)
	case in(has["lent"], after):
		r.note(Movement, "sponsor", i, 2)
	case in(has["street"], before):
		r.note(Neither, "street", from, n)
	case in(has["street after"], after):
		r.note(Neither, "street", i, 2)
	case in(has["title"], before) || r.given(i-1, i):
		r.note(Neither, "person", from, n)
	case in(has["family"], before) || after == "et" && i+2 < len(r.toks) && in(has["family after"], r.toks[i+2].Exact):
		r.note(Neither, "person", from, n)
	default:
		r.bare = append(r.bare, r.reason(Movement, "bare", i, 1))
		if r.thanks(i) {
			r.thanked++
		}
	}
}

// thanksReach is how many words around a bare name may tell that it is there
// for its money.
const thanksReach = 8

// thanks tells whether the sentence around word i thanks who paid.
func (r *reader) thanks(i int) bool {
	for j := max(0, i-thanksReach); j < min(len(r.toks), i+thanksReach+1); j++ {
		lo, hi := min(i, j), max(i, j)
		if strings.ContainsAny(r.s[r.toks[lo].Start:r.toks[hi].Start], ".!?\n") {
			continue
		}
		if matches(lists()["thanks"], r.toks[j:]) > 0 {
			return true
		}
	}
	return false
}

// near tells whether two neighbours stand in one phrase.
func (r *reader) near(i, j int) bool {
	return joined(r.s[r.toks[i].End:r.toks[j].Start])
}

// joined tells whether what stands between two words leaves them together.
func joined(between string) bool { return strings.Trim(between, " -’'\u00a0") == "" }

// given tells whether word i, before name j, is a given name: it has a capital
// that no beginning of a sentence explains, and is no word we know.
func (r *reader) given(i, j int) bool {
	if i < 0 || !r.near(i, j) {
		return false
	}
	w := r.toks[i]
	first, _ := utf8.DecodeRuneInString(r.s[w.Start:])
	if !unicode.IsUpper(first) || linking[w.Exact] || tradeAt(r.toks[i:i+1]) > 0 || in(lists()["opener"], w.Exact) {
		return false
	}
	return w.End-w.Start > 2
}

// commonWord reads the neighbours of a branch's common word.
func (r *reader) commonWord(i int) {
	for _, j := range [...]int{i + 1, i + 2, i + 3, i - 1, i - 2, i - 3} {
		if j < 0 || j >= len(r.toks) {
			continue
		}
		if n := r.g.places.at(r.toks[j:]); n > 0 {
			lo, hi := min(i, j), max(i, j+n-1)
			r.note(Branch, "place", lo, hi-lo+1)
			return
		}
		if r.g.bare[r.toks[j].Exact] && (j == i-1 || j == i+1) {
			r.note(Branch, "name", min(i, j), 2)
			return
		}
	}
	if r.toks[i].Start > 0 && strings.ContainsAny(r.s[r.toks[i].Start-1:r.toks[i].Start], "-") {
		return // tiroir-caisse
	}
	r.common = append(r.common, r.reason(Branch, "trade", i, 1))
}

const (
	// tradeOfBranch is how many different words of the trade make a bare common
	// word a branch; less and it is a till or a crate.
	tradeOfBranch = 2
)

func (r *reader) verdict() Verdict {
	is := func(a About, what ...string) bool {
		return slices.ContainsFunc(r.reasons, func(x Reason) bool {
			return x.For == a && (len(what) == 0 || slices.Contains(what, x.What))
		})
	}
	v := Verdict{About: Neither}
	switch {
	case is(Branch):
		v.About = Branch
	case is(Movement, "name"):
		v.About = Movement
	case is(Movement, "sponsor"):
		v.About, v.Weak = Movement, true
	case is(Neither, "homonym", "person", "street"):
	case len(r.bare) > 0:
		v.About, v.Weak = Movement, r.thanked == len(r.bare)
	case is(Neither):
	case len(r.common) > 0 && (r.place != nil || len(r.trade) >= tradeOfBranch):
		v.About = Branch
	}
	if v.About == Neither {
		for i := range r.common {
			r.common[i].For, r.common[i].What = Neither, "alone"
		}
	}
	v.Because = slices.DeleteFunc(slices.Concat(r.reasons, r.bare, r.common), func(x Reason) bool { return x.For != v.About })
	if v.About == Branch && r.place != nil && !is(Branch) {
		v.Because = append(v.Because, *r.place)
	}
	slices.SortStableFunc(v.Because, func(a, b Reason) int { return cmp.Compare(a.Word, b.Word) })
	v.Because = slices.CompactFunc(v.Because, func(a, b Reason) bool { return a.What == b.What && strings.EqualFold(a.Word, b.Word) })
	return v
}

func in(list []phrase, w string) bool {
	for _, p := range list {
		if head, star := strings.CutSuffix(p[0], "*"); len(p) == 1 && (p[0] == w || star && strings.HasPrefix(w, head)) {
			return true
		}
	}
	return false
}
