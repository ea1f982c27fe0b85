package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

const (
	savedShown = 8  // beside the search box
	savedMost  = 60 // a branch may keep
)

// A savedRow is a search kept, with what came since it was last opened.
type savedRow struct {
	Search   veille.SavedSearch
	New      int
	RSS, CSV string
	Lines    []query.Line
}

func savedPath(id veille.SearchID, act string) string {
	return "/veille/recherches/" + url.PathEscape(string(id)) + "/" + act
}

// savedRows reads her branch's searches and counts what is new in each.
func (s *Server) savedRows(v *visit) ([]savedRow, error) {
	list, err := s.deps.News.Saved.Searches(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return nil, fmt.Errorf("web: saved searches: %w", err)
	}
	out := make([]savedRow, 0, len(list))
	for _, kept := range list[:min(len(list), savedMost)] {
		r := savedRow{Search: kept, RSS: s.deps.News.Flux("recherche", string(kept.ID), "rss"), CSV: s.deps.News.Flux("recherche", string(kept.ID), "csv")}
		req := inquiry{Q: kept.Query, Page: 1}.request(v.Zone)
		req.After, req.Limit, req.Days = kept.SeenAt, 1, 0
		res, err := s.deps.News.Finder.Search(v.ctx(), v.Branch.ID, req)
		if err != nil {
			// One that no longer parses must not hide the others.
			s.lg.Warn("saved search not counted", "search", kept.ID, "err", err)
		}
		r.New, r.Lines = res.Entries, query.Explain(res.Query)
		out = append(out, r)
	}
	return out, nil
}

func (s *Server) savedPage(v *visit) error {
	rows, err := s.savedRows(v)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("search.kept_title"), Nav: "watch"}, savedPage(v, rows))
}

// saveSearch keeps a search under a name.
func (s *Server) saveSearch(v *visit) error {
	q, err := query.Parse(v.value("q"))
	if err != nil {
		return err
	}
	if q.Empty() {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("search.keep_needed"), nil)
	}
	list, err := s.deps.News.Saved.Searches(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return fmt.Errorf("web: saved searches: %w", err)
	}
	if len(list) >= savedMost {
		return veille.NewProblem(veille.ErrConflict, veille.Say("search.keep_many", "n", savedMost), nil)
	}
	name := strings.Join(strings.Fields(v.value("name")), " ")
	if name == "" {
		name = keptName(q.Format(v.Locale()))
	}
	kept := veille.SavedSearch{ID: veille.SearchID(veille.NewID(v.Now)), BranchID: v.Branch.ID,
		Name: keptName(name), Query: q.String(), SeenAt: v.Now, CreatedAt: v.Now}
	if err := s.deps.News.Saved.PutSearch(v.ctx(), kept); err != nil {
		return fmt.Errorf("web: keep search: %w", err)
	}
	return v.done("/veille/recherches", veille.Say("search.kept_done", "name", kept.Name))
}

// keptName is a name within bounds.
func keptName(s string) string {
	const most = 120
	if runes := []rune(s); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}

// openSaved shows what a search finds; what was new is then read.
func (s *Server) openSaved(v *visit) error {
	kept, err := s.ownSaved(v)
	if err != nil {
		return err
	}
	path := inquiry{Q: formatted(kept.Query, v.Locale()), Page: 1}.path()
	kept.SeenAt = v.Now
	if err := s.deps.News.Saved.PutSearch(v.ctx(), kept); err != nil {
		return fmt.Errorf("web: open search %s: %w", kept.ID, err)
	}
	return v.goTo(path)
}

// formatted is a query in the words of a language; one with a mistake stays as
// it is.
func formatted(q, locale string) string {
	if parsed, err := query.Parse(q); err == nil {
		return parsed.Format(locale)
	}
	return q
}

func (s *Server) deleteSaved(v *visit) error {
	kept, err := s.ownSaved(v)
	if err != nil {
		return err
	}
	if err := s.deps.News.Saved.DeleteSearch(v.ctx(), kept.ID); err != nil {
		return fmt.Errorf("web: delete search %s: %w", kept.ID, err)
	}
	return v.done("/veille/recherches", veille.Say("search.kept_gone", "name", kept.Name))
}

// ownSaved gives a search of her branch; any other is not found.
func (s *Server) ownSaved(v *visit) (veille.SavedSearch, error) {
	id := veille.SearchID(v.Param("id"))
	list, err := s.deps.News.Saved.Searches(v.ctx(), []veille.BranchID{v.Branch.ID})
	if err != nil {
		return veille.SavedSearch{}, fmt.Errorf("web: saved searches: %w", err)
	}
	for _, kept := range list {
		if kept.ID == id {
			return kept, nil
		}
	}
	return veille.SavedSearch{}, fmt.Errorf("web: search %s: %w", id, veille.ErrNotFound)
}
