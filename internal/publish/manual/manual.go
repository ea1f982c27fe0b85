// Package manual is the network that a person serves by hand: the post is
// ready to copy, a mail reminds her, and she ticks it when it is out. It sends
// nothing, needs no account, and so works with every network there is.
package manual

import (
	"context"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A Network waits for a person.
type Network struct{}

// New makes the manual network.
func New() Network { return Network{} }

// Publish always returns publish.ErrAwaitPerson.
func (Network) Publish(context.Context, veille.Channel, veille.Post, publish.Opener) (publish.Receipt, error) {
	return publish.Receipt{}, publish.ErrAwaitPerson
}

// Find always returns publish.ErrAwaitPerson: only a person knows whether it
// is out, and a program that was cut off here has sent nothing.
func (Network) Find(context.Context, veille.Channel, veille.Post) (publish.Receipt, bool, error) {
	return publish.Receipt{}, false, publish.ErrAwaitPerson
}
