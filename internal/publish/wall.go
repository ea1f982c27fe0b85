package publish

import (
	"fmt"
	"time"
	_ "time/tzdata" // slots need the zones even where the system has none

	"veilleur/internal/veille"
)

// WallTime gives the instant of a wall time (2006-01-02T15:04) in an IANA zone.
//
// A time skipped when clocks go forward moves on by as much as they do, with a
// notice that says so: 2027-03-14 02:30 in America/Toronto is 03:30 EDT. A
// time that happens twice is the first of the two. (time.Date would silently
// give 01:30 EST for the former.) It returns a Problem of kind ErrInvalid for
// a time or zone that cannot be read.
func WallTime(wall, zone string) (time.Time, *veille.Sentence, error) {
	loc, err := zoneOf(zone)
	if err != nil {
		return time.Time{}, nil, veille.NewProblem(veille.ErrInvalid, veille.Say("publish.bad_zone", "zone", zone), err)
	}
	w, err := time.Parse("2006-01-02T15:04", wall)
	if err != nil {
		return time.Time{}, nil, veille.NewProblem(veille.ErrInvalid, veille.Say("publish.bad_time"), err)
	}
	at, moved := resolve(w, loc)
	if !moved {
		return at.UTC(), nil, nil
	}
	notice := veille.Say("publish.moved", "moved_at", at.Format(time.RFC3339))
	return at.UTC(), &notice, nil
}

// zoneOf loads an IANA zone. Unlike time.LoadLocation it takes neither "" nor
// "Local", whose meaning depends on the machine.
func zoneOf(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("publish: zone %q: %w", name, veille.ErrInvalid)
	}
	return time.LoadLocation(name)
}

// resolve gives the first instant at which clocks in loc show w, a wall time
// written as if in UTC; moved tells that none does, and that the instant is
// the one they would have shown had they not been put forward.
//
// It walks the periods of constant offset around w. No offset exceeds 26 hours,
// so those that begin 30 hours before w hold every candidate.
func resolve(w time.Time, loc *time.Location) (at time.Time, moved bool) {
	probe := w.Add(-30 * time.Hour).In(loc)
	for {
		_, offset := probe.Zone()
		at = w.Add(-time.Duration(offset) * time.Second).In(loc)
		_, end := probe.ZoneBounds()
		if end.IsZero() || at.Before(end) {
			break
		}
		probe = end
		if _, next := probe.Zone(); w.Add(-time.Duration(next) * time.Second).Before(end) {
			return at, true
		}
	}
	return at, false
}
