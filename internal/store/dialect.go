package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The most connections held at once.
const (
	sqliteReaders = 6
	pgConns       = 16
)

// connect opens the pools a spec names.
func (s *Store) connect(ctx context.Context, spec string) error {
	if path, ok := strings.CutPrefix(spec, "sqlite:"); ok {
		return s.connectSQLite(ctx, path)
	}
	if strings.HasPrefix(spec, "postgres://") || strings.HasPrefix(spec, "postgresql://") {
		return s.connectPostgres(ctx, spec)
	}
	return veille.NewProblem(veille.ErrInvalid, veille.Say("store.spec"),
		errors.New(`store: open: want "sqlite:path" or "postgres://…"`))
}

// connectSQLite opens one connection that writes and several that read.
//
// WAL lets readers go on while one writes. synchronous=FULL makes a commit
// reach the disk before it returns: with NORMAL a power cut could undo the
// move of a post to "publishing" after it was sent, and it would be sent again.
// Writing transactions take the lock at once (immediate), so that two processes
// queue for it instead of failing in the middle. The caches are 16 MB to write
// and 4 MB for each reader: the system keeps the file's pages anyway.
func (s *Store) connectSQLite(ctx context.Context, path string) error {
	if path == "" {
		return fmt.Errorf("store: open sqlite: no path: %w", veille.ErrInvalid)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("store: open sqlite: %w", err)
	}
	common := "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(2)"
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	w, err := sql.Open("sqlite", file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16384)&"+common)
	if err != nil {
		return fmt.Errorf("store: open sqlite: %w", err)
	}
	w.SetMaxOpenConns(1)
	r, err := sql.Open("sqlite", file+"?mode=ro&_pragma=query_only(1)&_pragma=cache_size(-4096)&"+common)
	if err != nil {
		return errors.Join(fmt.Errorf("store: open sqlite: %w", err), w.Close())
	}
	r.SetMaxOpenConns(sqliteReaders)
	r.SetMaxIdleConns(sqliteReaders)
	s.dialect = job.SQLite
	s.w = bun.NewDB(w, noNUL{sqlitedialect.New()})
	s.r = bun.NewDB(r, noNUL{sqlitedialect.New()})
	// The writer makes the file; readers may not.
	if err := w.PingContext(ctx); err != nil {
		return errors.Join(wrap(err, "open sqlite"), s.Close())
	}
	return nil
}

func (s *Store) connectPostgres(ctx context.Context, spec string) error {
	db, err := sql.Open("pgx", spec)
	if err != nil {
		return fmt.Errorf("store: open postgres: %w", err)
	}
	db.SetMaxOpenConns(pgConns)
	db.SetMaxIdleConns(pgConns)
	s.dialect = job.Postgres
	s.w = bun.NewDB(db, noNUL{pgdialect.New()})
	s.r = s.w
	if err := db.PingContext(ctx); err != nil {
		return errors.Join(wrap(err, "open postgres"), s.Close())
	}
	return nil
}

// migrationLock is the advisory lock held while migrating PostgreSQL, so that
// two processes starting together do it one after the other.
const migrationLock = 0x7665696c

// migrate makes or updates the tables, one process at a time.
func (s *Store) migrate(ctx context.Context) error {
	if s.dialect == job.SQLite {
		// Another process may do the same step at the same moment: its work is
		// there at the next look, and each look is a step further.
		steps, err := fs.Glob(migrations, "migrations/*.sql")
		for range len(steps) + 1 {
			if err = s.migrateAlone(ctx, goose.DialectSQLite3); err == nil || ctx.Err() != nil {
				return err
			}
		}
		return err
	}
	conn, err := s.w.DB.Conn(ctx)
	if err != nil {
		return wrap(err, "migrate")
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return wrap(err, "migrate")
	}
	err = s.migrateAlone(ctx, goose.DialectPostgres)
	_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrationLock)
	return errors.Join(err, wrap(unlocked, "migrate"))
}

// migrateAlone makes or updates our tables, then River's.
func (s *Store) migrateAlone(ctx context.Context, dialect goose.Dialect) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	p, err := goose.NewProvider(dialect, s.w.DB, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return wrap(err, "migrate")
	}
	return wrap(job.Migrate(ctx, s.w.DB, s.dialect), "migrate")
}

// noNUL is a dialect that drops NUL bytes from every text, since PostgreSQL
// refuses them and they end a statement of SQLite.
type noNUL struct{ schema.Dialect }

// AppendString writes s as a literal.
func (d noNUL) AppendString(b []byte, s string) []byte {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return d.Dialect.AppendString(b, s)
}

// skipLocked ends a sub-query that picks rows to update, so that two processes
// pick different ones. SQLite has one writer and needs nothing.
func (s *Store) skipLocked() bun.Safe {
	if s.dialect == job.Postgres {
		return "FOR UPDATE SKIP LOCKED"
	}
	return ""
}
