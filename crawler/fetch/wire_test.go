package fetch

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// raw is a Network in memory: every name has a public address, and each
// connection is answered by hand, byte by byte. It lives in a synctest bubble.
type raw struct {
	serve func(n int, c net.Conn, r *http.Request) // answers the nth request

	mu     sync.Mutex
	down   int // dials that still fail
	dials  int
	starts []time.Time // of requests
}

func (w *raw) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
}

func (w *raw) DialContext(context.Context, string, string) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dials++
	if w.down > 0 {
		w.down--
		return nil, &net.OpError{Op: "dial", Err: errors.New("no route to host")}
	}
	ours, theirs := net.Pipe()
	go w.answer(theirs)
	return ours, nil
}

func (w *raw) answer(c net.Conn) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	w.mu.Lock()
	n := len(w.starts)
	w.starts = append(w.starts, time.Now())
	w.mu.Unlock()
	w.serve(n, c, r)
}

// says answers every request with the same bytes, and closes.
func says(text string) func(int, net.Conn, *http.Request) {
	return func(_ int, c net.Conn, _ *http.Request) { c.Write([]byte(text)) }
}

// drip writes a byte a second for ever.
func drip(c net.Conn, b byte) {
	for {
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// bubble runs a test with a client over a raw network.
func bubble(t *testing.T, w *raw, test func(t *testing.T, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := New(Config{Network: w})
		test(t, c)
		c.CloseIdle()
		time.Sleep(time.Minute) // what still answers finds out that nobody listens
	})
}
