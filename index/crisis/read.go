package crisis

import (
	"slices"
	"strings"
	"sync"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// A context is what a text is about, when it is not what its grave words say.
type context byte

const (
	ctxSport context = iota
	ctxDrill
	ctxSatire
	ctxFiction
	ctxObituary
	ctxPast
	ctxAccounts
	ctxAdvice
	ctxRelief
	ctxCompany
	nContexts
)

// contextNames are the classes of context.txt, in the order of the constants.
var contextNames = [nContexts]class{"sport", "drill", "satire", "fiction", "obituary", "past", "accounts", "advice", "relief", "company"}

// contexts counts the context words of a text, up to 255 of each.
type contexts [nContexts]uint8

func (c *contexts) add(name class) {
	for i, n := range contextNames {
		if n == name && c[i] < 255 {
			c[i]++
		}
	}
}

// A reading is what one mention says, read once: its grave words where they
// count, and the contexts that change them.
type reading struct {
	gravity  float64 // in [0,1]: how grave the words are, before what they are about
	soft     bool    // no word of a hard class
	hits     []hit   // that count, gravest first
	context  contexts
	name     nameUse
	passages []veille.Passage // the sentences of hits, gravest first
}

// A hit is one grave phrase found.
type hit struct {
	pattern
	said     string // as written
	field    string // "title" or "text"
	from, to int    // bytes in the field
	sentence int    // index among the field's sentences
	weight   float64
}

const (
	// whole is the length in bytes under which all of a text counts: a post
	// or a brief has one subject. In a longer one only the sentences that
	// name the topic and their neighbours do.
	whole = 900
	// secondClass and thirdClass are what a second and a third kind of grave
	// word add: a death with an inquiry is worse than a death, but not twice.
	secondClass, thirdClass = .35, .15
	// far is how many words before a grave word its context is looked for:
	// the longest usual "combattre toutes les formes de fraude".
	far = 5
)

// read reads one mention.
func read(m veille.JudgedMention) *reading {
	r := &reading{}
	title, body := newField("title", m.Entry.Title, m.Mention), newField("text", m.Entry.Text, m.Mention)
	r.name = useOfName(title, body)
	for _, f := range []*field{title, body} {
		f.contexts(&r.context)
		r.hits = append(r.hits, f.grave()...)
	}
	source := text.Fold(m.Source.Title + " " + m.Source.Publisher + " " + m.Source.Folder)
	if strings.Contains(source, "satir") || strings.Contains(source, "parodi") || strings.Contains(source, "humour") {
		r.context[ctxSatire]++
	}
	r.weigh(m.Entry.Reading.Tone)
	r.quote(title, body)
	return r
}

// weigh turns hits into one gravity.
func (r *reading) weigh(tone float64) {
	for i := range r.hits {
		r.hits[i].weight *= r.discount(r.hits[i].class)
	}
	r.hits = slices.DeleteFunc(r.hits, func(h hit) bool { return h.weight < .1 })
	slices.SortStableFunc(r.hits, func(a, b hit) int {
		return int((b.weight - a.weight) * 1000)
	})
	r.soft = true
	adds := []float64{1, secondClass, thirdClass}
	var seen []class
	for _, h := range r.hits {
		if !soft(h.class) {
			r.soft = false
		}
		if len(seen) < len(adds) && !slices.Contains(seen, h.class) {
			r.gravity += h.weight * adds[len(seen)]
			seen = append(seen, h.class)
		}
	}
	if r.context[ctxRelief] > 0 {
		r.gravity *= .6
	}
	if tone >= .3 && len(r.hits) > 0 && r.hits[0].weight < .65 {
		r.gravity *= .4 // hard words in a happy text: an ordeal overcome
	}
	r.gravity = min(1, r.gravity)
}

func soft(c class) bool { return c == "anger" || c == "worry" || c == "protest" }

// discount is what the contexts of a text leave of a class of words.
func (r *reading) discount(c class) float64 {
	has := func(x context) bool { return r.context[x] > 0 }
	bodily := c == "death" || c == "injury" || c == "violence" || c == "emergency"
	switch {
	case has(ctxDrill) && bodily:
		return .1
	case has(ctxFiction) && (bodily || c == "fraud" || c == "worry"):
		return .15
	case has(ctxObituary) && c == "death":
		return .05
	case has(ctxPast) && (bodily || c == "finance" || c == "anger" || c == "closure"):
		return .2
	case has(ctxAccounts) && (c == "finance" || soft(c) || c == "outage"):
		return .3
	case has(ctxAdvice) && (c == "fraud" || c == "health" || c == "violence" || c == "worry" || c == "data") && !r.suffered():
		return .15
	}
	return 1
}

// suffered tells whether the text has words of harm done, which a text of
// advice has not.
func (r *reading) suffered() bool {
	for _, h := range r.hits {
		if h.class == "injury" || h.class == "law" || h.class == "protest" || h.class == "anger" {
			return true
		}
	}
	return false
}

// quote keeps the sentences of the hits, their words marked.
func (r *reading) quote(title, body *field) {
	for _, h := range r.hits {
		f := body
		if h.field == "title" {
			f = title
		}
		at := f.sentences[h.sentence]
		p := veille.Passage{Field: h.field, Text: f.text[at[0]:at[1]]}
		for _, o := range r.hits {
			if o.field == h.field && o.sentence == h.sentence && o.from >= at[0] && o.from < at[1] {
				p.Marks = append(p.Marks, [2]int{o.from - at[0], min(o.to, at[1]) - at[0]}) // a phrase may run on past a full stop
			}
		}
		slices.SortFunc(p.Marks, func(a, b [2]int) int { return a[0] - b[0] })
		if !slices.ContainsFunc(r.passages, func(q veille.Passage) bool { return q.Field == p.Field && q.Text == p.Text }) {
			r.passages = append(r.passages, p)
		}
	}
}

// contextWords is the lexicon of contexts.
var contextWords = sync.OnceValue(func() lexicon { return parseLexicon(contextText) })
