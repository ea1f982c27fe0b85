package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// draftActs writes posts that have not left.
type draftActs interface {
	Draft(ctx context.Context, p veille.Post, channels []veille.ChannelID) ([]veille.PostID, error)
	Edit(ctx context.Context, id veille.PostID, title, text string, media []veille.Media) error
	Delete(ctx context.Context, id veille.PostID) error
}

// moveActs moves posts through their life.
type moveActs interface {
	Schedule(ctx context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error)
	Move(ctx context.Context, id veille.PostID, to veille.PostState) error
}

func (s *Server) composeRoutes() {
	s.get("/calendrier/nouvelle", s.compose)
	s.post("/calendrier/nouvelle", s.composeAct)
	s.post("/calendrier/verifier", s.checkAct)
}

// longestText is the most a text may hold, in bytes: far more than any network
// takes.
const longestText = 200_000

// A postForm is a post as it is being written, with what is wrong with it by
// field and what she should know.
type postForm struct {
	Title, Text string
	Channels    []veille.Channel // all those of the branch
	On          []veille.ChannelID
	Pictures    []veille.Media
	Hour        hourForm
	Origin      origin
	Warnings    []warning
	Asked       bool // she must say that she has seen the warnings
	Errors      map[string]string
}

func (f postForm) chosen() []veille.Channel {
	return slices.DeleteFunc(slices.Clone(f.Channels), func(ch veille.Channel) bool { return !slices.Contains(f.On, ch.ID) })
}

// mayApprove tells whether she may give a post its hour: a contributor writes,
// another approves.
func (v *visit) mayApprove() bool {
	return v.mayWrite() && v.User.Role != veille.RoleContributor
}

// compose shows the composer, filled in from an idea, a story or a text.
func (s *Server) compose(v *visit) error {
	if !v.mayWrite() {
		return veille.NewProblem(veille.ErrDenied, veille.Say("web.reader_denied"), nil)
	}
	f, err := s.newForm(v)
	if err != nil {
		return err
	}
	if f.Origin, err = s.originOf(v, veille.IdeaID(v.QueryParam("idee")), veille.StoryID(v.QueryParam("histoire"))); err != nil {
		return err
	}
	f.Title, f.Text = f.Origin.title(v), f.Origin.text(v)
	if said := v.QueryParam("texte"); said != "" {
		f.Text = oneNewline(said)
	}
	return s.showCompose(v, http.StatusOK, f)
}

// newForm is an empty form: at the hour asked or the next free slot, for the
// channel asked or those that slot is free on.
func (s *Server) newForm(v *visit) (postForm, error) {
	f := postForm{Errors: map[string]string{}}
	var err error
	if f.Channels, err = s.deps.Calendar.Posts.Channels(v.ctx(), v.Branch.ID); err != nil {
		return f, err
	}
	posts, err := s.postsAhead(v)
	if err != nil {
		return f, err
	}
	slots, free := slotOptions(v, f.Channels, posts)
	wanting := slices.DeleteFunc(slices.Clone(f.Channels), func(ch veille.Channel) bool { return ch.Cadence == 0 })
	if _, asked := slotOptions(v, wanting, posts); len(asked) > 0 {
		free = asked
	}
	at, err := time.ParseInLocation(wallForm, v.QueryParam("quand"), v.Zone)
	switch {
	case err == nil:
	case len(free) > 0:
		at = free[0]
	default:
		y, m, d := v.Now.In(v.Zone).Date()
		at = time.Date(y, m, d+1, 9, 0, 0, 0, v.Zone)
	}
	f.Hour = hourAt(v, at, slots)
	f.On = defaultChannels(f.Channels, posts, at, veille.ChannelID(v.QueryParam("canal")))
	return f, nil
}

// defaultChannels ticks the channel asked for, else those whose slot is free
// at that hour, else the only one there is.
func defaultChannels(channels []veille.Channel, posts []veille.Post, at time.Time, asked veille.ChannelID) []veille.ChannelID {
	var free []veille.ChannelID
	for _, ch := range channels {
		if ch.ID == asked || len(channels) == 1 {
			return []veille.ChannelID{ch.ID}
		}
		if opens(ch, posts, at) {
			free = append(free, ch.ID)
		}
	}
	return free
}

func (s *Server) showCompose(v *visit, status int, f postForm) error {
	at, ok := f.Hour.peek(v)
	if !ok {
		at = time.Time{}
	}
	var err error
	f.Warnings, err = s.warnings(v, candidate{
		Title: f.Title, Text: f.Text, Channels: f.chosen(), At: at, Story: f.Origin.Story.ID,
	})
	if err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("compose.title"), Nav: "calendar", Wide: true}, composePage(v, f))
}

// readForm takes what she wrote, and what is wrong with it.
func (s *Server) readForm(v *visit) (postForm, error) {
	f, err := s.newForm(v)
	if err != nil {
		return f, err
	}
	if _, err := v.FormParams(); err != nil {
		return f, err
	}
	s.readWords(v, &f)
	f.On = nil
	for _, ch := range f.Channels {
		if slices.Contains(v.Request().Form["channel"], string(ch.ID)) {
			f.On = append(f.On, ch.ID)
		}
	}
	f.Hour = v.readHour(f.Hour.Slots)
	f.Origin, err = s.originOf(v, veille.IdeaID(v.value("idea")), veille.StoryID(v.value("story")))
	return f, err
}

// readWords takes title and text.
func (s *Server) readWords(v *visit, f *postForm) {
	f.Title = strings.Join(strings.Fields(v.FormValue("title")), " ")
	f.Text = strings.TrimSpace(oneNewline(v.FormValue("text")))
	switch {
	case f.Text == "":
		f.Errors["text"] = v.T("post.text_needed")
	case len(f.Text) > longestText:
		f.Errors["text"] = v.T("compose.too_long")
	}
	if len(f.Title) > 300 {
		f.Errors["title"] = v.T("compose.title_long")
	}
}

// oneNewline gives each line one newline, however the browser sent it.
func oneNewline(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// composeAct does what she pressed: check, draft, submit or schedule.
func (s *Server) composeAct(v *visit) error {
	f, err := s.readForm(v)
	if err != nil {
		return err
	}
	if f.Pictures, err = s.readPictures(v, nil, f.Errors); err != nil {
		return err
	}
	act := v.value("act")
	if act == "check" {
		return s.showCompose(v, http.StatusOK, f)
	}
	if act == "schedule" && !v.mayApprove() {
		return veille.NewProblem(veille.ErrDenied, veille.Say("compose.approval_needed"), nil)
	}
	if len(f.On) == 0 {
		f.Errors["channel"] = v.T("post.channel_needed")
	}
	var at time.Time
	if act == "schedule" || !f.Hour.empty() {
		at, _ = f.Hour.instant(v)
	}
	if len(f.Errors) > 0 || f.Hour.Error != "" {
		return s.showCompose(v, http.StatusBadRequest, f)
	}
	if act != "draft" {
		ws, err := s.warnings(v, candidate{Title: f.Title, Text: f.Text, Channels: f.chosen(), At: at, Story: f.Origin.Story.ID})
		if err != nil {
			return err
		}
		if unseen(ws, v.value("seen")) {
			f.Asked = true
			return s.showCompose(v, http.StatusOK, f)
		}
	}
	return s.keepPost(v, f, at, act)
}

// keepPost writes the posts, one for each channel, then asks for what she
// pressed.
func (s *Server) keepPost(v *visit, f postForm, at time.Time, act string) error {
	p := veille.Post{
		BranchID: v.Branch.ID, IdeaID: f.Origin.Idea.ID, StoryID: f.Origin.Story.ID,
		Title: f.Title, Text: f.Text, Media: f.Pictures, AuthorID: v.User.ID,
	}
	if !at.IsZero() {
		p.At = at
		p.Wall, p.Zone = f.Hour.wall(v)
	}
	ids, err := s.deps.Calendar.Drafts.Draft(v.ctx(), p, f.On)
	if err != nil {
		return err
	}
	s.sessions.Remove(v.ctx(), keyPictures)
	if p.IdeaID != "" {
		if err := s.deps.Calendar.IdeaActs.Use(v.ctx(), p.IdeaID); err != nil {
			return err
		}
	}
	switch act {
	case "schedule":
		return s.scheduleAll(v, ids, p)
	case "submit":
		for _, id := range ids {
			if err := s.deps.Calendar.Moves.Move(v.ctx(), id, veille.PostAwaiting); err != nil {
				return err
			}
		}
		return v.done("/calendrier", veille.Say("compose.submitted", "n", len(ids)))
	}
	return v.done(onePostPath(ids[0]), veille.Say("compose.drafted", "n", len(ids)))
}

// scheduleAll gives new posts their hour. A change of clocks is said once.
func (s *Server) scheduleAll(v *visit, ids []veille.PostID, p veille.Post) error {
	var notice *veille.Sentence
	for _, id := range ids {
		said, err := s.deps.Calendar.Moves.Schedule(v.ctx(), id, p.Wall, p.Zone)
		if err != nil {
			return err
		}
		if said != nil {
			notice = said
		}
	}
	if notice != nil {
		if err := v.note("warn", *notice); err != nil {
			return err
		}
	}
	return v.done(calendarPath(mondayOf(p.At, v.Zone), false),
		veille.Say("compose.scheduled", "n", len(ids), "due_at", p.At.Format(time.RFC3339)))
}

// checkAct answers htmx with what she should know of what is written so far.
func (s *Server) checkAct(v *visit) error {
	f, err := s.readForm(v)
	if err != nil {
		return err
	}
	c := candidate{Title: f.Title, Text: f.Text, Channels: f.chosen(), Story: f.Origin.Story.ID}
	c.At, _ = f.Hour.peek(v)
	if id := v.value("post"); id != "" {
		p, err := s.ownPost(v, veille.PostID(id))
		if err != nil {
			return err
		}
		c.ID, c.Batch, c.Story, c.At = p.ID, p.Batch, p.StoryID, p.At
	}
	ws, err := s.warnings(v, c)
	if err != nil {
		return err
	}
	return v.part(http.StatusOK, checks(v, ws, false))
}
