package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// outcomeActs is a person's word on what became of a post.
type outcomeActs interface {
	Done(ctx context.Context, id veille.PostID, url string) error
	Again(ctx context.Context, id veille.PostID) error
}

func (s *Server) onePostRoutes() {
	s.get("/calendrier/:id", s.onePost)
	s.post("/calendrier/:id", s.editPost)
	s.post("/calendrier/:id/heure", s.movePost)
	s.post("/calendrier/:id/etat", s.turnPost)
	s.post("/calendrier/:id/publiee", s.postDone)
	s.post("/calendrier/:id/reprendre", s.postAgain)
	s.post("/calendrier/:id/supprimer", s.deletePost)
}

// A postModel is the page of one post.
type postModel struct {
	Post    veille.Post
	Channel veille.Channel
	Form    postForm
	May     mayDo
	URL     string // where she says it is; kept when it is wrong
	Wrong   string // what is wrong with it
}

// mayDo is what can be done with a post now, by her.
type mayDo struct {
	Edit, Hour, Submit, Hold, Back, Done, Again, Delete bool
}

// mayDoWith asks the one table of moves, her role, and whether the post waits
// for a person.
func mayDoWith(v *visit, p veille.Post) mayDo {
	if !v.mayWrite() {
		return mayDo{}
	}
	to := func(s veille.PostState) bool { return publish.CanMove(p.State, s) }
	sending := p.State == veille.PostPublishing && !publish.Waits(p)
	asked := p.State == veille.PostUnknown // only she can tell, before anything else
	return mayDo{
		Edit:   stillHere(p.State) || p.State == veille.PostFailed,
		Hour:   v.mayApprove() && !sending && !asked && (p.State == veille.PostScheduled || to(veille.PostScheduled)),
		Submit: p.State == veille.PostDraft,
		Hold:   !sending && to(veille.PostHeld),
		Back:   stillHere(p.State) && to(veille.PostDraft),
		Done:   !sending && to(veille.PostPublished),
		Again:  p.State == veille.PostFailed || asked,
		Delete: p.State == veille.PostDraft,
	}
}

// ownPost gives a post of her branch; any other is not found.
func (s *Server) ownPost(v *visit, id veille.PostID) (veille.Post, error) {
	p, err := s.deps.Calendar.Posts.Post(v.ctx(), id)
	if err != nil {
		return p, err
	}
	if p.BranchID != v.Branch.ID {
		return veille.Post{}, fmt.Errorf("web: post %s: %w", id, veille.ErrNotFound)
	}
	return p, nil
}

func (s *Server) onePost(v *visit) error {
	m, err := s.postModelOf(v)
	if err != nil {
		return err
	}
	return s.showPost(v, http.StatusOK, m)
}

// postModelOf reads the post of the address, its form filled in with what is
// stored.
func (s *Server) postModelOf(v *visit) (postModel, error) {
	p, err := s.ownPost(v, veille.PostID(v.Param("id")))
	if err != nil {
		return postModel{}, err
	}
	channels, err := s.deps.Calendar.Posts.Channels(v.ctx(), v.Branch.ID)
	if err != nil {
		return postModel{}, err
	}
	posts, err := s.postsAhead(v)
	if err != nil {
		return postModel{}, err
	}
	m := postModel{Post: p, Channel: channelsByID(channels)[p.ChannelID], May: mayDoWith(v, p)}
	others := slices.DeleteFunc(posts, func(o veille.Post) bool { return o.ID == p.ID })
	slots, free := slotOptions(v, []veille.Channel{m.Channel}, others)
	at := p.At
	if (at.IsZero() || at.Before(v.Now)) && len(free) > 0 {
		at = free[0]
	}
	m.Form = postForm{
		Title: p.Title, Text: p.Text, Pictures: p.Media, Channels: []veille.Channel{m.Channel}, On: []veille.ChannelID{p.ChannelID},
		Hour: hourAt(v, at, slots), Errors: map[string]string{},
	}
	return m, nil
}

func (s *Server) showPost(v *visit, status int, m postModel) error {
	if stillHere(m.Post.State) || publish.Waits(m.Post) {
		c := candidate{
			ID: m.Post.ID, Batch: m.Post.Batch, Title: m.Form.Title, Text: m.Form.Text,
			Channels: m.Form.Channels, At: m.Post.At, Story: m.Post.StoryID,
		}
		var err error
		if m.Form.Warnings, err = s.warnings(v, c); err != nil {
			return err
		}
	}
	return v.page(status, page{Title: publish.Headline(m.Post), Nav: "calendar", Wide: true}, onePostPage(v, m))
}

// editPost changes words and pictures. When someone who may not approve
// changes a post that is scheduled, it must be approved again.
func (s *Server) editPost(v *visit) error {
	m, err := s.postModelOf(v)
	if err != nil {
		return err
	}
	if _, err := v.FormParams(); err != nil {
		return err
	}
	s.readWords(v, &m.Form)
	if m.Form.Pictures, err = s.readPictures(v, m.Post.Media, m.Form.Errors); err != nil {
		return err
	}
	if len(m.Form.Errors) > 0 {
		return s.showPost(v, http.StatusBadRequest, m)
	}
	if v.value("act") == "check" {
		return s.showPost(v, http.StatusOK, m)
	}
	if err := s.deps.Calendar.Drafts.Edit(v.ctx(), m.Post.ID, m.Form.Title, m.Form.Text, m.Form.Pictures); err != nil {
		return err
	}
	s.sessions.Remove(v.ctx(), keyPictures)
	if m.Post.State == veille.PostScheduled && !v.mayApprove() {
		if err := s.deps.Calendar.Moves.Move(v.ctx(), m.Post.ID, veille.PostAwaiting); err != nil {
			return err
		}
		return v.done(onePostPath(m.Post.ID), veille.Say("onepost.approve_again"))
	}
	return v.done(onePostPath(m.Post.ID), veille.Say("onepost.saved"))
}

// movePost gives the post an hour: schedules it, approves it, or moves it.
func (s *Server) movePost(v *visit) error {
	m, err := s.postModelOf(v)
	if err != nil {
		return err
	}
	if !v.mayApprove() {
		return veille.NewProblem(veille.ErrDenied, veille.Say("compose.approval_needed"), nil)
	}
	if !m.May.Hour {
		return veille.NewProblem(veille.ErrConflict, veille.Say("onepost.no_hour"), nil)
	}
	m.Form.Hour = v.readHour(m.Form.Hour.Slots)
	at, ok := m.Form.Hour.instant(v)
	if !ok {
		return s.showPost(v, http.StatusBadRequest, m)
	}
	wall, zone := m.Form.Hour.wall(v)
	notice, err := s.deps.Calendar.Moves.Schedule(v.ctx(), m.Post.ID, wall, zone)
	if says := v.problem(err); says != "" {
		m.Form.Hour.Error = says
		return s.showPost(v, veille.HTTPStatus(err), m)
	}
	if err != nil {
		return err
	}
	if notice != nil {
		if err := v.note("warn", *notice); err != nil {
			return err
		}
	}
	return v.done(onePostPath(m.Post.ID), veille.Say("onepost.scheduled", "due_at", at.Format(time.RFC3339)))
}

// turnPost asks for approval, holds, or takes back as a draft.
func (s *Server) turnPost(v *visit) error {
	p, err := s.ownPost(v, veille.PostID(v.Param("id")))
	if err != nil {
		return err
	}
	says := map[veille.PostState]string{
		veille.PostDraft: "onepost.back", veille.PostAwaiting: "onepost.submitted", veille.PostHeld: "onepost.held",
	}
	to := veille.PostState(v.value("to"))
	key, ok := says[to]
	if !ok {
		return fmt.Errorf("web: post %s to %q: %w", p.ID, to, veille.ErrInvalid)
	}
	if err := s.deps.Calendar.Moves.Move(v.ctx(), p.ID, to); err != nil {
		return err
	}
	return v.done(onePostPath(p.ID), veille.Sentence{Key: key})
}

// postDone is her tick: it is published, there if she says where.
func (s *Server) postDone(v *visit) error {
	m, err := s.postModelOf(v)
	if err != nil {
		return err
	}
	if m.URL = v.value("url"); m.URL != "" && webAddress(m.URL) == "" {
		m.Wrong = v.T("onepost.url_wrong")
		return s.showPost(v, http.StatusBadRequest, m)
	}
	if err := s.deps.Calendar.Outcomes.Done(v.ctx(), m.Post.ID, m.URL); err != nil {
		return err
	}
	return v.done(onePostPath(m.Post.ID), veille.Say("onepost.done"))
}

// postAgain is her word that it did not go out.
func (s *Server) postAgain(v *visit) error {
	p, err := s.ownPost(v, veille.PostID(v.Param("id")))
	if err != nil {
		return err
	}
	if err := s.deps.Calendar.Outcomes.Again(v.ctx(), p.ID); err != nil {
		return err
	}
	return v.done(onePostPath(p.ID), veille.Say("onepost.again"))
}

func (s *Server) deletePost(v *visit) error {
	p, err := s.ownPost(v, veille.PostID(v.Param("id")))
	if err != nil {
		return err
	}
	if err := s.deps.Calendar.Drafts.Delete(v.ctx(), p.ID); err != nil {
		return err
	}
	return v.done("/calendrier", veille.Say("onepost.deleted", "title", publish.Headline(p)))
}
