package crisis

import (
	"math"
	"slices"
	"time"
)

// The parameters of a Volume. Few, because a grid of thousands tuned on five
// brands was seen to lose half its score on five others.
const (
	// trailing is the span whose mentions are counted: shorter is noise, longer
	// is late. Half and double were tried.
	trailing = time.Hour
	// lookBack is what "usual" means: a week holds every weekday once.
	lookBack = 7 * 24 * time.Hour
	// around is how near two times of day are the same.
	around = 30 * time.Minute
	// wide is how many usual spreads (interquartile ranges) make a spike; 1.75
	// of them is 2.4 standard deviations of a normal law.
	wide = 1.75
	// leastSpread is the smallest spread believed, in powers of e: under it a
	// quiet topic would jump at its third mention.
	leastSpread = .5
	// record is how near the week's highest a spike must come: what happens
	// every day is not one.
	record = .8
	// rest is how long one spike keeps the next quiet: it is the same story.
	rest = 36 * time.Hour
	// enough is how many past readings are needed to speak at all.
	enough = 24
)

// A Volume follows how much a subject is mentioned, where mentions are many: a
// movement or a brand, not a branch, whose arithmetic of rare events is usual.
// Its zero value is ready. It keeps a week.
//
// A reading is a spike when the last hour is far above the week before it and
// far above the same hour of the days before it, both in logarithms and in
// spreads of their own: an ordinary noon is no news, nor is a busy week.
//
// Source: robust z-scores (median and interquartile range), and the seasonal
// median of Hochenbaum, Vallis and Kejariwal, Automatic anomaly detection in
// the cloud, 2017, simplified.
type Volume struct {
	counts  []float64 // what each reading said
	at      []time.Time
	level   []float64 // log of the trailing hour
	excess  []float64 // level over that of the same time of day
	far     []float64 // how far out, in spreads
	sum     float64   // of the trailing hour
	first   int       // first reading of the trailing hour
	flat    spread
	season  spread
	nextCut time.Time // when the spreads are counted again
	lastAt  time.Time // of the last spike
}

// A spread is the middle and the width of past values.
type spread struct{ middle, width float64 }

// Add takes the count n of what was mentioned since the last reading, and says
// how unusual the last hour is, in [0,1]: .5 or more is a spike, told once.
// Readings come in order of time, about as often as each other.
func (v *Volume) Add(at time.Time, n float64) float64 {
	v.forget(at)
	v.at, v.counts = append(v.at, at), append(v.counts, n)
	v.sum += n
	for !v.at[v.first].After(at.Add(-trailing)) && v.first < len(v.at)-1 {
		v.sum -= v.counts[v.first]
		v.first++
	}
	x := math.Log1p(max(0, v.sum))
	over := 0.0
	if m, ok := v.sameHour(at); ok {
		over = x - m
	}
	v.measure(at)
	z := min(v.flat.of(x), v.season.of(over))
	spike := v.isSpike(at, z)
	v.level, v.excess, v.far = append(v.level, x), append(v.excess, over), append(v.far, z)
	if spike {
		v.lastAt = at
		return 1 - .5*math.Exp(wide-z)
	}
	return .499 * max(0, min(1, z/wide))
}

func (v *Volume) isSpike(at time.Time, z float64) bool {
	if z <= wide || len(v.far) < enough || !v.lastAt.IsZero() && at.Sub(v.lastAt) < rest {
		return false
	}
	top := 0.0
	for i := len(v.far) - 1; i >= 0; i-- {
		if at.Sub(v.at[i]) > trailing {
			top = max(top, v.far[i])
		}
	}
	return z >= record*top
}

// measure counts the spreads of the past week again, every hour.
func (v *Volume) measure(at time.Time) {
	if at.Before(v.nextCut) || len(v.level) < enough {
		return
	}
	v.flat, v.season = spreadOf(v.level), spreadOf(v.excess)
	v.nextCut = at.Add(trailing)
}

func spreadOf(past []float64) spread {
	s := slices.Sorted(slices.Values(past))
	n := len(s)
	return spread{middle: s[n/2], width: max(leastSpread, s[3*n/4]-s[n/4])}
}

func (s spread) of(x float64) float64 {
	if s.width == 0 {
		return 0
	}
	return (x - s.middle) / s.width
}

// sameHour gives the median level at this time of day over the past week.
func (v *Volume) sameHour(at time.Time) (float64, bool) {
	var near []float64
	for d := 24 * time.Hour; d <= lookBack; d += 24 * time.Hour {
		from, _ := slices.BinarySearchFunc(v.at[:len(v.level)], at.Add(-d-around), time.Time.Compare)
		for i := from; i < len(v.level) && !v.at[i].After(at.Add(-d+around)); i++ {
			near = append(near, v.level[i])
		}
	}
	if len(near) < 8 {
		return 0, false
	}
	slices.Sort(near)
	return near[len(near)/2], true
}

// forget drops what is older than a week, now and then.
func (v *Volume) forget(at time.Time) {
	old := 0
	for old < len(v.at) && at.Sub(v.at[old]) > lookBack+around {
		old++
	}
	if old < 256 || old > v.first {
		return
	}
	v.at, v.counts = slices.Delete(v.at, 0, old), slices.Delete(v.counts, 0, old)
	v.level, v.excess, v.far = slices.Delete(v.level, 0, old), slices.Delete(v.excess, 0, old), slices.Delete(v.far, 0, old)
	v.first -= old
}
