package mailbox

import (
	"errors"
	"net"
	"sync/atomic"
)

// errFlood is what a server gets that sends far more than it was asked for.
var errFlood = errors.New("mailbox: the server sends more than it was asked for")

// A meter is a connection that ends when more is read than was allowed, so
// that no server can fill the memory.
type meter struct {
	net.Conn
	left atomic.Int64
}

// allow sets how many bytes may be read until it is called again.
func (m *meter) allow(n int64) { m.left.Store(n) }

// Read reads, and fails once the bytes allowed are passed.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if m.left.Add(-int64(n)) < 0 {
		return 0, errFlood
	}
	return n, err
}
