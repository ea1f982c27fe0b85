package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/veille"
)

// ideas reads ideas.
type ideas interface {
	Ideas(ctx context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error)
	Idea(ctx context.Context, id veille.IdeaID) (veille.Idea, error)
}

// suggest is what a person decides about an idea; engine.Ideas is one.
type suggest interface {
	Refuse(ctx context.Context, id veille.IdeaID, why string) error
	Use(ctx context.Context, id veille.IdeaID) error
}

type ideasInput struct {
	State []string `query:"state,explode" enum:"new,used,refused,expired" maxItems:"4" doc:"Default: new"`
}

type refuseInput struct {
	ByID
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

type ideaDraft struct {
	ByID
	Body struct {
		Channels []string `json:"channels" minItems:"1" maxItems:"20"`
		Title    string   `json:"title,omitempty" maxLength:"300" doc:"Default: the idea's"`
		Text     string   `json:"text,omitempty" maxLength:"63206" doc:"Default: the idea and its question"`
	}
}

func (s *server) ideaRoutes(api huma.API) {
	get(s, api, "/ideas", "Ideas, best first", func(ctx context.Context, in *ideasInput) ([]veille.Idea, error) {
		states := named[veille.IdeaState](in.State)
		if len(states) == 0 {
			states = []veille.IdeaState{veille.IdeaNew}
		}
		return s.d.Ideas.Ideas(ctx, callerOf(ctx).branch, states...)
	})
	act(s, api, http.MethodPost, "/ideas/{id}/refuse", "Never suggest this story again", func(ctx context.Context, in *refuseInput) error {
		d, err := s.ownIdea(ctx, in.ID)
		if err != nil {
			return err
		}
		return s.d.Suggest.Refuse(ctx, d.ID, in.Body.Reason)
	})
	create(s, api, "/ideas/{id}/draft", "Draft posts from an idea, one a channel", s.draftIdea)
}

func (s *server) draftIdea(ctx context.Context, in *ideaDraft) ([]veille.Post, error) {
	d, err := s.ownIdea(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	say, p := callerOf(ctx).printer.Say, veille.Post{IdeaID: d.ID, StoryID: d.StoryID, Title: in.Body.Title, Text: in.Body.Text}
	if p.Title == "" {
		p.Title = say(d.Title)
	}
	if p.Text == "" {
		p.Text = say(d.Title) + "\n\n" + say(d.Question)
	}
	return s.draftFor(ctx, p, in.Body.Channels)
}

func (s *server) ownIdea(ctx context.Context, id string) (veille.Idea, error) {
	d, err := s.d.Ideas.Idea(ctx, veille.IdeaID(id))
	if err != nil {
		return d, err
	}
	return d, own(ctx, d.BranchID)
}
