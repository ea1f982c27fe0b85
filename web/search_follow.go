package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

const (
	previewDays = 30 // how far back a topic is tried
	previewHits = 6
	hiddenDays  = 90 // how far back an exclusion is tried
)

// A followModel is a topic about to be followed, and what it would have found.
type followModel struct {
	Name    string
	Query   string
	Subject veille.Subject
	Errors  map[string]string
	Mistake *mistake
	Found   engine.Results // of the last previewDays
	Hits    []hit
	Lines   []query.Line
}

// followForm shows what a topic would find before it is kept; for htmx, what
// it finds alone.
func (s *Server) followForm(v *visit) error {
	m, err := s.tried(v, readFollow(v.QueryParams()))
	if err != nil {
		return err
	}
	if v.wantsPart() {
		return v.part(http.StatusOK, followPreview(v, m))
	}
	return v.showFollow(http.StatusOK, m)
}

func (v *visit) showFollow(status int, m followModel) error {
	return v.page(status, page{Title: v.T("search.follow_title"), Nav: "watch"}, followPage(v, m))
}

func readFollow(values url.Values) followModel {
	m := followModel{Name: strings.TrimSpace(values.Get("nom")), Query: strings.TrimSpace(values.Get("q")),
		Subject: veille.Subject(values.Get("objet")), Errors: map[string]string{}}
	if m.Subject != veille.SubjectBranch && m.Subject != veille.SubjectMovement {
		m.Subject = veille.SubjectTheme
	}
	return m
}

// tried adds what the query finds lately.
func (s *Server) tried(v *visit, m followModel) (followModel, error) {
	sc, err := s.scene(v)
	if err != nil {
		return m, err
	}
	a := inquiry{Q: m.Query, Page: 1}
	a = a.last(v, previewDays)
	r := a.request(v.Zone)
	r.Limit, r.Days = previewHits, 0
	m.Found, err = s.deps.News.Finder.Search(v.ctx(), v.Branch.ID, r)
	if wrong := new(query.Error); errors.As(err, &wrong) {
		m.Mistake = newMistake(v, a, wrong)
		m.Mistake.MendPath = "/veille/sujet?" + url.Values{"q": {wrong.Mend}, "nom": {m.Name}, "objet": {string(m.Subject)}}.Encode()
		return m, nil
	}
	if err != nil {
		return m, err
	}
	m.Lines = query.Explain(m.Found.Query)
	m.Hits = newHits(v, a, m.Found, nil, sc)
	return m, nil
}

// follow keeps the topic; the archive is then read again for it.
func (s *Server) follow(v *visit) error {
	form, err := v.FormParams()
	if err != nil {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("web.refused_says"), err)
	}
	m := readFollow(form)
	id, err := s.deps.News.Watch.Save(v.ctx(), veille.Topic{BranchID: v.Branch.ID, Name: m.Name, Query: m.Query, Subject: m.Subject})
	if errors.Is(err, veille.ErrInvalid) {
		return s.followAgain(v, m, err)
	}
	if err != nil {
		return err
	}
	return v.done(inquiry{Topics: []string{string(id)}, Page: 1}.path(), veille.Say("search.followed", "name", m.Name))
}

// followAgain shows what she typed with what is wrong.
func (s *Server) followAgain(v *visit, m followModel, wrong error) error {
	field := "q"
	if m.Name == "" {
		field = "nom"
	}
	tried, err := s.tried(v, m)
	if err != nil {
		return err
	}
	tried.Errors[field] = v.problem(wrong)
	return v.showFollow(http.StatusBadRequest, tried)
}

// A notUsModel is an entry that a topic found by mistake, and what would keep
// such entries out.
type notUsModel struct {
	Entry  veille.Entry
	Medium string
	Topic  veille.Topic
	Others []veille.Topic // of her branch, which found it too
	Ways   []exclusion
	Own    string // what she typed herself
	Error  string
}

// An exclusion is one way to keep entries out, and those it would hide.
type exclusion struct {
	Says   string
	Except string // in the query language
	Query  string // the topic's query with it
	Hides  int    // entries of the last hiddenDays
	Hits   []hit
	Path   string // opens all of them
}

// notUsForm shows what each exclusion would hide; it changes nothing.
func (s *Server) notUsForm(v *visit) error {
	m, err := s.notUsOf(v)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("search.not_us"), Nav: "watch"}, notUsPage(v, m))
}

func (s *Server) notUsOf(v *visit) (notUsModel, error) {
	sc, err := s.scene(v)
	if err != nil {
		return notUsModel{}, err
	}
	e, err := s.entrySeen(v, sc, veille.EntryID(v.value("article")))
	if err != nil {
		return notUsModel{}, err
	}
	t, ok := sc.topic(veille.TopicID(v.value("sujet")))
	if !ok || t.BranchID != v.Branch.ID {
		return notUsModel{}, veille.ErrNotFound
	}
	m := notUsModel{Entry: e, Medium: mediumOf(e, sc.Sources), Topic: t, Own: v.value("sauf")}
	by, err := s.foundBy(v, sc, []veille.EntryID{e.ID})
	if err != nil {
		return m, err
	}
	for _, found := range by[e.ID] {
		if found.Topic.ID != t.ID && found.Topic.BranchID == v.Branch.ID {
			m.Others = append(m.Others, found.Topic)
		}
	}
	return m, s.weigh(v, sc, &m)
}

// weigh tries each exclusion on the archive.
func (s *Server) weigh(v *visit, sc scene, m *notUsModel) error {
	of, err := query.Parse(m.Topic.Query)
	if err != nil {
		return err
	}
	for _, way := range exclusions(v, m.Entry, sc, of, m.Own) {
		no, err := query.Parse(way.Except)
		if err != nil || no.Empty() {
			m.Error = v.problem(err)
			continue
		}
		way.Query = query.Except(of, no).Format(v.Locale())
		a := inquiry{Q: query.All(of, no).Format(v.Locale()), ByEntry: true, Page: 1}.last(v, hiddenDays)
		r := a.request(v.Zone)
		r.Limit, r.Days = previewHits, 0
		res, err := s.deps.News.Finder.Search(v.ctx(), v.Branch.ID, r)
		if err != nil {
			return err
		}
		way.Hides, way.Hits, way.Path = res.Entries, newHits(v, a, res, nil, sc), a.path()
		m.Ways = append(m.Ways, way)
	}
	return nil
}

// exclusions proposes what to leave out: what she typed, the telling phrases
// of the entry that the topic does not ask for, then its source.
func exclusions(v *visit, e veille.Entry, sc scene, of query.Query, own string) []exclusion {
	const phrases = 3
	var out []exclusion
	if own != "" {
		out = append(out, exclusion{Says: v.T("search.except_own", "words", own), Except: plainWord(own)})
	}
	said := map[string]bool{}
	keys := slices.Clone(e.Reading.Keyphrases) // several words tell homonyms apart better than one
	slices.SortStableFunc(keys, func(a, b string) int { return min(2, len(strings.Fields(b))) - min(2, len(strings.Fields(a))) })
	for _, phrase := range keys {
		words := query.Passages(of, e.Reading.Lang, phrase, "", 1)
		if len(words) > 0 || said[phrase] || len(said) == phrases {
			continue // the topic asks for these very words
		}
		said[phrase] = true
		out = append(out, exclusion{Says: v.T("search.except_words", "words", phrase), Except: quotedWords(phrase)})
	}
	if src, ok := sc.Sources[e.SourceID]; ok {
		out = append(out, exclusion{Says: v.T("search.except_source", "source", src.Name()), Except: "source:" + quotedWords(src.Name())})
	}
	return out
}

// notUs keeps the topic with the exclusion she chose.
func (s *Server) notUs(v *visit) error {
	sc, err := s.scene(v)
	if err != nil {
		return err
	}
	t, ok := sc.topic(veille.TopicID(v.value("sujet")))
	if !ok || t.BranchID != v.Branch.ID {
		return veille.ErrNotFound
	}
	of, err1 := query.Parse(t.Query)
	no, err2 := query.Parse(v.value("sauf"))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if no.Empty() {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("search.except_needed"), nil)
	}
	t.Query = query.Except(of, no).String()
	if _, err := s.deps.News.Watch.Save(v.ctx(), t); err != nil {
		return err
	}
	return v.done(inquiry{Topics: []string{string(t.ID)}, Page: 1}.path(), veille.Say("search.excepted", "name", t.Name))
}

func notUsPath(e veille.EntryID, t veille.TopicID) string {
	return "/veille/pas-nous?" + url.Values{"article": {string(e)}, "sujet": {string(t)}}.Encode()
}

func wayID(i int) string { return "way-" + strconv.Itoa(i) }
