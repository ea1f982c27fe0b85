package i18n

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x      float64
		fr, en string
	}{
		{0, "0", "0"}, {0.4, "0,4", "0.4"}, {-0.4, "−0,4", "−0.4"}, {999, "999", "999"},
		{2200, "2_200", "2,200"}, {63206, "63_206", "63,206"}, {1234567.891, "1_234_567,89", "1,234,567.89"},
		{0.00042, "0,00042", "0.00042"}, {2.999, "3", "3"}, {math.NaN(), "–", "–"}, {math.Inf(1), "–", "–"},
	} {
		if got, want := For("fr").Num(c.x), strings.ReplaceAll(c.fr, "_", nbsp); got != want {
			t.Errorf("fr %v: %q, want %q", c.x, got, want)
		}
		if got := For("en").Num(c.x); got != c.en {
			t.Errorf("en %v: %q, want %q", c.x, got, c.en)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 2, 1, 7, 5, 0, 0, time.UTC)
	fr, en := For("fr"), For("en")
	zone := time.FixedZone("", -5*3600)
	for _, c := range []struct{ name, got, want string }{
		{"the first of the month is ordinal in French", fr.Date(at), "1er février 2027"},
		{"and plain in English", en.Date(at), "February 1, 2027"},
		{"a short date has no year", fr.DateShort(at), "1er févr."},
		{"a short date in English", en.DateShort(at), "Feb. 1"},
		{"an hour and minutes", fr.Time(at), "7_h_05"},
		{"an hour alone", fr.Time(at.Add(-5 * time.Minute)), "7_h"},
		{"an hour in English", en.Time(at), "7:05_AM"},
		{"a date and a time in English", en.DateTime(at), "February 1, 2027 at 7:05_AM"},
		{"a weekday", fr.Weekday(at), "lundi"},
		{"a short weekday", fr.WeekdayShort(at), "lun."},
		{"a weekday in English", en.Weekday(at), "Monday"},
		{"a weekday by number wraps", fr.WeekdayName(8), "lundi"},
		{"a zone moves the hour", fr.In(zone).Time(at), "2_h_05"},
		{"a zone moves the day", fr.In(zone).Date(at.Add(-5 * time.Hour)), "31 janvier 2027"},
	} {
		if got := strings.ReplaceAll(c.got, nbsp, "_"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) // a Monday
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"seconds ago is now", now.Add(-30 * time.Second), "à l’instant"},
		{"a minute ago", now.Add(-time.Minute), "il y a 1 minute"},
		{"minutes ago", now.Add(-12 * time.Minute), "il y a 12 minutes"},
		{"this morning", now.Add(-270 * time.Minute), "ce matin 5_h_30"},
		{"in the night", now.Add(-8 * time.Hour), "cette nuit 2_h"},
		{"yesterday, though less than 24 h", now.Add(-18 * time.Hour), "hier 16_h"},
		{"days ago", now.Add(-72 * time.Hour), "il y a 3 jours"},
		{"this year", now.Add(-50 * 24 * time.Hour), "4 oct."},
		{"last year", now.Add(-400 * 24 * time.Hour), "19 octobre 2025"},
		{"in minutes", now.Add(5 * time.Minute), "dans 5 minutes"},
		{"this afternoon", now.Add(5 * time.Hour), "cet après-midi 15_h"},
		{"this evening", now.Add(9 * time.Hour), "ce soir 19_h"},
		{"tomorrow", now.Add(23 * time.Hour), "demain 9_h"},
		{"this week", now.Add(71 * time.Hour), "jeudi 9_h"},
		{"next month", now.Add(20 * 24 * time.Hour), "13 déc."},
	} {
		if got := strings.ReplaceAll(For("fr").Ago(c.at, now), nbsp, "_"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
