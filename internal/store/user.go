package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type userRow struct {
	bun.BaseModel `bun:"table:user_account,alias:user_account"`

	ID           veille.UserID             `bun:"id,pk"`
	BranchID     veille.BranchID           `bun:"branch_id"`
	Name         string                    `bun:"name"`
	Email        string                    `bun:"email"`
	Locale       string                    `bun:"locale"`
	Role         veille.Role               `bun:"role"`
	PasswordHash string                    `bun:"password_hash"`
	Digest       js[veille.DigestSettings] `bun:"digest,type:text"`
	CreatedAt    int64                     `bun:"created_at"`
}

func userRowOf(u veille.User) userRow {
	return userRow{ID: u.ID, BranchID: u.BranchID, Name: u.Name, Email: u.Email, Locale: u.Locale,
		Role: u.Role, PasswordHash: u.PasswordHash, Digest: js[veille.DigestSettings]{u.Digest},
		CreatedAt: stamp(u.CreatedAt)}
}

func (r userRow) noun() veille.User {
	return veille.User{ID: r.ID, BranchID: r.BranchID, Name: r.Name, Email: r.Email, Locale: r.Locale,
		Role: r.Role, PasswordHash: r.PasswordHash, Digest: r.Digest.V, CreatedAt: when(r.CreatedAt)}
}

// PutUser stores a user, new or changed. It returns ErrConflict if another has
// her address, ErrInvalid if her branch does not exist.
func (s *Store) PutUser(ctx context.Context, u veille.User) error {
	err := wrap(put(ctx, s.w, []userRow{userRowOf(u)}), "put user %s", u.ID)
	return says(err, veille.ErrConflict, "store.email_taken")
}

// User gives a user; ErrNotFound if there is none.
func (s *Store) User(ctx context.Context, id veille.UserID) (veille.User, error) {
	var r userRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "user %s", id)
}

// UserByEmail gives the user with an address, in lower case; ErrNotFound if
// there is none.
func (s *Store) UserByEmail(ctx context.Context, email string) (veille.User, error) {
	var r userRow
	err := s.r.NewSelect().Model(&r).Where("email = ?", email).Scan(ctx)
	return r.noun(), wrap(err, "user by email")
}

// Users gives the users of a branch, or of all when it is "", the oldest first.
func (s *Store) Users(ctx context.Context, branch veille.BranchID) ([]veille.User, error) {
	var rows []userRow
	q := s.r.NewSelect().Model(&rows).Order("created_at", "id")
	if branch != "" {
		q = q.Where("branch_id = ?", branch)
	}
	err := q.Scan(ctx)
	return all(rows, userRow.noun), wrap(err, "users of branch %s", branch)
}

// DeleteUser removes a user, her links, tokens and digests; ErrNotFound if
// there is none.
func (s *Store) DeleteUser(ctx context.Context, id veille.UserID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*userRow)(nil)).Where("id = ?", id).Exec(ctx)), "delete user %s", id)
}
