package publish

import (
	"errors"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestWallTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, wall, zone, want string
		moved                  string // the hour in the notice
	}{
		{"a plain winter hour", "2026-11-24T09:00", "America/Toronto", "2026-11-24T14:00Z", ""},
		{"a plain summer hour", "2026-07-01T09:00", "America/Toronto", "2026-07-01T13:00Z", ""},
		{"an hour that clocks skip moves on with them", "2027-03-14T02:30", "America/Toronto", "2027-03-14T07:30Z", "2027-03-14T03:30:00-04:00"},
		{"the first minute skipped", "2027-03-14T02:00", "America/Toronto", "2027-03-14T07:00Z", "2027-03-14T03:00:00-04:00"},
		{"the minute before the gap", "2027-03-14T01:59", "America/Toronto", "2027-03-14T06:59Z", ""},
		{"the minute after the gap", "2027-03-14T03:00", "America/Toronto", "2027-03-14T07:00Z", ""},
		{"an hour that happens twice is the first", "2027-11-07T01:30", "America/Toronto", "2027-11-07T05:30Z", ""},
		{"after the second, winter time", "2027-11-07T02:00", "America/Toronto", "2027-11-07T07:00Z", ""},
		{"half an hour of summer time", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45Z", "2026-10-04T02:45:00+11:00"},
		{"a day that a country skipped", "2011-12-30T10:00", "Pacific/Apia", "2011-12-30T20:00Z", "2011-12-31T10:00:00+14:00"},
		{"far east", "2026-01-01T00:00", "Pacific/Kiritimati", "2025-12-31T10:00Z", ""},
		{"no clocks to change", "2027-03-14T02:30", "UTC", "2027-03-14T02:30Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, notice, err := WallTime(tt.wall, tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := at.Format("2006-01-02T15:04Z07:00"); got != tt.want {
				t.Errorf("at %s, want %s", got, tt.want)
			}
			moved := ""
			if notice != nil {
				moved = notice.Args["moved_at"].(string)
			}
			if moved != tt.moved {
				t.Errorf("moved to %q, want %q", moved, tt.moved)
			}
		})
	}
}

func TestWallTimeRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, in := range [][2]string{{"2027-02-30T10:00", "UTC"}, {"demain", "UTC"}, {"2027-02-03T10:00", ""}, {"2027-02-03T10:00", "Local"}, {"2027-02-03T10:00", "Mars/Olympe"}} {
		if _, _, err := WallTime(in[0], in[1]); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("WallTime(%q, %q): %v, want ErrInvalid", in[0], in[1], err)
		}
	}
}

// Every minute of two years resolves to an instant that shows it, unless
// clocks skipped it, and later walls never come earlier by more than a repeat.
func TestEveryWallTimeResolves(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/Toronto", "America/St_Johns", "Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		skipped := 0
		for w := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); w.Year() < 2028; w = w.Add(7 * time.Minute) {
			at, moved := resolve(w, loc)
			shows := at.Format("2006-01-02T15:04") == w.Format("2006-01-02T15:04")
			if shows == moved {
				t.Fatalf("%s %v: %v, moved %v", zone, w, at, moved)
			}
			if moved {
				skipped++
			} else if earlier := at.Add(-time.Hour); earlier.Format("15:04") == w.Format("15:04") {
				t.Fatalf("%s %v: %v is not the first", zone, w, at)
			}
		}
		if skipped == 0 {
			t.Errorf("%s: no wall time was skipped in two years", zone)
		}
	}
}
