package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/veille"
)

// posts reads posts.
type posts interface {
	Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error)
	Post(ctx context.Context, id veille.PostID) (veille.Post, error)
}

// drafts writes posts that have not left; engine.Posts is one.
type drafts interface {
	Draft(ctx context.Context, p veille.Post, channels []veille.ChannelID) ([]veille.PostID, error)
	Edit(ctx context.Context, id veille.PostID, title, text string, media []veille.Media) error
	Delete(ctx context.Context, id veille.PostID) error
}

// moves moves posts through their life; engine.Posts is one.
type moves interface {
	Schedule(ctx context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error)
	Move(ctx context.Context, id veille.PostID, to veille.PostState) error
	Done(ctx context.Context, id veille.PostID, url string) error
	Again(ctx context.Context, id veille.PostID) error
}

type postsInput struct {
	From  time.Time `query:"from" doc:"Due at or after"`
	To    time.Time `query:"to" doc:"Due before"`
	State []string  `query:"state,explode" enum:"draft,awaiting_approval,scheduled,publishing,published,failed,unknown,held" maxItems:"8"`
	Limit int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type postInput struct {
	Body struct {
		Title    string   `json:"title,omitempty" maxLength:"300"`
		Text     string   `json:"text" minLength:"1" maxLength:"63206"`
		Channels []string `json:"channels" minItems:"1" maxItems:"20" doc:"Ids of channels: one post is made for each"`
		IdeaID   string   `json:"idea_id,omitempty" maxLength:"64"`
	}
}

type postChange struct {
	ByID
	Body struct {
		Title string `json:"title,omitempty" maxLength:"300"`
		Text  string `json:"text" minLength:"1" maxLength:"63206"`
	}
}

type scheduleInput struct {
	ByID
	Body struct {
		Wall string `json:"wall" maxLength:"32" example:"2026-12-01T09:00" doc:"Hour as written on the wall"`
		Zone string `json:"zone" maxLength:"64" example:"America/Toronto"`
	}
}

type moveInput struct {
	ByID
	Body struct {
		State string `json:"state" enum:"draft,awaiting_approval,held,published" doc:"published is the tick of a person"`
		URL   string `json:"url,omitempty" maxLength:"2048" doc:"Where it is, with published"`
	}
}

// scheduled is a post at its hour, with what the clocks did to it.
type scheduled struct {
	Post   veille.Post      `json:"post"`
	Notice *veille.Sentence `json:"notice,omitempty" doc:"When the hour written does not exist, or exists twice, that day"`
}

func (s *server) postRoutes(api huma.API) {
	get(s, api, "/posts", "Posts by hour", func(ctx context.Context, in *postsInput) ([]veille.Post, error) {
		return s.d.Posts.Posts(ctx, veille.PostFilter{Branch: callerOf(ctx).branch, From: in.From, To: in.To, Limit: in.Limit,
			States: named[veille.PostState](in.State)})
	})
	get(s, api, "/posts/{id}", "One post", func(ctx context.Context, in *ByID) (veille.Post, error) { return s.ownPost(ctx, in.ID) })
	create(s, api, "/posts", "Draft a post, one a channel", s.draft)
	change(s, api, http.MethodPut, "/posts/{id}", "Change the words of a post; its pictures stay", s.editPost)
	change(s, api, http.MethodPost, "/posts/{id}/schedule", "Give a post its hour", s.schedule)
	change(s, api, http.MethodPost, "/posts/{id}/state", "Move a post", s.move)
	act(s, api, http.MethodDelete, "/posts/{id}", "Delete a draft", func(ctx context.Context, in *ByID) error {
		p, err := s.ownPost(ctx, in.ID)
		if err != nil {
			return err
		}
		return s.d.Drafts.Delete(ctx, p.ID)
	})
}

func (s *server) draft(ctx context.Context, in *postInput) ([]veille.Post, error) {
	p := veille.Post{Title: in.Body.Title, Text: in.Body.Text}
	if in.Body.IdeaID != "" {
		d, err := s.ownIdea(ctx, in.Body.IdeaID)
		if err != nil {
			return nil, err
		}
		p.IdeaID, p.StoryID = d.ID, d.StoryID
	}
	return s.draftFor(ctx, p, in.Body.Channels)
}

// draftFor drafts p for channels of the caller's branch, and marks its idea as
// used.
func (s *server) draftFor(ctx context.Context, p veille.Post, channels []string) ([]veille.Post, error) {
	c := callerOf(ctx)
	ids := named[veille.ChannelID](channels)
	for _, id := range ids {
		ch, err := s.d.Channels.Channel(ctx, id)
		if err == nil && ch.BranchID != c.branch || errors.Is(err, veille.ErrNotFound) {
			return nil, invalid(ctx, "body.channels", "api.channel_unknown", "id", string(id))
		}
		if err != nil {
			return nil, err
		}
	}
	p.BranchID, p.AuthorID, p.Title = c.branch, c.user.ID, line(p.Title)
	made, err := s.d.Drafts.Draft(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	if p.IdeaID != "" {
		if err := s.d.Suggest.Use(ctx, p.IdeaID); err != nil {
			return nil, err
		}
	}
	out := make([]veille.Post, len(made))
	for i, id := range made {
		if out[i], err = s.d.Posts.Post(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// editPost changes the words. Those of a scheduled post changed by who may not
// approve wait for approval again.
func (s *server) editPost(ctx context.Context, in *postChange) (veille.Post, error) {
	p, err := s.ownPost(ctx, in.ID)
	if err != nil {
		return p, err
	}
	if err := s.d.Drafts.Edit(ctx, p.ID, line(in.Body.Title), in.Body.Text, p.Media); err != nil {
		return p, err
	}
	if p.State == veille.PostScheduled && !callerOf(ctx).approves() {
		if err := s.d.Moves.Move(ctx, p.ID, veille.PostAwaiting); err != nil {
			return p, err
		}
	}
	return s.d.Posts.Post(ctx, p.ID)
}

func (s *server) schedule(ctx context.Context, in *scheduleInput) (scheduled, error) {
	p, err := s.ownPost(ctx, in.ID)
	if err != nil {
		return scheduled{}, err
	}
	if !callerOf(ctx).approves() {
		return scheduled{}, veille.NewProblem(veille.ErrDenied, veille.Say("api.approval_needed"), nil)
	}
	notice, err := s.d.Moves.Schedule(ctx, p.ID, in.Body.Wall, in.Body.Zone)
	if err != nil {
		return scheduled{}, err
	}
	p, err = s.d.Posts.Post(ctx, p.ID)
	return scheduled{p, notice}, err
}

func (s *server) move(ctx context.Context, in *moveInput) (veille.Post, error) {
	p, err := s.ownPost(ctx, in.ID)
	if err != nil {
		return p, err
	}
	if in.Body.URL != "" && !isAddress(in.Body.URL) {
		return p, invalid(ctx, "body.url", "api.url_wrong")
	}
	switch to := veille.PostState(in.Body.State); {
	case to == veille.PostPublished:
		err = s.d.Moves.Done(ctx, p.ID, in.Body.URL)
	case to == veille.PostDraft && (p.State == veille.PostFailed || p.State == veille.PostUnknown):
		err = s.d.Moves.Again(ctx, p.ID)
	default:
		err = s.d.Moves.Move(ctx, p.ID, to)
	}
	if err != nil {
		return p, err
	}
	return s.d.Posts.Post(ctx, p.ID)
}

func (s *server) ownPost(ctx context.Context, id string) (veille.Post, error) {
	p, err := s.d.Posts.Post(ctx, veille.PostID(id))
	if err != nil {
		return p, err
	}
	return p, own(ctx, p.BranchID)
}
