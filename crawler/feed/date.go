package feed

import (
	"strconv"
	"strings"
	"time"
)

// months by the beginning of their names, French and English, without accents.
var months = []struct {
	prefix string
	month  time.Month
}{
	{"jan", 1}, {"feb", 2}, {"fev", 2}, {"fév", 2}, {"mar", 3}, {"apr", 4}, {"avr", 4}, {"may", 5}, {"mai", 5},
	{"jun", 6}, {"juin", 6}, {"juil", 7}, {"jul", 7}, {"aug", 8}, {"aou", 8}, {"aoû", 8}, {"sep", 9}, {"oct", 10},
	{"nov", 11}, {"dec", 12}, {"déc", 12},
}

// zones are the names of offsets seen in feeds, in minutes east of Greenwich.
var zones = map[string]int{
	"z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"ast": -240, "adt": -180, "nst": -210, "ndt": -150, "hne": -300, "hae": -240, "et": -300, "jst": 540, "aest": 600,
}

// Date reads a date as people and pages write it, in French or English: see
// date. The zero time means that there is none.
func Date(s string) time.Time { return date(s) }

// date reads a date in any of the ways feeds write them: RFC 3339 and its
// shorter forms, RFC 822 and its misspellings, asctime, French month names.
// It gives the zero time when there is none. Without a zone it is UTC.
func date(s string) time.Time {
	s = strings.TrimSpace(s)
	if t, ok := isoDate(s); ok {
		return t
	}
	var p parts
	p.zone = time.UTC
	for i, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' }) {
		if i > 12 || strings.HasPrefix(w, "(") {
			break
		}
		p.word(w)
	}
	return p.time()
}

// isoDate reads 2026-11-23, 2026-11, 2026, with or without T10:00:00.5-05:00.
func isoDate(s string) (time.Time, bool) {
	s = strings.ToUpper(s)
	for _, layout := range []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 Z07:00",
		"2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"2006-01-02Z07:00", "2006-01-02", "20060102T15:04:05Z07:00", "20060102T150405Z07:00", "20060102T150405", "20060102", "2006-002", "2006002", "2006-01", "2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parts are the pieces of a date found so far.
type parts struct {
	year, day, hour, minute, second int
	month                           time.Month
	pm, am                          bool
	zone                            *time.Location
}

func (p *parts) word(w string) {
	w = strings.TrimRight(w, ".")
	switch {
	case w == "":
	case w == "am" || w == "a.m":
		p.am = true
	case w == "pm" || w == "p.m":
		p.pm = true
	case strings.Contains(w, ":"):
		p.clock(w)
	case (w[0] == '+' || w[0] == '-') && len(w) > 2:
		p.offset(w)
	case w[0] >= '0' && w[0] <= '9':
		p.number(w)
	default:
		p.name(w)
	}
}

func (p *parts) clock(w string) {
	if rest, ok := strings.CutSuffix(w, "pm"); ok {
		p.pm, w = true, rest
	} else if rest, ok := strings.CutSuffix(w, "am"); ok {
		p.am, w = true, rest
	}
	if i := strings.IndexAny(w, "+-z"); i > 0 {
		p.word(w[i:])
		w = w[:i]
	}
	w, _, _ = strings.Cut(w, ".")
	for i, s := range strings.SplitN(w, ":", 3) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return
		}
		switch i {
		case 0:
			p.hour = n
		case 1:
			p.minute = n
		default:
			p.second = n
		}
	}
}

func (p *parts) offset(w string) {
	digits := strings.ReplaceAll(w[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil {
		p.number(w[1:])
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	n = n/100*60 + n%100
	if w[0] == '-' {
		n = -n
	}
	p.zone = time.FixedZone("", n*60)
}

// number takes a day or a year, or a whole date such as 23/11/2026 or
// 23-nov-2026.
func (p *parts) number(w string) {
	if strings.ContainsAny(w, "/-") {
		for _, piece := range strings.FieldsFunc(w, func(r rune) bool { return r == '/' || r == '-' }) {
			p.word(piece)
		}
		return
	}
	n, err := strconv.Atoi(strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")) // 1st, 1er
	switch {
	case err != nil:
	case len(w) >= 3 && n >= 1000 && n < 10000:
		p.year = n
	case p.day == 0 && n >= 1 && n <= 31:
		p.day = n
	case p.month == 0 && n >= 1 && n <= 12:
		p.month = time.Month(n)
	case p.year == 0 && n < 100 && len(w) == 2:
		if p.year = 2000 + n; n >= 70 {
			p.year = 1900 + n
		}
	}
}

func (p *parts) name(w string) {
	if p.month == 0 {
		for _, m := range months {
			if strings.HasPrefix(w, m.prefix) && (m.prefix != "mar" || !strings.HasPrefix(w, "mardi")) {
				p.month = m.month
				return
			}
		}
	}
	if minutes, ok := zones[w]; ok {
		p.zone = time.FixedZone(w, minutes*60)
		return
	}
	for _, z := range []string{"gmt", "utc"} { // GMT+2
		if rest, ok := strings.CutPrefix(w, z); ok && len(rest) > 1 && (rest[0] == '+' || rest[0] == '-') {
			p.offset(rest)
		}
	}
}

func (p *parts) time() time.Time {
	if p.year == 0 || p.month == 0 || p.day == 0 || p.hour > 24 || p.minute > 59 || p.second > 60 {
		return time.Time{}
	}
	if p.pm && p.hour < 12 {
		p.hour += 12
	}
	if p.am && p.hour == 12 {
		p.hour = 0
	}
	t := time.Date(p.year, p.month, p.day, p.hour, p.minute, p.second, 0, p.zone)
	if t.Day() != p.day && p.hour < 24 {
		return time.Time{} // 31 February
	}
	return t.UTC()
}
