// Package idea suggests posts from the stories of a branch's topics: what to
// say, which question to ask, which photo to take, from which article, until
// when, and why now.
//
// It stores and sends nothing, and writes no text: an idea is sentences to be
// printed in the branch's language, chosen among many by the story's id, so
// that the same story always suggests the same words and two stories rarely
// do. No language model is asked.
//
// A rank is the sum of its reasons, out of 100; each reason says its part in
// words. What must not be said is left out before anything is ranked: see
// barred.
//
// Source: the lists of words, the weights and the times are ours, set by
// reading what a month of written Québec news suggested.
package idea

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

const (
	least = 22             // rank under which an idea is not worth her time
	most  = 30             // ideas given at most
	later = 36 * time.Hour // age of a story that is taken another way too
)

// Input is what ideas are made from.
type Input struct {
	Branch         veille.Branch
	Topics         []veille.Topic // of the branch
	Stories        []Story
	Refused        map[veille.IdeaID]bool // "pas pour nous"
	RefusedStories []veille.StoryID       // stories of refused ideas
	Used           map[veille.IdeaID]bool // a post was drafted
	Posted         []string               // texts of posts
	Planned        []string               // texts of the posts of this week, sent or to be
	Incidents      []veille.Incident      // live
	Free           int                    // free slots left this week
	NextFree       time.Time              // the first of them; zero for none
	Liked          map[veille.Angle]int   // ideas used, by angle
	Disliked       map[veille.Angle]int   // ideas refused, by angle

	// Told are the ideas of the last Memory, whatever became of them: they keep
	// their words, and others take none of those.
	Told map[veille.IdeaID]veille.Idea
}

// A Story is a story with what an idea cites of it.
type Story struct {
	Story      veille.Story
	Lead       veille.Entry // the article cited
	Source     string       // its medium
	Topics     []veille.TopicID
	Titles     []string // of all its articles
	Keyphrases []string // best first; nil means those of Lead
}

// Rank gives the ideas worth suggesting at now, best first, two a story and 30
// in all at most. The same input gives the same ideas.
func Rank(in Input, now time.Time) []veille.Idea {
	w := readWords()
	g := newGate(in, w)
	var drafts []draft
	for _, s := range in.Stories {
		topic, ok := topicOf(in.Topics, s)
		if !ok || g.barred(s) != "" {
			continue
		}
		drafts = append(drafts, newDrafts(in, w, s, topic, now)...)
	}
	vary(drafts)
	phrase(drafts, in, w)
	out := make([]veille.Idea, 0, len(drafts))
	for _, d := range drafts {
		if i := d.idea(in, now); i.Rank >= least {
			out = append(out, i)
		}
	}
	if len(in.Topics) > 0 {
		out = append(out, days(in, now)...)
	}
	slices.SortStableFunc(out, func(a, b veille.Idea) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), most)]
}

// ID is the id of the idea of a branch about a story from an angle.
func ID(b veille.BranchID, s veille.StoryID, a veille.Angle) veille.IdeaID {
	h := sha256.Sum256([]byte(string(b) + "\x00" + string(s) + "\x00" + string(a)))
	return veille.IdeaID(hex.EncodeToString(h[:16]))
}

// angles are all of them: what a refusal of a story refuses.
func angles() []veille.Angle {
	return []veille.Angle{veille.AngleInform, veille.AngleAsk, veille.AngleTranspose, veille.AngleCelebrate, veille.AngleRemind, veille.AngleAnswer}
}

// topicOf is the topic of a story that concerns the branch most: its own name,
// then the movement's, then a theme.
func topicOf(topics []veille.Topic, s Story) (veille.Topic, bool) {
	var best veille.Topic
	for _, t := range topics {
		if slices.Contains(s.Topics, t.ID) && nearness(t.Subject) > nearness(best.Subject) {
			best = t
		}
	}
	return best, best.ID != ""
}

func nearness(s veille.Subject) int {
	switch s {
	case veille.SubjectBranch:
		return 3
	case veille.SubjectMovement:
		return 2
	case veille.SubjectTheme:
		return 1
	}
	return 0
}

// A draft is an idea being made.
type draft struct {
	Story
	second  bool // another idea of the story ranks above
	topic   veille.Topic
	theme   theme
	angle   veille.Angle
	expires time.Time
	reasons []veille.Reason
	title   veille.Sentence
	ask     veille.Sentence
	photo   veille.Sentence
}

// newDrafts makes the ideas of a story, the best first.
func newDrafts(in Input, w *words, s Story, topic veille.Topic, now time.Time) (out []draft) {
	d := draft{Story: s, topic: topic, theme: w.themeOf(s)}
	d.expires = s.Story.Last.Add(d.theme.fresh)
	if !now.Before(d.expires) {
		return nil
	}
	for n, a := range anglesOf(w, d) {
		if n > 0 && now.Sub(s.Story.First) < later {
			break
		}
		d.angle, d.second = a, n > 0
		d.reasons = reasons(in, w, d, now)
		out = append(out, d)
	}
	return out
}

func (d draft) id(in Input) veille.IdeaID { return ID(in.Branch.ID, d.Story.Story.ID, d.angle) }

func (d draft) rank() float64 {
	sum := 0.0
	for _, r := range d.reasons {
		sum += r.Points
	}
	return tenth(sum)
}

func (d draft) idea(in Input, now time.Time) veille.Idea {
	slices.SortStableFunc(d.reasons, func(a, b veille.Reason) int { return cmp.Compare(b.Points, a.Points) })
	return veille.Idea{
		ID: d.id(in), BranchID: in.Branch.ID, TopicID: d.topic.ID, StoryID: d.Story.Story.ID,
		EntryID: d.Lead.ID, Angle: d.angle, Title: d.title, Question: d.ask, Photo: d.photo, Effort: effort(d.angle),
		ExpiresAt: d.expires, Rank: d.rank(), Reasons: d.reasons, State: veille.IdeaNew, CreatedAt: now,
	}
}

// effort is how long a post of an angle takes to write, photo aside.
func effort(a veille.Angle) veille.Minutes {
	switch a {
	case veille.AngleAsk:
		return 5
	case veille.AngleTranspose, veille.AngleAnswer:
		return 15
	}
	return 10
}

// tenth rounds to one decimal, so that points add up as they are shown.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }
