package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type ideaRow struct {
	bun.BaseModel `bun:"table:idea,alias:idea"`

	ID        veille.IdeaID       `bun:"id,pk"`
	BranchID  veille.BranchID     `bun:"branch_id"`
	TopicID   veille.TopicID      `bun:"topic_id"`
	StoryID   veille.StoryID      `bun:"story_id"`
	EntryID   veille.EntryID      `bun:"entry_id"`
	Angle     veille.Angle        `bun:"angle"`
	Title     js[veille.Sentence] `bun:"title,type:text"`
	Question  js[veille.Sentence] `bun:"question,type:text"`
	Photo     js[veille.Sentence] `bun:"photo,type:text"`
	Effort    veille.Minutes      `bun:"effort"`
	ExpiresAt int64               `bun:"expires_at"`
	Rank      float64             `bun:"rank"`
	Reasons   js[[]veille.Reason] `bun:"reasons,type:text"`
	State     veille.IdeaState    `bun:"state"`
	Refusal   string              `bun:"refusal"`
	CreatedAt int64               `bun:"created_at"`
}

func ideaRowOf(i veille.Idea) ideaRow {
	return ideaRow{ID: i.ID, BranchID: i.BranchID, TopicID: i.TopicID, StoryID: i.StoryID, EntryID: i.EntryID,
		Angle: i.Angle, Title: js[veille.Sentence]{i.Title}, Question: js[veille.Sentence]{i.Question},
		Photo: js[veille.Sentence]{i.Photo}, Effort: i.Effort, ExpiresAt: stamp(i.ExpiresAt), Rank: i.Rank,
		Reasons: js[[]veille.Reason]{i.Reasons}, State: i.State, Refusal: i.Refusal, CreatedAt: stamp(i.CreatedAt)}
}

func (r ideaRow) noun() veille.Idea {
	return veille.Idea{ID: r.ID, BranchID: r.BranchID, TopicID: r.TopicID, StoryID: r.StoryID, EntryID: r.EntryID,
		Angle: r.Angle, Title: r.Title.V, Question: r.Question.V, Photo: r.Photo.V, Effort: r.Effort,
		ExpiresAt: when(r.ExpiresAt), Rank: r.Rank, Reasons: r.Reasons.V, State: r.State, Refusal: r.Refusal,
		CreatedAt: when(r.CreatedAt)}
}

// PutIdeas stores ideas. What was done with one known already stays: its
// state, why it was refused, and when it first came.
func (s *Store) PutIdeas(ctx context.Context, ideas []veille.Idea) error {
	rows := all(ideas, ideaRowOf)
	slices.SortFunc(rows, func(a, b ideaRow) int { return cmp.Compare(a.ID, b.ID) })
	rows = slices.CompactFunc(rows, func(a, b ideaRow) bool { return a.ID == b.ID })
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return put(ctx, tx, rows, "state", "refusal", "created_at")
	})
	return wrap(err, "put %d ideas", len(ideas))
}

// Idea gives an idea; ErrNotFound if there is none.
func (s *Store) Idea(ctx context.Context, id veille.IdeaID) (veille.Idea, error) {
	var r ideaRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "idea %s", id)
}

// Ideas gives the ideas of a branch in some states, or in all when none is
// named, the best first.
func (s *Store) Ideas(ctx context.Context, branch veille.BranchID, states ...veille.IdeaState) ([]veille.Idea, error) {
	var rows []ideaRow
	q := s.r.NewSelect().Model(&rows).Where("branch_id = ?", branch)
	if len(states) > 0 {
		q = q.Where("state IN (?)", bun.List(states))
	}
	err := q.Order("rank DESC", "id").Scan(ctx)
	return all(rows, ideaRow.noun), wrap(err, "ideas of branch %s", branch)
}

// SetIdeaState says what was done with an idea, and why not when it was
// refused; ErrNotFound if there is none.
func (s *Store) SetIdeaState(ctx context.Context, id veille.IdeaID, state veille.IdeaState, refusal string) error {
	res, err := s.w.NewUpdate().Model((*ideaRow)(nil)).Set("state = ?, refusal = ?", state, refusal).
		Where("id = ?", id).Exec(ctx)
	return wrap(oneRow(res, err), "set state of idea %s", id)
}
