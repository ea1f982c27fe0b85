// Package goal tells how a goal goes: the pace it keeps, the pace it needs and
// where it will stand on its day.
//
// It stores and sends nothing: from the measures of a goal and the time, the
// same answer always follows. The pace is the median of the slopes between
// every two measures, so that one number typed wrong, or one lucky day, does
// not move it. Source: P. K. Sen, Estimates of the regression coefficient based
// on Kendall's tau, 1968 (the Theil–Sen line).
package goal

import (
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	week   = 7 * 24 * time.Hour
	recent = 12 * week // the pace is read over this long when it holds enough measures
	most   = 200       // measures a pace is read from at most, the latest; bounds the work
)

// A Pace is how a goal goes. Rates are in the goal's unit a week, negative when
// the number falls.
type Pace struct {
	Value    float64   `json:"value"`    // the latest measure; the start when nothing was measured
	At       time.Time `json:"at"`       // when Value was measured; the start of the goal when nothing was
	PerWeek  float64   `json:"per_week"` // the pace kept lately; 0 when Short
	Needed   float64   `json:"needed"`   // the pace that would reach the target on its day; 0 when Reached or Over
	Forecast float64   `json:"forecast"` // the value on the day the goal is due at PerWeek; Value when Short or Over
	OnPace   bool      `json:"on_pace"`  // Reached, or Forecast reaches the target; never when Short
	Reached  bool      `json:"reached"`  // Value is at the target or beyond it
	Over     bool      `json:"over"`     // the day the goal was due has passed
	Short    bool      `json:"short"`    // fewer than two measures, or less than a week of them: no pace can be told
}

// PaceOf tells how g goes at now.
//
// The start of the goal counts as a point, but not as a measure: Short remains
// until two numbers were measured and the points span a week. Measures after
// now are left out, and of several in 24 hours the last one stands. The pace is
// read over the last 12 weeks, or over everything when they hold less than a
// week of points. Needed spreads what misses over the weeks left, never over
// less than one. A target below the start is a number to bring down.
func PaceOf(g veille.Goal, now time.Time) Pace {
	points, measured := pointsOf(g, now)
	last := points[len(points)-1]
	p := Pace{
		Value:    last.Value,
		At:       last.At,
		Forecast: last.Value,
		Reached:  reaches(g, last.Value),
		Over:     !now.Before(g.DueAt),
		Short:    measured < 2 || span(points) < week,
	}
	if !p.Short {
		p.PerWeek = slope(lately(points))
	}
	if !p.Over {
		p.Forecast = p.Value + p.PerWeek*weeks(g.DueAt.Sub(p.At))
		if !p.Reached {
			p.Needed = (g.Target - p.Value) / math.Max(1, weeks(g.DueAt.Sub(now)))
		}
	}
	p.OnPace = p.Reached || !p.Short && reaches(g, p.Forecast)
	return p
}

// reaches tells whether v is at the target or beyond, whichever way the goal goes.
func reaches(g veille.Goal, v float64) bool {
	if g.Target < g.Start {
		return v <= g.Target
	}
	return v >= g.Target
}

// pointsOf gives the start and the usable measures by time, and how many of
// the points were measured. It is never empty.
func pointsOf(g veille.Goal, now time.Time) (points []veille.Measure, measured int) {
	points = append(points, veille.Measure{At: g.StartAt, Value: g.Start})
	for _, m := range g.Measures {
		if m.At.After(now) || m.At.Before(g.StartAt) || math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			continue
		}
		points = append(points, m)
	}
	slices.SortStableFunc(points[1:], func(a, b veille.Measure) int { return a.At.Compare(b.At) })
	points = daily(points)
	return points[max(0, len(points)-most):], len(points) - 1
}

// daily keeps the start and, of the measures that follow each other within 24
// hours, the last.
func daily(points []veille.Measure) []veille.Measure {
	kept := points[:1:1]
	first := time.Time{} // of the run being folded
	for _, m := range points[1:] {
		if len(kept) > 1 && m.At.Sub(first) < 24*time.Hour {
			kept[len(kept)-1] = m
			continue
		}
		first = m.At
		kept = append(kept, m)
	}
	return kept
}

// lately gives the points of the last 12 weeks before the last one, or all of
// them when those span less than a week.
func lately(points []veille.Measure) []veille.Measure {
	since := points[len(points)-1].At.Add(-recent)
	i := slices.IndexFunc(points, func(m veille.Measure) bool { return !m.At.Before(since) })
	if near := points[i:]; span(near) >= week {
		return near
	}
	return points
}

// slope is the median of the slopes between every two points, a week.
func slope(points []veille.Measure) float64 {
	var all []float64
	for i, a := range points {
		for _, b := range points[i+1:] {
			if w := weeks(b.At.Sub(a.At)); w > 0 {
				all = append(all, (b.Value-a.Value)/w)
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	mid := len(all) / 2
	if len(all)%2 == 1 {
		return all[mid]
	}
	return (all[mid-1] + all[mid]) / 2
}

func span(points []veille.Measure) time.Duration {
	return points[len(points)-1].At.Sub(points[0].At)
}

func weeks(d time.Duration) float64 { return d.Hours() / week.Hours() }
