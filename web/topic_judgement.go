package web

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// rehearser says what a topic would have raised; engine.Judge is one.
type rehearser interface {
	Rehearse(ctx context.Context, t veille.Topic) ([]crisis.Rehearsal, error)
}

// tuningKeeper reads what false alarms taught, and takes it back.
type tuningKeeper interface {
	tuningReader
	UndoTuning(ctx context.Context, id veille.IncidentID, by veille.UserID, at time.Time) error
}

// names are those of people, by id.
type names map[veille.UserID]string

// name is who did something, as the reader of the page calls them.
func (n names) name(v *visit, id veille.UserID) string {
	switch {
	case id == v.User.ID:
		return v.T("incident.you")
	case n[id] != "":
		return n[id]
	}
	return v.T("incident.someone")
}

// readJudgement reads how a stored topic is judged; a theme is not, and a new
// topic has no history.
func (s *Server) readJudgement(v *visit, m *topicModel) error {
	if m.Topic.ID == "" || m.Topic.Subject == veille.SubjectTheme {
		return nil
	}
	var err error
	if m.Rehearsals, err = s.deps.Settings.Foresight.Rehearse(v.ctx(), m.Topic); err != nil {
		return err
	}
	if m.Tunings, err = s.deps.Settings.Tunings.Tunings(v.ctx(), m.Topic.ID); err != nil {
		return err
	}
	m.Lift, m.People = liftOf(m.Tunings, v.Now), names{}
	for _, t := range m.Tunings {
		for _, id := range []veille.UserID{t.By, t.UndoneBy} {
			if _, known := m.People[id]; known || id == "" {
				continue
			}
			u, err := s.deps.Accounts.User(v.ctx(), id)
			if err != nil && !errors.Is(err, veille.ErrNotFound) {
				return err
			}
			m.People[id] = u.Name
		}
	}
	return nil
}

// tuningUndo takes back what a false alarm of one of her topics taught.
func (s *Server) tuningUndo(v *visit) error {
	t, err := s.topicHers(v)
	if err != nil {
		return err
	}
	id := veille.IncidentID(v.Param("incident"))
	tunings, err := s.deps.Settings.Tunings.Tunings(v.ctx(), t.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(tunings, func(x veille.Tuning) bool { return x.IncidentID == id }) {
		return veille.NewProblem(veille.ErrNotFound, veille.Say("topics.tuning_gone"), nil)
	}
	if err := s.deps.Settings.Tunings.UndoTuning(v.ctx(), id, v.User.ID, v.Now); err != nil {
		return err
	}
	return v.done(topicPath(t)+"#lecons", veille.Say("topics.tuning_undid"))
}

func tuningUndoPath(t veille.Topic, x veille.Tuning) templ.SafeURL {
	return templ.SafeURL(topicPath(t) + "/lecons/" + url.PathEscape(string(x.IncidentID)) + "/annuler")
}

// tuningSays is what a false alarm changes, for as long as it does.
func tuningSays(v *visit, t veille.Tuning) string {
	if v.Now.Sub(t.At) > crisis.LiftSpan {
		return v.T("topics.tuning_story")
	}
	return v.T("topics.tuning_both", "until", v.Date(t.At.Add(crisis.LiftSpan)))
}

// mostRaised is how many incidents of a rehearsal are listed.
const mostRaised = 6

// lastRaised are the latest of a rehearsal, the latest first.
func lastRaised(r crisis.Rehearsal) []crisis.Raised {
	out := slices.Clone(r.Raised)
	slices.Reverse(out)
	return out[:min(mostRaised, len(out))]
}

// rehearsalSays counts what would have been raised, and what of it would have
// been told at once.
func rehearsalSays(v *visit, r crisis.Rehearsal) string {
	if len(r.Raised) == 0 {
		return v.T("topics.rehearsal_nothing")
	}
	grave := 0
	for _, x := range r.Raised {
		if x.Level.Rank() >= veille.LevelEscalate.Rank() {
			grave++
		}
	}
	return v.T("topics.rehearsal_counts", "n", len(r.Raised), "grave", grave)
}
