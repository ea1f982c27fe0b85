package crisis

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// A Rehearsal is what a topic would have raised at one sensitivity.
type Rehearsal struct {
	Sensitivity veille.Sensitivity
	Raised      []Raised // in order of time
}

// A Raised is one incident that would have been, at its highest.
type Raised struct {
	At    time.Time // when it would have opened
	Level veille.Level
	Score float64
	Title string
}

// The most moments a rehearsal looks at: the arrivals of half a year at a
// branch, and fewer of a topic of many mentions, whose every moment costs some
// ten milliseconds.
const (
	mostMoments = 400
	busyMoments = 48
)

// Rehearse judges the history of a topic again at each of the sensitivities,
// calm first, as if they had been chosen from the beginning: the score is one,
// only the thresholds move. What false alarms have taught counts; the incidents
// that really were, and those of the movement, do not. It looks at the moments
// when something was published, and a day and three days after, and at no more
// of them than a bound. An archive read last week counts by when it was
// published, since what is asked is what would have been.
func Rehearse(in Input, now time.Time) []Rehearsal {
	in.Previous, in.Parent = nil, nil
	in.Mentions = asPublished(in.Mentions)
	limit := mostMoments
	if assess(in, now).all.busy {
		limit = busyMoments
	}
	out := []Rehearsal{{Sensitivity: veille.SensitivityCalm}, {Sensitivity: veille.SensitivityNormal}, {Sensitivity: veille.SensitivityAlert}}
	open := make([]bool, len(out))
	for _, t := range in.moments(now, limit) {
		c := assess(in, t)
		for i := range out {
			open[i] = out[i].see(c, open[i], in.lift(now))
		}
	}
	return out
}

// asPublished gives mentions as if each had been seen when it was published.
func asPublished(ms []veille.JudgedMention) []veille.JudgedMention {
	ms = slices.Clone(ms)
	for i := range ms {
		ms[i].Entry.Seen = ms[i].Mention.At
	}
	return ms
}

// see notes one moment, and tells whether an incident is open after it.
func (r *Rehearsal) see(c *current, open bool, lift float64) bool {
	score := c.score()
	level := levelOf(score-lift, r.Sensitivity)
	switch {
	case !open && level == veille.LevelNone:
		return false
	case !open:
		r.Raised = append(r.Raised, Raised{At: c.now, Level: level, Score: score, Title: c.verdict().Title})
		return true
	}
	if last := &r.Raised[len(r.Raised)-1]; score > last.Score {
		last.Level, last.Score, last.Title = level, score, c.verdict().Title
	}
	return score-lift >= Threshold(veille.LevelWatch, r.Sensitivity)-margin
}

// moments are when the score of a topic may have changed much: one for each
// hour in which a mention came, or a longer time when there would be too many,
// some after each, and now.
func (in Input) moments(now time.Time, limit int) []time.Time {
	for bucket := time.Hour; ; bucket *= 2 {
		ts := []time.Time{now}
		for i := range in.Mentions {
			seen := in.Mentions[i].Entry.Seen
			if t := seen.Truncate(bucket).Add(bucket); !seen.After(now) && !seen.Before(in.Since) {
				for _, after := range []time.Duration{0, day, 3 * day} {
					ts = append(ts, t.Add(after).Truncate(bucket))
				}
			}
		}
		slices.SortFunc(ts, time.Time.Compare)
		ts = slices.CompactFunc(ts, time.Time.Equal)
		ts = slices.DeleteFunc(ts, func(t time.Time) bool { return t.After(now) })
		if len(ts) <= limit {
			return ts
		}
	}
}
