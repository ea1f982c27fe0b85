package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// An inquiry is a search as its address says it. Any page opens its evidence with
// a link to /veille and these parameters, all optional; those that may come
// several times ask for any of their values:
//
//	q        the query, in the language of index/query
//	sujet    the id of a topic; several
//	palier   a tier, 1 to 4; several
//	ton      negative, neutral or positive; several
//	langue   fr, en or autre; several
//	source   the id of a source; several
//	du, au   the first and the last day, as 2006-01-02, in the branch's zone
//	tri      recent (default) or relevant
//	par      nouvelle (default): one hit a story; or article
//	page     from 1
type inquiry struct {
	Q        string
	Topics   []string
	Tiers    []string
	Tones    []string
	Langs    []string
	Sources  []string
	From, To string // days as written, "" or valid
	Relevant bool
	ByEntry  bool
	Page     int
}

const (
	perPage  = 20
	maxPages = 500
	maxBoxes = 60 // ticked in one facet
)

// readInquiry reads an address. What it cannot read asks nothing.
func readInquiry(values url.Values) inquiry {
	a := inquiry{
		Q:      strings.TrimSpace(values.Get("q")),
		Topics: several(values["sujet"], nil), Sources: several(values["source"], nil),
		Tiers:    several(values["palier"], []string{"1", "2", "3", "4"}),
		Tones:    several(values["ton"], []string{"negative", "neutral", "positive"}),
		Langs:    several(values["langue"], []string{"fr", "en", "autre"}),
		From:     dayOrNone(values.Get("du")),
		To:       dayOrNone(values.Get("au")),
		Relevant: values.Get("tri") == "relevant",
		ByEntry:  values.Get("par") == "article",
	}
	a.Page, _ = strconv.Atoi(values.Get("page")) // no number is page 1
	a.Page = min(max(1, a.Page), maxPages)
	return a
}

// several keeps each value once, in order; known bounds them unless nil.
func several(values, known []string) []string {
	var out []string
	for _, x := range values {
		if x != "" && len(out) < maxBoxes && !slices.Contains(out, x) && (known == nil || slices.Contains(known, x)) {
			out = append(out, x)
		}
	}
	return out
}

func dayOrNone(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// values is the shortest address of the inquiry.
func (a inquiry) values() url.Values {
	out := url.Values{}
	one := func(name, value string) {
		if value != "" {
			out.Set(name, value)
		}
	}
	one("q", a.Q)
	one("du", a.From)
	one("au", a.To)
	if a.Relevant {
		one("tri", "relevant")
	}
	if a.ByEntry {
		one("par", "article")
	}
	if a.Page > 1 {
		one("page", strconv.Itoa(a.Page))
	}
	for _, f := range a.boxes() {
		if len(f.Values) > 0 {
			out[f.Name] = f.Values
		}
	}
	return out
}

func (a inquiry) path() string { return a.at("/veille") }

// at is another page of the search with the same inquiry.
func (a inquiry) at(path string) string {
	if q := a.values().Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// Each of these is the inquiry with one thing changed, at its first page.
func (a inquiry) query(q string) inquiry       { a.Q, a.Page = q, 1; return a }
func (a inquiry) days(from, to string) inquiry { a.From, a.To, a.Page = from, to, 1; return a }
func (a inquiry) sorted(relevant bool) inquiry { a.Relevant, a.Page = relevant, 1; return a }
func (a inquiry) entries(by bool) inquiry      { a.ByEntry, a.Page = by, 1; return a }
func (a inquiry) page(n int) inquiry           { a.Page = n; return a }

// words is the inquiry without its boxes and days.
func (a inquiry) words() inquiry {
	return inquiry{Q: a.Q, Relevant: a.Relevant, ByEntry: a.ByEntry, Page: 1}
}

// bounded tells whether a box is ticked or a day chosen.
func (a inquiry) bounded() bool { return a.ticks() > 0 || a.dated() }

// ticks is how many boxes are ticked.
func (a inquiry) ticks() int {
	return len(a.Topics) + len(a.Tiers) + len(a.Tones) + len(a.Langs) + len(a.Sources)
}

func (a inquiry) dated() bool { return a.From != "" || a.To != "" }

// request is the inquiry for the engine; days are those of zone.
func (a inquiry) request(zone *time.Location) engine.SearchRequest {
	r := engine.SearchRequest{
		Query: a.Q, Tones: a.Tones, ByStory: !a.ByEntry,
		Offset: (a.Page - 1) * perPage, Limit: perPage, Days: histogramDays, Zone: zone,
	}
	if a.Relevant {
		r.Sort = "relevant"
	}
	for _, id := range a.Topics {
		r.Topics = append(r.Topics, veille.TopicID(id))
	}
	for _, id := range a.Sources {
		r.Sources = append(r.Sources, veille.SourceID(id))
	}
	for _, t := range a.Tiers {
		r.Tiers = append(r.Tiers, veille.Tier(t[0]-'0'))
	}
	for _, l := range a.Langs {
		r.Langs = append(r.Langs, langKey(l))
	}
	if from, err := time.ParseInLocation(time.DateOnly, a.From, zone); err == nil {
		r.After = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, a.To, zone); err == nil {
		r.Before = to.AddDate(0, 0, 1) // the last day is included
	}
	return r
}

// langKey is a language as the index knows it: "" for neither French nor
// English.
func langKey(l string) string {
	if l == "autre" {
		return ""
	}
	return l
}

// filters is what a query can say of the boxes ticked: languages, tiers and
// sources, by name. Topics, tones and days it cannot.
func (a inquiry) filters(sources map[veille.SourceID]veille.Source) string {
	var all []string
	any := func(words []string) {
		if len(words) > 0 {
			all = append(all, "("+strings.Join(words, " OR ")+")")
		}
	}
	any(each(a.Langs, func(l string) string {
		if l == "autre" {
			l = "other"
		}
		return "lang:" + l
	}))
	any(each(a.Tiers, func(t string) string { return "tier:" + t }))
	any(each(a.Sources, func(id string) string {
		return "source:" + quotedWords(sources[veille.SourceID(id)].Name())
	}))
	return strings.Join(all, " ")
}

// whole is the query with the filters a query can say, in the words of a
// language. It is the query alone when that has a mistake.
func (a inquiry) whole(sources map[veille.SourceID]veille.Source, locale string) string {
	q, err := query.Parse(a.Q)
	if err != nil {
		return a.Q
	}
	more, err := query.Parse(a.filters(sources))
	if err != nil {
		return a.Q
	}
	return query.All(q, more).Format(locale)
}

// quotedWords is a phrase of the query language, whatever stands in s.
func quotedWords(s string) string {
	return `"` + strings.TrimSpace(strings.NewReplacer(`"`, " ", "“", " ", "”", " ", "„", " ", "«", " ", "»", " ", "*", " ").Replace(s)) + `"`
}

func each[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

// ticked is the boxes ticked of one facet.
type ticked struct {
	Name   string // of the parameter
	Values []string
}

// boxes are the boxes ticked, facet by facet.
func (a inquiry) boxes() []ticked {
	return []ticked{{"sujet", a.Topics}, {"palier", a.Tiers}, {"ton", a.Tones}, {"langue", a.Langs}, {"source", a.Sources}}
}
