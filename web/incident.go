package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

// comingPosts reads the posts an incident may touch.
type comingPosts interface {
	Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error)
}

func (s *Server) incidentRoutes() {
	s.get("/crises/:id", s.incident)
	s.get("/crises/:id/preuves.json", s.incidentProof)
	s.get("/crises/:id/preuves.html", s.incidentProofPage)
	s.incidentActs()
}

// An incidentModel is all the page of one incident shows.
type incidentModel struct {
	veille.Incident
	Topic    veille.Topic
	Own      bool // of the branch she works for: she may act on it
	Events   []veille.IncidentEvent
	People   map[veille.UserID]string // names of those who acted
	Cited    map[veille.EntryID]citation
	Mentions []veille.Mention // of the last 14 days, the latest first
	Playbook playbook.Playbook
	Steps    []stepRow
	Posts    []touchedPost
	Outlook  crisis.Outlook // while it is live
	Lift     float64        // what false alarms add to the thresholds
	Tuning   *veille.Tuning // what it taught, as a false alarm; nil when it did not
	Open     bool           // all folds open, for paper
	All      bool           // every mention is cited, not the first of them
	Form     incidentForm
}

// A citation is an entry with its source.
type citation struct {
	Entry  veille.Entry
	Source veille.Source
}

// voice is the medium that published it.
func (c citation) voice() string {
	if c.Entry.Publisher != "" {
		return c.Entry.Publisher
	}
	return c.Source.Name()
}

// An incidentForm is the form of the page that was refused: what she typed,
// and why.
type incidentForm struct {
	Which  string // "false_alarm", "silence"; "" for none
	Error  string
	Reason string
	Hours  string
}

func (s *Server) incident(v *visit) error {
	i, err := v.visibleIncident()
	if err != nil {
		return err
	}
	return v.showIncident(http.StatusOK, i, incidentForm{})
}

// visibleIncident is the incident of the address. One of a branch she does not
// see is not found.
func (v *visit) visibleIncident() (veille.Incident, error) {
	deps, ctx, id := v.server.deps.Crises, v.ctx(), veille.IncidentID(v.Param("id"))
	i, err := deps.Incidents.Incident(ctx, id)
	if err != nil {
		return veille.Incident{}, fmt.Errorf("web: incident %s: %w", id, err)
	}
	scope, err := deps.Watched.Scope(ctx, v.Branch.ID)
	if err != nil {
		return veille.Incident{}, fmt.Errorf("web: incident %s: %w", id, err)
	}
	if !slices.Contains(scope, i.BranchID) {
		return veille.Incident{}, fmt.Errorf("web: incident %s of another branch: %w", id, veille.ErrNotFound)
	}
	return i, nil
}

func (v *visit) showIncident(status int, i veille.Incident, form incidentForm) error {
	m := incidentModel{
		Incident: i, Own: i.BranchID == v.Branch.ID, Form: form,
		Open: v.QueryParam("tout") == "1", People: map[veille.UserID]string{}, Cited: map[veille.EntryID]citation{},
	}
	for _, read := range []func(*incidentModel) error{v.readJudged, v.readHistory, v.readMentions, v.readCited, v.readPosts, v.readOutlook} {
		if err := read(&m); err != nil {
			return fmt.Errorf("web: incident %s: %w", i.ID, err)
		}
	}
	m.Playbook = playbook.For(i, m.Topic)
	m.Steps = stepRows(m.Playbook.Steps, m.Events, i.OpenedAt, v.Now)
	return v.page(status, page{Title: i.Title, Nav: "crises"}, incidentPage(v, m))
}

func (v *visit) readJudged(m *incidentModel) error {
	watched := v.server.deps.Crises.Watched
	scope, err := watched.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	topics, err := watched.Topics(v.ctx(), scope)
	m.Topic = topicOf(topics, m.TopicID)
	return err
}

// readHistory reads what happened, and the names of those who did it.
func (v *visit) readHistory(m *incidentModel) error {
	var err error
	if m.Events, err = v.server.deps.Crises.Incidents.IncidentEvents(v.ctx(), m.ID); err != nil {
		return err
	}
	who := []veille.UserID{m.OwnerID}
	for _, e := range m.Events {
		who = append(who, e.By)
	}
	for _, id := range who {
		if _, known := m.People[id]; known || id == "" {
			continue
		}
		u, err := v.server.deps.Accounts.User(v.ctx(), id)
		if err != nil && !errors.Is(err, veille.ErrNotFound) {
			return err
		}
		m.People[id] = u.Name
	}
	return nil
}

// person names who did something; someone deleted since is "someone".
func (m incidentModel) person(v *visit, id veille.UserID) string {
	if id == v.User.ID {
		return v.T("incident.you")
	}
	if name := m.People[id]; name != "" {
		return name
	}
	return v.T("incident.someone")
}

// mostMentions is how many mentions the page lists under its volume.
const mostMentions = 50

func (v *visit) readMentions(m *incidentModel) error {
	mentions, err := v.server.deps.Crises.Evidence.MentionsOf(v.ctx(), m.TopicID, v.firstDay(*m))
	if err != nil {
		return err
	}
	end := v.lastMoment(*m)
	mentions = slices.DeleteFunc(mentions, func(n veille.Mention) bool { return n.At.After(end) })
	slices.Reverse(mentions)
	m.Mentions = mentions
	return nil
}

// lastMoment is where the volume ends: now, or the end of a closed incident.
func (v *visit) lastMoment(m incidentModel) time.Time {
	if m.Live() || m.ClosedAt.IsZero() {
		return v.Now
	}
	return m.ClosedAt
}

// firstDay is the beginning of the first of the days of volume.
func (v *visit) firstDay(m incidentModel) time.Time {
	last := v.lastMoment(m).In(v.Zone)
	return time.Date(last.Year(), last.Month(), last.Day()-volumeDays+1, 0, 0, 0, 0, v.Zone)
}

// readCited reads every entry the page cites, with its source.
func (v *visit) readCited(m *incidentModel) error {
	var ids []veille.EntryID
	for _, s := range m.Signals {
		for _, e := range s.Evidence {
			ids = append(ids, e.EntryID)
		}
	}
	shown := mostMentions
	if m.All {
		shown = len(m.Mentions)
	}
	for _, n := range m.Mentions[:min(shown, len(m.Mentions))] {
		ids = append(ids, n.EntryID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	evidence := v.server.deps.Crises.Evidence
	entries, err := evidence.EntriesByID(v.ctx(), ids)
	if err != nil {
		return err
	}
	scope, err := v.server.deps.Crises.Watched.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	sources, err := evidence.Sources(v.ctx(), scope)
	if err != nil {
		return err
	}
	for _, e := range entries {
		at := slices.IndexFunc(sources, func(s veille.Source) bool { return s.ID == e.SourceID })
		if at >= 0 { // an entry of a source she does not see is not cited
			m.Cited[e.ID] = citation{Entry: e, Source: sources[at]}
		}
	}
	return nil
}

// A levelStep is one level of the ladder.
type levelStep struct {
	Level veille.Level
	On    bool // the one it is at, or, once closed, was at its highest
	Words string
}

// ladder is the four levels, with where the incident stands.
func ladder(v *visit, m incidentModel) []levelStep {
	at := m.Level
	if !m.Live() {
		at = m.PeakLevel
	}
	var out []levelStep
	for _, l := range []veille.Level{veille.LevelWatch, veille.LevelReview, veille.LevelEscalate, veille.LevelCrisis} {
		step := levelStep{Level: l, On: l == at, Words: v.T("web.level_" + string(l))}
		switch {
		case step.On && m.Live():
			step.Words = v.T("incident.level_since", "level", step.Words, "since", sinceWords(v, m.LevelAt))
		case step.On:
			step.Words = v.T("incident.level_peak", "level", step.Words)
		case m.Live() && l.Rank() > at.Rank():
			step.Words = v.T("incident.level_from", "level", step.Words, "from", crisis.Threshold(l, m.Topic.Sensitivity)+m.Lift)
		}
		out = append(out, step)
	}
	return out
}
