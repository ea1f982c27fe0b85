package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

// sourceKeeper is the memory of sources.
type sourceKeeper interface {
	Source(ctx context.Context, id veille.SourceID) (veille.Source, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	PutSource(ctx context.Context, s veille.Source) error
	DeleteSource(ctx context.Context, id veille.SourceID) error
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

// sourcesAPage is how many sources one page lists.
const sourcesAPage = 100

// A sourceLine is one source of the list.
type sourceLine struct {
	Source veille.Source
	State  sourceState
	Owner  string  // the branch above that owns it; "" when it is hers
	Offers []Found // of a mailbox of hers: feeds that could replace it
}

// A sourceListModel is the list, and what was wrong with a file.
type sourceListModel struct {
	Lines  []sourceLine // of this page
	All    int          // of the branch, whatever is shown
	Counts map[sourceState]int
	Show   sourceState // "" for all
	Word   string      // in the name or the address
	Match  int         // lines that Show and Word let through
	Page   int         // from 1
	Pages  int

	File string // about the file
}

func (s *Server) sourceList(v *visit) error {
	return s.showSourceList(v, http.StatusOK, sourceListModel{})
}

func (s *Server) showSourceList(v *visit, status int, m sourceListModel) error {
	lines, err := s.sourceLines(v)
	if err != nil {
		return err
	}
	m.Show, m.Word = sourceState(v.value("voir")), v.value("mot")
	m.All, m.Counts = len(lines), map[sourceState]int{}
	for _, l := range lines {
		m.Counts[l.State]++
	}
	lines = slices.DeleteFunc(lines, func(l sourceLine) bool { return !l.within(m.Show, m.Word) })
	m.Match, m.Pages = len(lines), max(1, (len(lines)+sourcesAPage-1)/sourcesAPage)
	m.Page, _ = strconv.Atoi(v.QueryParam("page")) // nonsense is the first page
	m.Page = min(max(1, m.Page), m.Pages)
	m.Lines = lines[(m.Page-1)*sourcesAPage : min(len(lines), m.Page*sourcesAPage)]
	return v.page(status, page{Title: v.T("sources.title"), Nav: "settings"}, sourceListPage(v, m))
}

// sourceLines gives every source she sees, those in trouble first.
func (s *Server) sourceLines(v *visit) ([]sourceLine, error) {
	scope, err := s.deps.Settings.Scope.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.deps.Settings.Sources.Sources(v.ctx(), scope)
	if err != nil {
		return nil, err
	}
	names, err := s.owners(v, scope)
	if err != nil {
		return nil, err
	}
	lines := make([]sourceLine, len(all))
	for i, src := range all {
		lines[i] = sourceLine{Source: src, State: stateOfSource(src, v.Now), Owner: names[src.BranchID]}
	}
	slices.SortStableFunc(lines, func(a, b sourceLine) int {
		if d := a.State.rank() - b.State.rank(); d != 0 {
			return d
		}
		return strings.Compare(strings.ToLower(a.Source.Name()), strings.ToLower(b.Source.Name()))
	})
	return lines, nil
}

// within tells whether a line is shown under a filter.
func (l sourceLine) within(show sourceState, word string) bool {
	if show != "" && l.State != show && (show != sourceFailing || l.State != sourceEnded) {
		return false
	}
	word = strings.ToLower(word)
	return strings.Contains(strings.ToLower(l.Source.Name()+" "+l.Source.Title), word)
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

// sourceExport gives the branch's own sources as an OPML file.
func (s *Server) sourceExport(v *visit) error {
	all, err := s.deps.Settings.Sources.Sources(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return err
	}
	list := make([]opml.Outline, len(all))
	for i, src := range all {
		list[i] = opml.Outline{Title: src.Name(), XMLURL: src.URL, HTMLURL: src.Site, Folder: src.Folder, Tier: int(src.Tier)}
	}
	v.Response().Header().Set("Content-Disposition", `attachment; filename="sources.opml"`)
	return v.Blob(http.StatusOK, "text/x-opml; charset=utf-8", opml.Write(v.T("sources.opml_title", "branch", v.Branch.Name), list))
}

// sourceBulk pauses, resumes or ranks the ticked sources, or all that the
// filter shows. What is not hers is left alone.
func (s *Server) sourceBulk(v *visit) error {
	lines, err := s.sourceLines(v)
	if err != nil {
		return err
	}
	all := v.value("all") == "yes"
	ticked := v.Request().Form["source"]
	n := 0
	for _, l := range lines {
		chosen := all && l.within(sourceState(v.value("voir")), v.value("mot")) || slices.Contains(ticked, string(l.Source.ID))
		if !chosen || l.Owner != "" {
			continue
		}
		if !changeSource(&l.Source, v.value("act"), v.value("tier")) {
			return veille.NewProblem(veille.ErrInvalid, veille.Say("sources.act_wrong"), nil)
		}
		if err := s.deps.Settings.Sources.PutSource(v.ctx(), l.Source); err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("sources.none_chosen"), nil)
	}
	return v.done(sourcesPath(sourceState(v.value("voir")), v.value("mot"), 1), veille.Say("sources.changed", "n", n))
}

// changeSource does one act of the list on a source, and tells whether there
// is such an act.
func changeSource(src *veille.Source, act, tier string) bool {
	switch act {
	case "pause":
		src.State = veille.SourcePaused
	case "resume":
		src.State = veille.SourceActive
	case "tier":
		t, ok := readTier(tier)
		src.Tier = t
		return ok
	default:
		return false
	}
	return true
}

// readTier reads a tier from a form: 0 to 4.
func readTier(s string) (veille.Tier, bool) {
	t, err := strconv.Atoi(s)
	return veille.Tier(t), err == nil && t >= 0 && t <= 4
}

// sourcesPath is the list under a filter.
func sourcesPath(show sourceState, word string, page int) string {
	q := url.Values{}
	if show != "" {
		q.Set("voir", string(show))
	}
	if word != "" {
		q.Set("mot", word)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/reglages/sources"
	}
	return "/reglages/sources?" + q.Encode()
}
