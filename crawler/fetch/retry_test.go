package fetch

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"veilleur/internal/veille"
)

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

func TestAConnectionThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	for failures, want := range []bool{true, true, true, false} {
		w := &raw{serve: says(fine), down: failures}
		bubble(t, w, func(t *testing.T, c *Client) {
			began := time.Now()
			r, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
			if got := err == nil; got != want || got && string(r.Body) != "ok" {
				t.Errorf("%d failed dials: %q, %v", failures, r.Body, err)
			}
			if _, ok := veille.SaysOf(err); err != nil && (!ok || !errors.Is(err, veille.ErrBusy)) {
				t.Errorf("%v says nothing to a person", err)
			}
			if d := time.Since(began); failures > 0 && (d < time.Second || d > 10*time.Second) {
				t.Errorf("%d failed dials took %v", failures, d)
			}
		})
	}
}

func TestWhatAServerMayHaveSeenIsAskedAgainOnlyWhenInsisted(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"cut before an answer": "", "cut in the body": "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab", "a gateway": "HTTP/1.1 502 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
		"asked to wait a little": "HTTP/1.1 503 X\r\nRetry-After: 3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
		"asked to wait long":     "HTTP/1.1 503 X\r\nRetry-After: 60\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
		"told to slow down":      "HTTP/1.1 429 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
	} {
		for _, insist := range []bool{false, true} {
			w := &raw{serve: func(n int, c net.Conn, r *http.Request) {
				if n == 0 {
					c.Write([]byte(answer))
					return
				}
				c.Write([]byte(fine))
			}}
			bubble(t, w, func(t *testing.T, c *Client) {
				_, err := c.Get(t.Context(), Request{URL: "http://a.example/", Insist: insist})
				want := 1
				if insist && name != "asked to wait long" && name != "told to slow down" {
					want = 2
				}
				if len(w.starts) != want || (err == nil) != (want == 2) {
					t.Errorf("%s, insisting %v: %d requests, %v", name, insist, len(w.starts), err)
				}
				if name == "asked to wait a little" && insist {
					if d := w.starts[1].Sub(w.starts[0]); d < 3*time.Second {
						t.Errorf("asked again after %v, before the time asked", d)
					}
				}
			})
		}
	}
}

func TestASilentHostIsLeftForAMinute(t *testing.T) {
	t.Parallel()
	w := &raw{serve: says(""), down: 0}
	bubble(t, w, func(t *testing.T, c *Client) {
		get := func(host string) error {
			_, err := c.Get(t.Context(), Request{URL: "http://" + host + "/"})
			return err
		}
		for range cuts {
			if err := get("a.example"); !errors.Is(err, veille.ErrBusy) {
				t.Fatalf("%v", err)
			}
		}
		err := get("a.example")
		if s, ok := veille.SaysOf(err); !ok || s.Key != "crawler.fetch.resting" || len(w.starts) != cuts {
			t.Errorf("the sixth: %v after %d requests", err, len(w.starts))
		}
		w.serve = says("HTTP/1.1 500 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		if err := get("b.example"); err == nil || len(w.starts) != cuts+1 {
			t.Errorf("another host was left too: %v", err)
		}
		time.Sleep(rest * 6 / 5)
		for range 3 * cuts { // an error is an answer: it is alive
			if s, _ := veille.SaysOf(get("a.example")); s.Key != "crawler.fetch.server" {
				t.Errorf("after its rest: %s", s.Key)
			}
		}
	})
}
