package web

import (
	"context"
	"net/http"
	"time"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

// sourceKeeper is the memory of sources.
type sourceKeeper interface {
	Source(ctx context.Context, id veille.SourceID) (veille.Source, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	PutSource(ctx context.Context, s veille.Source) error
	DeleteSource(ctx context.Context, id veille.SourceID) error
	SourceWeeks(ctx context.Context, id veille.SourceID, scope []veille.BranchID, from time.Time, n int) ([]veille.SourceWeek, error)
}

// sourceWaker has a source read at the next turn of the crawler, due or not.
// ErrNotFound if there is none of that id.
type sourceWaker interface {
	ReadNow(ctx context.Context, id veille.SourceID) error
}

func (s *Server) sourceRoutes() {
	s.get("/reglages/sources", s.sourceList)
	s.sourceAddRoutes()
	s.get("/reglages/sources.opml", s.sourceExport)
	s.post("/reglages/sources/opml", s.sourceImport)
	s.post("/reglages/sources/lot", s.sourceBulk)
	s.mailboxRoutes()
	s.get("/reglages/sources/:id", s.sourceOne)
	s.post("/reglages/sources/:id", s.sourceEdit)
	s.post("/reglages/sources/:id/lire", s.sourceRead)
	s.post("/reglages/sources/:id/etat", s.sourcePause)
	s.post("/reglages/sources/:id/retirer", s.sourceRemove)
}

func (s *Server) sourceImport(v *visit) error {
	file, err := v.upload("file")
	if err != nil {
		return err
	}
	if len(file) == 0 {
		return s.showSourceList(v, http.StatusBadRequest, sourceListModel{File: v.T("welcome.file_needed")})
	}
	n, err := s.deps.Setup.ImportOPML(v.ctx(), v.Branch.ID, file)
	if says := v.problem(err); says != "" {
		return s.showSourceList(v, veille.HTTPStatus(err), sourceListModel{File: says})
	}
	if err != nil {
		return err
	}
	return v.done("/reglages/sources", veille.Say("welcome.imported", "n", n))
}

// sourceExport gives the branch's own sources as an OPML file; those whose
// address is a secret only to who leads the branch.
func (s *Server) sourceExport(v *visit) error {
	all, err := s.deps.Settings.Sources.Sources(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Disposition", `attachment; filename="sources.opml"`)
	return v.Blob(http.StatusOK, "text/x-opml; charset=utf-8", opml.Write(v.T("sources.opml_title", "branch", v.Branch.Name), opml.Of(all, v.leads())))
}
