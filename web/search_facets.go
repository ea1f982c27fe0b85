package web

import (
	"slices"
	"strings"
	"time"

	"veilleur/index"
	"veilleur/internal/veille"
)

// facetRows is how many boxes of a facet show before the others are folded.
const facetRows = 6

// A facet is what was found, counted by one thing; each count is a box.
type facet struct {
	Name  string // of the parameter
	Title string
	Rows  []box
	More  []box // folded
}

// A box narrows the search to one value.
type box struct {
	Value, Label string
	N            int
	On           bool
}

func facets(v *visit, a inquiry, f index.Facets, sc scene) []facet {
	return []facet{
		folded("sujet", v.T("search.topics"), topicBoxes(v, a, f.Topics, sc)),
		{Name: "palier", Title: v.T("search.tiers"), Rows: boxes(f.Tiers, a.Tiers, []string{"1", "2", "3", "4"}, func(k string) string { return v.T("search.tier_" + k) })},
		{Name: "ton", Title: v.T("search.tones"), Rows: boxes(f.Tones, a.Tones, []string{"negative", "neutral", "positive"}, func(k string) string { return v.T("search.tone_" + k) })},
		{Name: "langue", Title: v.T("search.langs"), Rows: boxes(renamed(f.Langs), a.Langs, []string{"fr", "en", "autre"}, func(k string) string { return v.T("search.lang_" + k) })},
		folded("source", v.T("search.sources"), sourceBoxes(a, f.Sources, sc)),
	}
}

// renamed gives the language that is neither its name in the address.
func renamed(counts []index.Count) []index.Count {
	out := slices.Clone(counts)
	for i := range out {
		if out[i].Key == "" {
			out[i].Key = "autre"
		}
	}
	return out
}

// boxes are the values of a facet in a fixed order, those without a hit left
// out unless ticked.
func boxes(counts []index.Count, on, order []string, label func(string) string) []box {
	var out []box
	for _, key := range order {
		b := box{Value: key, Label: label(key), On: slices.Contains(on, key)}
		for _, c := range counts {
			if c.Key == key {
				b.N = c.N
			}
		}
		if b.N > 0 || b.On {
			out = append(out, b)
		}
	}
	return out
}

// topicBoxes are her branch's topics; those above hers are there once ticked,
// by a link that opened them.
func topicBoxes(v *visit, a inquiry, counts []index.Count, sc scene) []box {
	var out []box
	for _, t := range sc.Topics {
		b := box{Value: string(t.ID), Label: t.Name, On: slices.Contains(a.Topics, string(t.ID))}
		for _, c := range counts {
			if c.Key == string(t.ID) {
				b.N = c.N
			}
		}
		if b.On || b.N > 0 && t.BranchID == v.Branch.ID {
			out = append(out, b)
		}
	}
	return out
}

func sourceBoxes(a inquiry, counts []index.Count, sc scene) []box {
	var out []box
	for _, c := range counts {
		if src, ok := sc.Sources[veille.SourceID(c.Key)]; ok {
			out = append(out, box{Value: c.Key, Label: src.Name(), N: c.N, On: slices.Contains(a.Sources, c.Key)})
		}
	}
	return out
}

// folded shows the ticked and the most frequent boxes and folds the others, by
// name.
func folded(name, title string, all []box) facet {
	slices.SortStableFunc(all, func(x, y box) int {
		switch {
		case x.On != y.On && x.On:
			return -1
		case x.On != y.On:
			return 1
		}
		return y.N - x.N
	})
	show := min(len(all), facetRows)
	for show < len(all) && all[show].On {
		show++
	}
	f := facet{Name: name, Title: title, Rows: all[:show], More: all[show:]}
	slices.SortStableFunc(f.More, func(x, y box) int { return strings.Compare(strings.ToLower(x.Label), strings.ToLower(y.Label)) })
	return f
}

// A histogram is the days of the last three months, each a link that narrows
// the search to it.
type histogram struct {
	Bars  []dayBar
	Under [3]string
	Says  string
	Shade [2]string // x and width of what is chosen; "" for nothing
}

// A dayBar is one day as drawn and as told.
type dayBar struct {
	column
	At   time.Time
	N    int
	Path string
	Left string // of the whole strip that is pointed at
	Wide string
}

func newHistogram(v *visit, a inquiry, days []index.Day) histogram {
	h := histogram{}
	bars := make([]bar, len(days))
	total, top := 0, 0
	from, to := -1, -1
	for i, d := range days {
		on := a.dated() && a.holds(dayOf(v, d.Date))
		bars[i] = bar{N: float64(d.N), Label: v.T("search.day", "day", v.DateShort(d.Date), "n", d.N), Off: a.dated() && !on}
		total += d.N
		if d.N > days[top].N {
			top = i
		}
		if on {
			if from < 0 {
				from = i
			}
			to = i
		}
	}
	if len(days) == 0 {
		return h
	}
	step := pageWide / float64(len(days))
	for i, c := range columns(bars, pageWide) {
		h.Bars = append(h.Bars, dayBar{column: c, At: days[i].Date, N: days[i].N, Left: coord(float64(i) * step), Wide: coord(step),
			Path: a.toDay(dayOf(v, days[i].Date)).path()})
	}
	if from >= 0 {
		h.Shade = [2]string{coord(float64(from) * step), coord(float64(to-from+1) * step)}
	}
	h.Under = [3]string{v.DateShort(days[0].Date), v.DateShort(days[len(days)/2].Date), v.T("search.now")}
	h.Says = v.T("search.days_none", "days", len(days))
	if total > 0 {
		h.Says = v.T("search.days_says", "n", total, "days", len(days), "day", v.DateShort(days[top].Date), "top", days[top].N)
	}
	return h
}

func dayOf(v *visit, t time.Time) string { return t.In(v.Zone).Format(time.DateOnly) }

// holds tells whether a day, as 2006-01-02, is between the days chosen.
func (a inquiry) holds(day string) bool {
	return (a.From == "" || a.From <= day) && (a.To == "" || day <= a.To)
}

// toDay narrows to a day; when one other day alone was chosen, to the days
// between the two.
func (a inquiry) toDay(day string) inquiry {
	if a.From == a.To && a.From != "" && a.From != day {
		return a.days(min(a.From, day), max(a.To, day))
	}
	return a.days(day, day)
}

// last is the search over the last n days.
func (a inquiry) last(v *visit, n int) inquiry {
	return a.days(v.Now.In(v.Zone).AddDate(0, 0, 1-n).Format(time.DateOnly), "")
}

// period says in words which days are chosen.
func period(v *visit, a inquiry) string {
	day := func(s string) string {
		t, err := time.ParseInLocation(time.DateOnly, s, v.Zone)
		if err != nil {
			return s
		}
		return v.Date(t)
	}
	switch {
	case a.From == a.To:
		return v.T("search.on", "day", day(a.From))
	case a.To == "":
		return v.T("search.since", "day", day(a.From))
	case a.From == "":
		return v.T("search.until", "day", day(a.To))
	}
	return v.T("search.between", "from", day(a.From), "to", day(a.To))
}
