package crawler

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing/synctest"
	"time"

	"veilleur/internal/veille"
)

// f10 reads sources of every temper for a thousand hours, across a hundred
// restarts at odd moments, of which some cut a visit short.
func f10(l *lab) {
	hourly := map[string]script{
		"plain":  tagged(`"1"`, rss("", "1")),
		"busy":   func(int, *http.Request) reply { return reply{code: 429, head: map[string]string{"Retry-After": "60"}} },
		"broken": func(int, *http.Request) reply { return reply{code: 500} },
		"page": func(int, *http.Request) reply {
			return reply{head: map[string]string{"Etag": `"x"`}, body: "<html></html>"}
		},
		"slow": func(int, *http.Request) reply {
			return reply{head: map[string]string{"Etag": `"x"`}, body: rss("", "1"), wait: 9 * time.Second}
		},
		"fresh": func(n int, _ *http.Request) reply {
			return reply{head: map[string]string{"Etag": `"x"`, "Cache-Control": "max-age=5"}, body: rss("<ttl>1</ttl>", strconv.Itoa(n))}
		},
		"moves": func(int, *http.Request) reply {
			return reply{code: 302, head: map[string]string{"Location": "http://plain.example/other"}}
		},
		"never": func(int, *http.Request) reply { return reply{wait: time.Hour} },
		"cut": func(int, *http.Request) reply {
			return reply{head: map[string]string{"Content-Length": "999"}, body: "<rss>"}
		},
	}
	l.on("http://plain.example/other", tagged(`"2"`, rss("", "1")))
	for name, s := range hourly {
		l.on("http://"+name+".example/rss", s)
		l.source(name, "http://"+name+".example/rss")
	}
	began := time.Now()
	cutShort := 0
	for n := range 100 {
		ctx, cancel := context.WithTimeout(l.Context(), time.Duration(l.chance.Int64N(int64(20*hour))))
		if n%3 == 0 { // stop the moment a request is under way
			l.stopAtNext(ctx, cancel, "http://slow.example/rss")
			cutShort++
		}
		if err := l.c.Run(ctx); err != nil {
			l.Error(err)
		}
		cancel()
		synctest.Wait()
		l.restart(Config{Idle: 10 * time.Minute})
	}
	l.run(max(0, 1000*hour-time.Since(began)))
	for name := range hourly {
		hits := l.seen("http://" + name + ".example/rss")
		if len(hits) < 40 {
			l.Errorf("%s was asked only %d times", name, len(hits))
		}
		for i, d := range gaps(hits) {
			if d < time.Hour {
				l.Errorf("%s: request %d came %v after the one before", name, i+1, d)
			}
		}
	}
	l.Logf("%v simulated, 100 restarts, %d of them inside a visit, %d requests", time.Since(began).Round(time.Hour), cutShort, len(l.seen("http://*")))
}

// stopAtNext cancels while the next request of an address is under way.
func (l *lab) stopAtNext(ctx context.Context, cancel context.CancelFunc, address string) {
	before := len(l.seen(address))
	go func() {
		for ctx.Err() == nil {
			time.Sleep(3 * time.Second)
			if len(l.seen(address)) > before {
				cancel()
			}
		}
	}()
}

func f11(l *lab) {
	l.says(echo, reply{body: rss("", "1")})
	l.says("http://set.example/rss", reply{body: rss("", "1")})
	l.source("echo", echo)
	l.source("set", "http://set.example/rss", func(s *veille.Source) { s.Every = 10 })
	l.run(100 * hour)
	for address, want := range map[string][2]time.Duration{echo: {day, 27 * hour}, "http://set.example/rss": {hour, 70 * time.Minute}} {
		hits := l.seen(address)
		if len(hits) < 3 {
			l.Fatalf("%s: %d requests", address, len(hits))
		}
		for _, d := range gaps(hits) {
			if d < want[0] || d > want[1] {
				l.Errorf("%s: read again after %v", address, d)
			}
		}
	}
}

func f12(l *lab) {
	const feeds = 1000
	for i := range feeds {
		address := fmt.Sprintf("http://h%d.example/rss", i)
		l.on(address, tagged(`"1"`, rss("", "1")))
		l.source(fmt.Sprint(i), address)
	}
	began := time.Now()
	l.run(5*hour + 30*time.Minute)
	for round, span := range map[string][2]time.Duration{"the first round": {0, 50 * time.Minute}, "after it": {50 * time.Minute, 6 * hour}} {
		total, most := 0, 0
		seconds := map[int]int{}
		for _, h := range l.seen("http://*") {
			age := h.at.Sub(began)
			if age < span[0] || age >= span[1] {
				continue
			}
			total++
			seconds[int(age/time.Second)]++
			most = max(most, seconds[int(age/time.Second)])
		}
		if total < feeds {
			l.Errorf("%s: %d requests", round, total)
		}
		// Of one round of all feeds, not of all that came since.
		if most > feeds/50 {
			l.Errorf("%s: a second held %d requests, over 2 %% of %d", round, most, feeds)
		}
		l.Logf("%s: %d requests, at most %d in one second", round, total, most)
	}
}

func f13(l *lab) {
	for i := range 40 {
		address := fmt.Sprintf("http://one.example/%d", i)
		l.says(address, reply{head: map[string]string{"Etag": `"1"`}, body: rss("", "1"), wait: 3 * time.Second})
		l.source(fmt.Sprint(i), address)
	}
	if _, err := l.c.Once(l.Context(), false); err != nil {
		l.Fatal(err)
	}
	hits, most := l.seen("http://one.example/*"), 0
	for _, h := range hits {
		most = max(most, h.with)
	}
	if len(hits) < 40 || most != 2 {
		l.Errorf("%d requests, %d at once, want 2", len(hits), most)
	}
	for _, d := range gaps(hits) {
		if d < time.Second {
			l.Errorf("two requests began %v apart", d)
		}
	}
}

// waits reads an address that answers so for ever, and gives the times between
// its requests.
func (l *lab) waits(n int, s script) []time.Duration {
	l.Helper()
	l.on(echo, s)
	l.source("echo", echo)
	for len(l.seen(echo)) <= n {
		l.run(10 * time.Minute)
	}
	return gaps(l.seen(echo))[:n]
}

// within wants each wait to be as told, give or take a tenth but never under an
// hour, and the crawler's sleep more.
func (l *lab) within(got []time.Duration, want ...time.Duration) {
	l.Helper()
	for i, w := range want {
		if got[i] < max(hour, w-w/10) || got[i] > w+w/10+time.Minute {
			l.Errorf("wait %d was %v, want %v", i+1, got[i], w)
		}
	}
}

func f14(l *lab) {
	for i, code := range []int{429, 503} {
		l.forget()
		l.on(echo, func(int, *http.Request) reply {
			return reply{code: code, head: map[string]string{"Retry-After": "12345"}}
		})
		id := fmt.Sprint("s", i)
		l.source(id, echo+"?"+id)
		h := l.visit(id)
		if d := h.DueAt.Sub(h.FetchedAt); d != 12345*time.Second {
			l.Errorf("%d: due in %v", code, d)
		}
		l.run(12344 * time.Second)
		if n := len(l.seen(echo + "?" + id)); n != 1 {
			l.Errorf("%d: asked %d times before the time", code, n)
		}
		l.run(time.Minute)
		if n := len(l.seen(echo + "?" + id)); n != 2 {
			l.Errorf("%d: asked %d times after the time", code, n)
		}
	}
}

func f15(l *lab) {
	at := time.Now().Add(3 * hour).UTC()
	got := l.waits(1, func(n int, _ *http.Request) reply {
		return reply{code: 503, head: map[string]string{"Retry-After": at.Format(http.TimeFormat)}}
	})
	first := l.seen(echo)[0].at
	if next := first.Add(got[0]); next.Before(at.Truncate(time.Second)) || next.After(at.Add(2*time.Second)) {
		l.Errorf("asked again at %v, want %v", next, at)
	}
}

func f16(l *lab) {
	for i, tt := range []struct {
		value    string
		min, max time.Duration
	}{
		{"soon", hour, 66 * time.Minute}, {"-5", hour, 66 * time.Minute}, {"1.5", hour, 66 * time.Minute},
		{"Mon, 23 Nov 2020 12:00:00 GMT", hour, 66 * time.Minute}, {"31536000", 7 * day, 7 * day}, {"99999999999999999999", hour, 66 * time.Minute},
	} {
		id := fmt.Sprint("s", i)
		l.says("http://"+id+".example/", reply{code: 429, head: map[string]string{"Retry-After": tt.value}})
		l.source(id, "http://"+id+".example/")
		h := l.visit(id)
		if d := h.DueAt.Sub(h.FetchedAt); d < tt.min || d > tt.max {
			l.Errorf("%q: due in %v", tt.value, d)
		}
	}
}

func f17(l *lab) {
	got := l.waits(7, func(int, *http.Request) reply { return reply{code: 429} })
	l.within(got, hour, 2*hour, 4*hour, 8*hour, 16*hour, day, day)
}

func f18(l *lab) {
	got := l.waits(9, func(n int, _ *http.Request) reply {
		if n == 6 {
			return reply{head: map[string]string{"Etag": tag}, body: rss("", "1")}
		}
		return reply{code: 500 + n%3}
	})
	l.within(got, hour, 2*hour, 4*hour, 8*hour, 16*hour, day, hour, hour, 2*hour)
	l.source("down", "http://down.example/rss")
	l.wire.mu.Lock()
	l.wire.down["down.example"] = true
	l.wire.mu.Unlock()
	for i, want := range []time.Duration{hour, 2 * hour, 4 * hour} {
		began := time.Now()
		h := l.visit("down")
		if d := h.DueAt.Sub(h.FetchedAt); d < max(hour, want-want/10) || d > want+want/10 || h.Failures != i+1 {
			l.Errorf("network failure %d: due in %v (asked %v ago)", h.Failures, d, time.Since(began))
		}
	}
	if l.wire.dials < 3*3 {
		l.Errorf("%d dials: a failure to connect is tried again within a visit", l.wire.dials)
	}
}

func f19(l *lab) {
	for i, tt := range []struct {
		head     map[string]string
		min, max time.Duration
	}{
		{map[string]string{"Cache-Control": "max-age=7200"}, 2 * hour, 133 * time.Minute},
		{map[string]string{"Cache-Control": "private, MAX-AGE=\"7200\""}, 2 * hour, 133 * time.Minute},
		{map[string]string{"Cache-Control": "max-age=60"}, hour, 67 * time.Minute},
		{map[string]string{"Cache-Control": "max-age=31536000"}, day, 27 * hour},
		{map[string]string{"Cache-Control": "s-maxage=7200"}, hour, 67 * time.Minute},
		{map[string]string{"Cache-Control": "no-store"}, hour, 67 * time.Minute},
		{map[string]string{"Cache-Control": "max-age=soon"}, hour, 67 * time.Minute},
		{map[string]string{"Expires": "3h"}, 3*hour - 2*time.Second, 200 * time.Minute},
		{map[string]string{"Expires": "-3h"}, hour, 67 * time.Minute},
		{map[string]string{"Expires": "0"}, hour, 67 * time.Minute},
	} {
		id := fmt.Sprint("s", i)
		tt.head["Etag"] = `"` + id + `"`
		if in, err := time.ParseDuration(tt.head["Expires"]); err == nil && in != 0 {
			tt.head["Expires"] = time.Now().Add(in).UTC().Format(http.TimeFormat)
		}
		address := "http://" + id + ".example/"
		l.says(address, reply{head: tt.head, body: rss("", "1")})
		l.source(id, address)
		h := l.visit(id)
		if d := h.DueAt.Sub(h.FetchedAt); d < tt.min || d > tt.max {
			l.Errorf("%v: due in %v", tt.head, d)
		}
		l.visit(id)
		if h := l.seen(address); h[len(h)-1].head.Get("If-None-Match") != tt.head["Etag"] {
			l.Errorf("%v: the next request was not conditional", tt.head)
		}
	}
}

func f20(l *lab) {
	for i, tt := range []struct {
		head     string
		cache    string
		min, max time.Duration
	}{
		{"<ttl>180</ttl>", "", 3 * hour, 199 * time.Minute},
		{"<ttl>5</ttl>", "", hour, 67 * time.Minute},
		{"<ttl>99999999</ttl>", "", day, 27 * hour},
		{"<ttl>x</ttl>", "", hour, 67 * time.Minute},
		{"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", "", 6 * hour, 397 * time.Minute},
		{"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>60</sy:updateFrequency>", "", hour, 67 * time.Minute},
		{"<ttl>120</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>", "max-age=18000", 5 * hour, 331 * time.Minute},
		{"<ttl>300</ttl>", "max-age=7200", 5 * hour, 331 * time.Minute},
	} {
		id := fmt.Sprint("s", i)
		l.says("http://"+id+".example/", reply{head: map[string]string{"Etag": tag, "Cache-Control": tt.cache}, body: rss(tt.head, "1")})
		l.source(id, "http://"+id+".example/")
		h := l.visit(id)
		if d := h.DueAt.Sub(h.FetchedAt); d < tt.min || d > tt.max {
			l.Errorf("%s, %s: due in %v", tt.head, tt.cache, d)
		}
	}
	quietHours := ""
	for h := range 24 {
		if h != 5 {
			quietHours += fmt.Sprintf("<hour>%d</hour>", h)
		}
	}
	l.on("http://hours.example/", tagged(`"h"`, rss("<skipHours>"+quietHours+"</skipHours>", "1")))
	l.on("http://days.example/", tagged(`"d"`, rss("<skipDays><day>Saturday</day><day>Sunday</day></skipDays>", "1")))
	l.source("hours", "http://hours.example/")
	l.source("days", "http://days.example/")
	l.run(20 * day)
	for i, h := range l.seen("http://hours.example/") {
		if i > 0 && h.at.UTC().Hour() != 5 {
			l.Errorf("read at %v, in its quiet hours", h.at.UTC())
		}
	}
	for i, h := range l.seen("http://days.example/") {
		if d := h.at.UTC().Weekday(); i > 0 && (d == time.Saturday || d == time.Sunday) {
			l.Errorf("read on a %v", d)
		}
	}
	if n := len(l.seen("http://hours.example/")); n < 15 {
		l.Errorf("read %d times in 20 days", n)
	}
}
