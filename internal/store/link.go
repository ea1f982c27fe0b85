package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type linkRow struct {
	bun.BaseModel `bun:"table:link,alias:link"`

	Hash      string        `bun:"hash,pk"`
	Purpose   string        `bun:"purpose"`
	UserID    veille.UserID `bun:"user_id,nullzero"` // NULL for the first link, which makes the first user
	ExpiresAt int64         `bun:"expires_at"`
}

// PutLink stores the hash of a one-time link and what it is for. user is ""
// for the link of the first visit, before there is anybody.
func (s *Store) PutLink(ctx context.Context, hash, purpose string, user veille.UserID, expires time.Time) error {
	r := linkRow{Hash: hash, Purpose: purpose, UserID: user, ExpiresAt: stamp(expires)}
	return wrap(put(ctx, s.w, []linkRow{r}), "put link of user %s", user)
}

// TakeLink uses up a link and tells whose it is. It returns ErrNotFound if
// there is none of this purpose, if it was taken already or has expired.
// Links that have expired are forgotten on the way.
func (s *Store) TakeLink(ctx context.Context, hash, purpose string, now time.Time) (veille.UserID, error) {
	var user sql.NullString
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*linkRow)(nil)).Where("expires_at <= ?", stamp(now)).Exec(ctx); err != nil {
			return err
		}
		return tx.NewRaw(`DELETE FROM link WHERE hash = ? AND purpose = ? RETURNING user_id`, hash, purpose).
			Scan(ctx, &user)
	})
	return veille.UserID(user.String), wrap(err, "take link")
}
