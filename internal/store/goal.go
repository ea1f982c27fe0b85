package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type goalRow struct {
	bun.BaseModel `bun:"table:goal,alias:goal"`

	ID        veille.GoalID   `bun:"id,pk"`
	BranchID  veille.BranchID `bun:"branch_id"`
	Name      string          `bun:"name"`
	Unit      string          `bun:"unit"`
	Start     float64         `bun:"start_value"`
	StartAt   int64           `bun:"start_at"`
	Target    float64         `bun:"target"`
	DueAt     int64           `bun:"due_at"`
	CreatedAt int64           `bun:"created_at"`
}

func (r goalRow) noun() veille.Goal {
	return veille.Goal{ID: r.ID, BranchID: r.BranchID, Name: r.Name, Unit: r.Unit, Start: r.Start,
		StartAt: when(r.StartAt), Target: r.Target, DueAt: when(r.DueAt), CreatedAt: when(r.CreatedAt)}
}

type measureRow struct {
	bun.BaseModel `bun:"table:measure,alias:measure"`

	GoalID veille.GoalID `bun:"goal_id,pk"`
	At     int64         `bun:"measured_at,pk"`
	Value  float64       `bun:"value"`
}

// PutGoal stores a goal, new or changed. Its Measures are stored by PutMeasure
// alone.
func (s *Store) PutGoal(ctx context.Context, g veille.Goal) error {
	r := goalRow{ID: g.ID, BranchID: g.BranchID, Name: g.Name, Unit: g.Unit, Start: g.Start,
		StartAt: stamp(g.StartAt), Target: g.Target, DueAt: stamp(g.DueAt), CreatedAt: stamp(g.CreatedAt)}
	return wrap(put(ctx, s.w, []goalRow{r}, "created_at"), "put goal %s", g.ID)
}

// PutMeasure stores one value of a goal; another at the same time is replaced.
// It returns ErrInvalid if the goal does not exist.
func (s *Store) PutMeasure(ctx context.Context, goal veille.GoalID, m veille.Measure) error {
	r := measureRow{GoalID: goal, At: stamp(m.At), Value: m.Value}
	return wrap(put(ctx, s.w, []measureRow{r}), "put measure of goal %s", goal)
}

// Goal gives a goal with its measures; ErrNotFound if there is none.
func (s *Store) Goal(ctx context.Context, id veille.GoalID) (veille.Goal, error) {
	var r goalRow
	if err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return veille.Goal{}, wrap(err, "goal %s", id)
	}
	goals, err := s.measured(ctx, []goalRow{r})
	if err != nil {
		return veille.Goal{}, wrap(err, "goal %s", id)
	}
	return goals[0], nil
}

// Goals gives the goals of a branch with their measures, the first due first.
func (s *Store) Goals(ctx context.Context, branch veille.BranchID) ([]veille.Goal, error) {
	var rows []goalRow
	err := s.r.NewSelect().Model(&rows).Where("branch_id = ?", branch).Order("due_at", "id").Scan(ctx)
	if err != nil {
		return nil, wrap(err, "goals of branch %s", branch)
	}
	goals, err := s.measured(ctx, rows)
	return goals, wrap(err, "goals of branch %s", branch)
}

// measured gives goals with their measures.
func (s *Store) measured(ctx context.Context, rows []goalRow) ([]veille.Goal, error) {
	ids := make([]veille.GoalID, len(rows))
	at := make(map[veille.GoalID]int, len(rows))
	for i, r := range rows {
		ids[i], at[r.ID] = r.ID, i
	}
	goals := all(rows, goalRow.noun)
	var measures []measureRow
	err := s.r.NewSelect().Model(&measures).Where("goal_id IN (?)", bun.List(ids)).Order("measured_at").Scan(ctx)
	for _, m := range measures {
		g := &goals[at[m.GoalID]]
		g.Measures = append(g.Measures, veille.Measure{At: when(m.At), Value: m.Value})
	}
	return goals, err
}

// DeleteGoal removes a goal and its measures; ErrNotFound if there is none.
func (s *Store) DeleteGoal(ctx context.Context, id veille.GoalID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*goalRow)(nil)).Where("id = ?", id).Exec(ctx)), "delete goal %s", id)
}
