package crisis

import (
	"time"

	"veilleur/internal/veille"
)

// The scores from which a level holds, at normal sensitivity. Escalate and
// crisis are the product's promise. Review is where one sober article with
// grave words that names the branch lands alone; watch is two thirds of it.
const (
	watchFrom    = 25.0
	reviewFrom   = 40.0
	escalateFrom = 60.0
	crisisFrom   = 75.0
	// tilt is what calm adds to every threshold and alert takes away: the
	// points of one more independent source and its words.
	tilt = 8.0
	// margin is how far under its threshold a score must stand before a level
	// falls, and holding how long: a pause between two articles is no end.
	margin  = 5.0
	holding = 6 * time.Hour
)

// lesson is what each false alarm of the last half-year adds to every
// threshold of its topic: half of a step of sensitivity at the second one, and
// no more than a whole step ever, so that crying wolf never makes a topic deaf.
const lesson = 3.0

// Lift is what n false alarms of the last half-year add to every threshold.
func Lift(n int) float64 { return min(tilt, lesson*float64(n)) }

// LiftSpan is how long a false alarm is remembered in thresholds.
const LiftSpan = maxWeeks * week

// lift is what the topic's false alarms add at a time.
func (in Input) lift(now time.Time) float64 {
	n := 0
	for i := range in.FalseAlarms {
		if now.Sub(in.FalseAlarms[i].ClosedAt) <= LiftSpan {
			n++
		}
	}
	return Lift(n)
}

// Threshold is the score from which a level holds at a sensitivity; 0 for
// LevelNone.
func Threshold(l veille.Level, s veille.Sensitivity) float64 {
	from := 0.0
	switch l {
	case veille.LevelWatch:
		from = watchFrom
	case veille.LevelReview:
		from = reviewFrom
	case veille.LevelEscalate:
		from = escalateFrom
	case veille.LevelCrisis:
		from = crisisFrom
	default:
		return 0
	}
	switch s {
	case veille.SensitivityCalm:
		from += tilt
	case veille.SensitivityAlert:
		from -= tilt
	}
	return from
}

var levels = [...]veille.Level{veille.LevelCrisis, veille.LevelEscalate, veille.LevelReview, veille.LevelWatch}

// levelOf gives the level of a score, with no memory of what was before.
func levelOf(score float64, s veille.Sensitivity) veille.Level {
	for _, l := range levels {
		if score >= Threshold(l, s) {
			return l
		}
	}
	return veille.LevelNone
}

// hold gives the level of a score: rising at once, falling only when the score
// has stood under the threshold, less a margin, for some hours. It reads the
// hours again from the mentions rather than from a saved state, so that a
// judgement depends on nothing but them.
func hold(in Input, score float64, now time.Time) veille.Level {
	l := levelOf(score-in.lift(now), in.Topic.Sensitivity)
	p := in.Previous
	if p == nil || !p.Live() || l.Rank() >= p.Level.Rank() {
		return l
	}
	floor := Threshold(p.Level, in.Topic.Sensitivity) + in.lift(now) - margin
	if now.Sub(p.LevelAt) < holding || score >= floor {
		return p.Level
	}
	for back := time.Hour; back <= holding; back += time.Hour {
		if assess(in, now.Add(-back)).score() >= floor {
			return p.Level
		}
	}
	return l
}
