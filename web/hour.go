package web

import (
	"slices"
	"strings"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// wallForm is a time as written on a wall, as in Post.Wall.
const wallForm = "2006-01-02T15:04"

// An hourForm asks when a post leaves: at a free slot, else at a day and time
// in a zone.
type hourForm struct {
	Slot  string // wall time in the branch's zone; "" takes Day and Clock
	Day   string // 2006-01-02
	Clock string // 15:04
	Zone  string // IANA
	Slots []option
	Error string
}

// hourAt is the form filled in with an instant; the zero instant leaves it
// empty.
func hourAt(v *visit, at time.Time, slots []option) hourForm {
	h := hourForm{Zone: v.Zone.String(), Slots: slots}
	if at.IsZero() {
		return h
	}
	wall := at.In(v.Zone).Format(wallForm)
	h.Day, h.Clock, _ = strings.Cut(wall, "T")
	if slices.ContainsFunc(slots, func(o option) bool { return o.Value == wall }) {
		h.Slot = wall
	}
	return h
}

// readHour takes the form.
func (v *visit) readHour(slots []option) hourForm {
	h := hourForm{Slot: v.value("slot"), Day: v.value("day"), Clock: v.value("clock"), Zone: v.value("zone"), Slots: slots}
	if h.Zone == "" {
		h.Zone = v.Zone.String()
	}
	if len(h.Clock) > 5 { // some browsers add seconds
		h.Clock = h.Clock[:5]
	}
	return h
}

// empty tells whether no hour was given.
func (h hourForm) empty() bool { return h.Slot == "" && h.Day == "" && h.Clock == "" }

// wall is the hour given and its zone.
func (h hourForm) wall(v *visit) (wall, zone string) {
	if h.Slot != "" {
		return h.Slot, v.Zone.String()
	}
	return h.Day + "T" + h.Clock, h.Zone
}

// instant reads the hour, and says in h what is wrong with it.
func (h *hourForm) instant(v *visit) (time.Time, bool) {
	if h.empty() {
		h.Error = v.T("publish.no_time")
		return time.Time{}, false
	}
	wall, zone := h.wall(v)
	at, _, err := publish.WallTime(wall, zone)
	if err != nil {
		h.Error = v.problem(err)
		return time.Time{}, false
	}
	if at.Before(v.Now.Add(-publish.PastSlack)) {
		h.Error = v.T("post.hour_passed")
		return time.Time{}, false
	}
	return at, true
}

// slotCount is how many free slots of a channel are offered.
const slotCount = 6

// slotOptions offers the next free slots of the channels by hour, each with
// the channels it is free on, and gives their instants.
func slotOptions(v *visit, channels []veille.Channel, posts []veille.Post) ([]option, []time.Time) {
	names := map[time.Time][]string{}
	var at []time.Time
	for _, ch := range channels {
		for _, t := range publish.NextFree(ch, posts, v.Now, slotCount) {
			if names[t] == nil {
				at = append(at, t)
			}
			names[t] = append(names[t], ch.Name)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	at = at[:min(len(at), 2*slotCount)]
	out := []option{{Value: "", Label: v.T("compose.other_hour")}}
	for _, t := range at {
		label := v.T("compose.slot_one", "weekday", v.Weekday(t), "date", v.DateShort(t), "time", v.Time(t))
		if len(channels) > 1 {
			label = v.T("compose.slot_for", "slot", label, "channels", v.List(names[t]...))
		}
		out = append(out, option{Value: t.In(v.Zone).Format(wallForm), Label: label})
	}
	return out, at
}

// postsAhead gives the posts that may fill a slot to come.
func (s *Server) postsAhead(v *visit) ([]veille.Post, error) {
	return s.deps.Calendar.Posts.Posts(v.ctx(), veille.PostFilter{Branch: v.Branch.ID, From: v.Now.Add(-publish.Near)})
}

// peek reads the hour without judging it.
func (h hourForm) peek(v *visit) (time.Time, bool) {
	if h.empty() {
		return time.Time{}, false
	}
	at, _, err := publish.WallTime(h.wall(v))
	return at, err == nil
}

// opens tells whether the channel has a free slot at that instant.
func opens(ch veille.Channel, posts []veille.Post, at time.Time) bool {
	return len(publish.FreeSlots(ch, posts, at, at.Add(time.Minute))) > 0
}
