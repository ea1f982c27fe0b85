package feed

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
)

// minutes reads a ttl, at most a day.
func minutes(s string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	if err != nil {
		return 0
	}
	return min(time.Duration(n)*time.Minute, 24*time.Hour)
}

// syndication reads sy:updatePeriod and sy:updateFrequency, at most a day.
// Source: RSS 1.0 module Syndication.
func syndication(x ext.Extensions) time.Duration {
	period, ok := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}[strings.ToLower(first(x, "sy", "updateperiod"))]
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(first(x, "sy", "updatefrequency"), 10, 16)
	if err != nil || n == 0 {
		n = 1
	}
	return min(period/time.Duration(n), 24*time.Hour)
}

// hours reads skipHours, 0 to 23 in GMT; 24 is a way to write 0.
func hours(texts []string) []int {
	var out []int
	for _, s := range texts {
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 && n <= 24 {
			out = append(out, n%24)
		}
	}
	return out
}

// weekdays reads skipDays, in GMT.
func weekdays(texts []string) []time.Weekday {
	var out []time.Weekday
	for _, s := range texts {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(s), d.String()) {
				out = append(out, d)
			}
		}
	}
	return out
}
