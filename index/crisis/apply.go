package crisis

import (
	"time"

	"veilleur/internal/veille"
)

// Apply makes of a verdict the next state of the topic's incident, and the
// events that tell what changed. prev is the topic's latest incident, nil when
// it never had one; it is not changed.
//
// A verdict of some level opens an incident when none is live. A live one
// rises, falls, or resolves when its level is gone; without a change of level
// it is given back with its new numbers and no event. It gives nil, nil when
// there is nothing to write: no level and nothing live, or a theme.
func Apply(prev *veille.Incident, topic veille.Topic, v Verdict, now time.Time) (next *veille.Incident, events []veille.IncidentEvent) {
	if topic.Subject == veille.SubjectTheme {
		return nil, nil
	}
	if prev == nil || !prev.Live() {
		if v.Level.Rank() == 0 {
			return nil, nil
		}
		return open(topic, v, now)
	}
	i := *prev
	kind := ""
	switch was := prev.Level.Rank(); {
	case v.Level.Rank() == 0:
		kind = "resolved"
		i.State, i.ClosedAt = veille.IncidentResolved, now
	case v.Level.Rank() > was:
		kind = "raised"
		i.Level, i.LevelAt = v.Level, now
	case v.Level.Rank() < was:
		kind = "lowered"
		i.Level, i.LevelAt = v.Level, now
	}
	tell(&i, v, now)
	if kind != "" {
		events = append(events, event(i, kind, now))
	}
	return &i, events
}

// open makes a new incident.
func open(topic veille.Topic, v Verdict, now time.Time) (*veille.Incident, []veille.IncidentEvent) {
	i := veille.Incident{
		ID: veille.IncidentID(veille.NewID(now)), BranchID: topic.BranchID, TopicID: topic.ID,
		State: veille.IncidentOpen, Level: v.Level, LevelAt: now, OpenedAt: now, PeakLevel: v.Level,
	}
	tell(&i, v, now)
	return &i, []veille.IncidentEvent{event(i, "opened", now)}
}

// tell copies a verdict's numbers into an incident. The title and the story
// stay those of its peak, so that a page keeps its name while trouble fades.
func tell(i *veille.Incident, v Verdict, now time.Time) {
	if v.Title != "" && (i.Title == "" || v.Score > i.Peak) {
		i.Title = v.Title
	}
	if v.StoryID != "" && (i.StoryID == "" || v.Score > i.Peak) {
		i.StoryID = v.StoryID
	}
	i.Score, i.Signals, i.JudgedAt = v.Score, v.Signals, now
	i.Weeks, i.ShortOfData, i.Inherited = v.Weeks, v.ShortOfData, v.Inherited
	i.Entries, i.Independent = v.Entries, v.Independent
	i.Peak = max(i.Peak, v.Score)
	if i.Level.Rank() > i.PeakLevel.Rank() {
		i.PeakLevel = i.Level
	}
}

func event(i veille.Incident, kind string, now time.Time) veille.IncidentEvent {
	return veille.IncidentEvent{IncidentID: i.ID, At: now, Kind: kind, Level: i.Level, Score: i.Score}
}
