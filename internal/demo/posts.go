package demo

import (
	"fmt"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	pageID   veille.ChannelID = "demo-channel-page"
	letterID veille.ChannelID = "demo-channel-infolettre"
)

// wallTime is how a post's hour is written down.
const wallTime = "2006-01-02T15:04"

func seedChannels(at time.Time) []veille.Channel {
	return []veille.Channel{
		{
			ID: pageID, BranchID: MainID, Network: veille.NetworkManual, Name: "Page Facebook",
			Slots: slots(12, time.Monday, time.Wednesday, time.Friday), Cadence: 3, CreatedAt: at,
		},
		{
			ID: letterID, BranchID: MainID, Network: veille.NetworkManual, Name: "Infolettre",
			Slots: slots(9, time.Thursday), CreatedAt: at,
		},
	}
}

func slots(hour int, days ...time.Weekday) []veille.Slot {
	var out []veille.Slot
	for _, d := range days {
		out = append(out, veille.Slot{Weekday: int(d), Hour: hour, Zone: Zone})
	}
	return out
}

// A writtenPost is a post as written in content/posts.yaml.
type writtenPost struct {
	Channel string `yaml:"channel"` // "" is the page; else infolettre
	Slot    int    `yaml:"slot"`    // counted from now; 0 is a draft
	Title   string `yaml:"title"`
	Text    string `yaml:"text"`
}

// seedPosts gives the posts around an instant, in its zone.
func seedPosts(local time.Time) ([]veille.Post, error) {
	var written []writtenPost
	if err := readYAML("content/posts.yaml", &written); err != nil {
		return nil, err
	}
	channels := seedChannels(local)
	var out []veille.Post
	for i, w := range written {
		ch := channels[0]
		if w.Channel == "infolettre" {
			ch = channels[1]
		}
		p := veille.Post{
			ID: veille.PostID(fmt.Sprintf("demo-post-%02d", i+1)), BranchID: MainID, ChannelID: ch.ID,
			Title: w.Title, Text: w.Text, AuthorID: ManagerID,
		}
		out = append(out, timed(p, ch.Slots, w.Slot, local))
	}
	return out, nil
}

// timed puts a post in the n-th slot from an instant: published when n is
// negative, scheduled when positive, a draft when 0.
func timed(p veille.Post, slots []veille.Slot, n int, local time.Time) veille.Post {
	if n == 0 {
		p.State = veille.PostDraft
		p.CreatedAt = local.Add(-20 * time.Hour).UTC().Truncate(time.Second)
		p.UpdatedAt = p.CreatedAt
		return p
	}
	at := slotAt(slots, local, n)
	p.State, p.At, p.Wall, p.Zone = veille.PostScheduled, at.UTC(), at.Format(wallTime), Zone
	p.CreatedAt = at.AddDate(0, 0, -8).UTC()
	p.UpdatedAt = p.CreatedAt
	if n < 0 {
		p.State, p.Attempts = veille.PostPublished, 1
		p.SentAt, p.PublishedAt, p.UpdatedAt = p.At, p.At, p.At
	}
	return p
}

// slotAt is the n-th slot after an instant, or before it when n is negative;
// n is not 0. The instant gives the zone.
func slotAt(slots []veille.Slot, from time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step = -1
	}
	y, m, d := from.Date()
	for off := 0; ; off += step {
		day := time.Date(y, m, d+off, 0, 0, 0, 0, from.Location())
		i := slices.IndexFunc(slots, func(s veille.Slot) bool { return s.Weekday == int(day.Weekday()) })
		if i < 0 {
			continue
		}
		at := time.Date(y, m, d+off, slots[i].Hour, slots[i].Minute, 0, 0, from.Location())
		if at.After(from) != (step > 0) {
			continue // today's slot lies on the other side
		}
		if n -= step; n == 0 {
			return at
		}
	}
}
