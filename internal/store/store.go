// Package store is the memory of Veilleur: branches, sources, the log of
// entries, what was derived from them, incidents, posts, and the jobs they
// decide, in SQLite or PostgreSQL.
//
// One schema (migrations/*.sql), one set of row structs and one set of queries
// serve both databases; storetest proves it. What a database is asked
// differently stands in dialect.go.
//
// Times are stored as nanoseconds since 1970 in UTC, 0 for none, so that they
// compare and sort the same everywhere; they come back in UTC, exact to the
// nanosecond between 1678 and 2261. Lists, sentences and settings are JSON in
// TEXT. NUL bytes, which PostgreSQL refuses in text, are dropped on the way in;
// secrets of channels and webhooks are sealed before they are written.
//
// A method that decides something takes jobs and writes them in the same
// transaction. Errors are of the kinds of internal/veille: ErrNotFound,
// ErrConflict, ErrInvalid, and ErrBusy with a sentence when the disk is full or
// the database cannot be written for now.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

// A Sealer hides secrets at rest.
type Sealer interface {
	Seal(plain string) (string, error)
	Open(sealed string) (string, error)
}

// A Store keeps the nouns. It is safe for use by many goroutines, and by
// several processes on one database.
type Store struct {
	lg      *slog.Logger
	dialect job.Dialect
	w       *bun.DB // on SQLite, the one connection that writes
	r       *bun.DB // on SQLite, connections that only read; else w
	seal    Sealer
	jobs    *job.Inserter
	fetches together
	now     func() time.Time
}

// Open opens the database a spec names, "sqlite:path" or "postgres://…",
// making or updating its tables. seal may be nil when no secret is read or
// written: such a read or write then gives ErrInvalid.
func Open(ctx context.Context, lg *slog.Logger, spec string, seal Sealer) (*Store, error) {
	s := &Store{lg: lg, seal: seal, now: time.Now}
	if err := s.connect(ctx, spec); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	jobs, err := job.NewInserter(s.w.DB, s.dialect)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.jobs = jobs
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error {
	err := s.w.Close()
	if s.r != s.w {
		err = errors.Join(s.r.Close(), err)
	}
	return err
}

// DB is the database as a job.Runner needs it: on SQLite, the one connection
// that writes.
func (s *Store) DB() *sql.DB { return s.w.DB }

// Dialect tells which database this is.
func (s *Store) Dialect() job.Dialect { return s.dialect }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return wrap(s.r.PingContext(ctx), "ping")
}

// write runs f in a transaction, and writes jobs in it.
func (s *Store) write(ctx context.Context, jobs []job.Job, f func(ctx context.Context, tx bun.Tx) error) error {
	return s.w.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := f(ctx, tx); err != nil {
			return err
		}
		return s.jobs.Insert(ctx, tx.Tx, jobs...)
	})
}

// sealed hides a secret; "" stays "".
func (s *Store) sealed(plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	if s.seal == nil {
		return "", fmt.Errorf("no key to seal a secret: %w", veille.ErrInvalid)
	}
	return s.seal.Seal(plain)
}

// opened gives back a secret; "" stays "".
func (s *Store) opened(sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	if s.seal == nil {
		return "", fmt.Errorf("no key to open a secret: %w", veille.ErrInvalid)
	}
	return s.seal.Open(sealed)
}
