package idea

import (
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

// The most points of each reason; together 100.
const (
	maxRecent    = 20
	maxSources   = 20 // five independent sources or more
	maxTone      = 15
	maxSubject   = 15
	maxTranspose = 10
	maxQuestion  = 5
	maxSeason    = 5
	maxFree      = 5
	maxLiked     = 5
)

const (
	halfLife     = 48 * time.Hour // news loses half its points in so long
	foreign      = 20             // taken off when the article is in another language: her followers would have to read it
	repeated     = 5              // taken off for each better idea on the same theme
	mostRepeated = 3
	another      = 12 // taken off the second idea of a story
	planned      = 8  // taken off when a post of the week is on the theme
	disliked     = 5  // taken off when ideas of its angle were refused more than used
	refusals     = 3  // from so many more
)

// reasons are the parts of a draft's rank, none of them zero.
func reasons(in Input, w *words, d draft, now time.Time) []veille.Reason {
	var out []veille.Reason
	add := func(points float64, key string, kv ...any) {
		if p := tenth(points); p != 0 {
			out = append(out, veille.Reason{Points: p, Says: veille.Say(key, kv...)})
		}
	}
	s := d.Story.Story
	recent(add, now.Sub(s.Last))
	n := max(s.Independent, 1)
	add(math.Min(maxSources, 4*float64(n)), "idea.reason.sources", "n", n)
	if s.Tone > -sour {
		add(maxTone*math.Min(1, s.Tone/0.6), "idea.reason.tone")
	} else if s.Tone < sour {
		add(10*s.Tone, "idea.reason.sour")
	}
	switch d.topic.Subject {
	case veille.SubjectBranch:
		add(maxSubject, "idea.reason.branch", "topic", d.topic.Name)
	case veille.SubjectMovement:
		add(10, "idea.reason.movement", "topic", d.topic.Name)
	default:
		add(5, "idea.reason.theme", "topic", d.topic.Name)
	}
	if d.angle == veille.AngleTranspose {
		add(maxTranspose, "idea.reason.transpose")
	}
	if d.theme.name != "other" {
		add(maxQuestion, "idea.reason.question")
	}
	if slices.Contains(d.theme.months, now.Month()) {
		add(maxSeason, "idea.reason.season")
	}
	fit(add, in, w, d)
	if s.Lang != "" && in.Branch.Locale != "" && s.Lang != in.Branch.Locale {
		add(-foreign, "idea.reason.language")
	}
	return out
}

// fit adds what the branch's own week and past say of an idea.
func fit(add func(float64, string, ...any), in Input, w *words, d draft) {
	fitWeek(add, in, d.angle, d.expires)
	for _, p := range in.Planned {
		if t := w.themeOf(Story{Story: veille.Story{Title: p}}); t.name != "other" && t.name == d.theme.name {
			add(-planned, "idea.reason.planned")
			break
		}
	}
	if d.second {
		add(-another, "idea.reason.second")
	}
}

// fitWeek adds what her free slots and her choices say of an angle.
func fitWeek(add func(float64, string, ...any), in Input, a veille.Angle, expires time.Time) {
	if in.Free > 0 && (in.NextFree.IsZero() || in.NextFree.Before(expires)) {
		add(maxFree, "idea.reason.free", "n", in.Free)
	}
	if n := in.Liked[a]; n > 0 {
		add(math.Min(maxLiked, 2*float64(n)), "idea.reason.liked", "n", n)
	}
	if n := in.Disliked[a]; n-in.Liked[a] >= refusals {
		add(-disliked, "idea.reason.disliked", "n", n)
	}
}

// recent adds the points of age: all of them now, half after 48 h.
func recent(add func(float64, string, ...any), age time.Duration) {
	age = max(age, 0)
	points := maxRecent * math.Exp2(-age.Hours()/halfLife.Hours())
	if age < 24*time.Hour {
		add(points, "idea.reason.today")
		return
	}
	add(points, "idea.reason.days", "n", int(age.Hours()/24))
}

// vary takes points off the ideas that repeat the theme of a better one, so
// that the first ones of a list differ.
func vary(drafts []draft) {
	order := make([]int, len(drafts))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := drafts[a].rank(), drafts[b].rank(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	seen := map[string]int{}
	for _, n := range order {
		d := &drafts[n]
		if before := seen[d.theme.name]; before > 0 {
			points := -float64(repeated * min(before, mostRepeated))
			d.reasons = append(d.reasons, veille.Reason{Points: points, Says: veille.Say("idea.reason.again")})
		}
		seen[d.theme.name]++
	}
}
