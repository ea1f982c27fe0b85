package crisis

import (
	"math"
	"time"
)

// The parameters of a Volume. Few, because a grid of thousands tuned on five
// brands was seen to lose half its score on five others; docs/signals.md tells
// what half as much again of each one costs.
const (
	// trailing is the span whose mentions are counted: shorter is noise, longer
	// is late.
	trailing = 90 * time.Minute
	// lookBack is what "usual" means: a fortnight holds every weekday twice, so
	// that one odd day is not what its weekday is like.
	lookBack = 14 * day
	// around is how near two times of day are the same.
	around = 30 * time.Minute
	// summit is the share of the fortnight's readings whose mean is its summit:
	// some three hours, since the single highest reading is a matter of chance.
	summit = .01
	// high is how near the summit a spike comes, from the median up: what the
	// fortnight has hardly seen. The summit is each topic's own, so one number
	// serves a topic that is even and one that bursts every day.
	high = .9
	// leastRise is the lowest summit believed, in powers of e above the median:
	// twice the usual. Under it a quiet topic would jump at its third mention.
	leastRise = .7
	// rest is how long one spike keeps the next quiet: it is the same story.
	rest = 36 * time.Hour
)

// A Volume follows how much a subject is mentioned, where mentions are many: a
// movement or a brand, not a branch, whose arithmetic of rare events is usual.
// Its zero value is ready. It keeps a fortnight.
//
// A reading is a spike when the last 90 minutes come near the summit of the
// fortnight before, and their excess over the same time of the other days
// comes near the summit of such excesses, both in logarithms: an ordinary noon
// is no news, nor is a busy week.
//
// Source: the seasonal median of Hochenbaum, Vallis and Kejariwal, Automatic
// anomaly detection in the cloud, 2017; distance in units of the upper tail,
// in place of a deviation, after the expected shortfall of Acerbi and Tasche,
// On the coherence of expected shortfall, 2002.
type Volume struct {
	past   []count
	sum    float64 // of the trailing span
	first  int     // first reading of the trailing span
	level  ordered // log of the trailing span
	excess ordered // level over that of the same time of day
	lastAt time.Time
}

// A count is one reading and what it was found to be.
type count struct {
	at            time.Time
	n             float64
	level, excess float64
}

// Add takes the count n of what was mentioned since the last reading, and says
// how unusual the last 90 minutes are, in [0,1]: .5 or more is a spike, told
// once. Readings come in order of time, about as often as each other. Nothing
// is a spike on the first day.
func (v *Volume) Add(at time.Time, n float64) float64 {
	z := v.push(at, n)
	if z > high && (v.lastAt.IsZero() || at.Sub(v.lastAt) >= rest) {
		v.lastAt = at
		return strength(z)
	}
	return .499 * clamp(z/high)
}

// strength says how strong a reading is, in [.5,1) from high up, 0 under it.
func strength(z float64) float64 {
	if z <= high {
		return 0
	}
	return 1 - .5*math.Exp(high-z)
}

// push takes a reading and says how far it rises from the median to the summit
// of the fortnight, 1 when it is as high; the lower of the two measures.
func (v *Volume) push(at time.Time, n float64) (z float64) {
	v.forget(at)
	v.past = append(v.past, count{at: at, n: n})
	v.sum += n
	for v.first < len(v.past)-1 && !v.past[v.first].at.After(at.Add(-trailing)) {
		v.sum -= v.past[v.first].n
		v.first++
	}
	c := &v.past[len(v.past)-1]
	c.level = math.Log1p(max(0, v.sum))
	if m, ok := v.sameTime(at); ok {
		c.excess = c.level - m
	}
	if at.Sub(v.past[0].at) >= day {
		z = min(v.level.rise(c.level), v.excess.rise(c.excess))
	}
	v.level.add(c.level)
	v.excess.add(c.excess)
	return z
}

// usual is the median of what a trailing span holds; 0 when nothing is known.
func (v *Volume) usual() float64 { return math.Expm1(v.level.median()) }

// sameTime gives the median level at this time of the other days.
func (v *Volume) sameTime(at time.Time) (float64, bool) {
	var near ordered
	i := 0
	for d := lookBack; d >= day; d -= day {
		i = v.at(i, at.Add(-d-around))
		for ; i < len(v.past)-1 && !v.past[i].at.After(at.Add(-d+around)); i++ {
			near.add(v.past[i].level)
		}
	}
	const few = 3 // of one day at the least
	return near.median(), len(near) >= few
}

// forget drops what is older than the fortnight.
func (v *Volume) forget(at time.Time) {
	for len(v.past) > 0 && at.Sub(v.past[0].at) > lookBack+around {
		v.level.drop(v.past[0].level)
		v.excess.drop(v.past[0].excess)
		v.past = v.past[1:]
		v.first = max(0, v.first-1)
	}
}
