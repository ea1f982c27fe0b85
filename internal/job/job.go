// Package job runs effects on the world (a webhook, a mail, a post) at least
// once each, with retries, from the database they were decided in.
//
// A Job is written by an Inserter inside the transaction that decides it: when
// that transaction is rolled back, there is no job. A Runner then takes jobs
// one by one and gives each to the Handler of its kind. Derived data must be
// replayable and uses cursors instead; effects must never be replayed, so each
// job carries the id of what caused it as its key.
//
// It stores its rows in the tables of River (river_job, river_leader,
// river_queue…), which Migrate makes. It sends nothing by itself. River stands
// on both databases through database/sql and polls, so that every decision can
// use one *sql.Tx, whatever the database.
package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Dialect is the kind of database jobs are kept in.
type Dialect string

// The databases known.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// The kinds of job, and what their keys are made of.
const (
	KindWebhook  = "webhook"  // deliver one Delivery; key: its id
	KindDigest   = "digest"   // send one morning mail; key: user:day
	KindPublish  = "publish"  // send one post; key: post:attempt
	KindRemind   = "remind"   // remind by mail of a manual post; key: post:time
	KindBackfill = "backfill" // match the archive to a changed topic; key: topic:updated, in Unix seconds
	KindMail     = "mail"     // send one mail; key: what caused it
)

// A Job is one effect to bring about. Kind and Key together are unique for as
// long as the job is remembered, at least seven days after it ended: writing
// one again does nothing.
type Job struct {
	Kind        string    // Required
	Key         string    // Required; the id of what caused it
	Args        any       // what the Handler needs, as JSON. Optional
	At          time.Time // not before it. Optional; zero means now
	MaxAttempts int       // Optional; 0 means 25
}

// An Attempt is one try at a Job, as its Handler sees it.
type Attempt struct {
	Kind      string
	Key       string
	Args      json.RawMessage // "null" when the job has none
	Number    int             // from 1
	Last      bool            // an error now ends the job for good
	CreatedAt time.Time       // when the job was written
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// Permanent marks err as one no retry can mend: the job ends with it.
// Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type afterError struct {
	wait time.Duration
	err  error
}

func (e *afterError) Error() string { return fmt.Sprintf("%v (again in %v)", e.err, e.wait) }
func (e *afterError) Unwrap() error { return e.err }

// After asks that the job be tried again d from now instead of after the usual
// backoff. The try counts as an attempt. After(d, nil) is nil.
func After(d time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return &afterError{max(d, 0), err}
}

// isPermanent tells whether err came from Permanent.
func isPermanent(err error) bool {
	var p *permanentError
	return errors.As(err, &p)
}

// waitOf gives the wait asked for by After, and whether there is one.
func waitOf(err error) (time.Duration, bool) {
	var a *afterError
	if errors.As(err, &a) {
		return a.wait, true
	}
	return 0, false
}
