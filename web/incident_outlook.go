package web

import (
	"context"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// foreseer says what would become of a topic's score; engine.Judge is one.
type foreseer interface {
	Outlook(ctx context.Context, t veille.Topic) (crisis.Outlook, error)
}

// tuningReader reads what false alarms taught.
type tuningReader interface {
	Tunings(ctx context.Context, topic veille.TopicID) ([]veille.Tuning, error)
}

// readOutlook reads what would bring the score of a live incident down, and how
// much the false alarms of its topic lift its thresholds.
func (v *visit) readOutlook(m *incidentModel) error {
	tunings, err := v.server.deps.Crises.Tunings.Tunings(v.ctx(), m.TopicID)
	if err != nil {
		return err
	}
	m.Lift = liftOf(tunings, v.Now)
	for _, t := range tunings {
		if t.IncidentID == m.ID {
			m.Tuning = &t
		}
	}
	if m.Live() && m.Topic.ID != "" {
		m.Outlook, err = v.server.deps.Crises.Foresight.Outlook(v.ctx(), m.Topic)
	}
	return err
}

// liftOf is what the false alarms that still teach add to the thresholds.
func liftOf(tunings []veille.Tuning, now time.Time) float64 {
	n := 0
	for _, t := range tunings {
		if t.Teaches() && now.Sub(t.At) <= crisis.LiftSpan {
			n++
		}
	}
	return crisis.Lift(n)
}

// outlookSays says when the incident would fall, level by level.
func outlookSays(v *visit, levels []crisis.FallTo) string {
	if len(levels) == 0 {
		return v.T("incident.outlook_stays")
	}
	first, last := levels[0], levels[len(levels)-1]
	switch {
	case last.Level != veille.LevelNone:
		return v.T("incident.outlook_lower", "level", v.T("web.level_"+string(first.Level)), "when", fallWords(v, first.At))
	case len(levels) == 1:
		return v.T("incident.outlook_closes", "when", fallWords(v, last.At))
	}
	return v.T("incident.outlook_both", "level", v.T("web.level_"+string(first.Level)), "when", fallWords(v, first.At), "end", fallWords(v, last.At))
}

// fallWords is a day and an hour to come, "pas d'ici neuf jours" when there is
// none.
func fallWords(v *visit, t time.Time) string {
	if t.IsZero() {
		return v.T("incident.outlook_never")
	}
	return v.WeekdayShort(t) + " " + v.DateShort(t) + ", " + v.Time(t)
}
