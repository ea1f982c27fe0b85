package web

import (
	"strings"
	"time"

	"veilleur/internal/veille"
)

// The box a goal is drawn in, and the line within it.
const (
	goalWide, goalHigh        = 320.0, 132.0
	goalLeft, goalRight       = 6.0, 314.0
	goalTop, goalBottom       = 18.0, 108.0
	goalCaption, goalBaseline = 126.0, 112.0
)

// A goalLine is a goal where it is drawn: time from left to right, from its
// start to its day.
type goalLine struct {
	Line, Wanted, Forecast string // points of the polylines; "" for none
	TargetY                string
	Dots                   []goalDot
}

// A goalDot is one measure where it is drawn.
type goalDot struct{ X, Y, Says string }

// drawn places the start, the measures, the even way to the target, and the
// forecast when there is one.
func (c goalCard) drawn(v *visit) goalLine {
	points := c.points(v.Now)
	low, high := min(c.Start, c.Target), max(c.Start, c.Target)
	for _, p := range points {
		low, high = min(low, p.Value), max(high, p.Value)
	}
	foresees := !c.Pace.Short && !c.Pace.Over && !c.Pace.Reached
	if foresees {
		low, high = min(low, c.Pace.Forecast), max(high, c.Pace.Forecast)
	}
	x := func(t time.Time) string {
		share := float64(t.Sub(c.StartAt)) / float64(max(1, c.DueAt.Sub(c.StartAt)))
		return coord(goalLeft + (goalRight-goalLeft)*min(1, max(0, share)))
	}
	y := func(value float64) string {
		return coord(goalBottom - (goalBottom-goalTop)*(value-low)/max(1e-9, high-low))
	}
	at := func(t time.Time, value float64) string { return x(t) + "," + y(value) }
	out := goalLine{TargetY: y(c.Target), Wanted: at(c.StartAt, c.Start) + " " + at(c.DueAt, c.Target)}
	var line []string
	for n, p := range points {
		line = append(line, at(p.At, p.Value))
		if n > 0 {
			out.Dots = append(out.Dots, goalDot{X: x(p.At), Y: y(p.Value), Says: v.DateShort(p.At) + ": " + v.Num(p.Value)})
		}
	}
	out.Line = strings.Join(line, " ")
	if foresees {
		out.Forecast = line[len(line)-1] + " " + at(c.DueAt, c.Pace.Forecast)
	}
	return out
}

// points are the start and the measures known at now.
func (c goalCard) points(now time.Time) []veille.Measure {
	out := []veille.Measure{{At: c.StartAt, Value: c.Start}}
	for _, m := range c.Measures {
		if !m.At.After(now) && !m.At.Before(c.StartAt) {
			out = append(out, m)
		}
	}
	return out
}

// chartSays is the chart in words.
func (c goalCard) chartSays(v *visit) string {
	return v.T("goals.chart_says", "start", c.Start, "start_on", v.DateShort(c.StartAt), "value", c.Pace.Value,
		"on", v.DateShort(c.Pace.At), "target", c.Target, "due", v.DateShort(c.DueAt), "unit", c.Unit)
}
