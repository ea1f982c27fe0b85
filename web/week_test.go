package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

// printed is a week in one line a day that holds something.
func printed(days []calendarDay) []string {
	var out []string
	for _, d := range days {
		var lines []string
		for _, l := range d.Lines {
			what := "free"
			switch {
			case l.Post != nil:
				what = string(l.Post.ID)
			case l.Spare:
				what = "spare"
			}
			lines = append(lines, l.At.In(d.Date.Location()).Format("15:04 ")+what)
		}
		if lines != nil {
			out = append(out, fmt.Sprintf("%s: %s", d.Date.Format("02"), strings.Join(lines, ", ")))
		}
	}
	return out
}

func TestAWeekDrawsItsGapsAgainstTheCadence(t *testing.T) {
	t.Parallel()
	zone := zoneOf("America/Toronto")
	ch := veille.Channel{ID: "c", Cadence: 2}
	for _, d := range []int{1, 3, 5} {
		ch.Slots = append(ch.Slots, veille.Slot{Weekday: d, Hour: 12, Zone: "America/Toronto"})
	}
	post := func(at string, s veille.PostState) veille.Post {
		return veille.Post{ID: "p", ChannelID: "c", At: wall(at), State: s}
	}
	for name, c := range map[string]struct {
		now   string
		posts []veille.Post
		want  []string
		count tally
	}{
		"an empty week asks for its cadence and spares the rest": {
			"2026-11-23T06:00", nil, []string{"23: 12:00 free", "25: 12:00 free", "27: 12:00 spare"}, tally{0, 2, 2}},
		"a post fills its slot": {
			"2026-11-23T06:00", []veille.Post{post("2026-11-25T12:15", veille.PostScheduled)},
			[]string{"23: 12:00 free", "25: 12:15 p", "27: 12:00 spare"}, tally{1, 2, 1}},
		"a failed post fills nothing": {
			"2026-11-23T06:00", []veille.Post{post("2026-11-25T12:00", veille.PostFailed)},
			[]string{"23: 12:00 free", "25: 12:00 p, 12:00 free", "27: 12:00 spare"}, tally{0, 2, 2}},
		"what has passed cannot be filled": {
			"2026-11-25T13:00", nil, []string{"27: 12:00 free"}, tally{0, 2, 1}},
		"a week gone by is quiet": {"2026-12-25T13:00", nil, nil, tally{0, 2, 0}},
		"a post late on Sunday is still this week's": {
			"2026-12-25T13:00", []veille.Post{post("2026-11-29T23:59", veille.PostPublished), post("2026-11-30T00:00", veille.PostPublished)},
			[]string{"29: 23:59 p"}, tally{1, 2, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			days, count := weekOf(weekInput{
				Monday: mondayOf(wall("2026-11-26T10:00"), zone), Now: wall(c.now), Posts: c.posts, Channels: []veille.Channel{ch},
			})
			if diff := cmp.Diff(c.want, printed(days)); diff != "" {
				t.Error(diff)
			}
			if count != c.count {
				t.Errorf("tally %+v, want %+v", count, c.count)
			}
		})
	}
}

func TestAWeekHasSevenDaysWhenClocksChange(t *testing.T) {
	t.Parallel()
	zone := zoneOf("America/Toronto")
	for _, in := range []string{"2026-11-01T12:00", "2027-03-14T12:00"} {
		monday := mondayOf(wall(in), zone)
		if monday.Weekday() != time.Monday || monday.Hour() != 0 {
			t.Errorf("%s: the week begins %s", in, monday)
		}
		last := veille.Post{ID: "p", At: wall(in).Add(11 * time.Hour), State: veille.PostScheduled}
		days, _ := weekOf(weekInput{Monday: monday, Now: monday, Posts: []veille.Post{last}})
		if len(days[6].Lines) != 1 {
			t.Errorf("%s: the post of Sunday night is not on Sunday", in)
		}
	}
}
