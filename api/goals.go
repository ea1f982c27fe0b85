package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/engine"
	"veilleur/internal/goal"
	"veilleur/internal/veille"
)

// goals is the memory of goals.
type goals interface {
	Goals(ctx context.Context, branch veille.BranchID) ([]veille.Goal, error)
	Goal(ctx context.Context, id veille.GoalID) (veille.Goal, error)
	PutGoal(ctx context.Context, g veille.Goal) error
	PutMeasure(ctx context.Context, id veille.GoalID, m veille.Measure) error
	DeleteGoal(ctx context.Context, id veille.GoalID) error
}

type goalInput struct {
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"200"`
		Unit   string    `json:"unit" minLength:"1" maxLength:"60" doc:"What is counted" example:"abonnés"`
		Start  float64   `json:"start" minimum:"-1e12" maximum:"1e12" doc:"The number today"`
		Target float64   `json:"target" minimum:"-1e12" maximum:"1e12"`
		DueAt  time.Time `json:"due_at"`
	}
}

type measureInput struct {
	ByID
	Body struct {
		Value float64   `json:"value" minimum:"-1e12" maximum:"1e12"`
		At    time.Time `json:"at,omitzero" required:"false" doc:"Default: now"`
	}
}

func (s *server) goalRoutes(api huma.API) {
	get(s, api, "/goals", "Goals and their pace", func(ctx context.Context, _ *none) ([]engine.GoalPace, error) {
		all, err := s.d.Goals.Goals(ctx, callerOf(ctx).branch)
		out := make([]engine.GoalPace, len(all))
		for i, g := range all {
			out[i] = s.paced(g)
		}
		return out, err
	})
	create(s, api, "/goals", "Set a goal", s.setGoal)
	change(s, api, http.MethodPost, "/goals/{id}/measures", "Write a number", s.measure)
	act(s, api, http.MethodDelete, "/goals/{id}", "Forget a goal and its numbers", func(ctx context.Context, in *ByID) error {
		g, err := s.ownGoal(ctx, in.ID)
		if err != nil {
			return err
		}
		return s.d.Goals.DeleteGoal(ctx, g.ID)
	})
}

func (s *server) paced(g veille.Goal) engine.GoalPace {
	return engine.GoalPace{Goal: g, Pace: goal.PaceOf(g, s.now())}
}

func (s *server) setGoal(ctx context.Context, in *goalInput) (engine.GoalPace, error) {
	now, w := s.now().UTC(), in.Body
	g := veille.Goal{ID: veille.GoalID(veille.NewID(now)), BranchID: callerOf(ctx).branch, Name: line(w.Name), Unit: line(w.Unit),
		Start: w.Start, StartAt: now, Target: w.Target, DueAt: w.DueAt.UTC(), CreatedAt: now}
	switch {
	case g.Name == "":
		return engine.GoalPace{}, invalid(ctx, "body.name", "api.name_needed")
	case !g.DueAt.After(now):
		return engine.GoalPace{}, invalid(ctx, "body.due_at", "api.goal_due")
	case g.Target == g.Start:
		return engine.GoalPace{}, invalid(ctx, "body.target", "api.goal_target")
	}
	return s.paced(g), s.d.Goals.PutGoal(ctx, g)
}

func (s *server) measure(ctx context.Context, in *measureInput) (engine.GoalPace, error) {
	g, err := s.ownGoal(ctx, in.ID)
	if err != nil {
		return engine.GoalPace{}, err
	}
	at := in.Body.At
	switch now := s.now(); {
	case at.IsZero():
		at = now
	case at.After(now):
		return engine.GoalPace{}, invalid(ctx, "body.at", "api.measure_future")
	}
	if err := s.d.Goals.PutMeasure(ctx, g.ID, veille.Measure{At: at.UTC(), Value: in.Body.Value}); err != nil {
		return engine.GoalPace{}, err
	}
	g, err = s.d.Goals.Goal(ctx, g.ID)
	return s.paced(g), err
}

func (s *server) ownGoal(ctx context.Context, id string) (veille.Goal, error) {
	g, err := s.d.Goals.Goal(ctx, veille.GoalID(id))
	if err != nil {
		return g, err
	}
	return g, own(ctx, g.BranchID)
}
