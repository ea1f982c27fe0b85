package web

import (
	"errors"
	"io"
	"net/http"

	"veilleur/internal/veille"
)

// A sourcesModel is the page where the first sources are added.
type sourcesModel struct {
	Progress Progress
	Address  string
	Error    string  // about the address
	File     string  // about the file
	Found    []Found // feeds of the page at Address
}

func (s *Server) welcomeSources(v *visit) error {
	return s.showSources(v, http.StatusOK, sourcesModel{})
}

func (s *Server) showSources(v *visit, status int, m sourcesModel) error {
	var err error
	if m.Progress, err = s.deps.Setup.Progress(v.ctx(), v.Branch.ID); err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("welcome.sources_title"), Bare: true}, welcomeSourcesPage(v, m))
}

func (s *Server) welcomeAddress(v *visit) error {
	m := sourcesModel{Address: v.value("address")}
	if m.Address == "" {
		m.Error = v.T("welcome.address_needed")
		return s.showSources(v, http.StatusBadRequest, m)
	}
	added, err := s.deps.Setup.AddSource(v.ctx(), v.Branch.ID, m.Address)
	if says := v.problem(err); says != "" {
		m.Error = says
		return s.showSources(v, veille.HTTPStatus(err), m)
	}
	if err != nil {
		return err
	}
	if len(added.Found) > 0 {
		m.Found = added.Found
		return s.showSources(v, http.StatusOK, m)
	}
	return v.done("/bienvenue/sources", veille.Say("welcome.added", "name", added.Source.Name()))
}

func (s *Server) welcomeOPML(v *visit) error {
	file, err := v.upload("file")
	if err != nil {
		return err
	}
	if len(file) == 0 {
		return s.showSources(v, http.StatusBadRequest, sourcesModel{File: v.T("welcome.file_needed")})
	}
	n, err := s.deps.Setup.ImportOPML(v.ctx(), v.Branch.ID, file)
	if says := v.problem(err); says != "" {
		return s.showSources(v, veille.HTTPStatus(err), sourcesModel{File: says})
	}
	if err != nil {
		return err
	}
	return v.done("/bienvenue/sources", veille.Say("welcome.imported", "n", n))
}

// upload reads the file of a form whole; nil when none was chosen. The body of
// the request is bounded already.
func (v *visit) upload(name string) ([]byte, error) {
	header, err := v.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// welcomeReading shows how the first reading goes. htmx asks for the part every
// two seconds; without script the page reloads itself.
func (s *Server) welcomeReading(v *visit) error {
	p, err := s.deps.Setup.Progress(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	if v.wantsPart() {
		return v.part(http.StatusOK, readingPart(v, p))
	}
	every := 4
	if p.Done {
		every = 0
	}
	return v.page(http.StatusOK, page{Title: v.T("welcome.reading_title"), Bare: true, Every: every}, welcomeReadingPage(v, p))
}
