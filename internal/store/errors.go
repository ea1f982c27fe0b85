package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"veilleur/internal/veille"
)

// wrap says what was attempted on what, and gives err its kind. wrap(nil) is
// nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: "+format+": %w", append(args, kinded(err))...)
}

// kinded gives a database's error one of the five kinds when it is of one.
func kinded(err error) error {
	if veille.KindOf(err) != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w (%w)", veille.ErrNotFound, err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return kindedSQLite(lite.Code(), err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return kindedPostgres(pg.Code, err)
	}
	var unreachable *pgconn.ConnectError
	if errors.As(err, &unreachable) {
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.unreachable"), err)
	}
	return err
}

func kindedSQLite(code int, err error) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w (%w)", veille.ErrConflict, err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w (%w)", veille.ErrInvalid, err)
	}
	switch code & 0xff { // the primary code, without its detail
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY:
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.full"), err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.busy"), err)
	}
	return err
}

// kindedPostgres reads SQLSTATE.
// Source: PostgreSQL documentation, Appendix A, Error Codes.
func kindedPostgres(code string, err error) error {
	switch code {
	case "23505": // unique_violation
		return fmt.Errorf("%w (%w)", veille.ErrConflict, err)
	case "23503": // foreign_key_violation
		return fmt.Errorf("%w (%w)", veille.ErrInvalid, err)
	case "53100", "25006": // disk_full, read_only_sql_transaction
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.full"), err)
	case "40001", "40P01", "55P03": // serialization_failure, deadlock_detected, lock_not_available
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.busy"), err)
	case "53300", "57P01", "57P02", "57P03": // too_many_connections, shutting down or starting up
		return veille.NewProblem(veille.ErrBusy, veille.Say("store.unreachable"), err)
	}
	return err
}

// says gives err a sentence of ours when it is of a kind, and leaves it alone
// otherwise.
func says(err, kind error, key string) error {
	if errors.Is(err, kind) {
		return veille.NewProblem(kind, veille.Say(key), err)
	}
	return err
}
