package crawler

import (
	"errors"
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// The shortest intervals between two fetches of one source, unless a person
// set another, and the longest of a source read well.
const (
	feedFloor  = 60 * time.Minute
	alertFloor = 15 * time.Minute
	ceiling    = day
)

// floor is the shortest interval of a source. A page was not made to be read
// by programs: never more than hourly, whatever a person set.
func floor(s veille.Source) time.Duration {
	switch {
	case s.Kind == veille.SourcePage:
		return max(feedFloor, time.Duration(s.Every)*time.Minute)
	case s.Every > 0:
		return time.Duration(s.Every) * time.Minute
	case s.Kind == veille.SourceAlert, s.Kind == veille.SourceMailbox:
		return alertFloor
	}
	return feedFloor
}

// least is the shortest a source that was read well is left: the longest of
// its floor, what the feed asks (ttl, syndication) and what the server says
// (Cache-Control, Expires), these two at most a day.
//
// A server that offers no validator sends the whole feed each time: it is
// asked once a day, or as often as a person set but not more than hourly. The
// services of saved searches offer none and are made to be read often: they
// keep their floor. While a hub pushes what is new, a poll a day, and one when
// its promise ends, only make sure of it.
func least(s veille.Source, h veille.Health, maxAge time.Duration) time.Duration {
	wait := max(floor(s), min(time.Duration(h.Asks)*time.Minute, day), min(maxAge, day))
	if left := h.PushedUntil.Sub(h.FetchedAt); !h.PushedUntil.IsZero() && left > 0 {
		wait = max(wait, min(left, day))
	}
	if h.ETag == "" && h.LastModified == "" && s.Kind != veille.SourceAlert {
		if s.Every > 0 {
			return max(wait, hour)
		}
		return max(wait, day)
	}
	return wait
}

// freshness is the part of a source's usual gap it may be left: read four
// times a gap, an entry is on average an eighth of a gap old when it is seen,
// and a feed of twenty entries a day stays at its floor.
const freshness = 4

// interval is how long to leave a source that was read well: a quarter of its
// usual gap, between the least it must be left and the ceiling; the least while
// its rhythm is unknown. A tenth is given or taken, so that sources added
// together drift apart, but never under the least. chance is in [0,1).
func interval(s veille.Source, h veille.Health, maxAge time.Duration, chance float64) time.Duration {
	shortest := least(s, h, maxAge)
	usual := time.Duration(h.Rhythm) * time.Minute
	return spread(max(shortest, min(usual/freshness, ceiling)), shortest, chance)
}

// recall is the weight of one new entry in the rhythm: the last ten or so
// decide.
const recall = 0.1

// rhythm is the usual time between two new entries of a source, after fresh
// ones came: an exponential mean of the gaps. n entries found at once stand for
// n equal gaps since the last time something came. The first time, the dates
// the entries bear give the mean gap; a lone entry tells nothing. 0 is unknown;
// a known rhythm is at least a minute.
//
// Source: exponential smoothing (Brown 1956), applied n times:
// r' = g + (r − g)(1 − w)ⁿ.
func rhythm(h veille.Health, fresh []veille.Entry) veille.Minutes {
	n := len(fresh)
	if h.EntryAt.IsZero() {
		return firstRhythm(fresh)
	}
	gap := h.FetchedAt.Sub(h.EntryAt).Minutes() / float64(n)
	if h.Rhythm == 0 {
		return minutes(gap)
	}
	return minutes(gap + (float64(h.Rhythm)-gap)*math.Pow(1-recall, float64(n)))
}

// enoughDates is how many dates make a first rhythm.
const enoughDates = 5

// firstRhythm is the mean gap between the dates of a feed's first entries.
func firstRhythm(fresh []veille.Entry) veille.Minutes {
	var first, last time.Time
	n := 0
	for _, e := range fresh {
		if e.Published.Equal(e.Seen) {
			continue // it bears no date
		}
		if n++; n == 1 || e.Published.Before(first) {
			first = e.Published
		}
		if e.Published.After(last) {
			last = e.Published
		}
	}
	if n < enoughDates || !last.After(first) {
		return 0
	}
	return minutes(last.Sub(first).Minutes() / float64(n-1))
}

func minutes(m float64) veille.Minutes { return veille.Minutes(max(1, math.Round(m))) }

// spread gives d, a tenth less to a tenth more, but never less than least: what
// would fall under it is mirrored above.
func spread(d, least time.Duration, chance float64) time.Duration {
	d = time.Duration(float64(d) * (0.9 + 0.2*chance))
	if d < least {
		d = least + (least - d)
	}
	return d
}

// backoff is how long to leave a source that failed n times in a row: as long
// as its server asks, at least its floor; a day when it refuses us; else an
// hour, doubling to a day.
func backoff(s veille.Source, n int, retryAfter time.Duration, err error, chance float64) time.Duration {
	switch {
	case retryAfter > 0:
		return max(retryAfter, floor(s))
	case errors.Is(err, veille.ErrDenied):
		return spread(day, day, chance)
	}
	wait := min(hour<<min(max(n-1, 0), 5), day)
	return spread(wait, max(hour, floor(s)), chance)
}

// quiet moves a time out of the GMT hours and days in which a feed asks not to
// be read. A feed that leaves no hour at all is not believed.
func quiet(due time.Time, h veille.Health) time.Time {
	if len(h.SkipHours) == 0 && len(h.SkipDays) == 0 {
		return due
	}
	for t := due.UTC(); t.Before(due.Add(8 * day)); t = t.Truncate(hour).Add(hour) {
		if !slices.Contains(h.SkipHours, t.Hour()) && !slices.Contains(h.SkipDays, t.Weekday()) {
			return t
		}
	}
	return due
}

// confirmations is how many times in a row a server must say that a feed moved
// for good before its address is changed: a captive portal says so too.
const confirmations = 3

// moved counts permanent moves, and gives the new address once it is sure; ""
// before that.
func moved(s veille.Source, h *veille.Health, to string) string {
	if to == "" || to == s.URL {
		h.MovedTo, h.MovedSeen = "", 0
		return ""
	}
	if to != h.MovedTo {
		h.MovedTo, h.MovedSeen = to, 0
	}
	if h.MovedSeen++; h.MovedSeen < confirmations {
		return ""
	}
	h.MovedTo, h.MovedSeen = "", 0
	return to
}
