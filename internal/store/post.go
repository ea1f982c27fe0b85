package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type postRow struct {
	bun.BaseModel `bun:"table:post,alias:post"`

	ID          veille.PostID        `bun:"id,pk"`
	BranchID    veille.BranchID      `bun:"branch_id"`
	ChannelID   veille.ChannelID     `bun:"channel_id"`
	Batch       string               `bun:"batch"`
	IdeaID      veille.IdeaID        `bun:"idea_id"`
	StoryID     veille.StoryID       `bun:"story_id"`
	Title       string               `bun:"title"`
	Text        string               `bun:"body"`
	Media       js[[]veille.Media]   `bun:"media,type:text"`
	State       veille.PostState     `bun:"state"`
	At          int64                `bun:"due_at"`
	Wall        string               `bun:"wall"`
	Zone        string               `bun:"zone"`
	Problem     js[*veille.Sentence] `bun:"problem,type:text"`
	RemoteID    string               `bun:"remote_id"`
	RemoteURL   string               `bun:"remote_url"`
	Attempts    int                  `bun:"attempts"`
	AuthorID    veille.UserID        `bun:"author_id"`
	CreatedAt   int64                `bun:"created_at"`
	UpdatedAt   int64                `bun:"updated_at"`
	SentAt      int64                `bun:"sent_at"`
	PublishedAt int64                `bun:"published_at"`
}

func postRowOf(p veille.Post) postRow {
	return postRow{ID: p.ID, BranchID: p.BranchID, ChannelID: p.ChannelID, Batch: p.Batch, IdeaID: p.IdeaID,
		StoryID: p.StoryID, Title: p.Title, Text: p.Text, Media: js[[]veille.Media]{p.Media}, State: p.State,
		At: stamp(p.At), Wall: p.Wall, Zone: p.Zone, Problem: js[*veille.Sentence]{p.Problem},
		RemoteID: p.RemoteID, RemoteURL: p.RemoteURL, Attempts: p.Attempts, AuthorID: p.AuthorID,
		CreatedAt: stamp(p.CreatedAt), UpdatedAt: stamp(p.UpdatedAt), SentAt: stamp(p.SentAt),
		PublishedAt: stamp(p.PublishedAt)}
}

func (r postRow) noun() veille.Post {
	return veille.Post{ID: r.ID, BranchID: r.BranchID, ChannelID: r.ChannelID, Batch: r.Batch, IdeaID: r.IdeaID,
		StoryID: r.StoryID, Title: r.Title, Text: r.Text, Media: r.Media.V, State: r.State,
		At: when(r.At), Wall: r.Wall, Zone: r.Zone, Problem: r.Problem.V,
		RemoteID: r.RemoteID, RemoteURL: r.RemoteURL, Attempts: r.Attempts, AuthorID: r.AuthorID,
		CreatedAt: when(r.CreatedAt), UpdatedAt: when(r.UpdatedAt), SentAt: when(r.SentAt),
		PublishedAt: when(r.PublishedAt)}
}

// PutPost stores a new post, and jobs with it. It returns ErrConflict if it is
// known already, ErrInvalid if its branch or channel does not exist.
func (s *Store) PutPost(ctx context.Context, p veille.Post, jobs ...job.Job) error {
	r := postRowOf(p)
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&r).Exec(ctx)
		return err
	})
	return wrap(err, "put post %s", p.ID)
}

// UpdatePost stores a post that is still as was, which was read before, and
// jobs with it. When another has moved it, begun its one send or edited it
// meanwhile it returns ErrConflict and stores nothing; ErrNotFound if there is
// none.
func (s *Store) UpdatePost(ctx context.Context, p, was veille.Post, jobs ...job.Job) error {
	r, old := postRowOf(p), postRowOf(was)
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model(&r).ExcludeColumn("created_at").WherePK().
			Where("state = ? AND sent_at = ? AND updated_at = ?", old.State, old.SentAt, old.UpdatedAt).Exec(ctx)
		if err != nil {
			return err
		}
		if changed, err := res.RowsAffected(); err != nil || changed > 0 {
			return err
		}
		return missing(ctx, tx, (*postRow)(nil), p.ID)
	})
	return says(wrap(err, "update post %s from %s", p.ID, was.State), veille.ErrConflict, "store.post_moved")
}

// Post gives a post; ErrNotFound if there is none.
func (s *Store) Post(ctx context.Context, id veille.PostID) (veille.Post, error) {
	var r postRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "post %s", id)
}

// Posts gives the posts a filter chooses, by the time they are due, then by
// the time they were written; those without a time come first.
func (s *Store) Posts(ctx context.Context, f veille.PostFilter) ([]veille.Post, error) {
	var rows []postRow
	q := s.r.NewSelect().Model(&rows)
	if f.Branch != "" {
		q = q.Where("branch_id = ?", f.Branch)
	}
	if !f.From.IsZero() {
		q = q.Where("due_at >= ?", stamp(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("due_at < ? AND due_at <> 0", stamp(f.To))
	}
	if len(f.States) > 0 {
		q = q.Where("state IN (?)", bun.List(f.States))
	}
	err := limited(q.Order("due_at", "created_at", "id"), f.Limit).Scan(ctx)
	return all(rows, postRow.noun), wrap(err, "posts of branch %s", f.Branch)
}

// DuePosts gives the scheduled posts whose time has come, the longest due
// first.
func (s *Store) DuePosts(ctx context.Context, now time.Time) ([]veille.Post, error) {
	var rows []postRow
	err := s.r.NewSelect().Model(&rows).
		Where("state = ? AND due_at <= ? AND due_at <> 0", veille.PostScheduled, stamp(now)).
		Order("due_at", "created_at", "id").Scan(ctx)
	return all(rows, postRow.noun), wrap(err, "due posts")
}

// DeletePost removes a draft. It returns ErrConflict if the post is more than
// that, ErrNotFound if there is none.
func (s *Store) DeletePost(ctx context.Context, id veille.PostID) error {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewDelete().Model((*postRow)(nil)).
			Where("id = ? AND state = ?", id, veille.PostDraft).Exec(ctx)
		if err != nil {
			return err
		}
		if changed, err := res.RowsAffected(); err != nil || changed > 0 {
			return err
		}
		return missing(ctx, tx, (*postRow)(nil), id)
	})
	return says(wrap(err, "delete post %s", id), veille.ErrConflict, "store.post_not_draft")
}
