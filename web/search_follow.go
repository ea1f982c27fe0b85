package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

const (
	previewDays = 30 // how far back a topic is tried
	previewHits = 6
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
