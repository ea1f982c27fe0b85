package digest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	stale      = 24 * time.Hour // when nothing at all was read for so long, that is told instead
	namesShown = 2              // sources named, of those mute and of those to mend
)

// totals counts the articles of the first n stories told.
func totals(in Input, n int) Totals {
	t := Totals{Stories: n}
	told := 0
	for _, s := range in.Stories {
		if told == n {
			break
		}
		if hasGrave(in.Incidents, s.Story.ID) {
			continue
		}
		told++
		t.Folded += cmp.Or(s.Fresh, s.Story.Entries)
	}
	t.Others = max(0, in.Entries-t.Folded)
	return t
}

func hasGrave(incidents []veille.Incident, id veille.StoryID) bool {
	return slices.ContainsFunc(incidents, func(i veille.Incident) bool { return i.StoryID != "" && i.StoryID == id && isGrave(i) })
}

// counts is what the subject says: at most three numbers, gravest first.
func counts(in Input, d Digest) []veille.Sentence {
	waiting := 0
	for _, k := range postKinds(in, d.At) {
		waiting += len(k.posts)
	}
	var out []veille.Sentence
	for _, c := range []struct {
		key string
		n   int
	}{
		{"digest.count_crises", d.Crises}, {"digest.count_incidents", d.Grave - d.Crises}, {"digest.count_posts", waiting}, {"digest.count_stories", len(d.Know)},
		{"digest.count_slots", len(in.Free)}, {"digest.count_ideas", len(d.Dare)},
	} {
		if c.n > 0 && len(out) < 3 {
			out = append(out, veille.Say(c.key, "n", c.n))
		}
	}
	return out
}

// foot gives the goal, the health of the sources and the totals.
func foot(in Input, d Digest, a addresses) []FootLine {
	var out []FootLine
	if g, ok := nearest(in.Goals, d.At); ok {
		out = append(out, FootLine{Says: goalSays(g), At: g.Goal.DueAt.In(d.At.Location()), Link: a.goals()})
	}
	out = append(out, health(in, d.At, a))
	if d.Totals.Folded+d.Totals.Others > 0 {
		out = append(out, totalsLine(d.Totals, a))
	}
	return out
}

func totalsLine(t Totals, a addresses) FootLine {
	key := "digest.totals"
	switch {
	case t.Stories == 0:
		return FootLine{Says: veille.Say("digest.totals_others", "n", t.Others), Link: a.search()}
	case t.Others == 0:
		key = "digest.totals_all"
	}
	return FootLine{Says: veille.Say(key,
		"articles", veille.Say("digest.articles", "n", t.Folded), "stories", veille.Say("digest.count_stories", "n", t.Stories), "others", t.Others,
	), Link: a.search()}
}

// nearest is the goal whose day comes first among those to come, or else the
// last one past.
func nearest(goals []Goal, now time.Time) (Goal, bool) {
	if len(goals) == 0 {
		return Goal{}, false
	}
	return slices.MinFunc(goals, func(x, y Goal) int {
		past := func(g Goal) int {
			if g.Goal.DueAt.Before(now) {
				return 1
			}
			return 0
		}
		if c := cmp.Compare(past(x), past(y)); c != 0 {
			return c
		}
		if past(x) == 1 {
			return y.Goal.DueAt.Compare(x.Goal.DueAt)
		}
		return x.Goal.DueAt.Compare(y.Goal.DueAt)
	}), true
}

func goalSays(g Goal) veille.Sentence {
	key := "digest.goal"
	switch {
	case g.Reached:
		key = "digest.goal_reached"
	case g.Over:
		key = "digest.goal_over"
	case g.Short:
		key = "digest.goal_short"
	}
	return veille.Say(key, "value", tenth(g.Value), "target", tenth(g.Goal.Target), "unit", oneLine(g.Goal.Unit),
		"pace", tenth(g.PerWeek), "needed", tenth(g.Needed))
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }
