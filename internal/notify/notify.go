// Package notify decides whether what happened to an incident is told.
//
// It stores and sends nothing: from an incident before and after a change, and
// the time, it names the event to tell or the reason to keep quiet. What was
// already told is in the incident itself (NotifiedAt, NotifiedLevel), so a
// restart tells nothing twice.
//
// A decision is a line of stages. The first finds what there is to tell; each
// of the others may hold it back, with its reason. A stage that fails lets it
// through: a fault here must not hide a crisis.
//
// Decide is asked at every judgment of a live incident, not only when its
// level changes, and at every act of a person on it: what must wait (30 s to
// group what comes together, 5 min between two messages) is told by a later
// question.
//
// Source: the notification pipeline of Prometheus Alertmanager, whose three
// times (group_wait, group_interval, repeat_interval) these are.
package notify

import (
	"time"

	"veilleur/internal/veille"
)

// The events an incident may be told by; they are types of webhook messages.
const (
	EventOpened       = "incident.opened" // it reached escalate; or still stands there, as a reminder
	EventRaised       = "incident.raised"
	EventAcknowledged = "incident.acknowledged"
	EventResolved     = "incident.resolved" // a false alarm too
)

// The reasons of a decision. The first group comes with an event, the second
// without.
const (
	ReasonOpened       = "opened"       // at escalate or above, and never told
	ReasonRaised       = "raised"       // above the level last told
	ReasonRepeat       = "repeat"       // told long ago, and nobody took it
	ReasonAcknowledged = "acknowledged" // a person took it
	ReasonClosed       = "closed"       // resolved, or a false alarm

	ReasonBelow     = "below_threshold" // under escalate
	ReasonSaid      = "already_said"    // nothing since the last message
	ReasonTaken     = "taken"           // told long ago, but a person has it
	ReasonNeverTold = "never_told"      // the end, or the taking, of what was never told
	ReasonSilenced  = "silenced"        // a person asked for silence
	ReasonGrouping  = "group_wait"      // waiting for what may come with it
	ReasonCooling   = "group_interval"  // too soon after the last message
)

// Config sets the waits. The zero value is the one to use.
type Config struct {
	GroupWait     time.Duration // from reaching escalate to the first message. Optional, 30 s
	GroupInterval time.Duration // between two messages about one incident. Optional, 5 min
	Repeat        time.Duration // before a reminder of one nobody took. Optional, 4 h
}

func (c Config) withDefaults() Config {
	if c.GroupWait <= 0 {
		c.GroupWait = 30 * time.Second
	}
	if c.GroupInterval <= 0 {
		c.GroupInterval = 5 * time.Minute
	}
	if c.Repeat <= 0 {
		c.Repeat = 4 * time.Hour
	}
	return c
}

// A Change is what happened to one incident, and what the stages have made of
// it so far.
type Change struct {
	Prev   *veille.Incident // as stored before; nil for a new one
	Next   *veille.Incident // as it will be stored; never nil
	Events []veille.IncidentEvent
	Now    time.Time
	Event  string // what there is to tell; set by the first stage
	Why    string // its reason
}

// A Decision is what to tell of a change.
type Decision struct {
	Event  string // what to tell; "" for nothing
	Reason string // one of the reasons above
	Held   string // the event that was kept back; "" when there was none
	Record bool   // something just happened and was silenced: worth a line in the incident's history
}

// Mark writes on i that d was told at now. It does nothing when d tells nothing.
func (d Decision) Mark(i *veille.Incident, now time.Time) {
	if d.Event == "" {
		return
	}
	i.NotifiedAt, i.NotifiedLevel = now, i.Level
}

// Decide tells what to say of the change from prev to next. events are those
// of this change alone; none is needed for a wait that has ended. next nil
// means that nothing is left to judge, and nothing is told.
func Decide(prev, next *veille.Incident, events []veille.IncidentEvent, now time.Time, c Config) Decision {
	if next == nil {
		return Decision{Reason: ReasonSaid}
	}
	c = c.withDefaults()
	return decide(Change{Prev: prev, Next: next, Events: events, Now: now},
		due{c.Repeat}, silence{}, grouping{c.GroupWait}, cooling{c.GroupInterval})
}

// decide asks the stages in order until one holds the event back.
func decide(c Change, stages ...Stage) Decision {
	for _, s := range stages {
		if held := pass(s, &c); held != "" {
			return Decision{Reason: held, Held: c.Event, Record: held == ReasonSilenced && len(c.Events) > 0}
		}
	}
	if c.Event == "" {
		return Decision{Reason: ReasonSaid}
	}
	return Decision{Event: c.Event, Reason: c.Why}
}

// pass asks one stage. A stage that panics lets the event through: better told
// too much than not at all.
func pass(s Stage, c *Change) (held string) {
	defer func() {
		if recover() != nil {
			held = ""
		}
	}()
	return s.Pass(c)
}
