package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type sourceSecretRow struct {
	bun.BaseModel `bun:"table:source_secret,alias:source_secret"`

	SourceID veille.SourceID `bun:"source_id,pk"`
	Secret   string          `bun:"secret"` // sealed
}

// PutSourceSecret keeps the password a source is read with, sealed. It returns
// ErrInvalid if there is no such source.
func (s *Store) PutSourceSecret(ctx context.Context, id veille.SourceID, secret string) error {
	sealed, err := s.sealed(secret)
	if err == nil {
		err = put(ctx, s.w, []sourceSecretRow{{SourceID: id, Secret: sealed}})
	}
	return wrap(err, "put secret of source %s", id)
}

// SourceSecret gives the password a source is read with; ErrNotFound if it has
// none.
func (s *Store) SourceSecret(ctx context.Context, id veille.SourceID) (string, error) {
	var r sourceSecretRow
	if err := s.r.NewSelect().Model(&r).Where("source_id = ?", id).Scan(ctx); err != nil {
		return "", wrap(err, "secret of source %s", id)
	}
	plain, err := s.opened(r.Secret)
	return plain, wrap(err, "secret of source %s", id)
}
