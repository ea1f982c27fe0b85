package web

import (
	"math"
	"strconv"
	"strings"
)

// Charts are drawn with attributes alone: the content policy allows no style
// written in a page. Each says in words what it shows.

// A bar is one column of a chart.
type bar struct {
	N     float64 // ≥ 0
	Label string  // what it says when pointed at: "8 oct. : 14 articles"
	Hot   bool    // out of the usual
	Off   bool    // outside what is chosen

}

// The drawing's own units, about a pixel each where the chart is as wide as a
// page or as a card beside it.
const (
	pageWide   = 826.0
	cardWide   = 280.0
	barsHeight = 70.0
)

// A column is a bar where it is drawn.
type column struct {
	bar
	X, Y, W, H string
}

// columns places bars side by side over a width, the highest filling the
// height. A bar of zero is a hairline, so that a day without anything is still
// a day.
func columns(bars []bar, width float64) []column {
	top := 1.0
	for _, b := range bars {
		top = max(top, b.N)
	}
	step := width / float64(max(1, len(bars)))
	out := make([]column, 0, len(bars))
	for i, b := range bars {
		h := max(2, b.N/top*barsHeight)
		out = append(out, column{
			bar: b,
			X:   coord(float64(i)*step + step*0.11), Y: coord(barsHeight - h),
			W: coord(step * 0.78), H: coord(h),
		})
	}
	return out
}

// A spark is a line of values over time, with the value it should reach.
type spark struct {
	Values   []float64 // evenly spaced, oldest first
	Forecast float64   // where it would end; NaN for none
	Goal     float64   // a level to reach; NaN for none
	Says     string    // in words
}

// A sparkLine is a spark where it is drawn.
type sparkLine struct {
	Line, Dashes string // points of the polylines; "" for none
	GoalY        string // "" for none
	EndX, EndY   string // of the last value
}

// drawn places a spark in a box of 280 by 92. Without values it is
// empty.
func (s spark) drawn() sparkLine {
	if len(s.Values) == 0 {
		return sparkLine{}
	}
	low, high := s.bounds()
	y := func(x float64) string { return coord(80 - (x-low)/(high-low)*68) }
	right := 276.0
	if !math.IsNaN(s.Forecast) {
		right = 226
	}
	step := 0.0
	if len(s.Values) > 1 {
		step = (right - 4) / float64(len(s.Values)-1)
	}
	var points []string
	for i, x := range s.Values {
		points = append(points, coord(4+float64(i)*step)+","+y(x))
	}
	last := s.Values[len(s.Values)-1]
	out := sparkLine{
		Line: strings.Join(points, " "),
		EndX: coord(4 + float64(len(s.Values)-1)*step), EndY: y(last),
	}
	if !math.IsNaN(s.Forecast) {
		out.Dashes = out.EndX + "," + out.EndY + " 276," + y(s.Forecast)
	}
	if !math.IsNaN(s.Goal) {
		out.GoalY = y(s.Goal)
	}
	return out
}

// bounds are the lowest and highest values drawn, never equal.
func (s spark) bounds() (low, high float64) {
	low, high = s.Values[0], s.Values[0]
	for _, x := range append([]float64{s.Forecast, s.Goal}, s.Values...) {
		if !math.IsNaN(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	if low == high {
		high = low + 1
	}
	return low, high
}

// share is value over most as a width of 100, within it.
func share(value, most float64) string {
	if most <= 0 {
		return "0"
	}
	return coord(100 * min(1, max(0, value/most)))
}

// coord prints a coordinate to a tenth.
func coord(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }
