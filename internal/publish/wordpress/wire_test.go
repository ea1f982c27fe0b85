package wordpress

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
)

// A wire stands between us and a server and cuts where it is told, in the
// middle of a request as well as of an answer. What the server was given it
// may finish: the wire listens to it till its end, as a proxy would.
type wire struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	quiet *sync.Cond
	open  int    // exchanges that have not ended
	moved int    // bytes of the exchanges counted, both ways
	left  int    // bytes of them until the cut; negative: no cut
	only  []byte // how the requests counted begin; nil: all
	dead  bool   // cut: nothing gets through until mended
	lose  []byte // the next request that begins so gets no answer
}

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, server: server, left: -1}
	w.quiet = sync.NewCond(&w.mu)
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			w.mu.Lock()
			w.open++
			w.mu.Unlock()
			go w.exchange(client)
		}
	}()
	t.Cleanup(func() { l.Close(); w.rest() })
	return w
}

// cutAfter lets n bytes more of the exchanges through whose request begins
// with only, and then nothing until mend.
func (w *wire) cutAfter(n int, only string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moved, w.left, w.only = 0, n, []byte(only)
}

// loseAnswer hangs up on the next request that begins so, as soon as the
// server answers it; others get through.
func (w *wire) loseAnswer(begins string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lose = []byte(begins)
}

// mend waits for what the server still does, lets everything through again and
// tells how many bytes were counted since cutAfter.
func (w *wire) mend() int {
	w.rest()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left, w.dead = -1, false
	return w.moved
}

func (w *wire) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.open > 0 {
		w.quiet.Wait()
	}
}

// exchange carries one connection, which is one request: the server we test
// with closes after each.
func (w *wire) exchange(client net.Conn) {
	defer func() {
		client.Close()
		w.mu.Lock()
		w.open--
		w.mu.Unlock()
		w.quiet.Broadcast()
	}()
	first := make([]byte, 64<<10)
	n, err := client.Read(first)
	w.mu.Lock()
	dead, counted := w.dead, bytes.HasPrefix(first[:n], w.only)
	lose := w.lose != nil && bytes.HasPrefix(first[:n], w.lose)
	if lose {
		w.lose = nil
	}
	w.mu.Unlock()
	if err != nil || dead {
		return
	}
	conn, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	server := conn.(*net.TCPConn)
	defer server.Close()
	go func() {
		w.carry(server, io.MultiReader(bytes.NewReader(first[:n]), client), client, counted)
		server.CloseWrite()
	}()
	if lose {
		server.Read(make([]byte, 1))
	} else {
		w.carry(client, server, client, counted)
	}
	client.Close()
	io.Copy(io.Discard, server)
}

// carry copies until the end or the cut, which hangs up on the client.
func (w *wire) carry(to io.Writer, from io.Reader, client net.Conn, counted bool) {
	chunk := make([]byte, 512)
	for {
		n, err := from.Read(chunk)
		pass, cut := w.allow(n, counted)
		if pass > 0 {
			if _, err := to.Write(chunk[:pass]); err != nil {
				return
			}
		}
		if cut {
			client.Close()
		}
		if cut || err != nil {
			return
		}
	}
}

// allow counts n bytes and tells how many of them pass, and whether the wire is
// cut behind them.
func (w *wire) allow(n int, counted bool) (pass int, cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.dead:
		return 0, true
	case !counted:
		return n, false
	case w.left < 0 || n < w.left:
		w.moved += n
		if w.left >= 0 {
			w.left -= n
		}
		return n, false
	}
	pass = w.left
	w.moved, w.left, w.dead = w.moved+pass, -1, true
	return pass, true
}
