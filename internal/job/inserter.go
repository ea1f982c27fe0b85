package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// driver gives River's driver for a database.
func driver(db *sql.DB, d Dialect) (riverdriver.Driver[*sql.Tx], error) {
	switch d {
	case SQLite:
		return riversqlite.New(db), nil
	case Postgres:
		return riverdatabasesql.New(db), nil
	}
	return nil, fmt.Errorf("job: unknown dialect %q", d)
}

// Migrate makes or updates River's tables. It is a no-op when they are up to
// date.
func Migrate(ctx context.Context, db *sql.DB, d Dialect) error {
	drv, err := driver(db, d)
	if err != nil {
		return err
	}
	m, err := rivermigrate.New(drv, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("job: migrate: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("job: migrate: %w", err)
	}
	return nil
}

// payload is a Job as River stores it. Its kind stands in a column of its own.
type payload struct {
	kind string
	Key  string          `json:"key" river:"unique"`
	Args json.RawMessage `json:"args"`
}

// Kind satisfies river.JobArgs.
func (p payload) Kind() string { return p.kind }

// uniqueEver are the states in which a job forbids another of its kind and
// key: all of them, so that an effect given up is not begun again by accident.
func uniqueEver() []rivertype.JobState {
	return rivertype.JobStates()
}

// An Inserter writes jobs.
type Inserter struct {
	client *river.Client[*sql.Tx]
}

// NewInserter makes an Inserter for a database on which Migrate has run.
func NewInserter(db *sql.DB, d Dialect) (*Inserter, error) {
	drv, err := driver(db, d)
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(drv, &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("job: inserter: %w", err)
	}
	return &Inserter{client: client}, nil
}

// Insert writes jobs in tx: they exist once it commits, and never otherwise.
// A job whose kind and key are known already is left out, silently.
func (i *Inserter) Insert(ctx context.Context, tx *sql.Tx, jobs ...Job) error {
	if len(jobs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, 0, len(jobs))
	seen := make(map[[2]string]bool, len(jobs)) // River refuses a batch that repeats itself
	for _, j := range jobs {
		if seen[[2]string{j.Kind, j.Key}] {
			continue
		}
		seen[[2]string{j.Kind, j.Key}] = true
		args, err := json.Marshal(j.Args)
		if err != nil {
			return fmt.Errorf("job: %s %s: args: %w", j.Kind, j.Key, err)
		}
		params = append(params, river.InsertManyParams{
			Args: payload{kind: j.Kind, Key: j.Key, Args: args},
			InsertOpts: &river.InsertOpts{
				MaxAttempts: j.MaxAttempts,
				ScheduledAt: j.At,
				UniqueOpts:  river.UniqueOpts{ByArgs: true, ByState: uniqueEver()},
			},
		})
	}
	if _, err := i.client.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("job: insert %d, first %s %s: %w", len(jobs), jobs[0].Kind, jobs[0].Key, err)
	}
	return nil
}
