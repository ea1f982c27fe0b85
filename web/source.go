package web

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// A sourceState is how a source goes, in one word.
type sourceState string

// The states, as the filter of the list writes them.
const (
	sourceFailing sourceState = "panne"
	sourceEnded   sourceState = "retiree"
	sourceSilent  sourceState = "muette"
	sourceLate    sourceState = "retard"
	sourceShaky   sourceState = "hesitante"
	sourceNew     sourceState = "nouvelle"
	sourceWell    sourceState = "lue"
	sourcePaused  sourceState = "pause"
)

// stateOfSource judges one source as everything else does.
func stateOfSource(src veille.Source, now time.Time) sourceState {
	switch src.Condition(now).Is {
	case veille.ConditionBroken:
		return sourceFailing
	case veille.ConditionEnded:
		return sourceEnded
	case veille.ConditionMute:
		return sourceSilent
	case veille.ConditionLate:
		return sourceLate
	case veille.ConditionShaky:
		return sourceShaky
	case veille.ConditionNew:
		return sourceNew
	case veille.ConditionPaused:
		return sourcePaused
	}
	return sourceWell
}

// broken tells whether a person must act.
func (st sourceState) broken() bool { return st == sourceFailing || st == sourceEnded }

// sourceLook is the colour and the icon of a state; its word stands beside.
func sourceLook(st sourceState) (class, icon string) {
	switch st {
	case sourceFailing, sourceEnded:
		return "bad", "circle-x"
	case sourceSilent:
		return "warn", "volume-x"
	case sourceLate:
		return "warn", "clock"
	case sourceShaky:
		return "", "triangle-alert"
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
	if h.Problem != nil && l.State != sourceSilent && l.State != sourceLate && l.State != sourcePaused {
		return v.Say(*h.Problem)
	}
	switch l.State {
	case sourceEnded:
		return v.T("sources.ended_says")
	case sourceSilent:
		key := "sources.silent_says"
		if k := l.Source.Kind; k == veille.SourceAlert || k == veille.SourceMailbox {
			key = "sources.silent_alert"
		}
		return v.T(key, "n", int(v.Now.Sub(h.EntryAt).Hours())/24, "since_date", h.EntryAt, "rhythm", sourceUsual(v, h))
	case sourceLate:
		return v.T("sources.late_says", "since_date", h.DueAt)
	case sourceNew:
		return v.T("sources.new_says")
	case sourcePaused:
		return v.T("sources.paused_says")
	}
	return ""
}

// sourceUsual adds to what is said of a mute source how often it publishes;
// "" when that is not known.
func sourceUsual(v *visit, h veille.Health) string {
	if h.Rhythm == 0 {
		return ""
	}
	return v.T("sources.usually", "rhythm", sourceRhythm(v, h))
}

// sourceRhythm says how often a source publishes, in the largest unit that
// holds it at least once.
func sourceRhythm(v *visit, h veille.Health) string {
	if h.Rhythm == 0 {
		return v.T("sources.rhythm_unknown")
	}
	for _, unit := range []struct {
		key  string
		days float64
	}{{"sources.rhythm_day", 1}, {"sources.rhythm_week", 7}, {"sources.rhythm_month", 30}} {
		if n := math.Round(unit.days * 24 * 60 / float64(h.Rhythm)); n >= 1 {
			return v.T(unit.key, "n", int(n))
		}
	}
	return v.T("sources.rhythm_rare")
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
	if h.Rhythm > 0 {
		out = append(out, sourceRhythm(v, h))
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

// sourceSite is the site of a source, or the host it is read from; "" when
// there is none to look at.
func sourceSite(src veille.Source) string {
	for _, address := range []string{src.Site, src.URL} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || src.Secret() || u.Scheme != "https" && u.Scheme != "http" {
			continue
		}
		if address == src.URL {
			return u.Scheme + "://" + u.Host + "/"
		}
		return address
	}
	return ""
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
	y, err := s.sourceYield(v, l.Source)
	if err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: l.Source.Name(), Nav: "settings"}, sourcePage(v, l, y))
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
	src.Title, src.Publisher, src.Group, src.Folder = v.line("title"), v.line("publisher"), v.line("group"), v.line("folder")
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
	if !changeSource(&src, v.value("act"), v) {
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

// groupHint says how a press group counts, and which one was worked out while
// nobody names one.
func groupHint(v *visit, src veille.Source) string {
	if src.Group == "" && src.Kin != "" {
		return v.T("sources.group_found", "kin", src.Kin)
	}
	return v.T("sources.group_hint")
}
