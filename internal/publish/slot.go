package publish

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// Next gives the first n instants after from at which a slot opens, ascending,
// each once. Hours that clocks skip or repeat are taken as WallTime does, so
// that a slot opens exactly once on its day. Slots whose zone or hour cannot be
// read are left out; no slots, no instants.
func Next(slots []veille.Slot, from time.Time, n int) []time.Time {
	var all []time.Time
	for _, s := range slots {
		all = append(all, openings(s, from, n)...)
	}
	all = sortedOnce(all)
	return all[:max(0, min(n, len(all)))]
}

// openings gives the first n openings of one slot after from.
func openings(s veille.Slot, from time.Time, n int) []time.Time {
	loc, err := zoneOf(s.Zone)
	if err != nil || s.Weekday < 0 || s.Weekday > 6 || s.Hour < 0 || s.Hour > 23 || s.Minute < 0 || s.Minute > 59 {
		return nil
	}
	// Calendar days are counted in UTC, where each has 24 hours. A day early:
	// an hour that clocks skipped may open on the day after its own.
	y, m, d := from.In(loc).AddDate(0, 0, -1).Date()
	day := time.Date(y, m, d, s.Hour, s.Minute, 0, 0, time.UTC)
	day = day.AddDate(0, 0, (s.Weekday-int(day.Weekday())+7)%7)
	var out []time.Time
	for ; len(out) < n; day = day.AddDate(0, 0, 7) {
		if at, _ := resolve(day, loc); at.After(from) {
			out = append(out, at.UTC())
		}
	}
	return out
}

func sortedOnce(ts []time.Time) []time.Time {
	slices.SortFunc(ts, time.Time.Compare)
	return slices.CompactFunc(ts, time.Time.Equal)
}

// Near is how close to a slot a post must be due to fill it: one dragged a
// quarter of an hour away still does.
const Near = 30 * time.Minute

// FreeSlots gives the openings in [from, to) of a channel's slots that none of
// its posts fills, ascending. A post fills the one opening nearest to it,
// within Near; failed posts, and posts of other channels, fill none.
func FreeSlots(ch veille.Channel, posts []veille.Post, from, to time.Time) []time.Time {
	weeks := int(to.Sub(from)/(7*24*time.Hour)) + 2
	open := Next(ch.Slots, from.Add(-time.Nanosecond), max(0, weeks)*len(ch.Slots))
	open = slices.DeleteFunc(open, func(t time.Time) bool { return !t.Before(to) })
	return free(open, of(ch, posts), len(open))
}

// NextFree gives the first n openings after from that none of the channel's
// posts fills.
func NextFree(ch veille.Channel, posts []veille.Post, from time.Time, n int) []time.Time {
	posts = of(ch, posts)
	return free(Next(ch.Slots, from, n+len(posts)), posts, n)
}

// Missing tells how many posts a channel lacks in [from, to), a week, to keep
// its cadence; never negative.
func Missing(ch veille.Channel, posts []veille.Post, from, to time.Time) int {
	n := ch.Cadence
	for _, p := range of(ch, posts) {
		if !p.At.Before(from) && p.At.Before(to) {
			n--
		}
	}
	return max(0, n)
}

// of gives the posts of a channel that have a place in the calendar and will
// keep it.
func of(ch veille.Channel, posts []veille.Post) []veille.Post {
	var out []veille.Post
	for _, p := range posts {
		if p.ChannelID == ch.ID && !p.At.IsZero() && p.State != veille.PostFailed {
			out = append(out, p)
		}
	}
	return out
}

// free drops from openings, which ascend, those a post fills, and gives the
// first n of the others.
func free(openings []time.Time, posts []veille.Post, n int) []time.Time {
	taken := make([]bool, len(openings))
	for _, p := range posts {
		nearest, best := -1, Near+1
		for i, t := range openings {
			if d := t.Sub(p.At).Abs(); d < best && !taken[i] {
				nearest, best = i, d
			}
		}
		if nearest >= 0 {
			taken[nearest] = true
		}
	}
	var out []time.Time
	for i, t := range openings {
		if !taken[i] && len(out) < n {
			out = append(out, t)
		}
	}
	return out
}
