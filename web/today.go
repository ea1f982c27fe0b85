package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

func (s *Server) todayRoutes() {
	s.get("/", s.today)
	s.post("/ecarter", s.dismiss)
}

const (
	daredIdeas  = 3
	doneByHand  = 6   // posts to act on that are listed one by one
	dismissMost = 200 // stories a branch's page remembers as dismissed
	againEvery  = 15  // seconds between two looks while the first reading is under way
)

// A todayModel is the morning of a branch as the page shows it.
type todayModel struct {
	Morning engine.Morning
	Reading bool // the first reading of her sources is under way
	Minutes int  // to read the page
	Do      []todo
	DoMore  int // posts to act on left to the calendar
	News    []newsItem
	Ideas   []citedIdea
	Days    []weekDay
	Tally   tally
	Free    []time.Time // slots to come that the cadence asks to fill
	Next    []veille.Post
	Goal    *engine.GoalPace
	By      map[veille.ChannelID]veille.Channel
}

// A newsItem is a story told this morning.
type newsItem struct {
	engine.News
	Incident *veille.Incident // under the threshold, about this story
	Quote    veille.Passage   // with its marks; else how the lead begins
	Begins   bool
}

// today shows what the branch should see this morning.
func (s *Server) today(v *visit) error {
	morning, err := s.deps.News.Mornings.Of(v.ctx(), v.Branch.ID, v.Now)
	if err != nil {
		return err
	}
	away, err := s.dismissed(v)
	if err != nil {
		return err
	}
	m := newToday(v, morning, away)
	p := page{Title: v.T("web.nav_today"), Nav: "today"}
	if m.Reading {
		p.Every = againEvery
	}
	return v.page(http.StatusOK, p, todayPage(v, m))
}

func newToday(v *visit, morning engine.Morning, away map[veille.StoryID]int) todayModel {
	m := todayModel{Morning: morning, Reading: isReading(morning), By: channelsByID(morning.Channels)}
	var week []calendarDay
	week, m.Tally = weekOf(weekInput{Monday: mondayOf(v.Now, v.Zone), Now: v.Now, Posts: morning.Posts, Channels: morning.Channels})
	for _, d := range week {
		m.Days = append(m.Days, newWeekDay(v, d))
		for _, l := range d.Lines {
			if l.Post == nil && !l.Spare {
				m.Free = append(m.Free, l.At)
			}
		}
	}
	m.News = m.tell(morning, away)
	m.Do, m.DoMore = todos(v, m)
	for _, i := range morning.Ideas {
		fresh := i.Idea.ExpiresAt.IsZero() || v.Now.Before(i.Idea.ExpiresAt)
		if fresh && len(m.Ideas) < daredIdeas {
			m.Ideas = append(m.Ideas, citedIdea{Idea: i.Idea, Entry: i.Entry, Source: mediumOf(i.Entry, map[veille.SourceID]veille.Source{i.Source.ID: i.Source})})
		}
	}
	for _, p := range morning.Posts {
		if p.State == veille.PostScheduled && p.At.After(v.Now) {
			m.Next = append(m.Next, p)
		}
	}
	m.Goal = nearestGoal(morning.Goals, v.Now)
	m.Minutes = m.minutes(v)
	return m
}

// tell keeps the news she did not dismiss, or that grew since, without those
// an incident to act on already tells.
func (m todayModel) tell(morning engine.Morning, away map[veille.StoryID]int) []newsItem {
	var out []newsItem
	for _, n := range morning.News {
		if seen, ok := away[n.Story.ID]; ok && n.Story.Entries <= seen {
			continue
		}
		item := newsItem{News: n}
		for i := range morning.Incidents {
			if morning.Incidents[i].StoryID == n.Story.ID && item.Incident == nil {
				item.Incident = &morning.Incidents[i]
			}
		}
		if item.Incident != nil && toAct(*item.Incident) {
			continue
		}
		if len(n.Passages) > 0 {
			item.Quote = n.Passages[0]
		} else {
			item.Quote, item.Begins = veille.Passage{Text: begins(n.Lead.Text)}, true
		}
		out = append(out, item)
	}
	return out
}

// isReading tells whether a source was never tried, while nothing has come yet
// or the branch is new: the first minutes.
func isReading(m engine.Morning) bool {
	for _, src := range m.Sources.All {
		if src.State == veille.SourceActive && src.Health.FetchedAt.IsZero() {
			return m.Sources.ReadAt.IsZero() || m.Now.Sub(m.Branch.CreatedAt) < firstHour
		}
	}
	return false
}

// minutes is how long the page takes to read: its words at 200 a minute.
func (m todayModel) minutes(v *visit) int {
	n := 0
	count := func(s string) { n += len(strings.Fields(s)) }
	for _, d := range m.Do {
		count(d.Title)
		count(d.Says)
	}
	for _, x := range m.News {
		count(x.Story.Title)
		count(x.Quote.Text)
	}
	for _, x := range m.Ideas {
		count(v.Say(x.Idea.Title))
		count(v.Say(x.Idea.Question))
	}
	const beside = 80 // words of the week, the goal and the sources
	return 1 + (n+beside)/200
}

// The stories a branch set aside are one setting: each with how many entries
// it had then, so that it comes back when it grows.
func dismissKey(b veille.BranchID) string { return "today.dismissed." + string(b) }

// dismissedStory is a story set aside, the latest last.
type dismissedStory struct {
	Story   veille.StoryID `json:"story"`
	Entries int            `json:"entries"`
}

func (s *Server) dismissedList(v *visit) ([]dismissedStory, error) {
	text, err := s.deps.News.Memory.Setting(v.ctx(), dismissKey(v.Branch.ID))
	if errors.Is(err, veille.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("web: dismissed stories: %w", err)
	}
	var list []dismissedStory
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("web: dismissed stories of %s: %w", v.Branch.ID, err)
	}
	return list, nil
}

func (s *Server) dismissed(v *visit) (map[veille.StoryID]int, error) {
	list, err := s.dismissedList(v)
	if err != nil {
		return nil, err
	}
	out := make(map[veille.StoryID]int, len(list))
	for _, d := range list {
		out[d.Story] = d.Entries
	}
	return out, nil
}

// dismiss sets a story aside for her branch until it grows.
func (s *Server) dismiss(v *visit) error {
	st, err := s.deps.News.Archive.Story(v.ctx(), veille.StoryID(v.value("histoire")))
	if err != nil {
		return err
	}
	list, err := s.dismissedList(v)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(d dismissedStory) bool { return d.Story == st.ID })
	list = append(list, dismissedStory{Story: st.ID, Entries: st.Entries})
	list = list[max(0, len(list)-dismissMost):]
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("web: dismissed stories: %w", err)
	}
	if err := s.deps.News.Memory.PutSetting(v.ctx(), dismissKey(v.Branch.ID), string(text)); err != nil {
		return fmt.Errorf("web: dismiss story %s: %w", st.ID, err)
	}
	return v.done("/", veille.Say("today.dismissed"))
}
