// Package publish is what happens to a post between its draft and the world:
// its states and the only function that moves it between them, the slots it
// waits for, and what the answer of a network, or its silence, makes of it.
// It stores and sends nothing itself: a Network sends, one package each.
//
// # At most once
//
// No network of today has a key that makes a repeated send harmless, so the
// order of the steps is the guarantee:
//
//  1. A scheduled post that is due moves to publishing, in one transaction
//     with the job that will send it.
//  2. The job writes the witness (Witness sets SentAt) and commits it.
//  3. Only then it calls Network.Publish, once, and settles the answer with
//     AfterPublish and Outcome.Apply.
//
// A job that starts and finds the witness already there was cut off between
// 2 and 3. It cannot know how far the send came, so it never sends: it calls
// Network.Find and settles with AfterFind. StepOf says which of these is next.
//
// The context of Publish needs a deadline earlier than the time after which
// another worker may take the job over: a process that was suspended past it
// then wakes to a dead context and sends nothing.
//
// # When a second send is allowed
//
// By a program: only after an error of kind ErrBusy, which a Network may
// return only when nothing that could become a post has left this machine, or
// when the network refused it in so many words. The post goes back to
// scheduled and is tried again with growing pauses, until it would be late.
//
// By a person: from failed, held and unknown, by giving the post a new hour.
//
// Never by a program after an unknown outcome, even when Find reads the
// network and does not see the post: a request cut off on our side may still
// wait in a queue on the other (a proxy that buffers, a busy PHP worker), and
// nothing bounds that wait. Absence now is no proof of absence later. Find is
// asked three times over ten minutes; then a person is.
//
// Source of the recipe: the reconcile-by-reading rule that Postiz came to
// after posting twice in production (its pull requests 1813 and 1996).
package publish

import (
	"context"
	"errors"
	"io"

	"veilleur/internal/veille"
)

// A Network puts posts before the world. Publish and Find are the whole of it.
//
// Publish sends p once and returns where it went. Its errors decide what
// happens next, so they must be true:
//
//   - a veille.Problem of kind ErrBusy: nothing was sent; it may be tried again;
//   - a veille.Problem of another kind: the network refused; nothing is visible;
//   - ErrUnknown: it was sent, or may have been, and the answer is lost;
//   - ErrAwaitPerson: a person must do it; nothing is ever sent by itself;
//   - anything else is taken as ErrUnknown, the only safe reading.
//
// Find looks for p on the network without changing anything. True means it is
// there for all to see; false with a nil error means it was looked for and is
// not there now; an error means that the look itself went wrong.
// ErrAwaitPerson from Find means the same as from Publish.
type Network interface {
	Publish(ctx context.Context, ch veille.Channel, p veille.Post, open Opener) (Receipt, error)
	Find(ctx context.Context, ch veille.Channel, p veille.Post) (Receipt, bool, error)
}

// An Opener opens the file of a picture. The reader is closed by whom it is
// given to.
type Opener = func(veille.Media) (io.ReadCloser, error)

// A Receipt is where a post went, as the network names it.
type Receipt struct {
	RemoteID  string
	RemoteURL string // for a person to open; "" when the network gives none
}

// ErrUnknown says that a post was sent, or may have been, and that the answer
// was lost. No program sends it again.
var ErrUnknown = errors.New("publish: outcome unknown")

// ErrAwaitPerson says that a person must publish the post by hand.
var ErrAwaitPerson = errors.New("publish: a person must do it")
