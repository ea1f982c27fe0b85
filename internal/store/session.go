package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"github.com/uptrace/bun"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:session,alias:session"`

	Token     string `bun:"token,pk"`
	Body      string `bun:"body"` // base64
	ExpiresAt int64  `bun:"expires_at"`
}

// Sessions keeps browser sessions. It satisfies scs.Store and scs.CtxStore.
type Sessions struct {
	store *Store
}

// Sessions gives the store of browser sessions.
func (s *Store) Sessions() *Sessions { return &Sessions{store: s} }

// FindCtx gives the body of a live session, and whether there is one.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var r sessionRow
	err := s.store.r.NewSelect().Model(&r).
		Where("token = ? AND expires_at > ?", token, stamp(s.store.now())).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, wrap(err, "session")
	}
	b, err := base64.StdEncoding.DecodeString(r.Body)
	return b, err == nil, wrap(err, "session")
}

// CommitCtx stores a session until expiry, and forgets those that have expired.
func (s *Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	r := sessionRow{Token: token, Body: base64.StdEncoding.EncodeToString(b), ExpiresAt: stamp(expiry)}
	err := s.store.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*sessionRow)(nil)).
			Where("expires_at <= ?", stamp(s.store.now())).Exec(ctx)
		if err != nil {
			return err
		}
		return put(ctx, tx, []sessionRow{r})
	})
	return wrap(err, "put session")
}

// DeleteCtx forgets a session; none by that token is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.store.w.NewDelete().Model((*sessionRow)(nil)).Where("token = ?", token).Exec(ctx)
	return wrap(err, "delete session")
}

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error {
	return s.DeleteCtx(context.Background(), token)
}
