package web

import (
	"net/url"
	"strings"
	"time"
)

// plusMinus prints points with their sign: "+12", "−4".
func plusMinus(v *visit, n float64) string {
	if n > 0 {
		return "+" + v.Num(n)
	}
	return v.Num(n)
}

// until says the day after which something is no longer good: today, tomorrow,
// a day of this week, or a date.
func until(v *visit, t time.Time) string {
	days := calendarDays(v.Now.In(v.Zone), t.In(v.Zone))
	switch {
	case days <= 0:
		return v.T("ideas.until_tonight", "time", v.Time(t))
	case days == 1:
		return v.T("ideas.until_tomorrow")
	case days < 7:
		return v.Weekday(t)
	}
	return v.T("ideas.until_date", "date", v.DateShort(t))
}

// calendarDays counts the midnights from a to b, each in its own zone.
func calendarDays(a, b time.Time) int {
	day := func(t time.Time) int64 {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(day(b) - day(a))
}

// hostOf is the site of an address, without its "www."; "" for none.
func hostOf(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
