package job

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A Handler brings about one job. It may run more than once for one job, so it
// must look first whether the effect is there. An error is retried with a
// growing wait (1 s, 16 s, 81 s… the fourth power of the attempt), unless it
// comes from Permanent or After.
type Handler func(ctx context.Context, a Attempt) error

// Config sets a Runner. Its zero value is usable.
type Config struct {
	Workers int // jobs run at once. Optional; 0 means 8
	// Timeout ends the context of one attempt. It is always finite: River never
	// rescues a job without one. Optional; 0 means 1 minute.
	Timeout time.Duration
	// Rescue is the age at which a running job is taken to be lost with its
	// process and tried again. Optional; 0 means Timeout plus 30 s, and it is
	// never less than Timeout.
	Rescue time.Duration
	// Poll is the pause between two looks for new jobs. Optional; 0 means
	// 500 ms.
	Poll time.Duration
	// Single says that no other process runs jobs on this database. On SQLite
	// the leadership of a killed predecessor then ends at start instead of 30 s
	// later, and the jobs it was running are tried again at once instead of
	// after Rescue. Optional.
	Single bool
}

// A Runner takes jobs from the database and runs them.
type Runner struct {
	lg     *slog.Logger
	client *river.Client[*sql.Tx]
	db     *sql.DB
	clear  bool // take over at start what a killed predecessor left
}

const softStop = 10 * time.Second

// NewRunner makes a Runner that gives each job to the handler of its kind. A
// job of a kind without a handler fails, and is retried, as any other.
func NewRunner(lg *slog.Logger, db *sql.DB, d Dialect, handlers map[string]Handler, c Config) (*Runner, error) {
	drv, err := driver(db, d)
	if err != nil {
		return nil, err
	}
	timeout := cmp.Or(max(c.Timeout, 0), time.Minute)
	rescue := max(cmp.Or(c.Rescue, timeout+30*time.Second), timeout)
	poll := cmp.Or(max(c.Poll, 0), 500*time.Millisecond)
	workers := river.NewWorkers()
	for kind, h := range handlers {
		river.AddWorkerArgs(workers, payload{kind: kind}, &worker{lg: lg, handler: h, now: time.Now})
	}
	client, err := river.NewClient(drv, &river.Config{
		Logger:                      slog.New(atLeast{lg.Handler(), slog.LevelWarn}),
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(c.Workers, 8)}},
		Workers:                     workers,
		ErrorHandler:                &reporter{lg: lg},
		JobTimeout:                  timeout,
		RescueStuckJobsAfter:        rescue,
		FetchPollInterval:           poll,
		FetchCooldown:               min(poll, 100*time.Millisecond),
		PollOnly:                    true,
		SoftStopTimeout:             softStop,
		CompletedJobRetentionPeriod: 7 * 24 * time.Hour,
		CancelledJobRetentionPeriod: 30 * 24 * time.Hour,
		DiscardedJobRetentionPeriod: 30 * 24 * time.Hour,
	})
	if err != nil {
		return nil, fmt.Errorf("job: runner: %w", err)
	}
	return &Runner{lg: lg, client: client, db: db, clear: c.Single && d == SQLite}, nil
}

// Run runs jobs until ctx ends, then lets those begun finish for at most 10 s,
// and returns once all is stopped. It returns an error only when it could not
// start.
func (r *Runner) Run(ctx context.Context) error {
	if r.clear {
		for _, left := range []string{
			`DELETE FROM river_leader`,
			`UPDATE river_job SET state = 'available' WHERE state = 'running'`,
		} {
			if _, err := r.db.ExecContext(ctx, left); err != nil {
				return fmt.Errorf("job: take over from a stopped process: %w", err)
			}
		}
	}
	if err := r.client.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("job: start: %w", err)
	}
	<-r.client.Stopped()
	return nil
}

// worker runs the jobs of one kind.
type worker struct {
	river.WorkerDefaults[payload]
	lg      *slog.Logger
	handler Handler
	now     func() time.Time
	again   sync.Map // job id → time.Time asked for by After
}

// Work gives one attempt to the handler.
func (w *worker) Work(ctx context.Context, j *river.Job[payload]) error {
	err := w.handler(ctx, Attempt{
		Kind:      j.Kind,
		Key:       j.Args.Key,
		Args:      j.Args.Args,
		Number:    j.Attempt,
		Last:      j.Attempt >= j.MaxAttempts,
		CreatedAt: j.CreatedAt,
	})
	if isPermanent(err) {
		w.lg.Warn("job given up", "kind", j.Kind, "key", j.Args.Key, "attempt", j.Attempt, "err", err)
		return river.JobCancel(err)
	}
	if wait, ok := waitOf(err); ok && j.Attempt < j.MaxAttempts {
		w.again.Store(j.ID, w.now().Add(wait))
	}
	return err
}

// NextRetry gives the time asked for by After; zero means the usual backoff.
func (w *worker) NextRetry(j *river.Job[payload]) time.Time {
	at, ok := w.again.LoadAndDelete(j.ID)
	if !ok {
		return time.Time{}
	}
	// River refuses a time already past and would fall back on its backoff.
	if now := w.now().Add(time.Millisecond); at.(time.Time).Before(now) {
		return now.Add(time.Millisecond)
	}
	return at.(time.Time)
}

// reporter logs failed attempts. It satisfies river.ErrorHandler.
type reporter struct{ lg *slog.Logger }

// HandleError logs an error that will be retried, or the last one.
func (r *reporter) HandleError(ctx context.Context, j *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	lg := r.lg.With("kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "err", err)
	if j.Attempt >= j.MaxAttempts {
		lg.ErrorContext(ctx, "job given up")
	} else {
		lg.WarnContext(ctx, "job will be retried")
	}
	return nil
}

// HandlePanic logs a fault of ours; the job is retried like any other.
func (r *reporter) HandlePanic(ctx context.Context, j *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	r.lg.Log(ctx, slog.LevelError, "job panicked", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt,
		"err", fmt.Sprint(v), "trace", trace)
	return nil
}

// atLeast drops records below a level, so that River's own account of starting
// and stopping does not drown ours.
type atLeast struct {
	slog.Handler
	min slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.min && h.Handler.Enabled(ctx, l)
}

func (h atLeast) WithAttrs(as []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(as), h.min}
}

func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.min}
}
