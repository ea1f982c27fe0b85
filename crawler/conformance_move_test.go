package crawler

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// leads has an address redirect.
func (l *lab) leads(from string, code int, to string) {
	l.says(from, reply{code: code, head: map[string]string{"Location": to}})
}

func f21(l *lab) {
	l.leads(echo, 301, "/two")
	l.leads("http://echo.example/two", 308, "http://new.example/rss")
	l.on("http://new.example/rss", tagged(tag, rss("", "1")))
	l.source("echo", echo)
	var got []string
	for range 2 {
		l.visit("echo")
		l.on("http://new.example/rss", tagged(fmt.Sprint(len(got)), rss("", "1"))) // a body each time
		got = append(got, l.get("echo").URL)
	}
	l.leads("http://echo.example/two", 308, "http://captive.example/")
	l.on("http://captive.example/", tagged(`"c"`, rss("", "1")))
	l.visit("echo") // another target: the count begins again
	got = append(got, l.get("echo").URL)
	l.leads("http://echo.example/two", 308, "http://new.example/rss")
	for i := range 3 {
		l.on("http://new.example/rss", tagged(fmt.Sprint("again", i), rss("", "1")))
		l.visit("echo")
		got = append(got, l.get("echo").URL)
	}
	if want := []string{echo, echo, echo, echo, echo, "http://new.example/rss"}; !slices.Equal(got, want) {
		l.Errorf("addresses %q, want %q", got, want)
	}
	l.leads("http://page.example/rss", 301, "http://page.example/")
	l.says("http://page.example/", reply{body: "<html>portail</html>"})
	l.source("page", "http://page.example/rss")
	for range 5 {
		l.visit("page")
	}
	if u := l.get("page").URL; u != "http://page.example/rss" {
		l.Errorf("a move to what is no feed was followed: %s", u)
	}
}

func f22(l *lab) {
	for i, code := range []int{302, 303, 307} {
		id := fmt.Sprint("s", i)
		l.leads("http://"+id+".example/rss", code, "http://new.example/rss")
		l.source(id, "http://"+id+".example/rss")
	}
	l.leads("http://mixed.example/rss", 301, "http://head.example/rss")
	l.leads("http://head.example/rss", 302, "http://new.example/rss")
	l.leads("http://late.example/rss", 302, "http://moved.example/rss")
	l.leads("http://moved.example/rss", 301, "http://new.example/rss")
	l.source("mixed", "http://mixed.example/rss")
	l.source("late", "http://late.example/rss")
	l.on("http://new.example/rss", func(n int, _ *http.Request) reply {
		return reply{head: map[string]string{"Etag": fmt.Sprint(n)}, body: rss("", "1")}
	})
	l.run(5 * hour)
	for id, want := range map[string]string{"s0": "http://s0.example/rss", "s1": "http://s1.example/rss", "s2": "http://s2.example/rss",
		"mixed": "http://head.example/rss", "late": "http://late.example/rss"} {
		if got := l.get(id); got.URL != want || got.Health.Failures > 0 {
			l.Errorf("%s is at %s with %d failures, want %s", id, got.URL, got.Health.Failures, want)
		}
	}
}

func f23(l *lab) {
	for i := range 8 {
		l.leads(fmt.Sprintf("http://long.example/%d", i), 302, fmt.Sprintf("/%d", i+1))
	}
	l.on("http://long.example/8", tagged(tag, rss("", "1")))
	l.leads("http://circle.example/", 302, "http://circle.example/")
	for i := range 5 {
		l.leads(fmt.Sprintf("http://in%d.example/0", i), 302, "http://127.0.0.1/")
		for j := range i {
			l.leads(fmt.Sprintf("http://in%d.example/%d", i, i-j), 302, fmt.Sprintf("/%d", i-j-1))
		}
		l.source(fmt.Sprint("in", i), fmt.Sprintf("http://in%d.example/%d", i, i))
	}
	l.source("five", "http://long.example/3")
	l.source("six", "http://long.example/2")
	l.source("circle", "http://circle.example/")
	if _, err := l.c.Once(l.Context(), false); err != nil {
		l.Fatal(err)
	}
	for id, want := range map[string]string{"five": "", "six": "crawler.fetch.redirects", "circle": "crawler.fetch.redirects",
		"in0": "crawler.fetch.denied.address", "in1": "crawler.fetch.denied.address", "in4": "crawler.fetch.denied.address"} {
		got := ""
		if p := l.get(id).Health.Problem; p != nil {
			got = p.Key
		}
		if got != want {
			l.Errorf("%s: problem %q, want %q", id, got, want)
		}
	}
	if n := len(l.seen("http://circle.example/")); n > 6 {
		l.Errorf("the circle was walked %d times", n)
	}
	if n := len(l.seen("http://127.0.0.1/")); n > 0 {
		l.Errorf("the inside saw %d requests", n)
	}
}

func f24(l *lab) {
	l.leads("http://api.example/same", 307, "/end")
	l.leads("http://api.example/port", 307, "http://api.example:8080/end")
	l.leads("http://api.example/sub", 307, "http://a.api.example/end")
	l.leads("http://api.example/other", 307, "http://other.example/end")
	for _, host := range []string{"api.example", "api.example:8080", "a.api.example", "other.example"} {
		l.says("http://"+host+"/end", reply{})
	}
	for path, want := range map[string]string{"same": "Bearer s", "port": "", "sub": "", "other": ""} {
		l.forget()
		r, err := http.NewRequestWithContext(l.Context(), http.MethodGet, "http://api.example/"+path, nil)
		if err != nil {
			l.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer s")
		r.Header.Set("Cookie", "id=1")
		resp, err := l.client.HTTP(0).Do(r)
		if err != nil {
			l.Errorf("%s: %v", path, err)
			continue
		}
		resp.Body.Close()
		hits := l.seen("http://*")
		end := hits[len(hits)-1].head
		if end.Get("Authorization") != want || (want == "") != (end.Get("Cookie") == "") {
			l.Errorf("%s: sent %q and %q", path, end.Get("Authorization"), end.Get("Cookie"))
		}
	}
	l.says(echo, reply{code: 302, head: map[string]string{"Location": "http://other.example/end", "Set-Cookie": "id=2"}})
	l.forget()
	l.source("echo", echo)
	l.visit("echo")
	l.visit("echo")
	for _, h := range l.seen("http://*") {
		if h.head.Get("Authorization")+h.head.Get("Cookie") != "" {
			l.Errorf("a feed was asked with %v", h.head)
		}
	}
}

func f25(l *lab) {
	l.says("http://gone.example/", reply{code: 410})
	l.source("gone", "http://gone.example/")
	if h := l.visit("gone"); l.get("gone").State != veille.SourceEnded || h.Problem == nil || h.Problem.Key != "crawler.fetch.gone" {
		l.Errorf("gone: %+v", l.get("gone"))
	}
	l.on("http://missing.example/", func(n int, _ *http.Request) reply { return reply{code: 404} })
	l.on("http://between.example/", func(n int, _ *http.Request) reply { return reply{code: 404 + 96*min(1, n/9%2)} })
	l.source("missing", "http://missing.example/")
	l.source("between", "http://between.example/")
	began := time.Now()
	for l.get("missing").State == veille.SourceActive && time.Since(began) < 60*day {
		l.run(time.Hour)
	}
	if n, d := len(l.seen("http://missing.example/")), time.Since(began); n < 10 || d < 7*day || d > 9*day {
		l.Errorf("missing ended after %d times in %v", n, d)
	}
	l.says("http://seldom.example/", reply{code: 404, head: map[string]string{"Retry-After": "86400"}})
	l.source("seldom", "http://seldom.example/")
	for range 12 {
		l.run(day)
	}
	if n := len(l.seen("http://seldom.example/")); n != 10 || l.get("seldom").State != veille.SourceEnded {
		l.Errorf("missing once a day ended after %d times", n)
	}
	if l.get("between").State != veille.SourceActive {
		l.Errorf("missing nine times, then broken, is not over")
	}
	for i, code := range []int{401, 403} {
		id := fmt.Sprint("s", i)
		l.says("http://"+id+".example/", reply{code: code})
		l.source(id, "http://"+id+".example/")
		for range 3 {
			h := l.visit(id)
			if d := h.DueAt.Sub(h.FetchedAt); d < day || d > 27*hour {
				l.Errorf("%d: due in %v", code, d)
			}
		}
	}
}

// asked reads a feed at an address with all a request may hold, twice, and one
// of its articles, and gives every request.
func (l *lab) asked() []hit {
	l.says("http://echo.example/rss", reply{head: map[string]string{"Etag": tag, "Set-Cookie": "id=1; Path=/"},
		body: rss("", "1", "2") + `<!-- -->`})
	l.on("http://echo.example/a", tagged(tag, `<rss version="2.0"><channel><item><link>http://echo.example/article</link><title>t</title></item></channel></rss>`))
	l.says("http://echo.example/article", reply{head: map[string]string{"Content-Type": "text/html", "Set-Cookie": "id=2"}, body: "<p>texte</p>"})
	l.source("echo", "http://echo.example/rss?x=1&y=%C3%A9#partie")
	l.source("read", "http://echo.example/a", func(s *veille.Source) { s.ReadPages = true })
	l.visit("echo")
	l.visit("read")
	l.visit("echo")
	hits := l.seen("http://*")
	if len(hits) < 5 || len(l.seen("http://echo.example/article")) != 1 {
		l.Fatalf("%d requests", len(hits))
	}
	return hits
}

func f26(l *lab) {
	shape := regexp.MustCompile(`^[A-Za-z]+/[0-9.]+ \(\+https?://[^ ]+\)$`)
	for _, h := range l.asked() {
		if ua := h.head.Get("User-Agent"); ua != agent || !shape.MatchString(ua) || strings.Contains(ua, "Mozilla") {
			l.Errorf("%s: User-Agent %q", h.url, ua)
		}
	}
}

func f27(l *lab) {
	l.asked()
	for _, h := range l.seen("http://echo.example/rss?x=1&y=%C3%A9") {
		a := h.head.Get("Accept")
		for _, kind := range []string{"application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml", "*/*;q=0.1"} {
			if !strings.Contains(a, kind) {
				l.Errorf("Accept %q lacks %s", a, kind)
			}
		}
	}
}

func f28(l *lab) {
	for _, h := range l.asked() {
		if h.head.Get("Referer")+h.head.Get("Cookie") != "" || strings.Contains(h.url, "#") {
			l.Errorf("%s: %v", h.url, h.head)
		}
	}
	if n := len(l.seen("http://echo.example/rss?x=1&y=%C3%A9")); n < 2 {
		l.Errorf("the address as written was asked %d times", n)
	}
}

func f36(l *lab) {
	for _, h := range l.asked() {
		if h.method != http.MethodGet {
			l.Errorf("%s %s", h.method, h.url)
		}
	}
	l.forget()
	for i := range 6 {
		address := fmt.Sprintf("http://one.example/%d", i)
		l.on(address, tagged(tag, rss("", "1")))
		l.source(fmt.Sprint("s", i), address)
	}
	if _, err := l.c.Once(l.Context(), false); err != nil {
		l.Fatal(err)
	}
	conns := map[int]bool{}
	for _, h := range l.seen("http://one.example/*") {
		conns[h.conn] = true
	}
	if len(conns) > 2 {
		l.Errorf("seven requests to one host used %d connections", len(conns))
	}
	l.says("http://mute.example/", reply{wait: time.Hour})
	l.source("mute", "http://mute.example/")
	began := time.Now()
	l.visit("mute")
	if d := time.Since(began); d < 10*time.Second || d > 12*time.Second { // and the second robots.txt takes
		l.Errorf("headers were awaited %v", d)
	}
	for i, tt := range []struct {
		rate, pause time.Duration // bytes each pause
		most        time.Duration
	}{{1, time.Second, 11 * time.Second}, {4 << 10, time.Second, 31 * time.Second}} {
		id := fmt.Sprint("slow", i)
		l.wire.stream("http://"+id+".example/", int(tt.rate), tt.pause)
		l.source(id, "http://"+id+".example/")
		began := time.Now()
		h := l.visit(id)
		if d := time.Since(began); d < tt.most-2*time.Second || d > tt.most+time.Second || h.Problem == nil || h.Problem.Key != "crawler.fetch.timeout" {
			l.Errorf("a body of %d bytes a second was left after %v with %v", tt.rate, d, h.Problem)
		}
	}
}
