package web

import (
	"slices"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A calendarDay is one day of the calendar with what it holds.
type calendarDay struct {
	Date  time.Time // its first instant
	Today bool
	Past  bool
	Lines []calendarLine // by hour
}

// A calendarLine is a post, or a free slot when it has none.
type calendarLine struct {
	At      time.Time // zero: not yet given an hour
	Post    *veille.Post
	Channel veille.Channel
	Touches string // the title of the live incident its words touch; "" for none
	Spare   bool   // a free slot that the cadence does not ask to fill
}

// A tally counts a week against the cadence of its channels.
type tally struct {
	Planned int // posts that have an hour in the week
	Wanted  int // by the cadences
	Free    int // slots still to come that the cadence asks to fill
}

// mondayOf is the first instant of the week of t in zone.
func mondayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, zone)
	back := (int(day.Weekday()) + 6) % 7
	return time.Date(y, m, d-back, 0, 0, 0, 0, zone)
}

// A weekInput is what a week is made of.
type weekInput struct {
	Monday   time.Time
	Now      time.Time
	Posts    []veille.Post // at least those of the week, and near it
	Channels []veille.Channel
}

// weekOf gives the seven days from Monday with posts and free slots, and
// counts them. Slots that have passed are not drawn: nothing can fill them.
func weekOf(in weekInput) ([]calendarDay, tally) {
	days := make([]calendarDay, 7)
	for i := range days {
		y, m, d := in.Monday.Date()
		days[i].Date = time.Date(y, m, d+i, 0, 0, 0, 0, in.Monday.Location())
		end := days[i].Date.AddDate(0, 0, 1)
		days[i].Today = !in.Now.Before(days[i].Date) && in.Now.Before(end)
		days[i].Past = !in.Now.Before(end)
	}
	end := in.Monday.AddDate(0, 0, 7)
	lines, count := postLines(in, end)
	for _, ch := range in.Channels {
		slots := freeLines(ch, in, end)
		for _, l := range slots {
			if !l.Spare {
				count.Free++
			}
		}
		count.Wanted += ch.Cadence
		lines = append(lines, slots...)
	}
	slices.SortStableFunc(lines, func(a, b calendarLine) int { return a.At.Compare(b.At) })
	for _, l := range lines {
		i := calendarDays(in.Monday, l.At.In(in.Monday.Location()))
		days[i].Lines = append(days[i].Lines, l)
	}
	return days, count
}

// postLines gives the posts due in the week.
func postLines(in weekInput, end time.Time) ([]calendarLine, tally) {
	var out []calendarLine
	count := tally{}
	byID := channelsByID(in.Channels)
	for i, p := range in.Posts {
		if p.At.IsZero() || p.At.Before(in.Monday) || !p.At.Before(end) {
			continue
		}
		if p.State != veille.PostFailed {
			count.Planned++
		}
		out = append(out, calendarLine{At: p.At, Post: &in.Posts[i], Channel: byID[p.ChannelID]})
	}
	return out, count
}

// freeLines gives the slots of a channel that are free and still to come: the
// first ones are asked for by its cadence, the others are spare.
func freeLines(ch veille.Channel, in weekInput, end time.Time) []calendarLine {
	from := in.Monday
	if in.Now.After(from) {
		from = in.Now
	}
	if !from.Before(end) {
		return nil
	}
	missing := publish.Missing(ch, in.Posts, in.Monday, end)
	var out []calendarLine
	for i, at := range publish.FreeSlots(ch, in.Posts, from, end) {
		out = append(out, calendarLine{At: at, Channel: ch, Spare: i >= missing})
	}
	return out
}

func channelsByID(list []veille.Channel) map[veille.ChannelID]veille.Channel {
	out := make(map[veille.ChannelID]veille.Channel, len(list))
	for _, ch := range list {
		out[ch.ID] = ch
	}
	return out
}
