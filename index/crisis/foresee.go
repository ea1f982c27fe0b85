package crisis

import (
	"time"

	"veilleur/internal/veille"
)

// foreseeStep is the grain of an Outlook; ahead is how far it looks: by then
// everything told today weighs nothing.
const (
	foreseeStep = 6 * time.Hour
	ahead       = horizon
)

// An Outlook is what becomes of a score when nothing new is published.
type Outlook struct {
	Falls  []Fall   // one for each signal there is now, most points first
	Levels []FallTo // the levels it would fall to, in order of time
}

// A Fall is what becomes of one signal.
type Fall struct {
	Kind string
	Now  float64   // points
	Half time.Time // from when it gives at most half of them; zero: not within nine days
	Gone time.Time // from when it gives less than one; zero: not within nine days
}

// A FallTo is when an incident would fall to a level; LevelNone is its end.
type FallTo struct {
	Level veille.Level
	At    time.Time
}

// Foresee weighs again at later times what is known now. It changes nothing.
func Foresee(in Input, now time.Time) Outlook {
	var o Outlook
	for _, s := range assess(in, now).signals {
		o.Falls = append(o.Falls, Fall{Kind: s.Kind, Now: s.Points})
	}
	level := veille.LevelNone
	if in.Previous != nil && in.Previous.Live() {
		level = in.Previous.Level
	}
	var under time.Time // since when the score no longer holds the level
	for t := now.Add(foreseeStep); t.Sub(now) <= ahead; t = t.Add(foreseeStep) {
		c := assess(in, t)
		for i := range o.Falls {
			o.Falls[i].see(c.signals, t)
		}
		score := c.score() - in.lift(now)
		switch {
		case score >= Threshold(level, in.Topic.Sensitivity)-margin:
			under = time.Time{}
		case under.IsZero():
			under = t
		case t.Sub(under) >= holding && level != veille.LevelNone:
			level = levelOf(score, in.Topic.Sensitivity)
			o.Levels = append(o.Levels, FallTo{level, t})
			under = time.Time{}
		}
	}
	return o
}

// see notes what is left of a signal at t.
func (f *Fall) see(signals []veille.Signal, t time.Time) {
	left := 0.0
	for _, s := range signals {
		if s.Kind == f.Kind {
			left = s.Points
		}
	}
	if f.Half.IsZero() && left <= f.Now/2 {
		f.Half = t
	}
	if f.Gone.IsZero() && left < 1 {
		f.Gone = t
	}
}
