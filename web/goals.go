package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"veilleur/internal/goal"
	"veilleur/internal/veille"
)

// GoalsDeps are what the page of goals reads and does. All are required.
type GoalsDeps struct {
	Goals    goalBook
	Measures measureBook
}

// goalBook reads and sets goals.
type goalBook interface {
	Goals(ctx context.Context, branch veille.BranchID) ([]veille.Goal, error)
	Goal(ctx context.Context, id veille.GoalID) (veille.Goal, error)
	PutGoal(ctx context.Context, g veille.Goal) error
}

// measureBook takes the numbers typed, and forgets a goal with its numbers.
type measureBook interface {
	PutMeasure(ctx context.Context, id veille.GoalID, m veille.Measure) error
	DeleteGoal(ctx context.Context, id veille.GoalID) error
}

func (s *Server) goalsRoutes() {
	s.get("/objectifs", s.goals)
	s.post("/objectifs", s.newGoal)
	s.post("/objectifs/:id/mesure", s.measureGoal)
	s.post("/objectifs/:id/supprimer", s.deleteGoal)
}

// A goalsModel is all the page shows.
type goalsModel struct {
	Goals []goalCard
	Form  goalForm
	Typed measureForm
}

// A goalCard is one goal and how it goes.
type goalCard struct {
	veille.Goal
	Pace goal.Pace
}

func (s *Server) goals(v *visit) error {
	return v.showGoals(http.StatusOK, goalForm{}, measureForm{})
}

func (v *visit) showGoals(status int, form goalForm, typed measureForm) error {
	goals, err := v.server.deps.Goals.Goals.Goals(v.ctx(), v.Branch.ID)
	if err != nil {
		return fmt.Errorf("web: goals of %s: %w", v.Branch.ID, err)
	}
	m := goalsModel{Form: form, Typed: typed}
	for _, g := range goals {
		m.Goals = append(m.Goals, goalCard{Goal: g, Pace: goal.PaceOf(g, v.Now)})
	}
	return v.page(status, page{Title: v.T("goals.title"), Nav: "goals"}, goalsPage(v, m))
}

// ownGoal is the goal of the address. One of another branch is not found.
func (v *visit) ownGoal() (veille.Goal, error) {
	id := veille.GoalID(v.Param("id"))
	g, err := v.server.deps.Goals.Goals.Goal(v.ctx(), id)
	if err != nil {
		return g, fmt.Errorf("web: goal %s: %w", id, err)
	}
	if g.BranchID != v.Branch.ID {
		return g, fmt.Errorf("web: goal %s of another branch: %w", id, veille.ErrNotFound)
	}
	return g, nil
}

func (s *Server) newGoal(v *visit) error {
	form := v.readGoal()
	if len(form.Errors) > 0 {
		return v.showGoals(http.StatusBadRequest, form, measureForm{})
	}
	if err := s.deps.Goals.Goals.PutGoal(v.ctx(), form.goal); err != nil {
		return fmt.Errorf("web: new goal: %w", err)
	}
	return v.done("/objectifs", veille.Say("goals.made", "name", form.goal.Name))
}

func (s *Server) measureGoal(v *visit) error {
	g, err := v.ownGoal()
	if err != nil {
		return err
	}
	form, m := v.readMeasure(g)
	if form.Error != "" {
		return v.showGoals(http.StatusBadRequest, goalForm{}, form)
	}
	if err := s.deps.Goals.Measures.PutMeasure(v.ctx(), g.ID, m); err != nil {
		return fmt.Errorf("web: measure of goal %s: %w", g.ID, err)
	}
	return v.done("/objectifs#"+goalAnchor(g.ID), veille.Say("goals.measured", "value", m.Value, "unit", g.Unit))
}

func (s *Server) deleteGoal(v *visit) error {
	g, err := v.ownGoal()
	if err != nil {
		return err
	}
	if err := s.deps.Goals.Measures.DeleteGoal(v.ctx(), g.ID); err != nil {
		return fmt.Errorf("web: delete goal %s: %w", g.ID, err)
	}
	return v.done("/objectifs", veille.Say("goals.deleted", "name", g.Name))
}

func goalAnchor(id veille.GoalID) string { return "objectif-" + url.PathEscape(string(id)) }

// standing is how a goal goes in one word, with its shape and colour.
func (c goalCard) standing() (class, icon, key string) {
	switch {
	case c.Pace.Reached:
		return "calm", "circle-check", "goals.reached"
	case c.Pace.Over:
		return "", "clock", "goals.over"
	case c.Pace.Short:
		return "", "hourglass", "goals.short"
	case c.Pace.OnPace:
		return "calm", "trending-up", "goals.on_pace"
	}
	return "warn", "triangle-alert", "goals.behind"
}

// sentences tell the pace, the need and the forecast, honestly.
func (c goalCard) sentences(v *visit) []string {
	last := v.T("goals.last", "value", c.Pace.Value, "unit", c.Unit, "when", v.Ago(c.Pace.At, v.Now))
	if len(c.Measures) == 0 {
		last = v.T("goals.none_typed", "value", c.Start, "unit", c.Unit, "date", v.DateShort(c.StartAt))
	}
	out := []string{last}
	switch {
	case c.Pace.Reached:
		return append(out, v.T("goals.reached_says", "target", c.Target, "unit", c.Unit))
	case c.Pace.Over:
		return append(out, v.T("goals.over_says", "value", c.Pace.Value, "target", c.Target, "unit", c.Unit, "date", v.Date(c.DueAt)))
	case c.Pace.Short:
		out = append(out, v.T("goals.short_says"))
	default:
		out = append(out, v.T("goals.forecast", "pace", signed(v, c.Pace.PerWeek), "value", v.Num(whole(c.Pace.Forecast)), "unit", c.Unit, "date", v.Date(c.DueAt)))
	}
	return append(out, v.T("goals.needed", "needed", signed(v, c.Pace.Needed), "target", c.Target, "date", v.Date(c.DueAt)))
}
