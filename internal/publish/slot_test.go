package publish

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

const toronto = "America/Toronto"

func daily(hour, minute int) []veille.Slot {
	var out []veille.Slot
	for d := range 7 {
		out = append(out, veille.Slot{Weekday: d, Hour: hour, Minute: minute, Zone: toronto})
	}
	return out
}

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func formatted(ts []time.Time) []string {
	out := []string{}
	for _, t := range ts {
		out = append(out, t.UTC().Format("2006-01-02T15:04"))
	}
	return out
}

func TestNext(t *testing.T) {
	t.Parallel()
	tuesday := veille.Slot{Weekday: 2, Hour: 9, Zone: toronto}
	tests := []struct {
		name  string
		slots []veille.Slot
		from  string
		n     int
		want  []string
	}{
		{"a weekly slot", []veille.Slot{tuesday}, "2026-11-24T13:59", 2, []string{"2026-11-24T14:00", "2026-12-01T14:00"}},
		{"a slot that opens now is past", []veille.Slot{tuesday}, "2026-11-24T14:00", 1, []string{"2026-12-01T14:00"}},
		{"an hour keeps its wall time over a change", []veille.Slot{tuesday}, "2027-03-08T00:00", 2, []string{"2027-03-09T14:00", "2027-03-16T13:00"}},
		{"several slots ascend", []veille.Slot{{Weekday: 5, Hour: 8, Zone: toronto}, tuesday}, "2026-11-24T00:00", 3, []string{"2026-11-24T14:00", "2026-11-27T13:00", "2026-12-01T14:00"}},
		{"two names of one instant are one", []veille.Slot{tuesday, {Weekday: 2, Hour: 14, Zone: "UTC"}}, "2026-11-24T00:00", 2, []string{"2026-11-24T14:00", "2026-12-01T14:00"}},
		{"a skipped hour opens once, moved", daily(2, 30), "2027-03-13T12:00", 2, []string{"2027-03-14T07:30", "2027-03-15T06:30"}},
		{"a repeated hour opens once, first", daily(1, 30), "2027-11-06T12:00", 2, []string{"2027-11-07T05:30", "2027-11-08T06:30"}},
		{"after the first, the second does not open", daily(1, 30), "2027-11-07T05:31", 1, []string{"2027-11-08T06:30"}},
		{"slots that cannot be read are left out", []veille.Slot{{Weekday: 2, Hour: 9, Zone: "Local"}, {Weekday: 9, Zone: "UTC"}, {Hour: 24, Zone: "UTC"}}, "2026-11-24T00:00", 3, []string{}},
		{"none wanted, none given", []veille.Slot{tuesday}, "2026-11-24T00:00", 0, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, formatted(Next(tt.slots, utc(tt.from), tt.n))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestADailySlotOpensOnceOnEachDayOfAYear(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation(toronto)
	if err != nil {
		t.Fatal(err)
	}
	for _, hour := range []int{0, 1, 2, 3, 23} {
		days := map[string]int{}
		for _, at := range Next(daily(hour, 30), utc("2026-12-31T23:59").In(loc), 400) {
			if in := at.In(loc); in.Year() == 2027 {
				days[in.Format(time.DateOnly)]++
			}
		}
		if len(days) != 365 {
			t.Errorf("%d:30 opens on %d days, want 365", hour, len(days))
		}
		for d, n := range days {
			if n != 1 {
				t.Errorf("%d:30 opens %d times on %s", hour, n, d)
			}
		}
	}
}

func TestFreeSlots(t *testing.T) {
	t.Parallel()
	ch := veille.Channel{ID: "c", Cadence: 3, Slots: []veille.Slot{
		{Weekday: 1, Hour: 9, Zone: toronto}, {Weekday: 3, Hour: 9, Zone: toronto}, {Weekday: 3, Hour: 9, Minute: 20, Zone: toronto}, {Weekday: 6, Hour: 9, Zone: toronto},
	}}
	from, to := utc("2026-11-23T05:00"), utc("2026-11-30T05:00")
	all := []string{"2026-11-23T14:00", "2026-11-25T14:00", "2026-11-25T14:20", "2026-11-28T14:00"}
	post := func(at string, s veille.PostState, c veille.ChannelID) veille.Post {
		return veille.Post{At: utc(at), State: s, ChannelID: c}
	}
	tests := []struct {
		name    string
		posts   []veille.Post
		want    []string
		missing int
	}{
		{"an empty week is all free", nil, all, 3},
		{"a post in its slot fills it", []veille.Post{post(all[0], veille.PostPublished, "c")}, all[1:], 2},
		{"a post near a slot fills the nearest", []veille.Post{post("2026-11-25T14:15", veille.PostScheduled, "c")}, []string{all[0], all[1], all[3]}, 2},
		{"two posts near two slots fill both", []veille.Post{post("2026-11-25T14:15", veille.PostScheduled, "c"), post("2026-11-25T14:16", veille.PostScheduled, "c")}, []string{all[0], all[3]}, 1},
		{"a post far from slots counts but fills none", []veille.Post{post("2026-11-26T14:00", veille.PostScheduled, "c")}, all, 2},
		{"a failed post leaves its slot free", []veille.Post{post(all[0], veille.PostFailed, "c")}, all, 3},
		{"another channel's post leaves it free", []veille.Post{post(all[0], veille.PostScheduled, "d")}, all, 3},
		{"a draft without an hour fills none", []veille.Post{{ChannelID: "c", State: veille.PostDraft}}, all, 3},
		{"next week's post fills none", []veille.Post{post("2026-11-30T14:00", veille.PostScheduled, "c")}, all, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, formatted(FreeSlots(ch, tt.posts, from, to))); d != "" {
				t.Error(d)
			}
			if n := Missing(ch, tt.posts, from, to); n != tt.missing {
				t.Errorf("%d missing, want %d", n, tt.missing)
			}
		})
	}
	next := NextFree(ch, []veille.Post{post(all[0], veille.PostScheduled, "c")}, from, 4)
	if d := cmp.Diff([]string{all[1], all[2], all[3], "2026-11-30T14:00"}, formatted(next)); d != "" {
		t.Error(d)
	}
}
