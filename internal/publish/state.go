package publish

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// moves is the one table of allowed moves. What each means:
//
//	draft      → awaiting    she asks for approval
//	draft      → scheduled   she schedules it
//	awaiting   → scheduled   approved;  → draft: sent back
//	scheduled  → publishing  its hour has come; the job is written with it
//	scheduled  → draft       taken off the calendar
//	scheduled  → awaiting    changed after approval
//	scheduled  → held        by a person, an incident, or because it is late
//	publishing → published   the network said so, it was found, or a person ticked it
//	publishing → failed      refused, with the reason in words
//	publishing → unknown     sent, answer lost
//	publishing → scheduled   nothing was sent (only an Outcome can know), or it
//	                         waits for a person (see Waits), who wants it later
//	publishing → held        only while it waits for a person
//	unknown    → published   found by reading back, or a person says it is there
//	unknown    → scheduled   a person says it is not, and sends it again
//	unknown    → draft, failed: a person says it is not, and takes it back or leaves it
//	failed     → scheduled, draft; → published: she posted it by hand
//	held       → scheduled, draft
//
// Published is the end.
var moves = map[veille.PostState][]veille.PostState{
	veille.PostDraft:      {veille.PostAwaiting, veille.PostScheduled},
	veille.PostAwaiting:   {veille.PostDraft, veille.PostScheduled},
	veille.PostScheduled:  {veille.PostDraft, veille.PostAwaiting, veille.PostPublishing, veille.PostHeld},
	veille.PostPublishing: {veille.PostPublished, veille.PostScheduled, veille.PostFailed, veille.PostUnknown, veille.PostHeld},
	veille.PostUnknown:    {veille.PostPublished, veille.PostScheduled, veille.PostDraft, veille.PostFailed},
	veille.PostFailed:     {veille.PostScheduled, veille.PostDraft, veille.PostPublished},
	veille.PostHeld:       {veille.PostScheduled, veille.PostDraft},
	veille.PostPublished:  nil,
}

// PastSlack is how long before now a post may be due when it is scheduled:
// time enough to fill in a form that says "now".
const PastSlack = 5 * time.Minute

// CanMove tells whether the table allows a move. Move may still refuse it for
// what else the post says, such as its hour.
func CanMove(from, to veille.PostState) bool {
	return slices.Contains(moves[from], to)
}

// Move moves p to another state, and sets or clears the fields that depend on
// it. It is the only function that changes Post.State.
//
// It returns a Problem: ErrConflict when the table has no such move, when the
// post is not yet due, or is late, or its request may be on its way and it may
// not be taken back; ErrInvalid when it is to be scheduled without an hour or
// in the past, so that nothing once held or late goes out late by itself. p is
// then unchanged.
func Move(p *veille.Post, to veille.PostState, now time.Time) error {
	if !CanMove(p.State, to) {
		return veille.NewProblem(veille.ErrConflict, refusal(p.State), nil)
	}
	if err := allowed(p, to, now); err != nil {
		return err
	}
	change(p, to, now)
	return nil
}

// change makes a move that was allowed.
func change(p *veille.Post, to veille.PostState, now time.Time) {
	from, sentAt := p.State, p.SentAt
	p.State, p.UpdatedAt, p.Problem = to, now, nil
	switch to {
	case veille.PostPublished:
		p.PublishedAt = now
		if from != veille.PostFailed && !sentAt.IsZero() {
			p.PublishedAt = sentAt
		}
	case veille.PostUnknown, veille.PostFailed:
	default:
		p.SentAt = time.Time{}
	}
}

// Hold moves a scheduled post to held and says why. The reason is the post's
// Problem until it is moved on. Errors are those of Move.
func Hold(p *veille.Post, why veille.Sentence, now time.Time) error {
	if err := Move(p, veille.PostHeld, now); err != nil {
		return err
	}
	p.Problem = &why
	return nil
}

// allowed checks what the table cannot see.
func allowed(p *veille.Post, to veille.PostState, now time.Time) error {
	says, kind := veille.Sentence{}, veille.ErrConflict
	back := to == veille.PostScheduled || to == veille.PostHeld
	switch {
	case back && p.State == veille.PostPublishing && !Waits(*p):
		says = refusal(veille.PostPublishing)
	case to == veille.PostScheduled && p.At.IsZero():
		says, kind = veille.Say("publish.no_time"), veille.ErrInvalid
	case to == veille.PostScheduled && p.At.Before(now.Add(-PastSlack)):
		says, kind = veille.Say("publish.past"), veille.ErrInvalid
	case to == veille.PostPublishing && now.Before(p.At):
		says = veille.Say("publish.early", "due_at", wallOf(*p))
	case to == veille.PostPublishing && Late(*p, now):
		says = LateReason(*p)
	}
	if says.Key == "" {
		return nil
	}
	return veille.NewProblem(kind, says, nil)
}

// refusal says why a post in a state cannot be moved as asked, and what can
// be done with it instead.
func refusal(from veille.PostState) veille.Sentence {
	switch from {
	case veille.PostDraft:
		return veille.Say("publish.from_draft")
	case veille.PostAwaiting:
		return veille.Say("publish.from_awaiting")
	case veille.PostScheduled:
		return veille.Say("publish.from_scheduled")
	case veille.PostPublishing:
		return veille.Say("publish.from_publishing")
	case veille.PostUnknown:
		return veille.Say("publish.from_unknown")
	case veille.PostFailed:
		return veille.Say("publish.from_failed")
	case veille.PostHeld:
		return veille.Say("publish.from_held")
	}
	return veille.Say("publish.from_published")
}
