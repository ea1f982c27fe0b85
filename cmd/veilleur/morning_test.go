package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"veilleur/api/webhook"
	"veilleur/internal/demo"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// TestACrisisIsToldOnceAndTheMorningMailLeavesOnce runs the real binary on the
// demo's web: within a minute and a half a receiver is told of the crisis by a
// signed message and the person has her digest; after kill -9 and a restart
// nobody is told again.
func TestACrisisIsToldOnceAndTheMorningMailLeavesOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute and a half")
	}
	t.Parallel()
	post, hooks := newPostOffice(t), &receiver{secret: webhook.NewSecret()}
	listener := httptest.NewServer(hooks)
	t.Cleanup(listener.Close)
	data := t.TempDir()
	movement := watched(t)
	house(t, data, func(st *store.Store) { settleMorning(t, st, movement, listener.URL, hooks.secret) })

	stop := start(t, data, post.addr)
	wait(t, 100*time.Second, "the crisis told", func() bool { return hooks.count("incident.opened") > 0 })
	wait(t, 100*time.Second, "the digest delivered", func() bool { return post.count() > 0 })
	stop()
	stop = start(t, data, post.addr)
	wait(t, 40*time.Second, "another judgement", func() bool { return judgedSince(t, data, time.Now().Add(-2*time.Second)) })
	stop()

	if n := hooks.count("incident.opened"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if bad := hooks.wrong(); bad != nil {
		t.Errorf("a message did not verify: %v", bad)
	}
	if n := post.count(); n != 1 {
		t.Errorf("%d digests", n)
	}
	mail := post.last()
	for _, want := range []string{"List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Message-ID: <digest.", "multipart/alternative"} {
		if !strings.Contains(mail, want) {
			t.Errorf("the digest has no %q", want)
		}
	}
}

// watched is the demo's movement, on a web of its own.
func watched(t *testing.T) demo.Movement {
	t.Helper()
	now := time.Now()
	site, err := demo.Listen(t.Context(), now)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go site.Run(ctx)
	m, err := demo.Seed(now, site.Base)
	must(t, err)
	return m
}

func settleMorning(t *testing.T, st *store.Store, m demo.Movement, hook, secret string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	must(t, (&app{store: st}).seed(ctx, m))
	must(t, st.PutWebhook(ctx, veille.Webhook{ID: "w", BranchID: demo.MainID, Name: "Essai", URL: hook, Secret: secret, CreatedAt: now}))
	for _, u := range m.Users {
		local := now.UTC()
		u.Digest = veille.DigestSettings{On: u.ID == demo.ManagerID, Hour: local.Hour(), Zone: "UTC", Days: []int{0, 1, 2, 3, 4, 5, 6}}
		must(t, st.PutUser(ctx, u))
	}
}

// start runs the program; stop kills it without warning.
func start(t *testing.T, data, smtp string) (stop func()) {
	t.Helper()
	host, port, err := net.SplitHostPort(smtp)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cmd := serveCommand(ctx, data)
	cmd.Args = append(cmd.Args, "--smtp-host", host, "--smtp-port", port, "--smtp-tls", "none", "--smtp-from", "veille@example.test")
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	return func() { cancel(); cmd.Wait() }
}

// wait looks each half second: another process works, there is nothing to
// wait on.
func wait(t *testing.T, most time.Duration, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !done(); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", most, what)
		}
	}
}

func judgedSince(t *testing.T, data string, since time.Time) (yes bool) {
	house(t, data, func(st *store.Store) {
		i, err := st.LiveIncident(t.Context(), demo.BranchTopicID)
		yes = err == nil && i.JudgedAt.After(since)
	})
	return yes
}

// receiver keeps the messages a webhook sends and checks each signature.
type receiver struct {
	secret string
	mu     sync.Mutex
	events map[string]int
	bad    error
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	var m struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(body, &m)
	if err == nil {
		err = webhook.Verify([]string{r.secret}, q.Header, body, time.Now())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.bad = fmt.Errorf("%w: %s", err, body)
	}
	if r.events == nil {
		r.events = map[string]int{}
	}
	r.events[m.Type]++
}

func (r *receiver) count(event string) int { r.mu.Lock(); defer r.mu.Unlock(); return r.events[event] }
func (r *receiver) wrong() error           { r.mu.Lock(); defer r.mu.Unlock(); return r.bad }

// postOffice is the smallest SMTP server that takes a mail.
type postOffice struct {
	addr string
	mu   sync.Mutex
	mail []string
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	p := &postOffice{addr: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *postOffice) serve(c net.Conn) {
	defer c.Close()
	in := textproto.NewReader(bufio.NewReader(c))
	fmt.Fprintf(c, "220 essai\r\n")
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(line); {
		case strings.HasPrefix(verb, "DATA"):
			fmt.Fprintf(c, "354 go on\r\n")
			mail, err := in.ReadDotBytes()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.mail = append(p.mail, string(mail))
			p.mu.Unlock()
			fmt.Fprintf(c, "250 taken\r\n")
		case strings.HasPrefix(verb, "QUIT"):
			fmt.Fprintf(c, "221 bye\r\n")
			return
		default:
			fmt.Fprintf(c, "250 ok\r\n")
		}
	}
}

func (p *postOffice) count() int   { p.mu.Lock(); defer p.mu.Unlock(); return len(p.mail) }
func (p *postOffice) last() string { p.mu.Lock(); defer p.mu.Unlock(); return p.mail[len(p.mail)-1] }
