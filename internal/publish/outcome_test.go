package publish

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func sending() veille.Post {
	return veille.Post{State: veille.PostPublishing, At: noon(), SentAt: noon(), Attempts: 1}
}

func TestAfterPublish(t *testing.T) {
	t.Parallel()
	says := veille.Say("wordpress.denied")
	late := sending()
	late.At = noon().Add(-LateAfter + time.Second)
	tests := []struct {
		name    string
		p       veille.Post
		err     error
		want    veille.PostState
		problem string
		again   time.Duration
	}{
		{"no error is published", sending(), nil, veille.PostPublished, "", 0},
		{"a lost answer is unknown and read back", sending(), fmt.Errorf("x: %w", ErrUnknown), veille.PostUnknown, "publish.unknown_reading", 30 * time.Second},
		{"unknown wins over busy", sending(), errors.Join(veille.ErrBusy, ErrUnknown), veille.PostUnknown, "publish.unknown_reading", 30 * time.Second},
		{"an error of no kind is unknown", sending(), context.DeadlineExceeded, veille.PostUnknown, "publish.unknown_reading", 30 * time.Second},
		{"by hand waits for a person", sending(), ErrAwaitPerson, veille.PostPublishing, "publish.await_person", 0},
		{"busy before sending is tried again", sending(), veille.ErrBusy, veille.PostScheduled, "publish.busy", 0},
		{"busy says why when it can", sending(), veille.NewProblem(veille.ErrBusy, says, nil), veille.PostScheduled, says.Key, 0},
		{"busy until late fails", late, veille.NewProblem(veille.ErrBusy, says, nil), veille.PostFailed, says.Key, 0},
		{"a refusal fails with its reason", sending(), veille.NewProblem(veille.ErrDenied, says, nil), veille.PostFailed, says.Key, 0},
		{"a refusal without words still has some", sending(), veille.ErrInvalid, veille.PostFailed, "publish.refused", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := AfterPublish(tt.p, Receipt{RemoteID: "7"}, tt.err)
			check(t, o, tt.want, tt.problem, tt.again)
		})
	}
}

func check(t *testing.T, o Outcome, want veille.PostState, problem string, again time.Duration) {
	t.Helper()
	got := ""
	if o.Problem != nil {
		got = o.Problem.Key
	}
	if o.State != want || got != problem || o.Again != again {
		t.Errorf("outcome %s, %q, %v, want %s, %q, %v", o.State, got, o.Again, want, problem, again)
	}
}

func TestAfterFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		found   bool
		err     error
		since   time.Duration
		want    veille.PostState
		problem string
		again   time.Duration
	}{
		{"found is published", true, nil, time.Second, veille.PostPublished, "", 0},
		{"absent at once is looked for 30 s after the send", false, nil, 5 * time.Second, veille.PostUnknown, "publish.unknown_reading", 25 * time.Second},
		{"absent after 30 s is looked for at two minutes", false, nil, 30 * time.Second, veille.PostUnknown, "publish.unknown_reading", 90 * time.Second},
		{"absent after ten minutes is asked of a person", false, nil, 10 * time.Minute, veille.PostUnknown, "publish.unknown", 0},
		{"absent after a week is never sent again", false, nil, 168 * time.Hour, veille.PostUnknown, "publish.unknown", 0},
		{"unreadable is looked for again", false, veille.ErrBusy, time.Minute, veille.PostUnknown, "publish.unknown_reading", time.Minute},
		{"there but not public is said", false, veille.NewProblem(veille.ErrConflict, veille.Say("k"), nil), time.Hour, veille.PostUnknown, "k", 0},
		{"by hand waits for a person", false, ErrAwaitPerson, time.Hour, veille.PostPublishing, "publish.await_person", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := AfterFind(sending(), Receipt{}, tt.found, tt.err, noon().Add(tt.since))
			check(t, o, tt.want, tt.problem, tt.again)
		})
	}
}

func TestAWitnessIsWrittenOnce(t *testing.T) {
	t.Parallel()
	p := veille.Post{State: veille.PostPublishing}
	if err := Witness(&p, noon()); err != nil || !p.SentAt.Equal(noon()) {
		t.Fatalf("Witness: %+v, %v", p, err)
	}
	if err := Witness(&p, noon()); !errors.Is(err, veille.ErrConflict) {
		t.Errorf("second Witness: %v, want ErrConflict", err)
	}
	for _, s := range states() {
		if other := (veille.Post{State: s}); s != veille.PostPublishing && Witness(&other, noon()) == nil {
			t.Errorf("a post in state %s was witnessed", s)
		}
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	says := veille.Say("publish.busy")
	p := sending()
	if err := (Outcome{State: veille.PostScheduled, Problem: &says}).Apply(&p, noon()); err != nil {
		t.Fatal(err)
	}
	if p.State != veille.PostScheduled || !p.SentAt.IsZero() || p.Problem != &says {
		t.Errorf("not sent: %+v", p)
	}
	p = sending()
	if err := (Outcome{State: veille.PostPublished, Receipt: Receipt{"7", "u"}}).Apply(&p, noon()); err != nil {
		t.Fatal(err)
	}
	if p.RemoteID != "7" || p.RemoteURL != "u" || p.PublishedAt.IsZero() || p.Problem != nil {
		t.Errorf("published: %+v", p)
	}
	p = sending()
	if err := awaiting().Apply(&p, noon()); err != nil || !Waits(p) || !p.SentAt.IsZero() {
		t.Errorf("waits: %+v, %v", p, err)
	}
	p = sending()
	p.State = veille.PostUnknown
	if err := (Outcome{State: veille.PostUnknown, Problem: &says}).Apply(&p, noon()); err != nil || p.SentAt.IsZero() {
		t.Errorf("still unknown: %+v, %v", p, err)
	}
	p.State = veille.PostPublished
	if err := (Outcome{State: veille.PostUnknown}).Apply(&p, noon()); !errors.Is(err, veille.ErrConflict) {
		t.Errorf("what is published stays so: %v", err)
	}
}

func TestPauseGrowsToHalfAnHour(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 6: 30 * time.Minute, 99: 30 * time.Minute} {
		if got := Pause(n); got != want {
			t.Errorf("Pause(%d) = %v, want %v", n, got, want)
		}
	}
}
