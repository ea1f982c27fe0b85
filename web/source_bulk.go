package web

import (
	"net/http"
	"slices"
	"strconv"

	"veilleur/internal/veille"
)

// A sourceRemoval is what removing several sources takes with it.
type sourceRemoval struct {
	Filter  sourceFilter
	Lines   []sourceLine
	Entries int
}

// sourceBulk does one act on the ticked sources, or on all that the filter
// shows. What is not hers is left alone. Removing asks first.
func (s *Server) sourceBulk(v *visit) error {
	f := v.sourceFilter()
	chosen, err := s.sourcesChosen(v, f)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("sources.none_chosen"), nil)
	}
	act := v.value("act")
	if act == "typed" { // by the Enter key
		act = typedAct(v)
	}
	if act == "remove" && v.value("sure") != "yes" {
		m := sourceRemoval{Filter: f, Lines: chosen}
		for _, l := range chosen {
			m.Entries += l.Source.Health.Entries
		}
		return v.page(http.StatusOK, page{Title: v.T("sources.remove_many", "n", len(chosen)), Nav: "settings"}, sourceRemovePage(v, m))
	}
	n := 0
	for _, l := range chosen {
		done, err := s.sourceDo(v, l.Source, act)
		if err != nil {
			return err
		}
		if done {
			n++
		}
	}
	key := "sources.changed"
	switch act {
	case "remove":
		key, f = "sources.removed_many", sourceFilter{}
	case "read":
		key = "sources.reading_many"
	}
	return v.done(f.path(1), veille.Say(key, "n", n))
}

// typedAct is what Enter means in the form: the field that was filled.
func typedAct(v *visit) string {
	switch {
	case v.line("folder") != "":
		return "folder"
	case v.line("group") != "":
		return "group"
	}
	return ""
}

// sourcesChosen gives those of her own sources that a form ticks or that its
// filter shows.
func (s *Server) sourcesChosen(v *visit, f sourceFilter) ([]sourceLine, error) {
	lines, err := s.sourceLines(v)
	if err != nil {
		return nil, err
	}
	all := v.value("all") == "yes" // parses the form
	ticked := map[string]bool{}
	for _, id := range v.Request().Form["source"] {
		ticked[id] = true
	}
	return slices.DeleteFunc(lines, func(l sourceLine) bool {
		return l.Owner != "" || !ticked[string(l.Source.ID)] && !(all && f.shows(l))
	}), nil
}

// sourceDo does an act of the list on one source, and tells whether it meant
// something to it: one in pause is not read.
func (s *Server) sourceDo(v *visit, src veille.Source, act string) (bool, error) {
	switch act {
	case "read":
		if src.State != veille.SourceActive {
			return false, nil
		}
		return true, s.deps.Settings.Reader.ReadNow(v.ctx(), src.ID)
	case "remove":
		return true, s.deps.Settings.Sources.DeleteSource(v.ctx(), src.ID)
	}
	if !changeSource(&src, act, v) {
		return false, veille.NewProblem(veille.ErrInvalid, veille.Say("sources.act_wrong"), nil)
	}
	return true, s.deps.Settings.Sources.PutSource(v.ctx(), src)
}

// changeSource does one act of the list on a source, with what its form says,
// and tells whether there is such an act.
func changeSource(src *veille.Source, act string, v *visit) bool {
	switch act {
	case "pause":
		src.State = veille.SourcePaused
	case "resume":
		src.State = veille.SourceActive
	case "tier":
		t, ok := readTier(v.value("tier"))
		src.Tier = t
		return ok
	case "folder":
		src.Folder = v.line("folder")
	case "group":
		src.Group = v.line("group")
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
