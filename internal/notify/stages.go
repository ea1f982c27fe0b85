package notify

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// A Stage lets a change through with "", or gives the reason to hold it back.
type Stage interface {
	Pass(c *Change) (held string)
}

// due finds what there is to tell.
type due struct{ repeat time.Duration }

func (d due) Pass(c *Change) string {
	switch {
	case !c.Next.Live():
		return c.tellOnce(EventResolved, ReasonClosed, c.Prev == nil || c.Prev.Live())
	case c.taken():
		return c.tellOnce(EventAcknowledged, ReasonAcknowledged, true)
	case c.Next.Level.Rank() < veille.LevelEscalate.Rank():
		return ReasonBelow
	case c.Next.NotifiedAt.IsZero():
		return c.tell(EventOpened, ReasonOpened)
	case c.Next.Level.Rank() > c.Next.NotifiedLevel.Rank():
		return c.tell(EventRaised, ReasonRaised)
	case !longAgo(c.Now.Sub(c.Next.NotifiedAt), d.repeat):
		return ReasonSaid
	case c.Next.State == veille.IncidentAcknowledged:
		return ReasonTaken
	}
	return c.tell(EventOpened, ReasonRepeat)
}

// longAgo tells whether age is at least wait. A message said to come from a
// time that far ahead was dated by a clock since set right, and counts as old.
func longAgo(age, wait time.Duration) bool { return age >= wait || age <= -wait }

func (c *Change) tell(event, why string) string {
	c.Event, c.Why = event, why
	return ""
}

// tellOnce tells an act on an incident that was told before, when it just happened.
func (c *Change) tellOnce(event, why string, now bool) string {
	switch {
	case c.Next.NotifiedAt.IsZero():
		return ReasonNeverTold
	case !now:
		return ReasonSaid
	}
	return c.tell(event, why)
}

// taken tells whether this change is a person taking the incident.
func (c *Change) taken() bool {
	if c.Next.State != veille.IncidentAcknowledged {
		return false
	}
	if c.Prev != nil {
		return c.Prev.State == veille.IncidentOpen
	}
	return slices.ContainsFunc(c.Events, func(e veille.IncidentEvent) bool { return e.Kind == "acknowledged" })
}

// silence holds everything back while a person wants quiet.
type silence struct{}

func (silence) Pass(c *Change) string {
	if c.Now.Before(c.Next.SilencedUntil) {
		return ReasonSilenced
	}
	return ""
}

// grouping holds the first message until wait after the level was reached, so
// that what comes together is told together. A tenth less is enough: a loop
// that asks every 30 s must not wait for its second turn because the first
// came a moment early.
type grouping struct{ wait time.Duration }

func (g grouping) Pass(c *Change) string {
	since := c.Next.LevelAt
	if c.Prev != nil && c.Prev.Level.Rank() >= veille.LevelEscalate.Rank() && c.Prev.LevelAt.Before(since) {
		since = c.Prev.LevelAt // it only moved within what is told: going up and down must not put it off
	}
	age := c.Now.Sub(since)
	if c.Why == ReasonOpened && age >= 0 && age < g.wait-g.wait/10 {
		return ReasonGrouping
	}
	return ""
}

// cooling holds a message back for interval after the last one. What a person
// did, and the end, are told at once.
type cooling struct{ interval time.Duration }

func (k cooling) Pass(c *Change) string {
	if c.Why != ReasonRaised {
		return ""
	}
	if age := c.Now.Sub(c.Next.NotifiedAt); age >= 0 && age < k.interval {
		return ReasonCooling
	}
	return ""
}
