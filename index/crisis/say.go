package crisis

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// most is how many entries stand behind one signal, and mostWords how many
// grave words are named: enough to judge by, and a page one can read.
const (
	most      = 20
	mostWords = 6
)

// verdict puts what was weighed in a form to be told.
func (c *current) verdict() Verdict {
	v := Verdict{Score: c.score(), Signals: c.signals, Weeks: c.usual.weeks, ShortOfData: c.usual.short}
	stories := make(map[veille.StoryID]float64)
	voices := make(map[string]bool)
	for i := range c.recent {
		if w := &c.recent[i]; w.about > aboutPlace && w.fresh > .02 {
			v.Entries++
		}
	}
	for _, w := range c.troubling() {
		if v.Title == "" {
			v.Title = titleOf(w)
		}
		voices[w.voice] = true
		if id := w.Entry.Reading.StoryID; id != "" {
			stories[id] += w.grave * w.fresh
			if v.StoryID == "" || stories[id] > stories[v.StoryID] {
				v.StoryID = id
			}
		}
	}
	v.Independent = len(voices)
	if v.Title == "" && c.inherited > 0 {
		v.Title = c.in.Parent.Title
	}
	return v
}

// titleOf is the title of an entry, or the first words of a post.
func titleOf(w *weighed) string {
	if w.Entry.Title != "" {
		return w.Entry.Title
	}
	const long = 90
	t := strings.Join(strings.Fields(w.Entry.Text), " ")
	if utf8.RuneCountInString(t) <= long {
		return t
	}
	t = string([]rune(t)[:long])
	if i := strings.LastIndexByte(t, ' '); i > 0 {
		t = t[:i]
	}
	return t + "…"
}

// evidence gives the entries behind a number, each with its gravest sentence.
func evidence(ws []*weighed) []veille.Evidence {
	var out []veille.Evidence
	for _, w := range ws[:min(most, len(ws))] {
		out = append(out, veille.Evidence{EntryID: w.Entry.ID, Passage: w.passage()})
	}
	return out
}

// perEntry is how many sentences of one entry are shown of its gravity.
const perEntry = 2

// graveEvidence shows the gravest sentences of each entry, not one alone: what
// happened and to whom are seldom said in one breath.
func graveEvidence(ws []*weighed) []veille.Evidence {
	var out []veille.Evidence
	for _, w := range ws[:min(most, len(ws))] {
		if len(w.passages) == 0 {
			out = append(out, veille.Evidence{EntryID: w.Entry.ID, Passage: w.passage()})
		}
		for _, p := range w.passages[:min(perEntry, len(w.passages))] {
			out = append(out, veille.Evidence{EntryID: w.Entry.ID, Passage: p})
		}
	}
	return out
}

// tellingEvidence shows where each entry tells of the topic, since what is
// counted is that it does; the gravest sentences stand under severity.
func tellingEvidence(ws []*weighed) []veille.Evidence {
	out := evidence(ws)
	for i := range out {
		for _, p := range ws[i].Mention.Passages {
			if p.Field == "text" {
				out[i].Passage = p
				break
			}
		}
	}
	return out
}

// passage is the gravest sentence, else one that names the topic, else the
// title.
func (w *weighed) passage() veille.Passage {
	switch {
	case len(w.passages) > 0:
		return w.passages[0]
	case len(w.Mention.Passages) > 0:
		return w.Mention.Passages[0]
	case w.Entry.Title != "":
		return veille.Passage{Field: "title", Text: w.Entry.Title}
	}
	for _, s := range text.Sentences(w.Entry.Text) {
		return veille.Passage{Field: "text", Text: w.Entry.Text[s[0]:s[1]]}
	}
	return veille.Passage{Field: "text"}
}

// namedEvidence shows the titles that name the topic.
func namedEvidence(ws []*weighed) []veille.Evidence {
	out := evidence(ws)
	for i := range out {
		for _, p := range ws[i].Mention.Passages {
			if p.Field == "title" {
				out[i].Passage = p
				break
			}
		}
	}
	return out
}

// wordsOf lists the gravest words as written, one of each family.
func wordsOf(ws []*weighed) string {
	var words []string
	seen := make(map[string]bool)
	for rank := 0; rank < 3 && len(words) < mostWords; rank++ {
		for _, w := range ws {
			if rank >= len(w.hits) || len(words) == mostWords {
				continue
			}
			said := strings.ToLower(w.hits[rank].said)
			if f := root(said); !seen[f] {
				seen[f] = true
				words = append(words, said)
			}
		}
	}
	return strings.Join(words, ", ")
}

// root is what words of one family begin with: fermer, fermeture, fermera.
func root(said string) string {
	const letters = 4
	f := text.Fold(said)
	return f[:min(letters, len(f))]
}

// sayCount says how many in how long: since the oldest that still counts, in
// hours, or in days from two on.
func (c *current) sayCount(key string, n int, ws []*weighed, more ...any) veille.Sentence {
	var span time.Duration
	for _, w := range ws {
		if w.fresh > .1 {
			span = max(span, c.now.Sub(w.at))
		}
	}
	if span <= 48*time.Hour {
		return veille.Say(key, append([]any{"n", n, "hours", max(1, int(math.Ceil(span.Hours())))}, more...)...)
	}
	return veille.Say(key+"_days", append([]any{"n", n, "days", int(math.Ceil(span.Hours() / 24))}, more...)...)
}

// sayOdds says what is usual in two days, and the odds.
func sayOdds(usual, p float64) *veille.Sentence {
	usual = max(.1, math.Round(usual*10)/10) // "0" would say never
	if p > .2 {
		s := veille.Say("crisis.usual", "usual", usual)
		return &s
	}
	s := veille.Say("crisis.usual_odds", "usual", usual, "odds", round2(1/max(p, 1e-6)))
	return &s
}

// round2 keeps two significant digits.
func round2(x float64) float64 {
	if x <= 0 {
		return 0
	}
	e := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(math.Round(x/e) * e)
}

// Kinds lists what grave words of the verdict's signals are about, gravest
// first: "death", "data", "closure"… It is what chooses a playbook.
func (v Verdict) Kinds() []string {
	var kinds []string
	for _, s := range v.Signals {
		if s.Kind != "severity" {
			continue
		}
		for _, e := range s.Evidence {
			for _, k := range kindsIn(e.Passage) {
				if !slices.Contains(kinds, k) {
					kinds = append(kinds, k)
				}
			}
		}
	}
	return kinds
}

// kindsIn reads the classes of the grave words of a passage.
func kindsIn(p veille.Passage) []string {
	f := newField(p.Field, p.Text, veille.Mention{})
	hits := f.grave()
	slices.SortStableFunc(hits, func(a, b hit) int { return int(1000 * (b.weight - a.weight)) })
	var kinds []string
	for _, h := range hits {
		kinds = append(kinds, string(h.class))
	}
	return kinds
}
