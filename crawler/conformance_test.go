package crawler

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// conformance is reliability.md §6: each check named by its number and what it
// proves, driven through the real crawler. TestConformance prints the score.
var conformance = []struct {
	name  string
	check func(*lab)
	run   func(*testing.T, func(*lab))
}{
	{"F01 the first fetch asks without conditions", f01, experiment},
	{"F02 the second sends the ETag byte for byte", f02, experiment},
	{"F03 and Last-Modified byte for byte", f03, experiment},
	{"F04 and both when both were received", f04, experiment},
	{"F05 validators are those of the last answer that was parsed and stored", f05, experiment},
	{"F06 a 304 writes no entry, is a success, and may bring new validators", f06, experiment},
	{"F07 an answer without validators clears the old ones", f07, experiment},
	{"F08 validators go only to the address they came from, and end with an edit", f08, experiment},
	{"F09 a server that always says 304 is doubted every seven days", f09, lightly},
	{"F10 two requests of one feed are never less than an hour apart", f10, lightly},
	{"F11 a feed without validators is read daily, or hourly when set", f11, lightly},
	{"F12 a thousand feeds started together are spread", f12, lightly},
	{"F13 a host sees two requests at once, and one begin a second", f13, lightly},
	{"F14 Retry-After in seconds is honoured exactly", f14, lightly},
	{"F15 Retry-After as a date is honoured exactly", f15, experiment},
	{"F16 a Retry-After that makes no sense backs off, and a long one is a week", f16, experiment},
	{"F17 a 429 without Retry-After waits an hour, doubling to a day", f17, lightly},
	{"F18 failures wait an hour, doubling to a day; one success resets", f18, lightly},
	{"F19 Cache-Control and Expires lengthen and never shorten", f19, experiment},
	{"F20 ttl, syndication and quiet hours are kept, the longest first", f20, lightly},
	{"F21 a permanent move is followed after three observations", f21, experiment},
	{"F22 a temporary one never; of a mixed chain only the permanent head", f22, experiment},
	{"F23 redirects are five at most, never in a circle, never inside", f23, experiment},
	{"F24 credentials do not pass to another origin", f24, experiment},
	{"F25 gone ends at once, missing after ten in a week, refused waits a day", f25, lightly},
	{"F26 the reader says who it is, always the same", f26, experiment},
	{"F27 Accept lists the kinds of feed", f27, experiment},
	{"F28 no Referer, no cookie, no parameter added, no fragment", f28, experiment},
	{"F29 gzip is asked for, and bounded once undone", f29, experiment},
	{"F30 robots.txt decides for articles, and for feeds only by our name", f30, lightly},
	{"F31 the charset of the answer and the mark of the body decide by the table", f31, experiment},
	{"F32 a feed called HTML is read; a page without feed is searched once", f32, experiment},
	{"F33 an item comes once, whatever its order, and an edit updates it once", f33, experiment},
	{"F34 a first fetch of thousands of items is no news", f34, experiment},
	{"F35 WebSub: verified, signed, renewed, and polled daily all the while", f35, experiment},
	{"F36 never HEAD; connections are used again; ten seconds for headers, thirty in all", f36, experiment},
}

func TestConformance(t *testing.T) {
	kept := 0
	for _, c := range conformance {
		if t.Run(c.name, func(t *testing.T) { c.run(t, c.check) }) {
			kept++
		}
	}
	t.Logf("fetcher conformance: %d of %d", kept, len(conformance))
}

const (
	echo = "http://echo.example/rss"
	tag  = `W/"odd \ tag, 1"`
	date = "Mon,  23 Nov 2026 10:00:00 +0000"
)

// conditions are the validators of a request.
func conditions(h hit) [2]string {
	return [2]string{h.head.Get("If-None-Match"), h.head.Get("If-Modified-Since")}
}

// sent reads a feed that gives validators twice and wants them sent back.
func (l *lab) sent(etag, modified string) {
	l.Helper()
	head := map[string]string{}
	if etag != "" {
		head["Etag"] = etag
	}
	if modified != "" {
		head["Last-Modified"] = modified
	}
	l.says(echo, reply{head: head, body: rss("", "1")})
	l.source("echo", echo)
	l.visit("echo")
	l.visit("echo")
	hits := l.seen(echo)
	if len(hits) != 2 {
		l.Fatalf("%d requests, want 2", len(hits))
	}
	if got := conditions(hits[0]); got != [2]string{} {
		l.Errorf("the first asked %q", got)
	}
	if got := conditions(hits[1]); got != [2]string{etag, modified} {
		l.Errorf("the second asked %q, want %q and %q", got, etag, modified)
	}
}

func f01(l *lab) {
	l.says(echo, reply{head: map[string]string{"Etag": tag, "Last-Modified": date}, body: rss("", "1")})
	l.source("echo", echo)
	l.visit("echo")
	if h := l.seen(echo); len(h) != 1 || conditions(h[0]) != [2]string{} {
		l.Errorf("first requests: %+v", h)
	}
}

func f02(l *lab) { l.sent(tag, "") }
func f03(l *lab) { l.sent("", date) }
func f04(l *lab) { l.sent(tag, date) }

func f05(l *lab) {
	bodies := []string{rss("", "1"), "<html><body>panne</body></html>", rss("", "1", "2"), rss("", "1", "3")}
	l.on(echo, func(n int, _ *http.Request) reply {
		return reply{head: map[string]string{"Etag": `"` + string(rune('a'+n)) + `"`}, body: bodies[min(n, 3)]}
	})
	fault := &faulty{Store: l.Store}
	l.Store = fault
	l.restart(Config{})
	l.source("echo", echo)
	l.visit("echo") // "a"
	l.visit("echo") // "b", a page: not parsed
	fault.fail = true
	l.visit("echo") // "c", not stored
	fault.fail = false
	time.Sleep(time.Hour) // its lease ends
	l.visit("echo")
	l.visit("echo")
	var got []string
	for _, h := range l.seen(echo) {
		got = append(got, h.head.Get("If-None-Match"))
	}
	if want := []string{"", `"a"`, `"a"`, `"a"`, `"d"`}; !slices.Equal(got, want) {
		l.Errorf("asked %q, want %q", got, want)
	}
}

func f06(l *lab) {
	l.on(echo, func(n int, _ *http.Request) reply {
		if n == 0 {
			return reply{head: map[string]string{"Etag": `"a"`, "Last-Modified": date}, body: rss("", "1")}
		}
		return reply{code: 304, head: map[string]string{"Etag": `"b"`}}
	})
	log := &faulty{Store: l.Store}
	l.Store = log
	l.restart(Config{})
	l.source("echo", echo)
	l.visit("echo")
	log.entries = 0
	h := l.visit("echo")
	if log.entries != 0 || !h.OKAt.Equal(h.FetchedAt) || time.Since(h.OKAt) > time.Minute {
		l.Errorf("a 304 wrote %d entries, health %+v", log.entries, h)
	}
	l.visit("echo")
	if got := conditions(l.seen(echo)[2]); got != [2]string{`"b"`, date} {
		l.Errorf("after the 304 it asked %q", got)
	}
}

func f07(l *lab) {
	l.on(echo, func(n int, _ *http.Request) reply {
		a := reply{body: rss("", "1")}
		if n == 0 {
			a.head = map[string]string{"Etag": tag, "Last-Modified": date}
		}
		return a
	})
	l.source("echo", echo)
	for range 3 {
		l.visit("echo")
	}
	if got := conditions(l.seen(echo)[2]); got != [2]string{} {
		l.Errorf("it asked %q", got)
	}
}

func f08(l *lab) {
	l.on(echo, func(n int, _ *http.Request) reply {
		to := []string{"/a", "/a", "/b", "/b"}[min(n, 3)]
		return reply{code: 302, head: map[string]string{"Location": to}}
	})
	l.on("http://echo.example/a", tagged(`"a"`, rss("", "1")))
	l.on("http://echo.example/b", tagged(`"b"`, rss("", "1")))
	l.source("echo", echo)
	for range 4 {
		l.visit("echo")
	}
	for address, want := range map[string][]string{echo: {"", "", "", ""}, "http://echo.example/a": {"", `"a"`}, "http://echo.example/b": {"", `"b"`}} {
		var got []string
		for _, h := range l.seen(address) {
			got = append(got, h.head.Get("If-None-Match"))
		}
		if !slices.Equal(got, want) {
			l.Errorf("%s was asked %q, want %q", address, got, want)
		}
	}
	edited := l.get("echo")
	edited.URL = "http://echo.example/b"
	if err := l.PutSource(l.Context(), edited); err != nil {
		l.Fatal(err)
	}
	l.visit("echo")
	if h := l.seen("http://echo.example/b"); conditions(h[len(h)-1]) != [2]string{} {
		l.Errorf("after the edit it asked %q", conditions(h[len(h)-1]))
	}
}

func f09(l *lab) {
	l.on(echo, func(n int, _ *http.Request) reply {
		if n == 0 {
			return reply{head: map[string]string{"Etag": tag}, body: rss("", "1")}
		}
		return reply{code: 304} // even to who asks without conditions
	})
	l.source("echo", echo)
	var full []hit
	for range 24 * 30 {
		l.visit("echo")
	}
	for _, h := range l.seen(echo) {
		if conditions(h) == [2]string{} {
			full = append(full, h)
		}
	}
	for _, d := range gaps(full) {
		if d < 7*day {
			l.Errorf("asked in full again after %v", d)
		}
	}
	if n := len(full); n < 3 {
		l.Errorf("asked in full %d times in %v", n, time.Since(l.seen(echo)[0].at))
	}
}

// faulty is a Store whose PutFetch may fail, and that counts entries written.
type faulty struct {
	Store
	fail    bool
	entries int
}

func (f *faulty) PutFetch(ctx context.Context, x veille.Fetched) (veille.PutCount, error) {
	if f.fail {
		return veille.PutCount{}, errors.New("disk full")
	}
	f.entries += len(x.Entries)
	return f.Store.PutFetch(ctx, x)
}
