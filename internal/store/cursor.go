package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type cursorRow struct {
	bun.BaseModel `bun:"table:cursor_position,alias:cursor_position"`

	Name string `bun:"name,pk"`
	Seq  int64  `bun:"seq"`
}

type parkedRow struct {
	bun.BaseModel `bun:"table:parked,alias:parked"`

	Stage   string         `bun:"stage,pk"`
	EntryID veille.EntryID `bun:"entry_id,pk"`
	Reason  string         `bun:"reason"`
	At      int64          `bun:"parked_at"`
}

func (r parkedRow) noun() veille.Parked {
	return veille.Parked{Stage: r.Stage, EntryID: r.EntryID, Reason: r.Reason, At: when(r.At)}
}

// Cursor gives the position up to which a stage has read the log; 0 when it
// has not begun.
func (s *Store) Cursor(ctx context.Context, name string) (int64, error) {
	var r cursorRow
	err := s.r.NewSelect().Model(&r).Where("name = ?", name).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return r.Seq, wrap(err, "cursor %s", name)
}

// SetCursor says up to which position a stage has read the log.
func (s *Store) SetCursor(ctx context.Context, name string, seq int64) error {
	return wrap(put(ctx, s.w, []cursorRow{{Name: name, Seq: seq}}), "set cursor %s", name)
}

// Park sets aside an entry a stage could not digest. An entry that is gone
// since is no error.
func (s *Store) Park(ctx context.Context, stage string, id veille.EntryID, reason string, now time.Time) error {
	r := parkedRow{Stage: stage, EntryID: id, Reason: reason, At: stamp(now)}
	err := wrap(put(ctx, s.w, []parkedRow{r}), "park entry %s in %s", id, stage)
	if errors.Is(err, veille.ErrInvalid) {
		return nil
	}
	return err
}

// Parked gives the entries set aside, the latest first.
func (s *Store) Parked(ctx context.Context) ([]veille.Parked, error) {
	var rows []parkedRow
	err := s.r.NewSelect().Model(&rows).Order("parked_at DESC", "stage", "entry_id").Scan(ctx)
	return all(rows, parkedRow.noun), wrap(err, "parked")
}
