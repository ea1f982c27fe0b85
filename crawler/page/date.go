package page

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// eastern is the zone of what says none: most of what a branch reads is made
// in Québec.
var eastern = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/Toronto")
	if err != nil {
		return time.UTC
	}
	return zone
})

// date reads a date of metadata, which is mostly RFC 3339, or of a page in
// French or English: "12 novembre 2026 à 8 h 30", "Nov. 12, 2026 8:30 p.m.".
// Zero when there is none, or none of the years 1990 to 2100.
func date(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 300 {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05 -0700", time.RFC1123Z, time.RFC1123} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, eastern()); err == nil {
			return plausible(t)
		}
	}
	return written(s)
}

// plausible is t in UTC when its year may be of an article.
func plausible(t time.Time) time.Time {
	if y := t.Year(); y < 1990 || y > 2100 {
		return time.Time{}
	}
	return t.UTC()
}

const (
	month = `(janvier|janv|jan|january|février|fevrier|févr|fév|fev|feb|february|mars|mar|march|avril|avr|apr|april|mai|may|juin|jun|june|juillet|juill|juil|jul|july|` +
		`août|aout|aug|august|septembre|september|sept|sep|octobre|october|oct|novembre|november|nov|décembre|decembre|december|déc|dec)\.?`
	hour = `(?:[ ,]*(?:à|at|a|-|–|—|·|\||@)?[ ]*(\d{1,2}) ?(?:h|:) ?(\d{2})? ?([ap]\.?m)?)?`
)

var (
	dayFirst   = regexp.MustCompile(`(?i)(?:^|\D)(\d{1,2})(?:er|st|nd|rd|th)? ` + month + `,? (\d{4})` + hour)
	monthFirst = regexp.MustCompile(`(?i)(?:^|\PL)` + month + ` (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})` + hour)
	numbers    = regexp.MustCompile(`(?i)(?:^|\D)(\d{4})-(\d{2})-(\d{2})` + hour)
)

// written finds a date in words; without an hour it is noon, so that it keeps
// its day in every zone of the country.
func written(s string) time.Time {
	s = oneLine(s)
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return civil(m[3], months[short3(m[2])], m[1], m[4:])
	}
	if m := monthFirst.FindStringSubmatch(s); m != nil {
		return civil(m[3], months[short3(m[1])], m[2], m[4:])
	}
	if m := numbers.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2])
		return civil(m[1], time.Month(n), m[3], m[4:])
	}
	return time.Time{}
}

// civil makes a date of its parts; zero when there is no such day. clock is
// the hour, the minutes and am or pm, or "".
func civil(year string, m time.Month, day string, clock []string) time.Time {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	h, least := 12, 0
	if clock[0] != "" {
		h, _ = strconv.Atoi(clock[0])
		least, _ = strconv.Atoi(clock[1])
		if half := strings.ToLower(clock[2]); half != "" {
			h %= 12
			if half[0] == 'p' {
				h += 12
			}
		}
	}
	t := time.Date(y, m, d, h, least, 0, 0, eastern())
	if t.Day() != d || t.Month() != m || h > 23 || least > 59 {
		return time.Time{}
	}
	return plausible(t)
}

// months by the first letters that tell them apart in both languages.
var months = map[string]time.Month{
	"jan": 1, "fév": 2, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "mai": 5, "may": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7,
	"aoû": 8, "aou": 8, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "déc": 12, "dec": 12,
}

// short3 is the first three letters of a month, four of juin and juillet.
func short3(name string) string {
	r := []rune(strings.ToLower(name))
	n := 3
	if len(r) > 3 && string(r[:3]) == "jui" {
		n = 4
	}
	return string(r[:min(n, len(r))])
}
