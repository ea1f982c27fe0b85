package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veilleur/internal/veille"
)

// Send calls n.Publish once for p, whose witness is stored, and settles the
// answer. Give ctx a deadline earlier than the time after which another worker
// may take the job over.
func Send(ctx context.Context, n Network, ch veille.Channel, p veille.Post, open Opener) Outcome {
	r, err := n.Publish(ctx, ch, p, open)
	return AfterPublish(p, r, err)
}

// Reconcile looks for p, which is publishing with an old witness, or unknown,
// and settles what it sees. It never sends.
func Reconcile(ctx context.Context, n Network, ch veille.Channel, p veille.Post, now time.Time) Outcome {
	r, found, err := n.Find(ctx, ch, p)
	return AfterFind(p, r, found, err, now)
}

// Witness marks p as being sent since now. It must be stored before Publish is called. It returns ErrConflict when p is
// not being published, or was witnessed before: then only Find may be called.
func Witness(p *veille.Post, now time.Time) error {
	if StepOf(*p, now) != StepSend {
		return fmt.Errorf("publish: witness of post %s in state %s: %w", p.ID, p.State, veille.ErrConflict)
	}
	p.SentAt, p.UpdatedAt, p.Problem = now, now, nil
	return nil
}

// Waits tells whether p waits for a person to publish it by hand and tick it.
// No job sends such a post, so it may be held, where any other post that is
// being published may not: its request may be on its way.
func Waits(p veille.Post) bool {
	return p.State == veille.PostPublishing && p.Problem != nil && p.Problem.Key == awaitKey
}

const awaitKey = "publish.await_person"

// An Outcome is what the answer of a network makes of a post. Apply writes it
// into the post; nothing else should.
type Outcome struct {
	State   veille.PostState // scheduled: nothing went out, to be tried again; publishing: a person must do it
	Receipt Receipt          // of a published post
	Problem *veille.Sentence // nil when all is well
	Again   time.Duration    // of an unknown post: when to Reconcile again; 0 means that a person is asked
}

// AfterPublish settles what Publish returned for p, whose witness is stored.
// This is the whole mapping:
//
//	nil             published
//	ErrUnknown      unknown, to be read back
//	ErrAwaitPerson  publishing still, waiting for a person (see Waits)
//	ErrBusy         scheduled, to be tried again; failed when that would be late
//	other kinds     failed, with the Problem's sentence
//	anything else   unknown
func AfterPublish(p veille.Post, r Receipt, err error) Outcome {
	switch {
	case err == nil:
		return Outcome{State: veille.PostPublished, Receipt: r}
	case errors.Is(err, ErrAwaitPerson):
		return awaiting()
	case errors.Is(err, ErrUnknown), veille.KindOf(err) == nil:
		return unknown(p, p.SentAt)
	case errors.Is(err, veille.ErrBusy) && !Late(p, p.SentAt.Add(Pause(p.Attempts))):
		return Outcome{State: veille.PostScheduled, Problem: says(err, veille.Say("publish.busy"))}
	}
	return Outcome{State: veille.PostFailed, Problem: says(err, veille.Say("publish.refused"))}
}

// AfterFind settles what Find returned for p, which is publishing with an old
// witness, or unknown. What is not found stays unknown: it is never sent again
// by itself.
func AfterFind(p veille.Post, r Receipt, found bool, err error, now time.Time) Outcome {
	switch {
	case errors.Is(err, ErrAwaitPerson):
		return awaiting()
	case err == nil && found:
		return Outcome{State: veille.PostPublished, Receipt: r}
	}
	o := unknown(p, now)
	if errors.Is(err, veille.ErrConflict) {
		o.Problem = says(err, *o.Problem)
	}
	return o
}

func awaiting() Outcome {
	s := veille.Say("publish.await_person")
	return Outcome{State: veille.PostPublishing, Problem: &s}
}

// ReadBack are the times after the send at which an unknown post is looked
// for. After the last a person is asked.
func ReadBack() []time.Duration {
	return []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}
}

func unknown(p veille.Post, now time.Time) Outcome {
	since := now.Sub(p.SentAt)
	for _, d := range ReadBack() {
		if since < d {
			s := veille.Say("publish.unknown_reading")
			return Outcome{State: veille.PostUnknown, Problem: &s, Again: d - since}
		}
	}
	s := veille.Say("publish.unknown")
	return Outcome{State: veille.PostUnknown, Problem: &s}
}

func says(err error, otherwise veille.Sentence) *veille.Sentence {
	if s, ok := veille.SaysOf(err); ok {
		return &s
	}
	return &otherwise
}

// Apply makes p what o says. Store it as a change from the state p had before,
// with a context that the end of the send's own context does not cancel.
//
// Errors are those of Move. Unlike Move it takes a post that is being sent
// back to scheduled: an Outcome of that state knows that nothing went out.
func (o Outcome) Apply(p *veille.Post, now time.Time) error {
	again := p.State == veille.PostPublishing && o.State == veille.PostScheduled
	switch {
	case again:
		change(p, o.State, now)
	case o.State != p.State:
		if err := Move(p, o.State, now); err != nil {
			return err
		}
	}
	p.Problem, p.UpdatedAt = o.Problem, now
	switch {
	case o.State == veille.PostPublished:
		p.RemoteID, p.RemoteURL = o.Receipt.RemoteID, o.Receipt.RemoteURL
	case o.State == veille.PostPublishing:
		p.SentAt = time.Time{} // it waits for a person: nothing was sent
	}
	return nil
}
