package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// A sourceState is how a source goes, in one word.
type sourceState string

// The states, as the filter of the list writes them.
const (
	sourceFailing sourceState = "panne"
	sourceEnded   sourceState = "retiree"
	sourceSilent  sourceState = "muette"
	sourceNew     sourceState = "nouvelle"
	sourceWell    sourceState = "lue"
	sourcePaused  sourceState = "pause"
)

// rank orders states: those that ask something of her first.
func (st sourceState) rank() int {
	return strings.Index("panne retiree muette nouvelle lue pause", string(st))
}

// stateOfSource judges one source as the rail counts them.
func stateOfSource(src veille.Source, now time.Time) sourceState {
	h := engine.HealthOf([]veille.Source{src}, now)
	switch {
	case src.State == veille.SourcePaused:
		return sourcePaused
	case src.State == veille.SourceEnded:
		return sourceEnded
	case len(h.Failing) > 0:
		return sourceFailing
	case len(h.Silent) > 0:
		return sourceSilent
	case src.Health.OKAt.IsZero():
		return sourceNew
	}
	return sourceWell
}

// sourceLook is the colour and the icon of a state; its word stands beside.
func sourceLook(st sourceState) (class, icon string) {
	switch st {
	case sourceFailing, sourceEnded:
		return "bad", "circle-x"
	case sourceSilent:
		return "warn", "volume-x"
	case sourceNew:
		return "", "hourglass"
	case sourcePaused:
		return "", "pause"
	}
	return "calm", "circle-check"
}

// sourceTrouble says what is wrong with a source and what to do; "" when
// nothing is.
func sourceTrouble(v *visit, l sourceLine) string {
	h := l.Source.Health
	if h.Problem != nil && (l.State == sourceWell || l.State == sourceNew) {
		return v.Say(*h.Problem) // read in part, or not yet for long enough to be called broken
	}
	switch l.State {
	case sourceFailing:
		return v.Say(*h.Problem)
	case sourceEnded:
		if h.Problem != nil {
			return v.Say(*h.Problem)
		}
		return v.T("sources.ended_says")
	case sourceSilent:
		return v.T("sources.silent_says", "n", int(v.Now.Sub(h.EntryAt).Hours())/24, "since_date", h.EntryAt)
	case sourceNew:
		return v.T("sources.new_says")
	case sourcePaused:
		return v.T("sources.paused_says")
	}
	return ""
}

// sourceFacts are when it was read, when something came, when it is read next.
func sourceFacts(v *visit, l sourceLine) []string {
	h := l.Source.Health
	var out []string
	switch {
	case h.OKAt.IsZero():
	case h.Failures > 0:
		out = append(out, v.T("sources.ok_when", "when", v.Ago(h.OKAt, v.Now)))
	default:
		out = append(out, v.T("sources.read_when", "when", v.Ago(h.OKAt, v.Now)))
	}
	if !h.EntryAt.IsZero() {
		out = append(out, v.T("sources.entry_when", "when", v.Ago(h.EntryAt, v.Now)))
	}
	if h.Failures > 0 {
		out = append(out, v.T("sources.failures", "n", h.Failures))
	}
	if l.Source.State == veille.SourceActive {
		out = append(out, sourceNext(v, h.DueAt))
	}
	return out
}

func sourceNext(v *visit, due time.Time) string {
	if !due.After(v.Now) {
		return v.T("sources.next_now")
	}
	return v.T("sources.next_when", "when", v.Ago(due, v.Now))
}

// sourceAddress is where a source is read. The address of an alert is a
// credential: only its host is shown.
func sourceAddress(src veille.Source) string {
	u, err := url.Parse(src.URL)
	if err != nil || !src.Secret() {
		return src.URL
	}
	return u.Host
}

// sourceSearch finds the entries of a source.
func sourceSearch(src veille.Source) string {
	name := strings.ReplaceAll(src.Name(), `"`, " ")
	return "/veille?" + url.Values{"q": {`source:"` + name + `"`}}.Encode()
}

func sourcePath(src veille.Source) string {
	return "/reglages/sources/" + url.PathEscape(string(src.ID))
}

// tierOptions say the tiers in words.
func tierOptions(v *visit) []option {
	return []option{
		{Value: "0", Label: v.T("sources.tier_0")}, {Value: "1", Label: v.T("sources.tier_1")},
		{Value: "2", Label: v.T("sources.tier_2")}, {Value: "3", Label: v.T("sources.tier_3")},
		{Value: "4", Label: v.T("sources.tier_4")},
	}
}

// sourceSeen reads a source she may see.
func (s *Server) sourceSeen(v *visit) (sourceLine, error) {
	src, err := s.deps.Settings.Sources.Source(v.ctx(), veille.SourceID(v.Param("id")))
	if err != nil {
		return sourceLine{}, err
	}
	l := sourceLine{Source: src, State: stateOfSource(src, v.Now)}
	if src.BranchID == v.Branch.ID {
		return l, nil
	}
	if err := s.may(v, src.BranchID); !errors.Is(veille.KindOf(err), veille.ErrDenied) {
		return l, err
	}
	b, err := s.deps.Accounts.Branch(v.ctx(), src.BranchID)
	l.Owner = b.Name
	return l, err
}

// sourceHers reads a source she may change.
func (s *Server) sourceHers(v *visit) (veille.Source, error) {
	l, err := s.sourceSeen(v)
	if err != nil {
		return l.Source, err
	}
	return l.Source, s.may(v, l.Source.BranchID)
}

func (s *Server) sourceOne(v *visit) error {
	l, err := s.sourceSeen(v)
	if err != nil {
		return err
	}
	if l.Owner == "" {
		if l.Offers, err = s.offersOf(v, l.Source); err != nil {
			return err
		}
	}
	return v.page(http.StatusOK, page{Title: l.Source.Name(), Nav: "settings"}, sourcePage(v, l))
}

func (s *Server) sourceEdit(v *visit) error {
	src, err := s.sourceHers(v)
	if err != nil {
		return err
	}
	tier, ok := readTier(v.value("tier"))
	if !ok {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("sources.act_wrong"), nil)
	}
	src.Title, src.Publisher, src.Group = v.line("title"), v.line("publisher"), v.line("group")
	src.Tier, src.ReadPages = tier, v.value("read_pages") == "yes"
	if err := s.deps.Settings.Sources.PutSource(v.ctx(), src); err != nil {
		return err
	}
	return v.done(sourcePath(src), veille.Say("profile.saved"))
}

func (s *Server) sourceRead(v *visit) error {
	src, err := s.sourceHers(v)
	if err != nil {
		return err
	}
	if src.State != veille.SourceActive {
		return veille.NewProblem(veille.ErrConflict, veille.Say("sources.read_paused"), nil)
	}
	if err := s.deps.Settings.Reader.ReadNow(v.ctx(), src.ID); err != nil {
		return err
	}
	return v.done(v.backTo("/reglages/sources"), veille.Say("sources.reading", "name", src.Name()))
}

// sourcePause pauses a source, or resumes one.
func (s *Server) sourcePause(v *visit) error {
	src, err := s.sourceHers(v)
	if err != nil {
		return err
	}
	if !changeSource(&src, v.value("act"), "") {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("sources.act_wrong"), nil)
	}
	if err := s.deps.Settings.Sources.PutSource(v.ctx(), src); err != nil {
		return err
	}
	return v.done(v.backTo("/reglages/sources"), veille.Say("sources.is_"+string(src.State), "name", src.Name()))
}

func (s *Server) sourceRemove(v *visit) error {
	src, err := s.sourceHers(v)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Sources.DeleteSource(v.ctx(), src.ID); err != nil {
		return err
	}
	return v.done("/reglages/sources", veille.Say("sources.removed", "name", src.Name()))
}

// line is a form value on one line: white space folded, line breaks included.
func (v *visit) line(name string) string { return strings.Join(strings.Fields(v.FormValue(name)), " ") }

// backTo is the page a form says it stands on, when it is within path.
func (v *visit) backTo(path string) string {
	if back := localPath(v.value("retour")); strings.HasPrefix(back, path) {
		return back
	}
	return path
}
