package publish

import (
	"time"

	"veilleur/internal/veille"
)

// LateAfter is how long after its hour a post may still go out by itself.
// After an outage shorter than that, what was due is sent at once; after a
// longer one it is held with the reason, and a person gives it a new hour:
// a good morning said in the evening is worse than one not said.
const LateAfter = 6 * time.Hour

// Late tells whether p was due more than LateAfter ago. A post without an
// hour is never late.
func Late(p veille.Post, now time.Time) bool {
	return !p.At.IsZero() && now.Sub(p.At) > LateAfter
}

// LateReason says why a late post is held.
func LateReason(p veille.Post) veille.Sentence {
	return veille.Say("publish.late", "due_at", wallOf(p))
}

// wallOf gives the hour of p in its own zone, as RFC 3339.
func wallOf(p veille.Post) string {
	at := p.At
	if loc, err := zoneOf(p.Zone); err == nil {
		at = at.In(loc)
	}
	return at.Format(time.RFC3339)
}

// Pause is how long to wait before the n-th new try, n from 1: one minute,
// doubling to half an hour.
func Pause(n int) time.Duration {
	const longest = 30 * time.Minute
	if n > 5 {
		return longest
	}
	return min(longest, time.Minute<<max(0, n-1))
}

// A Step is what is to be done next with a post, by a program.
type Step int

// The steps.
const (
	StepNone  Step = iota // nothing: not due, waiting for a person, or at its end
	StepStart             // move it to publishing, with its job
	StepHold              // hold it: it is late
	StepSend              // in the job: write the witness, then Publish
	StepFind              // in the job: the witness is there, so only look
)

// StepOf says what is next for p. A scheduled post that could not be sent
// waits its Pause out, counted from the last try.
func StepOf(p veille.Post, now time.Time) Step {
	switch {
	case Waits(p):
		return StepNone
	case p.State == veille.PostPublishing && p.SentAt.IsZero():
		return StepSend
	case p.State == veille.PostPublishing, p.State == veille.PostUnknown:
		return StepFind
	case p.State != veille.PostScheduled || p.At.IsZero() || now.Before(p.At):
		return StepNone
	case Late(p, now):
		return StepHold
	case p.Problem != nil && p.Attempts > 0 && now.Before(p.UpdatedAt.Add(Pause(p.Attempts))):
		return StepNone
	}
	return StepStart
}
