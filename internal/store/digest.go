package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type digestRow struct {
	bun.BaseModel `bun:"table:digest,alias:digest"`

	UserID    veille.UserID `bun:"user_id,pk"`
	Day       string        `bun:"day,pk"`
	ClaimedAt int64         `bun:"claimed_at"`
	SentAt    int64         `bun:"sent_at"` // 0: not sent
}

// ClaimDigest says that the digest of a user for a day (2006-01-02, in her
// zone) is being made, and writes the jobs that send it. It returns
// ErrConflict if it was claimed already: each day has one.
func (s *Store) ClaimDigest(ctx context.Context, user veille.UserID, day string, now time.Time, jobs ...job.Job) error {
	r := digestRow{UserID: user, Day: day, ClaimedAt: stamp(now)}
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&r).Exec(ctx)
		return err
	})
	return wrap(err, "claim digest of user %s for %s", user, day)
}

// DigestSent says that a claimed digest was sent. It returns ErrNotFound if it
// was not claimed.
func (s *Store) DigestSent(ctx context.Context, user veille.UserID, day string, now time.Time) error {
	res, err := s.w.NewUpdate().Model((*digestRow)(nil)).Set("sent_at = ?", stamp(now)).
		Where("user_id = ? AND day = ?", user, day).Exec(ctx)
	return wrap(oneRow(res, err), "digest of user %s for %s sent", user, day)
}

// DigestState tells whether the digest of a user for a day was claimed, and
// whether it was sent.
func (s *Store) DigestState(ctx context.Context, user veille.UserID, day string) (claimed, sent bool, err error) {
	var r digestRow
	err = s.r.NewSelect().Model(&r).Where("user_id = ? AND day = ?", user, day).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	if err != nil {
		return false, false, wrap(err, "digest of user %s for %s", user, day)
	}
	return true, r.SentAt != 0, nil
}
