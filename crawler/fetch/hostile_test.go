package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestH13ABodyOverItsLimitIsAnErrorNotATruncation(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := map[string]int64{"/feed": 5 << 20, "/feed+1": 5<<20 + 1, "/page": 3 << 20, "/page+1": 3<<20 + 1}[r.URL.Path]
		if r.URL.RawQuery == "chunked" {
			w.(http.Flusher).Flush()
		}
		io.CopyN(w, zeros{}, n)
	})
	c := local(Config{})
	for path, limit := range map[string]int64{"/feed": c.FeedLimit(), "/page": c.PageLimit()} {
		for _, query := range []string{"", "?chunked"} {
			if r, err := c.Get(t.Context(), Request{URL: url + path + query, Limit: limit}); err != nil || int64(len(r.Body)) != limit {
				t.Errorf("%s%s: %d bytes, %v", path, query, len(r.Body), err)
			}
			if r, err := c.Get(t.Context(), Request{URL: url + path + "+1" + query, Limit: limit}); !errors.Is(err, veille.ErrInvalid) || r.Body != nil {
				t.Errorf("%s+1%s: %d bytes, %v", path, query, len(r.Body), err)
			}
		}
	}
	if c.FeedLimit() != 5<<20 || c.PageLimit() != 3<<20 {
		t.Errorf("limits %d and %d", c.FeedLimit(), c.PageLimit())
	}
}

// Not parallel: it measures the memory of the process.
func TestH14ABombCostsNoMoreThanItsLimit(t *testing.T) {
	squeeze := func(n int64, inside []byte) []byte {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		z.Write(inside)
		io.CopyN(z, zeros{}, n)
		z.Close()
		return b.Bytes()
	}
	bomb := squeeze(300<<20, []byte(`<?xml version="1.0"?><rss><channel>`))
	nested := squeeze(0, bomb)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/unsaid":
			w.Write(bomb)
		case "/nested":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(nested)
		case "/list":
			w.Header().Set("Content-Encoding", "gzip, gzip")
			w.Write(nested)
		default:
			w.Header().Set("Content-Encoding", strings.Trim(r.URL.Path, "/"))
			w.Write(bomb)
		}
	}))
	defer s.Close()
	c := local(Config{})
	for _, path := range []string{"/bomb", "/unsaid", "/nested", "/list", "/br", "/zstd", "/deflate"} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		began := time.Now()
		r, err := c.Get(t.Context(), Request{URL: s.URL + path})
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		// One layer of a nested bomb is undone, and what is left is no feed.
		if nestedOnce := path == "/nested" && err == nil && int64(len(r.Body)) <= c.FeedLimit(); !nestedOnce && !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %d bytes, %v", path, len(r.Body), err)
		}
		if grew := int64(after.Sys) - int64(before.Sys); grew > 64<<20 || took > 2*time.Second {
			t.Errorf("%s took %d MB and %v", path, grew>>20, took)
		}
		t.Logf("%s: %d KB on the wire, %d KB allocated, %v", path, len(bomb)>>10, (after.TotalAlloc-before.TotalAlloc)>>10, took.Round(time.Millisecond))
	}
}

func TestH15ABodyWithoutEndIsLeftAtItsLimit(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, zeros{}) })
	if _, err := local(Config{}).Get(t.Context(), Request{URL: url}); !errors.Is(err, veille.ErrInvalid) {
		t.Errorf("%v, want ErrInvalid", err)
	}
}

func TestH16AServerThatTricklesIsLeft(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		head string
		most time.Duration
	}{
		"before the headers":          {"", 10 * time.Second},
		"in the headers":              {"HTTP/1.1 200 OK\r\nX-Long: ", 10 * time.Second},
		"in the body":                 {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 11 * time.Second},
		"in the chunks":               {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n", 11 * time.Second},
		"in the body, after a little": {"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + strings.Repeat("x", 15<<10), 17 * time.Second},
	} {
		w := &raw{serve: func(_ int, c net.Conn, _ *http.Request) {
			c.Write([]byte(tt.head))
			drip(c, 'x')
		}}
		bubble(t, w, func(t *testing.T, c *Client) {
			began := time.Now()
			_, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
			if d := time.Since(began); !errors.Is(err, veille.ErrBusy) || d > tt.most {
				t.Errorf("%s: left after %v with %v", name, d, err)
			}
			if s, _ := veille.SaysOf(err); s.Key != "crawler.fetch.timeout" {
				t.Errorf("%s: told as %s", name, s.Key)
			}
		})
	}
	silent := &raw{serve: func(_ int, c net.Conn, _ *http.Request) {
		c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"))
		io.Copy(io.Discard, c)
	}}
	bubble(t, silent, func(t *testing.T, c *Client) {
		began := time.Now()
		if _, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); !errors.Is(err, veille.ErrBusy) || time.Since(began) > 11*time.Second {
			t.Errorf("a body that never comes: %v after %v", err, time.Since(began))
		}
	})
}

func TestH17HeadersOver64KBAreRefused(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{
		"one long header": "X: " + strings.Repeat("x", 70<<10) + "\r\n",
		"many headers":    strings.Repeat("X-Some: value\r\n", 6<<10),
		"a megabyte":      "X: " + strings.Repeat("x", 1<<20) + "\r\n",
	} {
		w := &raw{serve: says("HTTP/1.1 200 OK\r\n" + head + "Content-Length: 2\r\n\r\nok")}
		bubble(t, w, func(t *testing.T, c *Client) {
			if r, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); !errors.Is(err, veille.ErrBusy) || r.Body != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestH18ARedirectLoopIsLeftAfterFiveHops(t *testing.T) {
	t.Parallel()
	n := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		http.Redirect(w, r, map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path], http.StatusMovedPermanently)
	})
	if _, err := local(Config{}).Get(t.Context(), Request{URL: url + "/a"}); !errors.Is(err, veille.ErrInvalid) || n != 6 {
		t.Errorf("%v after %d requests", err, n)
	}
	n = 0
	if _, err := local(Config{}).HTTP(0).Get(url + "/a"); !errors.Is(err, veille.ErrInvalid) || n != 6 {
		t.Errorf("HTTP(): %v after %d requests", err, n)
	}
}

func TestH19AnAnswerThatLiesOrBreaksIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"shorter than it says":     "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
		"two lengths":              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n<rss>",
		"a negative length":        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<rss>",
		"chunks that are no chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>",
		"a chunk too long to be":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n<rss>",
		"no last chunk":            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
		"closed at once":           "",
		"closed in the headers":    "HTTP/1.1 200 OK\r\nContent-Le",
		"no HTTP at all":           "SSH-2.0-OpenSSH_9.6\r\n",
		"gzip that is cut":         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + string(zipped([]byte(strings.Repeat("<rss>", 100)))[:20]),
		"gzip that is not":         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n<rss>",
	} {
		w := &raw{serve: says(answer)}
		bubble(t, w, func(t *testing.T, c *Client) {
			r, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
			if !errors.Is(err, veille.ErrBusy) && !errors.Is(err, veille.ErrInvalid) || r.Body != nil && err == nil {
				t.Errorf("%s: %q, %v", name, r.Body, err)
			}
			if _, ok := veille.SaysOf(err); !ok {
				t.Errorf("%s: %v says nothing to a person", name, err)
			}
		})
	}
	w := &raw{serve: says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than it says")}
	bubble(t, w, func(t *testing.T, c *Client) {
		if r, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err != nil || string(r.Body) != "ok" {
			t.Errorf("longer than it says: %q, %v", r.Body, err)
		}
	})
}
