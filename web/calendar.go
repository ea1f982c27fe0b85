package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// postReader reads posts and the channels they go to.
type postReader interface {
	Post(ctx context.Context, id veille.PostID) (veille.Post, error)
	Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error)
	Channels(ctx context.Context, branch veille.BranchID) ([]veille.Channel, error)
}

// A streamAddress gives the address of a branch's calendar for other
// calendars (ICS); "" when there is none.
type streamAddress func(b veille.Branch) string

// CalendarDeps are what ideas, the calendar and the composer read and do.
type CalendarDeps struct {
	Ideas    ideaShelf
	IdeaActs ideaActs
	Cites    citeReader  // the articles that ideas and posts cite
	Reach    reachReader // what a branch may read
	Posts    postReader
	Drafts   draftActs // Drafts, Moves and Outcomes are one engine.Posts
	Moves    moveActs
	Outcomes outcomeActs
	Pictures pictureFolder
	Live     liveReader    // incidents that run now
	ICS      streamAddress // of a branch's calendar. Optional: none
}

func (s *Server) calendarRoutes() {
	s.get("/calendrier", s.calendar)
	s.composeRoutes()
	s.onePostRoutes()
	s.pictureRoutes()
}

// listWeeks is how many weeks the list shows at once.
const listWeeks = 4

// A calendarModel is the calendar, as a week or as a list of some.
type calendarModel struct {
	Monday  time.Time
	List    bool
	Days    []calendarDay
	Tally   tally // of the first week
	Waiting []calendarLine
	Loose   []calendarLine // drafts without an hour
	Ideas   []veille.Idea
	Silent  bool // no channel yet
	ICS     string
}

func (s *Server) calendar(v *visit) error {
	m := calendarModel{Monday: mondayOf(v.Now, v.Zone), List: v.QueryParam("vue") == "liste"}
	if day, err := time.ParseInLocation(time.DateOnly, v.QueryParam("semaine"), v.Zone); err == nil {
		m.Monday = mondayOf(day, v.Zone)
	}
	if s.deps.Calendar.ICS != nil {
		m.ICS = s.deps.Calendar.ICS(v.Branch)
	}
	for _, gather := range []func(*visit, *calendarModel) error{s.calendarWeeks, s.calendarRest} {
		if err := gather(v, &m); err != nil {
			return err
		}
	}
	ideas, err := s.freshIdeas(v)
	if err != nil {
		return err
	}
	m.Ideas = ideas[:min(6, len(ideas))]
	p := page{Title: v.T("calendar.title"), Nav: "calendar", Wide: true}
	return v.page(http.StatusOK, p, calendarPage(v, m))
}

// calendarWeeks fills in the days.
func (s *Server) calendarWeeks(v *visit, m *calendarModel) error {
	channels, err := s.deps.Calendar.Posts.Channels(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	weeks := 1
	if m.List {
		weeks = listWeeks
	}
	end := m.Monday.AddDate(0, 0, 7*weeks)
	posts, err := s.deps.Calendar.Posts.Posts(v.ctx(), veille.PostFilter{
		Branch: v.Branch.ID, From: m.Monday.Add(-publish.Near), To: end.Add(publish.Near),
	})
	if err != nil {
		return err
	}
	for w := range weeks {
		days, count := weekOf(weekInput{Monday: m.Monday.AddDate(0, 0, 7*w), Now: v.Now, Posts: posts, Channels: channels})
		if w == 0 {
			m.Tally = count
		}
		m.Days = append(m.Days, days...)
	}
	m.Silent = len(channels) == 0
	return s.markTouched(v, m.Days)
}

// markTouched says on each post still to leave which live incident it touches.
func (s *Server) markTouched(v *visit, days []calendarDay) error {
	watched, err := s.liveTopics(v)
	if err != nil || len(watched) == 0 {
		return err
	}
	for _, d := range days {
		for i, l := range d.Lines {
			if l.Post == nil || !stillHere(l.Post.State) {
				continue
			}
			if hit := touched(watched, l.Post.StoryID, l.Post.Title, l.Post.Text); len(hit) > 0 {
				d.Lines[i].Touches = hit[0].Incident.Title
			}
		}
	}
	return nil
}

// calendarRest fills in what waits for her and the drafts without an hour.
func (s *Server) calendarRest(v *visit, m *calendarModel) error {
	posts, err := s.deps.Calendar.Posts.Posts(v.ctx(), veille.PostFilter{Branch: v.Branch.ID, States: []veille.PostState{
		veille.PostDraft, veille.PostAwaiting, veille.PostPublishing, veille.PostFailed, veille.PostUnknown, veille.PostHeld,
	}})
	if err != nil {
		return err
	}
	channels, err := s.deps.Calendar.Posts.Channels(v.ctx(), v.Branch.ID)
	if err != nil {
		return err
	}
	byID := channelsByID(channels)
	for i, p := range posts {
		line := calendarLine{At: p.At, Post: &posts[i], Channel: byID[p.ChannelID]}
		switch {
		case waitsForHer(p):
			m.Waiting = append(m.Waiting, line)
		case p.State == veille.PostDraft && p.At.IsZero():
			m.Loose = append(m.Loose, line)
		}
	}
	return nil
}

// waitsForHer tells whether nothing happens to the post until a person acts.
func waitsForHer(p veille.Post) bool {
	switch p.State {
	case veille.PostAwaiting, veille.PostFailed, veille.PostUnknown, veille.PostHeld:
		return true
	}
	return publish.Waits(p)
}

// stillHere tells whether a post in this state may yet be kept back.
func stillHere(s veille.PostState) bool {
	switch s {
	case veille.PostDraft, veille.PostAwaiting, veille.PostScheduled, veille.PostHeld:
		return true
	}
	return false
}

// calendarPath is the calendar from a Monday.
func calendarPath(monday time.Time, list bool) string {
	q := url.Values{"semaine": {monday.Format(time.DateOnly)}}
	if list {
		q.Set("vue", "liste")
	}
	return "/calendrier?" + q.Encode()
}

// turned is the calendar n steps away: a step is what one view shows.
func (m calendarModel) turned(n int) string {
	weeks := n
	if m.List {
		weeks = n * listWeeks
	}
	return calendarPath(m.Monday.AddDate(0, 0, 7*weeks), m.List)
}

// slotPath is the composer for a free slot.
func slotPath(v *visit, l calendarLine) string {
	q := url.Values{"quand": {l.At.In(v.Zone).Format(wallForm)}, "canal": {string(l.Channel.ID)}}
	return "/calendrier/nouvelle?" + q.Encode()
}

// onePostPath is the page of one post.
func onePostPath(id veille.PostID) string { return "/calendrier/" + url.PathEscape(string(id)) }

// held tells whether a day of the list has something to show.
func (d calendarDay) held() bool { return len(d.Lines) > 0 }

// postLook is the colour, the icon and the key of the word of a post's state.
func postLook(p veille.Post) (class, icon, key string) {
	switch p.State {
	case veille.PostAwaiting:
		return "warn", "user-check", "calendar.state_awaiting"
	case veille.PostScheduled:
		return "on", "clock", "calendar.state_scheduled"
	case veille.PostPublishing:
		if publish.Waits(p) {
			return "warn", "hand", "calendar.state_waits"
		}
		return "on", "send", "calendar.state_publishing"
	case veille.PostPublished:
		return "calm", "circle-check", "calendar.state_published"
	case veille.PostFailed:
		return "bad", "circle-x", "calendar.state_failed"
	case veille.PostUnknown:
		return "warn", "circle-help", "calendar.state_unknown"
	case veille.PostHeld:
		return "bad", "pause", "calendar.state_held"
	}
	return "", "pencil", "calendar.state_draft"
}

// weekTitle is "Semaine du 23 novembre".
func weekTitle(v *visit, monday time.Time) string {
	return v.T("calendar.week_of", "date", dayMonth(v, monday))
}

// dayMonth is the day of t with its month in full: "23 novembre".
func dayMonth(v *visit, t time.Time) string {
	day := v.Num(float64(t.In(v.Zone).Day()))
	if day == "1" && v.Locale() == "fr" {
		day = "1er"
	}
	return v.T("calendar.day_month", "day", day, "month", v.Month(t))
}

// ideaPath is where an idea is taken up: the composer, or for a reader the
// page of ideas.
func ideaPath(v *visit, id veille.IdeaID) string {
	if v.mayWrite() {
		return composePath(id)
	}
	return "/idees"
}
