package idea

import (
	_ "embed"
	"strings"
	"time"

	"veilleur/index/text"
)

//go:embed themes.txt
var themesFile string

//go:embed avoid.txt
var avoidFile string

// words is what the two files of words say.
type words struct {
	themes  []theme
	avoid   []list          // by reason
	idioms  list            // swallowed before avoid is read
	project list            // what others did and we could do
	practic list            // headlines that answer a question
	award   list            // headlines of a prize or a record
	asks    map[string]list // questions, by theme.n, that suit only the stories that say so
}

// A list is phrases under one name, folded; a star ends a prefix. They are
// found by the first bytes of each word of a text, so that a long list costs
// little more than a short one.
type list struct {
	name    string
	phrases []string
	byHead  map[string][]string // phrases without star, by their first bytes; those of whole words end with a space
}

// head is how many bytes of a phrase find it.
const head = 3

func (l *list) add(phrase string) {
	if phrase = strings.TrimSpace(phrase); phrase == "" {
		return
	}
	l.phrases = append(l.phrases, phrase)
	begin, prefix := strings.CutSuffix(phrase, "*")
	if !prefix {
		begin += " "
	}
	l.byHead[begin[:min(head, len(begin))]] = append(l.byHead[begin[:min(head, len(begin))]], begin)
}

// A theme is what a story is about, for the words of a post.
type theme struct {
	list
	fresh  time.Duration // how long after the last article a post still makes sense
	useful bool          // practical news: to inform, remind or answer rather than to borrow
	months []time.Month  // when it is in season; nil for no season
}

// readWords reads the two files; their form is checked by a test.
func readWords() *words {
	w := &words{asks: map[string]list{}}
	for _, l := range parseLists(themesFile) {
		switch l.name {
		case "project":
			w.project = l
		case "practical":
			w.practic = l
		case "award":
			w.award = l
		default:
			if question, ok := strings.CutPrefix(l.name, "ask "); ok {
				w.asks[question] = l
				continue
			}
			w.themes = append(w.themes, themeOf(l))
		}
	}
	for _, l := range parseLists(avoidFile) {
		if l.name == "idiom" {
			w.idioms = l
		} else {
			w.avoid = append(w.avoid, l)
		}
	}
	return w
}

// parseLists reads lines of "name: phrase; phrase". A name may come again.
func parseLists(file string) []list {
	var out []list
	at := map[string]int{}
	for line := range strings.SplitSeq(file, "\n") {
		name, phrases, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		n, again := at[name]
		if !again {
			n = len(out)
			at[name] = n
			out = append(out, list{name: name, byHead: map[string][]string{}})
		}
		for p := range strings.SplitSeq(phrases, ";") {
			out[n].add(p)
		}
	}
	return out
}

// themeOf adds to a list what a theme's news is like.
func themeOf(l list) theme {
	const day = 24 * time.Hour
	t := theme{list: l, fresh: 10 * day}
	switch l.name {
	case "rates":
		t.fresh, t.useful = 3*day, true
	case "weather":
		t.fresh, t.useful = 2*day, true
	case "culture":
		t.fresh = 5 * day
	case "savings":
		t.useful, t.months = true, []time.Month{time.January, time.February, time.April, time.November}
	case "fraud":
		t.fresh, t.useful, t.months = 14*day, true, []time.Month{time.March, time.December}
	case "housing":
		t.useful, t.months = true, []time.Month{time.April, time.May, time.June, time.July}
	case "digital":
		t.useful = true
	case "food":
		t.months = []time.Month{time.November, time.December}
	case "school":
		t.months = []time.Month{time.August, time.September}
	case "youth":
		t.months = []time.Month{time.February, time.August, time.September}
	case "green":
		t.months = []time.Month{time.April, time.May}
	case "farm":
		t.months = []time.Month{time.March, time.August, time.September, time.October}
	case "coop":
		t.months = []time.Month{time.April, time.October}
	}
	return t
}

// folded gives the words of a text without case or accents, each between two
// spaces. Elisions are dropped.
func folded(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range text.Tokens("", s) {
		b.WriteString(t.Exact)
		b.WriteByte(' ')
	}
	return b.String()
}

// find calls found with each phrase that stands in a folded text, where it
// begins, until found says stop.
func (l list) find(folded string, found func(phrase string, at int) (more bool)) {
	for at := 1; at < len(folded); at++ {
		if folded[at-1] != ' ' || at+head > len(folded) {
			continue
		}
		for _, p := range l.byHead[folded[at:at+head]] {
			if strings.HasPrefix(folded[at:], p) && !found(p, at) {
				return
			}
		}
	}
}

// count tells how many different phrases stand in a folded text.
func (l list) count(folded string) int {
	seen := map[string]bool{}
	l.find(folded, func(p string, _ int) bool {
		seen[p] = true
		return true
	})
	return len(seen)
}

func (l list) in(folded string) bool {
	stands := false
	l.find(folded, func(string, int) bool {
		stands = true
		return false
	})
	return stands
}

// without gives a folded text with each phrase of l taken out.
func (l list) without(folded string) string {
	var b strings.Builder
	from := 0
	l.find(folded, func(p string, at int) bool {
		if at >= from {
			b.WriteString(folded[from:at])
			from = at + len(p)
		}
		return true
	})
	return b.String() + folded[from:]
}

// themeOf is the theme whose words a story says most, its title counting
// thrice; the zero theme named "other" when it says none.
func (w *words) themeOf(s Story) theme {
	title, body := folded(s.Story.Title+" "+s.Lead.Title), folded(begin(s.Lead.Text, 1500))
	best, most := theme{list: list{name: "other"}, fresh: 4 * 24 * time.Hour}, 1
	for _, t := range w.themes {
		if n := 3*t.count(title) + t.count(body); n > most {
			best, most = t, n
		}
	}
	return best
}

// begin is the first bytes of a text, to the last whole word.
func begin(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:max(strings.LastIndexByte(s[:n], ' '), 0)]
}
