package digest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"veilleur/internal/veille"
)

const (
	titleLimit = 200 // characters of a title that is not ours
	wordsShown = 3   // tone words beside a story
	slotsShown = 4   // hours beside free slots
)

// own is a sentence that is a text of its own, on one line and within bounds.
func own(text string) veille.Sentence { return veille.Say("digest.own", "text", oneLine(text)) }

// oneLine flattens a text and keeps its first characters.
func oneLine(text string) string {
	text = flat(text)
	if runes := []rune(text); len(runes) > titleLimit {
		return strings.TrimSpace(string(runes[:titleLimit-1])) + "…"
	}
	return text
}

// flat puts a text on one line, without characters that do not show.
func flat(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		const nbsp = '\u00a0' // typography, not a gap
		return r != nbsp && (unicode.IsSpace(r) || !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r))
	}), " ")
}

// toDo gives what a person must act on: incidents, gravest first, then posts
// that went wrong, posts to publish by hand, posts to approve, free slots.
func toDo(in Input, a addresses, now time.Time) []Line {
	var out []Line
	for _, i := range gravest(in.Incidents) {
		if isGrave(i) {
			out = append(out, incidentLine(i, a))
		}
	}
	for _, kind := range postKinds(in, now) {
		if l, ok := postLine(kind, a); ok {
			out = append(out, l)
		}
	}
	if n := len(in.Free); n > 0 {
		out = append(out, slotsLine(in, a, now.Location()))
	}
	return out
}

func gravest(incidents []veille.Incident) []veille.Incident {
	live := slices.DeleteFunc(slices.Clone(incidents), func(i veille.Incident) bool { return !i.Live() })
	slices.SortStableFunc(live, func(x, y veille.Incident) int {
		return cmp.Or(cmp.Compare(y.Level.Rank(), x.Level.Rank()), cmp.Compare(y.Score, x.Score))
	})
	return live
}

func incidentLine(i veille.Incident, a addresses) Line {
	key := "digest.escalate"
	if i.Level == veille.LevelCrisis {
		key = "digest.crisis"
	}
	l := Line{
		Title:  veille.Say(key, "title", oneLine(i.Title)),
		Says:   []veille.Sentence{veille.Say("digest.score", "score", round(i.Score)), veille.Say("digest.voices", "n", i.Independent)},
		Action: veille.Say("digest.do_now"),
		Link:   a.incident(i.ID),
		Crisis: i.Level == veille.LevelCrisis,
	}
	if s, ok := strongest(i.Signals); ok {
		l.Says = append(l.Says, s)
	}
	owner := veille.Say("digest.unowned")
	if i.State == veille.IncidentAcknowledged {
		owner = veille.Say("digest.owned")
	}
	l.Meta = []veille.Sentence{owner}
	if i.Inherited {
		l.Meta = append(l.Meta, veille.Say("digest.inherited"))
	}
	if i.ShortOfData {
		l.Meta = append(l.Meta, veille.Say("digest.short_of_data"))
	}
	return l
}

// strongest is the reason of the signal with the most points, other than the
// number of sources, which the line already says.
func strongest(signals []veille.Signal) (veille.Sentence, bool) {
	var best veille.Signal
	for _, s := range signals {
		if s.Kind != "independence" && s.Points > best.Points {
			best = s
		}
	}
	return best.Reason, best.Points > 0
}

// A postKind is the posts in one state that wait for a person.
type postKind struct {
	key   string // of the texts: digest.<key>, digest.<key>_one, digest.<key>_act
	posts []veille.Post
}

// postKinds sorts the posts a person must act on, most pressing first.
func postKinds(in Input, now time.Time) []postKind {
	byHand := map[veille.ChannelID]bool{}
	for _, c := range in.Channels {
		byHand[c.ID] = c.Network == veille.NetworkManual
	}
	y, m, day := now.Date()
	tomorrow := time.Date(y, m, day+1, 0, 0, 0, 0, now.Location())
	kinds := []postKind{{key: "unknown"}, {key: "failed"}, {key: "manual"}, {key: "held"}, {key: "approve"}}
	seen := map[veille.PostID]bool{} // a post may be given twice: as of the week, and as waiting
	for _, p := range in.Posts {
		if p.ID != "" && seen[p.ID] {
			continue
		}
		seen[p.ID] = true
		manual := byHand[p.ChannelID] && (p.State == veille.PostPublishing || p.State == veille.PostScheduled && p.At.Before(tomorrow))
		switch {
		case p.State == veille.PostUnknown:
			kinds[0].posts = append(kinds[0].posts, p)
		case p.State == veille.PostFailed:
			kinds[1].posts = append(kinds[1].posts, p)
		case manual:
			kinds[2].posts = append(kinds[2].posts, p)
		case p.State == veille.PostHeld:
			kinds[3].posts = append(kinds[3].posts, p)
		case p.State == veille.PostAwaiting:
			kinds[4].posts = append(kinds[4].posts, p)
		}
	}
	return kinds
}

// postLine tells one kind of post: by its title when there is one, else by
// their number.
func postLine(k postKind, a addresses) (Line, bool) {
	if len(k.posts) == 0 {
		return Line{}, false
	}
	key := "digest." + k.key
	l := Line{
		Title:  veille.Say(key+"_many", "n", len(k.posts)),
		Says:   []veille.Sentence{veille.Say(key + "_says")},
		Action: veille.Say(key + "_act"),
		Link:   a.calendar(),
	}
	if p := k.posts[0]; len(k.posts) == 1 {
		l.Title, l.Link = veille.Say(key+"_one", "title", oneLine(cmp.Or(p.Title, p.Text))), a.post(p.ID)
		if p.Problem != nil && p.State != veille.PostHeld {
			l.Says = []veille.Sentence{*p.Problem}
		}
	}
	return l, true
}

func slotsLine(in Input, a addresses, zone *time.Location) Line {
	l := Line{
		Title:  veille.Say("digest.slots", "n", len(in.Free)),
		Action: veille.Say("digest.fill"),
		Link:   a.calendar(),
	}
	for _, t := range in.Free[:min(len(in.Free), slotsShown)] {
		l.When = append(l.When, t.In(zone))
	}
	if n := len(in.Ideas); n > 0 {
		l.Says = []veille.Sentence{veille.Say("digest.ideas_wait", "n", n)}
	}
	return l
}

// toKnow gives the stories, in the order given, without those an incident
// line already tells.
func toKnow(in Input, a addresses) []Line {
	told, watched := map[veille.StoryID]bool{}, map[veille.StoryID]veille.Incident{}
	for _, i := range gravest(in.Incidents) {
		if i.StoryID == "" {
			continue
		}
		if isGrave(i) {
			told[i.StoryID] = true
		} else if _, twice := watched[i.StoryID]; !twice {
			watched[i.StoryID] = i
		}
	}
	var out []Line
	for _, s := range in.Stories {
		if !told[s.Story.ID] {
			i, under := watched[s.Story.ID]
			out = append(out, storyLine(s, i, under, a))
		}
	}
	return out
}

// storyLine tells a story; under tells whether i, an incident under the
// threshold, is about it.
func storyLine(s Story, i veille.Incident, under bool, a addresses) Line {
	l := Line{
		Title:  own(s.Story.Title),
		Lang:   s.Story.Lang,
		Meta:   []veille.Sentence{veille.Say("digest.sources", "n", max(s.Story.Independent, 1)), tone(s)},
		Action: veille.Say("digest.read"),
		Link:   a.story(s.Story.ID),
		Quiet:  true,
	}
	if under {
		l.Meta = append(l.Meta, veille.Say("digest.under", "score", round(i.Score)))
		l.Action, l.Link = veille.Say("digest.why"), a.incident(i.ID)
	}
	return l
}

func tone(s Story) veille.Sentence {
	class := veille.Reading{Tone: s.Story.Tone}.ToneClass()
	if class == "neutral" || len(s.Words) == 0 {
		return veille.Say("digest.tone_" + class)
	}
	return veille.Say("digest.tone_"+class+"_by", "words", strings.Join(s.Words[:min(len(s.Words), wordsShown)], ", "))
}

// toDare gives the ideas still good, in the order given, one for a story.
func toDare(in Input, a addresses, now time.Time) []Line {
	var out []Line
	seen := map[veille.StoryID]bool{}
	for _, i := range in.Ideas {
		passed := !i.ExpiresAt.IsZero() && !now.Before(i.ExpiresAt)
		if passed || i.StoryID != "" && seen[i.StoryID] {
			continue
		}
		seen[i.StoryID] = true
		l := Line{Title: i.Title, Action: veille.Say("digest.write", "n", int(i.Effort)), Link: a.idea(i.ID)}
		if i.Question.Key != "" {
			l.Quote = &i.Question
		}
		if i.Photo.Key != "" {
			l.Says = append(l.Says, i.Photo)
		}
		if !i.ExpiresAt.IsZero() {
			l.Until = i.ExpiresAt.In(now.Location())
		}
		out = append(out, l)
	}
	return out
}

func round(x float64) int { return int(x + 0.5) }
