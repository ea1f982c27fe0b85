package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment reads when an article is published: "-30h" and "+25s" are counted
// from the start; "12 14:30" is 12 days before the start's day, at 14:30.
// The start gives the zone.
func moment(s string, start time.Time) (time.Time, error) {
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		d, err := time.ParseDuration(s)
		if err != nil {
			return time.Time{}, err
		}
		return start.Add(d), nil
	}
	days, clock, ok := strings.Cut(s, " ")
	n, err := strconv.Atoi(days)
	if !ok || err != nil || n < 1 {
		return time.Time{}, fmt.Errorf("time %q: want days ≥ 1 and hh:mm", s)
	}
	c, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, err
	}
	y, m, d := start.Date()
	return time.Date(y, m, d-n, c.Hour(), c.Minute(), 0, 0, start.Location()), nil
}
