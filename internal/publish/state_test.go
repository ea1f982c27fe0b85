package publish

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func noon() time.Time { return time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC) }

func states() []veille.PostState {
	return []veille.PostState{
		veille.PostDraft, veille.PostAwaiting, veille.PostScheduled, veille.PostPublishing,
		veille.PostPublished, veille.PostFailed, veille.PostUnknown, veille.PostHeld,
	}
}

func TestTheTableKnowsEveryStateAndPublishedIsTheEnd(t *testing.T) {
	t.Parallel()
	if len(moves) != len(states()) {
		t.Errorf("the table has %d states, want %d", len(moves), len(states()))
	}
	for _, s := range states() {
		if CanMove(s, s) || CanMove(veille.PostPublished, s) {
			t.Errorf("moves %s → %s or published → %s are allowed", s, s, s)
		}
	}
	if CanMove(veille.PostHeld, veille.PostPublishing) || CanMove(veille.PostUnknown, veille.PostPublishing) {
		t.Error("a held or unknown post goes out without a person giving it an hour")
	}
}

func TestAMoveOutsideTheTableIsRefusedInWordsAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, from := range states() {
		for _, to := range states() {
			if CanMove(from, to) {
				continue
			}
			p := veille.Post{State: from, At: noon(), Title: "t"}
			before := p
			err := Move(&p, to, noon())
			if s, ok := veille.SaysOf(err); !errors.Is(err, veille.ErrConflict) || !ok || s.Key == "" {
				t.Errorf("%s → %s: %v, want a Problem of kind ErrConflict", from, to, err)
			}
			if d := cmp.Diff(before, p); d != "" {
				t.Errorf("%s → %s changed the post: %s", from, to, d)
			}
		}
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	waiting := veille.Say("publish.await_person")
	tests := []struct {
		name string
		p    veille.Post
		to   veille.PostState
		want error
	}{
		{"a draft with an hour is scheduled", veille.Post{State: veille.PostDraft, At: noon().Add(time.Hour)}, veille.PostScheduled, nil},
		{"publish now is scheduled for now", veille.Post{State: veille.PostDraft, At: noon().Truncate(time.Hour)}, veille.PostScheduled, nil},
		{"a draft without an hour is not scheduled", veille.Post{State: veille.PostDraft}, veille.PostScheduled, veille.ErrInvalid},
		{"what was held is not scheduled in the past", veille.Post{State: veille.PostHeld, At: noon().Add(-time.Hour)}, veille.PostScheduled, veille.ErrInvalid},
		{"approval after the hour does not send late", veille.Post{State: veille.PostAwaiting, At: noon().Add(-time.Hour)}, veille.PostScheduled, veille.ErrInvalid},
		{"a post is not sent early", veille.Post{State: veille.PostScheduled, At: noon().Add(time.Second)}, veille.PostPublishing, veille.ErrConflict},
		{"a post due an hour ago is sent", veille.Post{State: veille.PostScheduled, At: noon().Add(-time.Hour)}, veille.PostPublishing, nil},
		{"a post due seven hours ago is not", veille.Post{State: veille.PostScheduled, At: noon().Add(-7 * time.Hour)}, veille.PostPublishing, veille.ErrConflict},
		{"a post being sent is not held", veille.Post{State: veille.PostPublishing, SentAt: noon()}, veille.PostHeld, veille.ErrConflict},
		{"a post about to be sent is not rescheduled", veille.Post{State: veille.PostPublishing, At: noon().Add(time.Hour)}, veille.PostScheduled, veille.ErrConflict},
		{"a post that waits for a person is held", veille.Post{State: veille.PostPublishing, Problem: &waiting}, veille.PostHeld, nil},
		{"a person ticks a post that waited for her", veille.Post{State: veille.PostPublishing, Problem: &waiting}, veille.PostPublished, nil},
		{"a person sends an unknown post again", veille.Post{State: veille.PostUnknown, At: noon(), SentAt: noon()}, veille.PostScheduled, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			from := tt.p.State
			err := Move(&tt.p, tt.to, noon())
			if !errors.Is(err, tt.want) {
				t.Fatalf("Move: %v, want %v", err, tt.want)
			}
			if want := tt.to; err == nil && tt.p.State != want || err != nil && tt.p.State != from {
				t.Errorf("state %s", tt.p.State)
			}
		})
	}
}

func TestAMoveSetsWhatDependsOnTheState(t *testing.T) {
	t.Parallel()
	sent := noon().Add(-time.Minute)
	p := veille.Post{State: veille.PostUnknown, At: noon(), SentAt: sent, Problem: &veille.Sentence{Key: "x"}}
	again := p
	if err := Move(&again, veille.PostScheduled, noon()); err != nil || !again.SentAt.IsZero() || again.Problem != nil {
		t.Errorf("sent again: %+v, %v: the witness and the problem must go", again, err)
	}
	if err := Move(&p, veille.PostPublished, noon()); err != nil || !p.PublishedAt.Equal(sent) {
		t.Errorf("published at %v, %v, want when it was sent", p.PublishedAt, err)
	}
	byHand := veille.Post{State: veille.PostFailed, SentAt: sent}
	if err := Move(&byHand, veille.PostPublished, noon()); err != nil || !byHand.PublishedAt.Equal(noon()) {
		t.Errorf("published by hand at %v, %v, want now", byHand.PublishedAt, err)
	}
	held := veille.Post{State: veille.PostScheduled, At: noon()}
	if err := Hold(&held, LateReason(held), noon()); err != nil || held.Problem == nil || held.Problem.Key != "publish.late" {
		t.Errorf("held: %+v, %v", held, err)
	}
}

func TestStepOf(t *testing.T) {
	t.Parallel()
	waiting, busy := veille.Say("publish.await_person"), veille.Say("publish.busy")
	hour := func(d time.Duration) veille.Post { return veille.Post{State: veille.PostScheduled, At: noon().Add(d)} }
	tried := hour(-time.Hour)
	tried.Problem, tried.Attempts, tried.UpdatedAt = &busy, 3, noon().Add(-3*time.Minute)
	rested := tried
	rested.UpdatedAt = noon().Add(-4 * time.Minute)
	tests := []struct {
		name string
		p    veille.Post
		want Step
	}{
		{"a draft is left alone", veille.Post{State: veille.PostDraft, At: noon()}, StepNone},
		{"a post not yet due is left alone", hour(time.Second), StepNone},
		{"a post due now starts", hour(0), StepStart},
		{"a post due six hours ago still starts", hour(-6 * time.Hour), StepStart},
		{"a later one is held", hour(-6*time.Hour - time.Second), StepHold},
		{"a post that could not be sent waits its pause out", tried, StepNone},
		{"and is then tried again", rested, StepStart},
		{"a post without a witness is sent", veille.Post{State: veille.PostPublishing}, StepSend},
		{"a post with a witness is only looked for", veille.Post{State: veille.PostPublishing, SentAt: noon()}, StepFind},
		{"a post that waits for a person is left alone", veille.Post{State: veille.PostPublishing, Problem: &waiting}, StepNone},
		{"an unknown post is looked for", veille.Post{State: veille.PostUnknown, SentAt: noon()}, StepFind},
		{"a held post is left alone however long due", veille.Post{State: veille.PostHeld, At: noon().Add(-time.Hour)}, StepNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := StepOf(tt.p, noon()); got != tt.want {
				t.Errorf("StepOf = %d, want %d", got, tt.want)
			}
		})
	}
}
