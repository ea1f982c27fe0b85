package measure

import (
	"math"
	"time"
)

// A Series is readings at their times, with what was said of each, and the
// windows in which something happened.
type Series struct {
	At      []time.Time // in order
	Score   []float64   // in [0,1]; an alert from Alert on
	Windows [][2]time.Time
}

// Alert is the anomaly score from which a reading is an alert.
const Alert = .5

// wrong is what a false alert costs in the standard profile, where an event
// found is worth 1 and an event missed costs 1.
const wrong = .11

// Weeks is how long the series is.
func (s Series) Weeks() float64 {
	if len(s.At) == 0 {
		return 0
	}
	return s.At[len(s.At)-1].Sub(s.At[0]).Hours() / 24 / 7
}

// NAB is the score of the standard profile over several series, where 0 is
// saying nothing and 100 finding every event at once and nothing else, with
// the number of alerts outside every window. It may be negative.
//
// The first alert of a window counts by how early it is; an alert outside, by
// how far it is from the window before it; the first 15 % of a series (of
// 5,000 readings at most) are for learning and are not scored. The threshold is
// Alert, and is not optimised.
//
// Source: Lavin and Ahmad, Evaluating Real-time Anomaly Detection Algorithms:
// the Numenta Anomaly Benchmark, ICMLA 2015, and its published scorer.
func NAB(all ...Series) (score float64, falseAlerts int) {
	raw, events := 0.0, 0.0
	for _, s := range all {
		r, n := s.raw()
		raw, falseAlerts = raw+r, falseAlerts+n
		events += float64(len(s.Windows))
	}
	if events == 0 {
		return 0, falseAlerts
	}
	return 100 * (raw + events) / (2 * events), falseAlerts
}

func (s Series) raw() (raw float64, falseAlerts int) {
	learning := int(.15 * math.Min(float64(len(s.At)), 5000))
	seen := make([]bool, len(s.Windows))
	for i := learning; i < len(s.At); i++ {
		if s.Score[i] < Alert {
			continue
		}
		inside, before := s.around(s.At[i])
		switch {
		case inside >= 0 && seen[inside]:
		case inside >= 0:
			first, last := s.span(inside)
			raw += early(-float64(last-i+1)/float64(last-first+1)) / early(-1)
			seen[inside] = true
		case before < 0:
			raw, falseAlerts = raw-wrong, falseAlerts+1
		default:
			first, last := s.span(before)
			raw += wrong * early(float64(i-last)/float64(max(last-first, 1)))
			falseAlerts++
		}
	}
	for _, ok := range seen {
		if !ok {
			raw--
		}
	}
	return raw, falseAlerts
}

// around finds the window t is in, and the last one that ended before; -1 for
// none.
func (s Series) around(t time.Time) (inside, before int) {
	inside, before = -1, -1
	for n, w := range s.Windows {
		if t.After(w[1]) {
			before = n
		} else if !t.Before(w[0]) {
			inside = n
		}
	}
	return inside, before
}

// span is the first and last reading of a window.
func (s Series) span(n int) (first, last int) {
	for i, t := range s.At {
		if t.Before(s.Windows[n][0]) {
			first = i + 1
		}
		if !t.After(s.Windows[n][1]) {
			last = i
		}
	}
	return first, last
}

// early is the scaled sigmoid of the benchmark: near 1 at the start of a
// window (-1), 0 at its end, -1 from three windows after it.
func early(at float64) float64 {
	if at > 3 {
		return -1
	}
	return 2/(1+math.Exp(5*at)) - 1
}
