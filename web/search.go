package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// histogramDays is how far back the days are drawn.
const histogramDays = 90

func (s *Server) searchRoutes() {
	s.get("/veille", s.search)
	s.get("/veille/formulaire", s.searchForm)
	s.get("/veille/sujet", s.followForm)
	s.post("/veille/sujet", s.follow)
	s.mentionRoutes()
	s.get("/veille/recherches", s.savedPage)
	s.post("/veille/recherches", s.saveSearch)
	s.post("/veille/recherches/:id/ouvrir", s.openSaved)
	s.post("/veille/recherches/:id/supprimer", s.deleteSaved)
}

// A searchModel is the answer to an inquiry as the page shows it.
type searchModel struct {
	Ask     inquiry
	Mistake *mistake // the query has one: nothing was searched
	Results engine.Results
	Hits    []hit
	Facets  []facet
	Days    histogram
	Hidden  []hiddenCount
	Saved   []savedRow
	Whole   string // the query with the boxes a query can say
}

// more tells whether another page follows.
func (m searchModel) more() bool {
	return m.Ask.Page*perPage < m.total() && m.Ask.Page < maxPages
}

// total is how many hits there are in all.
func (m searchModel) total() int {
	if m.Ask.ByEntry {
		return m.Results.Entries
	}
	return m.Results.Stories
}

// shown is how many hits the reader has seen with this page, when she read
// those before it.
func (m searchModel) shown() int { return min(m.total(), (m.Ask.Page-1)*perPage+len(m.Hits)) }

// search answers /veille: the page, or for htmx what was found, or its
// following hits alone.
func (s *Server) search(v *visit) error {
	m, err := s.searched(v, readInquiry(v.QueryParams()))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if m.Mistake != nil {
		status = http.StatusBadRequest
	}
	switch {
	case v.wantsPart() && v.Request().Header.Get("HX-Target") == "more":
		return v.part(status, hitsPart(v, m))
	case v.wantsPart():
		v.Response().Header().Set("HX-Push-Url", m.Ask.path())
		return v.part(status, foundPart(v, m))
	}
	if m.Saved, err = s.savedRows(v); err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("web.nav_watch"), Nav: "watch", Wide: true, Search: true}, searchPage(v, m))
}

func (s *Server) searched(v *visit, a inquiry) (searchModel, error) {
	m := searchModel{Ask: a}
	sc, err := s.scene(v)
	if err != nil {
		return m, err
	}
	m.Whole = a.whole(sc.Sources, v.Locale())
	m.Results, err = s.deps.News.Finder.Search(v.ctx(), v.Branch.ID, a.request(v.Zone))
	if wrong := new(query.Error); errors.As(err, &wrong) {
		m.Mistake = newMistake(v, a, wrong)
		return m, nil
	}
	if err != nil {
		return m, err
	}
	ids := each(m.Results.Found, func(f engine.Found) veille.EntryID { return f.Entry.ID })
	by, err := s.foundBy(v, sc, ids)
	if err != nil {
		return m, err
	}
	m.Hits = newHits(v, a, m.Results, by, sc)
	m.Facets = facets(v, a, m.Results.Facets, sc)
	m.Days = newHistogram(v, a, m.Results.Histogram)
	m.Hidden, err = s.hiddenOf(v, a, sc)
	return m, err
}

// A mistake is what is wrong with a query: the sentence, the place, the mend.
type mistake struct {
	Says               string
	Before, Sign, Rest string // the query around the character; Sign is "" at its end
	Mend, MendPath     string // "" for none
}

func newMistake(v *visit, a inquiry, wrong *query.Error) *mistake {
	at := min(max(0, wrong.At), len(a.Q))
	_, size := utf8.DecodeRuneInString(a.Q[at:])
	m := &mistake{Says: v.Say(wrong.Says), Before: a.Q[:at], Sign: a.Q[at : at+size], Rest: a.Q[at+size:]}
	if wrong.Mend != "" && strings.TrimSpace(wrong.Mend) != a.Q {
		m.Mend, m.MendPath = wrong.Mend, a.query(wrong.Mend).path()
	}
	return m
}

// wrongPlace is the query with the character that is wrong marked.
func wrongPlace(v *visit, m *mistake) templ.Component {
	sign := m.Sign
	if sign == "" {
		sign = v.T("search.end_sign")
	}
	return passage(veille.Passage{Text: m.Before + sign + m.Rest, Marks: [][2]int{{len(m.Before), len(m.Before) + len(sign)}}})
}

// currentWay marks the way the hits are shown.
func currentWay(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func milliseconds(d time.Duration) int { return max(1, int(d.Milliseconds())) }

// endWords end the hits and say so.
func endWords(v *visit, m searchModel) string {
	if m.Ask.ByEntry {
		return v.T("search.end_entries", "n", m.total())
	}
	return v.T("search.end_stories", "n", m.total())
}

func tierWord(v *visit, t veille.Tier) string {
	if t < 1 || t > 4 {
		t = 3 // not said, and taken so
	}
	return v.T("search.tier_" + strconv.Itoa(int(t)))
}
