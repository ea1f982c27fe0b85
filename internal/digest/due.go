package digest

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// lateUntil is the hour, in the reader's zone, until which a digest that could
// not leave at its time still leaves the same day: after it, news of the
// morning is no help.
const lateUntil = 18

// grace is how late a digest set for the evening may leave.
const grace = 4 * 60 // minutes

// Due tells whether u's digest of the day should leave at now, and which day
// that is, as 2006-01-02 in her zone. zone is her branch's, used when she set
// none; one that is not known is taken as UTC.
//
// It is due from her hour on, on the days she chose, until 18 h, or four hours
// after her hour when that is later, but never the next day. It does not know
// what was sent: the caller claims the day, which makes it once. It reads the
// wall clock, so that on the night the clock changes an hour that does not
// exist is due once it has passed, and one that comes twice is due from the
// first.
func Due(u veille.User, zone string, now time.Time) (day string, due bool) {
	local := now.In(zoneOf(u, zone))
	day = local.Format("2006-01-02")
	if !u.Digest.On || !onDay(u.Digest.Days, int(local.Weekday())) {
		return day, false
	}
	at := local.Hour()*60 + local.Minute()
	from := u.Digest.Hour*60 + u.Digest.Minute
	return day, at >= from && at < max(lateUntil*60, from+grace)
}

func onDay(days []int, day int) bool {
	if len(days) == 0 {
		return day >= int(time.Monday) && day <= int(time.Friday)
	}
	return slices.Contains(days, day)
}

// zoneOf is u's zone, or the branch's, or UTC.
func zoneOf(u veille.User, branch string) *time.Location {
	for _, name := range []string{u.Digest.Zone, branch} {
		if name == "" {
			continue
		}
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	return time.UTC
}
