package crawler

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"veilleur/internal/veille"
)

const (
	hubURL = "http://hub.example/"
	public = "https://veille.example"
)

// A hub is a scripted one: it keeps what it was asked, and asks back and pushes
// when told.
type hub struct {
	*lab
	asked []url.Values
	code  int // its answer to subscribe
}

func (l *lab) hub() *hub {
	h := &hub{lab: l, code: http.StatusAccepted}
	l.wire.streams[hubURL] = func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		h.asked = append(h.asked, r.PostForm)
		w.WriteHeader(h.code)
	}
	l.on(echo, func(_ int, r *http.Request) reply {
		if r.Header.Get("If-None-Match") == tag {
			return reply{code: http.StatusNotModified}
		}
		return reply{head: map[string]string{"Etag": tag, "Link": "<" + hubURL + `>; rel="hub", <` + echo + `>; rel="self"`}, body: rss("", "1")}
	})
	l.again()
	return h
}

// again starts a new process over the same store, with pushes on.
func (l *lab) again() {
	l.restart(Config{Idle: 10 * time.Minute})
	l.c.Push(l.Store.(Subscriptions), public)
}

// speak has the hub send a request to the callback it was last given.
func (h *hub) speak(method, query, body, signature string) *httptest.ResponseRecorder {
	h.Helper()
	callback := h.last().Get("hub.callback")
	path, ok := strings.CutPrefix(callback, public)
	if !ok {
		h.Fatalf("callback %q", callback)
	}
	r := httptest.NewRequestWithContext(h.Context(), method, path+query, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/rss+xml")
	if signature != "" {
		r.Header.Set("X-Hub-Signature", signature)
	}
	w := httptest.NewRecorder()
	h.c.Hubs().ServeHTTP(w, r)
	return w
}

func (h *hub) last() url.Values {
	h.Helper()
	if len(h.asked) == 0 {
		h.Fatal("the hub was not asked")
	}
	return h.asked[len(h.asked)-1]
}

// grant has the hub ask back, and wants its challenge.
func (h *hub) grant(lease time.Duration) {
	h.Helper()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {echo}, "hub.challenge": {"défi"}, "hub.lease_seconds": {fmt.Sprint(int(lease.Seconds()))}}
	if w := h.speak(http.MethodGet, "?"+q.Encode(), "", ""); w.Code != 200 || w.Body.String() != "défi" {
		h.Errorf("intent not verified: %d %q", w.Code, w.Body)
	}
}

func (h *hub) sign(body string) string {
	mac := hmac.New(sha256.New, []byte(h.last().Get("hub.secret")))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func f35(l *lab) {
	h := l.hub()
	l.source("echo", echo)
	l.visit("echo")
	if f := h.last(); f.Get("hub.mode") != "subscribe" || f.Get("hub.topic") != echo || len(f.Get("hub.secret")) < 32 || len(h.asked) != 1 {
		l.Fatalf("the hub was asked %v", h.asked)
	}
	h.strangers()
	h.grant(10 * day)

	// Pushes: signed ones are stored, once; others are dropped without a word.
	two := rss("", "1", "2")
	for _, bad := range []string{"", "sha256=00", "sha1=" + strings.Repeat("0", 40), h.sign(two + " ")} {
		if w := h.speak(http.MethodPost, "", two, bad); w.Code != http.StatusAccepted || len(l.titles("echo", "2")) != 0 {
			l.Errorf("a push signed %q: %d, stored %q", bad, w.Code, l.titles("echo", "2"))
		}
	}
	for range 2 {
		if w := h.speak(http.MethodPost, "", two, h.sign(two)); w.Code != http.StatusAccepted {
			l.Errorf("push: %d", w.Code)
		}
	}
	if got, n := l.titles("echo", "2"), l.get("echo").Health.Entries; len(got) != 1 || n != 2 {
		l.Errorf("pushed twice: %q, %d entries", got, n)
	}
	if w := h.speak(http.MethodPost, "", "<html>", h.sign("<html>")); w.Code != http.StatusAccepted {
		l.Errorf("a push that is no feed: %d", w.Code)
	}
	if w := h.speak(http.MethodPost, "", strings.Repeat("x", 6<<20), "sha1=0"); w.Code != http.StatusRequestEntityTooLarge {
		l.Errorf("a push of 6 MB: %d", w.Code)
	}

	// Polling goes on, daily, across restarts; the lease is renewed at 80 %.
	l.forget()
	granted := time.Now()
	for range 8 {
		l.run(day)
		l.again()
	}
	l.run(hour)
	if len(h.asked) != 2 || time.Since(granted) < 8*day {
		l.Errorf("asked %d times in eight days of a lease of ten", len(h.asked))
	}
	for i, d := range gaps(l.seen(echo)) {
		if d < day {
			l.Errorf("poll %d came %v after the one before", i+1, d)
		}
	}
	if n := len(l.seen(echo)); n < 6 || n > 9 {
		l.Errorf("%d polls in eight days", n)
	}
	three := rss("", "3")
	if w := h.speak(http.MethodPost, "", three, h.sign(three)); w.Code != http.StatusAccepted || len(l.titles("echo", "3")) != 1 {
		l.Errorf("a push after restarts: %d, stored %q", w.Code, l.titles("echo", "3"))
	}
	h.lapse()
}

// strangers has others speak to the callback: wrong topic, no challenge,
// another mode, another id, and a push before the hub was granted.
func (h *hub) strangers() {
	h.Helper()
	for _, q := range []string{"", "?hub.mode=subscribe&hub.topic=http://other.example/&hub.challenge=x", "?hub.mode=subscribe&hub.topic=" + echo,
		"?hub.mode=unsubscribe&hub.topic=" + echo + "&hub.challenge=x"} {
		if w := h.speak(http.MethodGet, q, "", ""); w.Code != http.StatusNotFound {
			h.Errorf("%q was answered %d %q", q, w.Code, w.Body)
		}
	}
	for method, want := range map[string]int{http.MethodGet: 404, http.MethodPost: 410, http.MethodDelete: 405} {
		w := httptest.NewRecorder()
		h.c.Hubs().ServeHTTP(w, httptest.NewRequestWithContext(h.Context(), method, PushPath+"inconnu?hub.mode=subscribe&hub.challenge=x&hub.topic="+echo, nil))
		if w.Code != want {
			h.Errorf("%s of an unknown id: %d, want %d", method, w.Code, want)
		}
	}
	early := rss("", "early")
	h.speak(http.MethodPost, "", early, h.sign(early))
	if got := h.titles("echo", "early"); len(got) != 0 {
		h.Errorf("pushed before it was granted: %q", got)
	}
}

// lapse lets the lease end, the hub being deaf: polls go back to their rhythm.
// Then the hub hears again, but pushes nothing of what polls find: it is no
// longer believed.
func (h *hub) lapse() {
	h.Helper()
	h.code = http.StatusServiceUnavailable
	h.run(12 * day)
	h.forget()
	h.run(day)
	if n := len(h.seen(echo)); n < 3 { // a quarter of its rhythm
		h.Errorf("%d polls the day after the lease", n)
	}
	asked := len(h.asked)
	h.code = http.StatusAccepted
	h.run(day + hour)
	if len(h.asked) == asked {
		h.Fatal("the hub was not asked again")
	}
	h.grant(30 * day)
	h.on(echo, func(n int, _ *http.Request) reply {
		return reply{head: map[string]string{"Etag": fmt.Sprint(n), "Link": "<" + hubURL + `>; rel="hub", <` + echo + `>; rel="self"`}, body: rss("", "1", fmt.Sprint("poll", n))}
	})
	h.run(3 * day)
	sub, err := h.Store.(Subscriptions).SubscriptionOf(h.Context(), "echo")
	if err != nil || sub.Live(time.Now()) {
		h.Errorf("a hub that pushes nothing is still believed: %+v, %v", sub, err)
	}
	if sub.ID != veille.SubscriptionID(h.last().Get("hub.callback")[len(public+PushPath):]) {
		h.Error("its callback changed")
	}
}
