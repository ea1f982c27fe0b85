package goal

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

var start = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func on(week float64) time.Time {
	return start.Add(time.Duration(week * 7 * 24 * float64(time.Hour)))
}

// followers is the goal of the first person: 160 to 200 in 20 weeks.
func followers(measures ...veille.Measure) veille.Goal {
	return veille.Goal{Unit: "abonnés", Start: 160, StartAt: start, Target: 200, DueAt: on(20), Measures: measures}
}

func at(week, value float64) veille.Measure { return veille.Measure{At: on(week), Value: value} }

func TestPaceOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goal veille.Goal
		now  time.Time
		want Pace
	}{
		"nothing measured is short and still tells what is needed": {
			followers(), on(10), Pace{Value: 160, At: on(0), Needed: 4, Forecast: 160, Short: true},
		},
		"one measure is short": {
			followers(at(10, 170)), on(10), Pace{Value: 170, At: on(10), Needed: 3, Forecast: 170, Short: true},
		},
		"two measures in a first week of six days are short": {
			followers(at(0.4, 161), at(0.8, 165)), on(0.8), Pace{Value: 165, At: on(0.8), Needed: 35 / 19.2, Forecast: 165, Short: true},
		},
		"a straight line is on pace": {
			followers(at(5, 170), at(10, 180)), on(10), Pace{Value: 180, At: on(10), PerWeek: 2, Needed: 2, Forecast: 200, OnPace: true},
		},
		"a slow line is not on pace and needs more": {
			followers(at(5, 163), at(10, 166)), on(10), Pace{Value: 166, At: on(10), PerWeek: 0.6, Needed: 3.4, Forecast: 172},
		},
		"the forecast starts from the last measure, not from now": {
			followers(at(5, 170), at(10, 180)), on(15), Pace{Value: 180, At: on(10), PerWeek: 2, Needed: 4, Forecast: 200, OnPace: true},
		},
		"one number typed wrong does not move the pace": {
			followers(at(2, 164), at(4, 168), at(6, 1720), at(8, 176), at(10, 180)), on(10),
			Pace{Value: 180, At: on(10), PerWeek: 2, Needed: 2, Forecast: 200, OnPace: true},
		},
		"a goal already reached needs nothing": {
			followers(at(5, 190), at(10, 203)), on(10), Pace{Value: 203, At: on(10), PerWeek: 4.3, Forecast: 246, OnPace: true, Reached: true},
		},
		"after its day a missed goal forecasts nothing": {
			followers(at(10, 180), at(19, 190)), on(21), Pace{Value: 190, At: on(19), PerWeek: 10.0 / 9, Forecast: 190, Over: true},
		},
		"in the last days the need is what misses, not a rate beyond it": {
			followers(at(10, 180), at(19.9, 190)), on(19.9), Pace{Value: 190, At: on(19.9), PerWeek: 10 / 9.9, Needed: 10, Forecast: 190 + 0.1*10/9.9},
		},
		"a measure of tomorrow is not read": {
			followers(at(5, 170), at(10, 180), at(12, 999)), on(10), Pace{Value: 180, At: on(10), PerWeek: 2, Needed: 2, Forecast: 200, OnPace: true},
		},
		"of several numbers in a day the last stands": {
			followers(at(5, 170), at(10, 18), at(10.01, 181)), on(11), Pace{Value: 181, At: on(10.01), PerWeek: 2.1, Needed: 19.0 / 9, Forecast: 201.96, OnPace: true},
		},
		"a target below the start is brought down": {
			veille.Goal{Start: 30, StartAt: start, Target: 10, DueAt: on(20), Measures: []veille.Measure{at(5, 25), at(10, 20)}}, on(10),
			Pace{Value: 20, At: on(10), PerWeek: -1, Needed: -1, Forecast: 10, OnPace: true},
		},
		"the pace is the one of the last twelve weeks": {
			veille.Goal{Start: 0, StartAt: start, Target: 100, DueAt: on(40), Measures: []veille.Measure{at(10, 50), at(20, 50), at(25, 50), at(30, 50)}}, on(30),
			Pace{Value: 50, At: on(30), PerWeek: 0, Needed: 5, Forecast: 50},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := PaceOf(c.goal, c.now)
			if diff := cmp.Diff(c.want, got, cmp.Comparer(near)); diff != "" {
				t.Errorf("PaceOf (-want +got):\n%s", diff)
			}
		})
	}
}

// near tolerates what a duration in nanoseconds loses.
func near(a, b float64) bool { return math.Abs(a-b) < 0.06 }

func TestAThousandMeasuresAreQuick(t *testing.T) {
	t.Parallel()
	g := followers()
	for i := range 1000 {
		g.Measures = append(g.Measures, at(float64(i)/50, 160+float64(i)/25))
	}
	began := time.Now()
	p := PaceOf(g, on(20))
	if took := time.Since(began); took > time.Second {
		t.Errorf("PaceOf took %v", took)
	}
	if math.Abs(p.PerWeek-2) > 0.1 {
		t.Errorf("PerWeek = %v, want 2", p.PerWeek)
	}
}
