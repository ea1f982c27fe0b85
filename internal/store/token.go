package store

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type tokenRow struct {
	bun.BaseModel `bun:"table:token,alias:token"`

	ID        veille.TokenID `bun:"id,pk"`
	UserID    veille.UserID  `bun:"user_id"`
	Name      string         `bun:"name"`
	Hash      string         `bun:"hash"`
	CreatedAt int64          `bun:"created_at"`
	UsedAt    int64          `bun:"used_at"`
}

func (r tokenRow) noun() veille.Token {
	return veille.Token{ID: r.ID, UserID: r.UserID, Name: r.Name, Hash: r.Hash,
		CreatedAt: when(r.CreatedAt), UsedAt: when(r.UsedAt)}
}

// PutToken stores a token, new or changed.
func (s *Store) PutToken(ctx context.Context, t veille.Token) error {
	r := tokenRow{ID: t.ID, UserID: t.UserID, Name: t.Name, Hash: t.Hash,
		CreatedAt: stamp(t.CreatedAt), UsedAt: stamp(t.UsedAt)}
	return wrap(put(ctx, s.w, []tokenRow{r}), "put token %s", t.ID)
}

// tokenUse is how exactly the last use of a token is known: a write for every
// request would cost more than it tells.
const tokenUse = time.Minute

// TokenByHash gives the token with a hash and marks its use, to the minute;
// ErrNotFound if there is none. A full disk does not hinder it.
func (s *Store) TokenByHash(ctx context.Context, hash string, now time.Time) (veille.Token, error) {
	var r tokenRow
	if err := s.r.NewSelect().Model(&r).Where("hash = ?", hash).Scan(ctx); err != nil {
		return veille.Token{}, wrap(err, "token by hash")
	}
	if now.Sub(when(r.UsedAt)) < tokenUse {
		return r.noun(), nil
	}
	r.UsedAt = stamp(now)
	_, err := s.w.NewUpdate().Model(&r).Column("used_at").WherePK().Exec(ctx)
	if err = wrap(err, "mark token %s", r.ID); errors.Is(err, veille.ErrBusy) {
		err = nil
	}
	return r.noun(), err
}

// Tokens gives the tokens of a user, the oldest first.
func (s *Store) Tokens(ctx context.Context, user veille.UserID) ([]veille.Token, error) {
	var rows []tokenRow
	err := s.r.NewSelect().Model(&rows).Where("user_id = ?", user).Order("created_at", "id").Scan(ctx)
	return all(rows, tokenRow.noun), wrap(err, "tokens of user %s", user)
}

// DeleteToken removes a token; ErrNotFound if there is none.
func (s *Store) DeleteToken(ctx context.Context, id veille.TokenID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*tokenRow)(nil)).Where("id = ?", id).Exec(ctx)), "delete token %s", id)
}
