package fetch

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// An answer that trickles holds a connection and a worker for nothing: after
// grace, a body that came slower than leastRate on the whole is dropped.
// Source: reliability rule H16.
const (
	grace     = 10 * time.Second
	leastRate = 1 << 10 // bytes a second, as sent
)

// errTrickle marks a body that came too slowly.
var errTrickle = errors.New("body slower than 1 KB/s")

// meter counts the bytes read through it.
type meter struct {
	io.ReadCloser
	n atomic.Int64
}

// Read reads and counts.
func (m *meter) Read(b []byte) (int, error) {
	n, err := m.ReadCloser.Read(b)
	m.n.Add(int64(n))
	return n, err
}

// watch cancels the exchange when the body trickles, until stop is called.
func (m *meter) watch(cancel context.CancelCauseFunc) (stop func()) {
	done := make(chan struct{})
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for age := time.Second; ; age += time.Second {
			select {
			case <-done:
				return
			case <-t.C:
			}
			if age >= grace && m.n.Load() < leastRate*int64(age/time.Second) {
				cancel(errTrickle)
				return
			}
		}
	}()
	return func() { close(done) }
}
