package crawler

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veilleur/crawler/fetch"
	"veilleur/internal/store/storetest"
	"veilleur/internal/veille"
)

// A lab is a crawler, a store, and a web in memory whose hosts answer by a
// script, all on a clock that jumps: it lives in a synctest bubble. The real
// guard stands between, for the hosts have public addresses.
type lab struct {
	*testing.T
	Store
	wire   *wire
	client *fetch.Client
	c      *Crawler
	chance *rand.Rand
}

const agent = "Veilleur/1.2 (+https://veilleur.example/lecteur)"

// experiment runs one check in a lab of its own with a real database.
func experiment(t *testing.T, check func(*lab)) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.SQLite(t)
		if err := s.PutBranch(t.Context(), veille.Branch{ID: "b", Name: "Caisse de la Rivière", Locale: "fr-CA", Zone: "America/Toronto"}); err != nil {
			t.Fatal(err)
		}
		check(newLab(t, s))
	})
}

// lightly runs one check in a lab whose store is a map, for the long ones.
func lightly(t *testing.T, check func(*lab)) {
	synctest.Test(t, func(t *testing.T) { check(newLab(t, newMemory())) })
}

func newLab(t *testing.T, s Store) *lab {
	time.Sleep(30*365*day - time.Duration(rand.IntN(1000))*time.Second) // from the bubble's 2000 to our days
	l := &lab{T: t, Store: s, wire: newWire(t), chance: rand.New(rand.NewPCG(1, 2))}
	l.restart(Config{})
	return l
}

// restart makes a new crawler and a new client over the same store, as a new
// process does.
func (l *lab) restart(c Config) {
	if l.client != nil {
		l.client.CloseIdle()
	}
	l.client = fetch.New(fetch.Config{Agent: agent, Network: l.wire})
	l.c = New(discard(), l.Store, l.client, c)
	l.c.chance = l.chance.Float64
	l.Cleanup(l.client.CloseIdle)
}

// source stores a source that is due.
func (l *lab) source(id, address string, with ...func(*veille.Source)) {
	l.Helper()
	s := veille.Source{ID: veille.SourceID(id), BranchID: "b", Kind: veille.SourceFeed, URL: address, Title: id,
		State: veille.SourceActive, CreatedAt: time.Now(), Health: veille.Health{DueAt: time.Now()}}
	for _, w := range with {
		w(&s)
	}
	if err := l.PutSource(l.Context(), s); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) get(id string) veille.Source {
	l.Helper()
	all, err := l.Sources(l.Context(), nil)
	if err != nil {
		l.Fatal(err)
	}
	for _, s := range all {
		if s.ID == veille.SourceID(id) {
			return s
		}
	}
	l.Fatalf("no source %s", id)
	return veille.Source{}
}

// visit waits until a source is due and reads what is due then.
func (l *lab) visit(id string) veille.Health {
	l.Helper()
	time.Sleep(time.Until(l.get(id).Health.DueAt))
	if _, err := l.c.Once(l.Context(), false); err != nil {
		l.Fatal(err)
	}
	return l.get(id).Health
}

// run reads on a clock for a while.
func (l *lab) run(d time.Duration) {
	ctx, cancel := context.WithTimeout(l.Context(), d)
	defer cancel()
	if err := l.c.Run(ctx); err != nil {
		l.Errorf("Run: %v", err)
	}
	synctest.Wait()
}

// A hit is one request that a host saw.
type hit struct {
	at     time.Time
	method string
	url    string // as asked: http://host/path?query
	head   http.Header
	conn   int // which connection brought it
	with   int // how many requests its host had at once, itself included
}

// A reply is what a host answers.
type reply struct {
	code int // 0 means 200
	head map[string]string
	body string
	wait time.Duration // before the headers
}

// A host's script answers the nth request of an address, from 0.
type script func(n int, r *http.Request) reply

// wire is a network in memory: every host has a public address of its own.
type wire struct {
	mu      sync.Mutex
	scripts map[string]script // by address
	streams map[string]http.HandlerFunc
	hits    []hit
	hosts   map[string]netip.Addr
	down    map[string]bool // hosts that cannot be reached
	dials   int
	inside  int            // dials into the machine or its network
	at      map[string]int // requests under way, by host
	arrive  chan net.Conn
}

type connKey struct{}

func newWire(t *testing.T) *wire {
	w := &wire{scripts: map[string]script{}, streams: map[string]http.HandlerFunc{}, hosts: map[string]netip.Addr{}, down: map[string]bool{}, at: map[string]int{}, arrive: make(chan net.Conn)}
	conns := 0
	srv := &http.Server{Handler: w, ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
		conns++
		return context.WithValue(ctx, connKey{}, conns)
	}}
	go func() { _ = srv.Serve(w) }()
	t.Cleanup(func() { srv.Close() })
	return w
}

func (w *wire) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, ok := w.hosts[host]
	if !ok {
		n := len(w.hosts)
		a = netip.AddrFrom4([4]byte{93, 184, byte(n >> 8), byte(n)})
		w.hosts[host] = a
	}
	return []netip.Addr{a}, nil
}

func (w *wire) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	ip := netip.MustParseAddrPort(address).Addr()
	w.mu.Lock()
	w.dials++
	if ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		w.inside++
	}
	for host, a := range w.hosts {
		if a == ip && w.down[host] {
			w.mu.Unlock()
			return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("connection refused")}
		}
	}
	w.mu.Unlock()
	ours, theirs := net.Pipe()
	select {
	case w.arrive <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept makes a wire the listener of its own server.
func (w *wire) Accept() (net.Conn, error) {
	c, ok := <-w.arrive
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (w *wire) Close() error   { close(w.arrive); return nil }
func (w *wire) Addr() net.Addr { return &net.TCPAddr{} }

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	address := "http://" + r.Host + r.URL.Path
	w.mu.Lock()
	w.at[r.Host]++
	s, n := w.scripts[address], 0
	for _, h := range w.hits {
		if h.url == address+query(r) {
			n++
		}
	}
	w.hits = append(w.hits, hit{at: time.Now(), method: r.Method, url: address + query(r), head: r.Header.Clone(),
		conn: r.Context().Value(connKey{}).(int), with: w.at[r.Host]})
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.at[r.Host]--
	}()
	if f := w.streams[address]; f != nil {
		f(rw, r)
		return
	}
	if s == nil {
		http.NotFound(rw, r)
		return
	}
	a := s(n, r)
	select {
	case <-time.After(a.wait):
	case <-r.Context().Done():
		return
	}
	for k, v := range a.head {
		rw.Header()[k] = []string{v}
	}
	if a.code > 0 {
		rw.WriteHeader(a.code)
	}
	_, _ = io.WriteString(rw, a.body)
}

func query(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}

// stream has an address send so many bytes, pause, and go on for ever.
func (w *wire) stream(address string, bytes int, pause time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.streams[address] = func(rw http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := rw.Write(make([]byte, bytes)); err != nil {
				return
			}
			rw.(http.Flusher).Flush()
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
			}
		}
	}
}

// on scripts an address.
func (l *lab) on(address string, s script) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.scripts[address] = s
}

// says has an address always answer the same.
func (l *lab) says(address string, a reply) {
	l.on(address, func(int, *http.Request) reply { return a })
}

// seen gives the requests of an address, or of every address below it when it
// ends with a star, in order.
func (l *lab) seen(address string) []hit {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	prefix, below := strings.CutSuffix(address, "*")
	var out []hit
	for _, h := range l.wire.hits {
		if h.url == address || below && strings.HasPrefix(h.url, prefix) {
			out = append(out, h)
		}
	}
	return out
}

// forget empties the log of requests. Scripts count from 0 again.
func (l *lab) forget() {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.hits = nil
}

// gaps gives the times between hits.
func gaps(hits []hit) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(hits); i++ {
		out = append(out, hits[i].at.Sub(hits[i-1].at))
	}
	return out
}

// rss makes a feed; each item is its guid and its title.
func rss(head string, items ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Fil</title>` + head)
	for _, it := range items {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%[1]s</guid><title>%[1]s</title></item>`, it)
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// tagged is a whole feed with a validator, and a 304 to who knows it.
func tagged(tag, body string) script {
	return func(_ int, r *http.Request) reply {
		if r.Header.Get("If-None-Match") == tag {
			return reply{code: http.StatusNotModified, head: map[string]string{"Etag": tag}}
		}
		return reply{head: map[string]string{"Etag": tag, "Content-Type": "application/rss+xml"}, body: body}
	}
}
