package crisis

import (
	"math"
	"time"

	"veilleur/internal/veille"
)

const (
	// busyFrom is how many mentions a week make a series one of many: those of
	// the quietest brand Volume was measured on. Under it, mentions are rare
	// events.
	busyFrom = 700
	// busyWeeks is how much history a topic of many mentions needs: the
	// fortnight a Volume looks back over, the days it judges, and as much again
	// for the rare trouble among them.
	busyWeeks = 6
	// step is the time between two readings of a Volume made from mentions.
	step = 15 * time.Minute
)

// Habit is the span whose mentions tell whether a topic is mentioned much: the
// fortnight and more before the last days, so that a burst does not make its
// own custom. It is empty when history, which begins at since, is too short to
// tell.
func Habit(now, since time.Time) (from, to time.Time) {
	from, to = now.Add(-lookBack-horizon), now.Add(-settled)
	if from.Before(since) {
		from = since
	}
	if to.Sub(from) < week {
		return to, to
	}
	return from, to
}

// busy tells whether n mentions from one time to another are many.
func busy(n float64, from, to time.Time) bool {
	return to.After(from) && n/(to.Sub(from).Hours()/week.Hours()) >= busyFrom
}

// Reach is how far back a judgement must look, when n mentions were published
// in the topic's habit: half a year where they are rare, six weeks where they
// are many, so that no judgement holds more than some weeks of a large
// movement.
func Reach(n int, from, to time.Time) time.Duration {
	if busy(float64(n), from, to) {
		return busyWeeks * week
	}
	return maxWeeks * week
}

// A dated weight is what one mention adds to a series.
type dated struct {
	at     time.Time
	weight float64
}

// A series is what the mentions of a topic add to one count over time, and
// whether they are many.
type series struct {
	old    []dated // published before the recent ones
	weight float64 // in the habit
	busy   bool
}

// A pace is how fast a busy series came at its fastest.
type pace struct {
	strength float64 // in [0,1): 0 for no spike, less as it ages
	top      float64 // mentions in the trailing span, there
	usual    float64
}

// pace follows a busy series through the days that weigh.
func (c *current) pace(s series, of func(*weighed) float64) (p pace) {
	from := c.now.Add(-lookBack - horizon)
	if since := c.since(); from.Before(since) {
		from = since
	}
	slots := make([]float64, max(1, int(c.now.Sub(from)/step)))
	put := func(at time.Time, w float64) {
		if i := int(c.now.Sub(at) / step); i < len(slots) {
			slots[i] += w
		}
	}
	for _, d := range s.old {
		put(d.at, d.weight)
	}
	for i := range c.recent {
		put(c.recent[i].at, of(&c.recent[i]))
	}
	var v Volume
	for i := len(slots) - 1; i >= 0; i-- {
		usual := v.usual()
		z := v.push(c.now.Add(-time.Duration(i)*step), slots[i])
		if f := strength(z) * fresh(time.Duration(i)*step); f > p.strength {
			p = pace{strength: f, top: v.sum, usual: usual}
		}
	}
	return p
}

// say tells a pace.
func (p pace) say() *veille.Sentence {
	s := veille.Say("crisis.pace", "n", int(math.Round(p.top)), "usual", math.Round(p.usual))
	return &s
}
