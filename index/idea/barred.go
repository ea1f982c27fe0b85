package idea

import (
	"math"
	"slices"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// grim is the tone under which no post is made of a story; grave the one for
// news of fraud, rates and savings, whose plain words ("fraud", "debt", "fall")
// weigh on the tone, and which is told to help.
const (
	grim  = -0.4
	grave = -0.8
)

// cool is the tone under which no light question is asked.
const cool = -0.06

// sour is the tone under which only useful news is spoken of.
const sour = -0.15

// A gate keeps out what must not be said.
type gate struct {
	in      Input
	w       *words
	posted  []map[string]bool // words of each post
	refused map[veille.StoryID]bool
}

func newGate(in Input, w *words) *gate {
	g := &gate{in: in, w: w, refused: map[veille.StoryID]bool{}}
	for _, p := range in.Posted {
		g.posted = append(g.posted, terms(p))
	}
	for _, s := range in.RefusedStories {
		g.refused[s] = true
	}
	return g
}

// barred gives the reason why a story must suggest nothing, or "". A story is
// barred when it was refused, from any angle; when a post was made of it, or
// says the same already; when an open incident is about it; when it, or the title of any of its articles, speaks of
// a death, of violence, of an accused person, of a disaster, a disease, a
// conflict or an election; when its tone is grim; when it is about sports, or
// about another sense of the word.
func (g *gate) barred(s Story) string {
	switch {
	case s.Story.ID == "" || s.Lead.ID == "" || strings.TrimSpace(s.Story.Title) == "":
		return "nothing_to_cite"
	case g.isRefused(s):
		return "refused"
	case g.isUsed(s):
		return "used"
	case g.inIncident(s):
		return "incident"
	case g.isGrim(s):
		return "tone"
	}
	if why := g.w.unfit(s); why != "" {
		return why
	}
	if g.isPosted(s) {
		return "posted"
	}
	return ""
}

func (g *gate) isGrim(s Story) bool {
	floor := grim
	switch g.w.themeOf(s).name {
	case "fraud", "rates", "savings":
		floor = grave
	}
	return math.IsNaN(s.Story.Tone) || s.Story.Tone <= floor || s.Lead.Reading.Tone <= floor
}

func (g *gate) isRefused(s Story) bool {
	return g.refused[s.Story.ID] || slices.ContainsFunc(angles(), func(a veille.Angle) bool { return g.in.Refused[ID(g.in.Branch.ID, s.Story.ID, a)] })
}

func (g *gate) isUsed(s Story) bool {
	return slices.ContainsFunc(angles(), func(a veille.Angle) bool { return g.in.Used[ID(g.in.Branch.ID, s.Story.ID, a)] })
}

// inIncident tells whether a live incident is about the story, rests on its
// lead, or has nearly its title.
func (g *gate) inIncident(s Story) bool {
	title := terms(s.Story.Title)
	for _, i := range g.in.Incidents {
		if !i.Live() {
			continue
		}
		if i.StoryID == s.Story.ID || alike(terms(i.Title), title) >= 0.5 {
			return true
		}
		for _, sig := range i.Signals {
			if slices.ContainsFunc(sig.Evidence, func(e veille.Evidence) bool { return e.EntryID == s.Lead.ID }) {
				return true
			}
		}
	}
	return false
}

// strictness tells how many words of a list the title, or the text, may hold
// before the story is barred; 0 means the text is not read.
type strictness struct {
	name       string
	title, any int
	grave      bool // one title of any article of the story bars it; else, most of them
}

// strict are the lists of avoid.txt in the order they are named. What touches
// a person's life is barred by one word anywhere; what is only out of place,
// by one in the title or several in the text.
func strict() []strictness {
	return []strictness{
		{"death", 1, 1, true}, {"violence", 1, 1, true}, {"accused", 1, 1, true}, {"disaster", 1, 2, true}, {"disease", 1, 2, true},
		{"conflict", 1, 3, false}, {"politics", 1, 3, false}, {"sport", 1, 3, false}, {"homonym", 1, 1, false},
	}
}

// unfit gives the list a story's words bar it by, or "".
func (w *words) unfit(s Story) string {
	title := w.idioms.without(folded(s.Story.Title + " . " + s.Lead.Title))
	body := w.idioms.without(folded(begin(s.Lead.Text, 4000)))
	titles := make([]string, len(s.Titles))
	for n, t := range s.Titles {
		titles[n] = w.idioms.without(folded(t))
	}
	if w.themeOf(s).name == "fraud" {
		// How to see a fraud coming is said in the words of those who met one.
		body = w.list("prevention").without(body)
		for n, t := range titles {
			titles[n] = w.list("prevention").without(t)
		}
	}
	for _, k := range strict() {
		l := w.list(k.name)
		if l.count(title) >= k.title || k.any > 0 && l.count(body) >= k.any {
			return k.name
		}
		if n := l.titles(titles); n > 0 && (k.grave || 2*n > len(titles)) {
			return k.name
		}
	}
	return ""
}

// titles counts the folded titles that hold a phrase of a list.
func (l list) titles(folded []string) (n int) {
	for _, t := range folded {
		if l.in(t) {
			n++
		}
	}
	return n
}

// list is the list of avoid.txt of a name.
func (w *words) list(name string) list {
	n := slices.IndexFunc(w.avoid, func(l list) bool { return l.name == name })
	if n < 0 {
		return list{}
	}
	return w.avoid[n]
}

// isPosted tells whether a post already says the story: most of the words of
// its title stand in it, or it links to the article.
func (g *gate) isPosted(s Story) bool {
	title := terms(s.Story.Title)
	for n, p := range g.posted {
		common := 0
		for t := range title {
			if p[t] {
				common++
			}
		}
		if common >= 3 && float64(common) >= 0.6*float64(len(title)) {
			return true
		}
		if s.Lead.URL != "" && strings.Contains(g.in.Posted[n], s.Lead.URL) {
			return true
		}
	}
	return false
}

// terms are the words of a text that carry meaning: stems of four letters or
// more, each once.
func terms(s string) map[string]bool {
	out := map[string]bool{}
	for _, t := range text.Tokens("fr", s) {
		if len(t.Exact) >= 4 && !empty(t.Exact) {
			out[t.Term] = true
		}
	}
	return out
}

// empty tells whether a word of four letters or more says nothing by itself.
func empty(w string) bool {
	const all = " dans pour avec plus leur leurs nous vous elle elles sont etre cette sans tout tous toute toutes mais chez entre apres avant encore depuis comme aussi dont quand with from that this have your their more will been after over into about than they what when where "
	return strings.Contains(all, " "+w+" ")
}

// alike is the part of their words two texts share, in [0,1].
func alike(a, b map[string]bool) float64 {
	common := 0
	for t := range a {
		if b[t] {
			common++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}
