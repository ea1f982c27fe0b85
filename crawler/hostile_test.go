package crawler

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

// H11: one guard stands before every door by which an address comes in.
func TestH11EveryDoorHasTheSameGuard(t *testing.T) {
	lightly(t, func(l *lab) {
		l.wire.hosts["inside.example"] = netip.MustParseAddr("127.0.0.1")
		l.wire.hosts["half.example"] = netip.MustParseAddr("10.1.2.3")
		l.c.Push(noSubscriptions{}, "https://veille.example")
		doors := map[string]func(address string) error{
			"a feed": func(address string) error {
				l.source(address, address)
				return problem(l.visit(address))
			},
			"an address typed": func(address string) error {
				_, err := l.c.Probe(l.Context(), address)
				return err
			},
			"a list imported": func(address string) error {
				if _, err := l.c.Import(l.Context(), veille.Branch{ID: "b2"}, []opml.Outline{{XMLURL: address}}); err != nil {
					return err
				}
				if _, err := l.c.Once(l.Context(), false); err != nil {
					l.Fatal(err)
				}
				all, _ := l.Sources(l.Context(), nil)
				for _, s := range all {
					if s.BranchID == "b2" && s.URL == address {
						return problem(s.Health)
					}
				}
				return veille.ErrInvalid // not even taken
			},
			"a redirect": func(address string) error {
				l.leads("http://open.example/", 302, address)
				_, err := l.c.Probe(l.Context(), "http://open.example/")
				return err
			},
			"an article": func(address string) error {
				return l.c.readPage(l.Context(), &veille.Entry{URL: address})
			},
			"a webhook": func(address string) error {
				resp, err := l.client.HTTP(0).Post(address, "application/json", strings.NewReader("{}"))
				if err == nil {
					resp.Body.Close()
				}
				return err
			},
			"a hub": func(address string) error {
				l.says("http://hubbed.example/", reply{head: map[string]string{"Link": "<" + address + `>; rel=hub, <http://hubbed.example/>; rel=self`}, body: rss("", "1")})
				l.c.follow(l.Context(), veille.Source{ID: "x"}, veille.Subscription{}, offered{address, "http://hubbed.example/"}, 0)
				return veille.ErrDenied // it is only logged: the canary tells
			},
		}
		for name, door := range doors {
			for _, address := range []string{"http://127.0.0.1/", "http://inside.example/", "http://inside.example:8080/x", "http://half.example/", "http://169.254.169.254/latest/",
				"http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://open.example:22/", "http://u:p@open.example/", "ftp://open.example/", "file:///etc/passwd"} {
				if err := door(address); !errors.Is(err, veille.ErrDenied) && !errors.Is(err, veille.ErrInvalid) {
					t.Errorf("%s, %s: %v, want a refusal", name, address, err)
				}
			}
		}
		l.says("http://good.example/", reply{code: http.StatusAccepted, head: map[string]string{"Etag": tag}, body: rss("", "1")})
		for _, name := range []string{"a hub", "a webhook"} { // a public address passes by the same doors
			before := len(l.seen("http://good.example/"))
			if _ = doors[name]("http://good.example/"); len(l.seen("http://good.example/")) != before+1 {
				t.Errorf("%s: a public address was refused", name)
			}
		}
		if l.wire.inside > 0 {
			t.Errorf("%d connections inside", l.wire.inside)
		}
	})
}

// problem is a refusal as an error; nil when a visit went well.
func problem(h veille.Health) error {
	if h.Problem != nil && strings.HasPrefix(h.Problem.Key, "crawler.fetch.denied.") {
		return veille.ErrDenied
	}
	return nil
}

func TestH19WhatIsStoredStaysWhenAnAnswerBreaks(t *testing.T) {
	experiment(t, func(l *lab) {
		l.on(echo, tagged(tag, rss("", "1", "2")))
		l.source("echo", echo)
		l.visit("echo")
		for _, answer := range []string{
			"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nEtag: \"bad\"\r\n\r\n<rss><channel><item><guid>3</guid><title>3</title></item>",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nEtag: \"bad\"\r\n\r\nzz\r\n<rss>",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nEtag: \"bad\"\r\n\r\n5\r\n<rss>\r\n",
			"HTTP/1.1 200 OK\r\nContent-Le", "\x00\x01\x02", "",
		} {
			l.wire.mu.Lock()
			l.wire.streams[echo] = func(w http.ResponseWriter, _ *http.Request) {
				c, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				c.Write([]byte(answer))
			}
			l.wire.mu.Unlock()
			h := l.visit("echo")
			if got := l.titles("echo", "1", "2", "3"); strings.Join(got, " ") != "1 2" || h.ETag != tag || h.Entries != 2 || h.Failures == 0 {
				t.Errorf("%.40q: stored %q, health %+v", answer, got, h)
			}
		}
	})
}

func TestH40ACallbackIsOnlyItsName(t *testing.T) {
	c := New(discard(), newMemory(), nil, Config{})
	for _, path := range []string{"/websub/", "/websub/..%2f..%2fetc%2fpasswd", "/websub/a/b", "/websub/%00", "/websub/../healthz"} {
		w := httptest.NewRecorder()
		c.Hubs().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code == http.StatusOK || strings.Contains(w.Body.String(), "root:") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

// noSubscriptions is a memory in which nothing is found and all is stored.
type noSubscriptions struct{ Subscriptions }

func (noSubscriptions) PutSubscription(context.Context, veille.Subscription) error { return nil }

func (noSubscriptions) SubscriptionOf(context.Context, veille.SourceID) (veille.Subscription, error) {
	return veille.Subscription{}, veille.ErrNotFound
}

func (noSubscriptions) DueSubscriptions(context.Context, time.Time) ([]veille.Subscription, error) {
	return nil, nil
}
