package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// openSQLite opens a new database with River's tables.
func openSQLite(t *testing.T) *sql.DB {
	t.Helper()
	dsn := "file:" + filepath.Join(t.TempDir(), "job.db") +
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if err := Migrate(t.Context(), db, SQLite); err != nil {
		t.Fatal(err)
	}
	return db
}

// insert writes jobs in a transaction of their own.
func insert(t *testing.T, db *sql.DB, jobs ...Job) {
	t.Helper()
	ins, err := NewInserter(db, SQLite)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := ins.Insert(t.Context(), tx, jobs...); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// start runs jobs in the background until the test ends or stop is called,
// which waits.
func start(t *testing.T, db *sql.DB, c Config, handlers map[string]Handler) (stop func()) {
	t.Helper()
	c.Poll = 20 * time.Millisecond
	r, err := NewRunner(slog.New(slog.DiscardHandler), db, SQLite, handlers, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// next waits for the next value, and fails the test when none comes.
func next[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came within 20 s")
		panic("unreachable")
	}
}

// stateOf waits until the only job is in one of the final states.
func stateOf(t *testing.T, db *sql.DB) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		var state string
		if err := db.QueryRow(`SELECT state FROM river_job`).Scan(&state); err != nil {
			t.Fatal(err)
		}
		switch state {
		case "completed", "cancelled", "discarded":
			return state
		}
		<-tick.C
	}
	t.Fatal("the job did not end within 10 s")
	return ""
}

func TestAJobRunsOnceWithItsArgs(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: KindMail, Key: "k1", Args: map[string]string{"to": "a@example.org"}})
	got := make(chan Attempt, 4)
	stop := start(t, db, Config{}, map[string]Handler{KindMail: func(_ context.Context, a Attempt) error {
		got <- a
		return nil
	}})
	a := next(t, got)
	if a.Kind != KindMail || a.Key != "k1" || string(a.Args) != `{"to":"a@example.org"}` || a.Number != 1 || a.Last {
		t.Errorf("attempt = %+v, args %s", a, a.Args)
	}
	if d := time.Since(a.CreatedAt); d < 0 || d > time.Minute {
		t.Errorf("created %v ago", d)
	}
	if s := stateOf(t, db); s != "completed" {
		t.Errorf("state = %s", s)
	}
	stop()
	if len(got) != 0 {
		t.Error("the job ran twice")
	}
}

func TestKindAndKeyAreUniqueEvenAfterTheEnd(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	ran := make(chan string, 10)
	h := func(_ context.Context, a Attempt) error { ran <- a.Kind + a.Key; return nil }
	insert(t, db, Job{Kind: "mail", Key: "a"}, Job{Kind: "mail", Key: "a"})
	start(t, db, Config{}, map[string]Handler{"mail": h, "remind": h})
	if got := next(t, ran); got != "maila" {
		t.Fatal(got)
	}
	stateOf(t, db)
	insert(t, db, Job{Kind: "mail", Key: "a"}, Job{Kind: "remind", Key: "a"})
	if got := next(t, ran); got != "reminda" {
		t.Errorf("ran %s, want only the other kind", got)
	}
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM river_job`).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d jobs, %v", n, err)
	}
}

func TestARolledBackJobDoesNotExist(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	ins, err := NewInserter(db, SQLite)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ins.Insert(t.Context(), tx, Job{Kind: "mail", Key: "a"}); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM river_job`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d jobs, %v", n, err)
	}
}

func TestAnErrorIsRetriedWithBackoff(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "a", MaxAttempts: 2})
	got := make(chan Attempt, 4)
	began := time.Now()
	start(t, db, Config{}, map[string]Handler{"mail": func(_ context.Context, a Attempt) error {
		got <- a
		return errors.New("no answer")
	}})
	next(t, got)
	a := next(t, got)
	if a.Number != 2 || !a.Last {
		t.Errorf("attempt %d, last %v", a.Number, a.Last)
	}
	if d := time.Since(began); d < 500*time.Millisecond {
		t.Errorf("retried after %v, want about 1 s", d)
	}
	if s := stateOf(t, db); s != "discarded" {
		t.Errorf("state = %s", s)
	}
}

func TestAPermanentErrorEndsTheJob(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "a"})
	ran := make(chan int, 4)
	start(t, db, Config{}, map[string]Handler{"mail": func(_ context.Context, a Attempt) error {
		ran <- a.Number
		return fmt.Errorf("mail: %w", Permanent(errors.New("refused")))
	}})
	next(t, ran)
	if s := stateOf(t, db); s != "cancelled" {
		t.Errorf("state = %s", s)
	}
}

func TestAfterSetsTheWaitAndCountsAsAnAttempt(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "a"})
	type seen struct {
		at time.Time
		n  int
	}
	got := make(chan seen, 4)
	start(t, db, Config{}, map[string]Handler{"mail": func(_ context.Context, a Attempt) error {
		got <- seen{time.Now(), a.Number}
		if a.Number < 3 {
			return After(time.Duration(a.Number-1)*300*time.Millisecond, errors.New("later"))
		}
		return nil
	}})
	first, second, third := next(t, got), next(t, got), next(t, got)
	if second.n != 2 || third.n != 3 {
		t.Errorf("attempts %d, %d, want 2, 3", second.n, third.n)
	}
	if d := second.at.Sub(first.at); d > 800*time.Millisecond {
		t.Errorf("After(0) waited %v", d)
	}
	if d := third.at.Sub(second.at); d < 290*time.Millisecond || d > 5*time.Second {
		t.Errorf("After(300ms) waited %v", d)
	}
}

func TestAJobInTheFutureWaits(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "later", At: time.Now().Add(time.Hour)}, Job{Kind: "mail", Key: "now"})
	ran := make(chan string, 4)
	stop := start(t, db, Config{}, map[string]Handler{"mail": func(_ context.Context, a Attempt) error {
		ran <- a.Key
		return nil
	}})
	if k := next(t, ran); k != "now" {
		t.Errorf("ran %s", k)
	}
	stop()
	if len(ran) != 0 {
		t.Errorf("ran %s", <-ran)
	}
}

// A process killed while it worked leaves a running job and its leadership.
func TestAJobWhoseProcessDiedIsRescued(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "a"})
	past := time.Now().UTC().Add(-time.Hour).Format("2006-01-02 15:04:05.000")
	future := time.Now().UTC().Add(time.Hour).Format("2006-01-02 15:04:05.000")
	for _, q := range []string{
		`UPDATE river_job SET state = 'running', attempt = 1, attempted_at = '` + past + `', attempted_by = jsonb('["dead"]')`,
		`INSERT INTO river_leader (name, leader_id, elected_at, expires_at) VALUES ('default', 'dead', '` + past + `', '` + future + `')`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	ran := make(chan Attempt, 4)
	start(t, db, Config{Timeout: time.Second, Rescue: 2 * time.Second, Single: true},
		map[string]Handler{"mail": func(_ context.Context, a Attempt) error { ran <- a; return nil }})
	if a := next(t, ran); a.Number != 2 {
		t.Errorf("attempt %d, want 2", a.Number)
	}
}

func TestStoppingLetsAJobFinishAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	db := openSQLite(t)
	insert(t, db, Job{Kind: "mail", Key: "a"})
	begun, finish := make(chan bool), make(chan bool)
	stop := start(t, db, Config{}, map[string]Handler{"mail": func(ctx context.Context, a Attempt) error {
		begun <- true
		<-finish
		return ctx.Err()
	}})
	next(t, begun)
	go func() { finish <- true }()
	stop()
	if s := stateOf(t, db); s != "completed" {
		t.Errorf("state = %s", s)
	}
}

func TestPermanentAndAfterOfNilAreNil(t *testing.T) {
	t.Parallel()
	if Permanent(nil) != nil || After(time.Second, nil) != nil {
		t.Error("an error was made of nothing")
	}
	cause := errors.New("x")
	if !errors.Is(Permanent(cause), cause) || !errors.Is(After(0, cause), cause) {
		t.Error("the cause is lost")
	}
}
