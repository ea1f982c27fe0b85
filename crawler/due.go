package crawler

import (
	"errors"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// The shortest intervals between two fetches of one source, unless a person
// set another.
const (
	feedFloor  = 60 * time.Minute
	alertFloor = 15 * time.Minute
)

// floor is the shortest interval of a source.
func floor(s veille.Source) time.Duration {
	switch {
	case s.Every > 0:
		return time.Duration(s.Every) * time.Minute
	case s.Kind == veille.SourceAlert:
		return alertFloor
	}
	return feedFloor
}

// interval is how long to leave a source that was read well: the longest of
// its floor, what the feed asks and what the server says, these two at most a
// day; give or take a tenth, so that sources added together drift apart, but
// never under the floor. chance is in [0,1).
func interval(s veille.Source, h veille.Health, maxAge time.Duration, chance float64) time.Duration {
	least := floor(s)
	wait := max(least, min(time.Duration(h.Asks)*time.Minute, day), min(maxAge, day))
	wait = jitter(wait, chance)
	if wait < least {
		wait = least + (least - wait)
	}
	return wait
}

// jitter gives d, a tenth less to a tenth more.
func jitter(d time.Duration, chance float64) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*chance))
}

// backoff is how long to leave a source that failed n times in a row: as long
// as its server asks; a day when it refuses us; else an hour, doubling to a
// day.
func backoff(s veille.Source, n int, retryAfter time.Duration, err error, chance float64) time.Duration {
	switch {
	case retryAfter > 0:
		return max(retryAfter, floor(s))
	case errors.Is(err, veille.ErrDenied):
		return jitter(day, chance)
	}
	wait := hour << min(max(n-1, 0), 5)
	return max(jitter(min(wait, day), chance), min(floor(s), hour))
}

// quiet moves a time out of the GMT hours and days in which a feed asks not to
// be read. A feed that leaves no hour at all is not believed.
func quiet(due time.Time, hours []int, days []time.Weekday) time.Time {
	if len(hours) == 0 && len(days) == 0 {
		return due
	}
	for t := due.UTC(); t.Before(due.Add(8 * day)); t = t.Truncate(hour).Add(hour) {
		if !slices.Contains(hours, t.Hour()) && !slices.Contains(days, t.Weekday()) {
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
