package crisis

import (
	"math"
	"time"
)

// A past counts the history of a topic, by week.
type past struct {
	start, end     time.Time
	trouble, all   float64
	byWeek, allBys []float64
}

func newPast(start, end time.Time) *past {
	n := max(0, int(end.Sub(start)/week))
	return &past{start: start, end: end, byWeek: make([]float64, n), allBys: make([]float64, n)}
}

func (p *past) add(at time.Time, counts float64) {
	p.trouble += counts
	p.all++
	if i := int(at.Sub(p.start) / week); i < len(p.byWeek) {
		p.byWeek[i] += counts
		p.allBys[i]++
	}
}

const (
	// troubleShare is the part of a topic's mentions that trouble when nothing
	// is known yet: one in twelve, the mean of the quiet half-years of the
	// development replays. It is the mean of the prior, worth half an event.
	troubleShare = 1.0 / 12
	// rarest is the least rate ever believed, troubling mentions a day: one in
	// eight weeks. A branch nobody complained of for half a year is not one of
	// which a single complaint is a wonder.
	rarest = 1.0 / 56
)

// usual ends the count: the Gamma prior added, with half an event at the
// topic's own rate of mentions.
func (p *past) usual(now, since time.Time) usual {
	u := usual{weeks: min(maxWeeks, max(0, int(now.Sub(since)/week)))}
	u.short = u.weeks < shortWeeks
	days := max(0, p.end.Sub(p.start).Hours()/24)
	prior := max(rarest, troubleShare*p.all/max(days, 7))
	u.days = days + .5/prior
	u.trouble = max(p.trouble+.5, rarest*u.days)
	u.all = p.all + .5
	u.clump, u.clumpAll = clumping(p.byWeek), clumping(p.allBys)
	u.perWindow = u.trouble / u.days * exposure
	return u
}

// burstOdds is the probability that x troubling mentions or more come by
// chance within one burst. It is doubled, as two spans are looked at and the
// least odds kept.
func (u usual) burstOdds(x float64) float64 {
	return min(1, 2*tail(x, burst.Hours()/24, u.trouble, u.days, u.clump))
}

// odds is the probability that x troubling mentions or more come by chance.
func (u usual) odds(x float64) float64 { return tail(x, exposure, u.trouble, u.days, u.clump) }

// oddsAll is the same for mentions of any kind.
func (u usual) oddsAll(x float64) float64 {
	return tail(x, exposure, u.all, max(u.days, 1), u.clumpAll)
}

// surprise is how improbable p is, in powers of ten.
func surprise(p float64) float64 { return -math.Log10(max(p, 1e-12)) }
