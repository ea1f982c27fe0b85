package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// names is a resolver with a fixed book; the nth question for a name gets its
// nth answer, the last one for ever.
type names struct {
	mu    sync.Mutex
	book  map[string][][]string
	asked map[string]int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	answers, ok := n.book[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if n.asked == nil {
		n.asked = map[string]int{}
	}
	i := min(n.asked[host], len(answers)-1)
	n.asked[host]++
	var out []netip.Addr
	for _, a := range answers[i] {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

// canary listens on loopback and counts who comes.
func canary(t *testing.T) (port string, visits *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	visits = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, visits
}

func TestH01ToH10AddressesInsideAreRefused(t *testing.T) {
	t.Parallel()
	port, visits := canary(t)
	tests := map[string][]string{
		"H01 metadata services": {"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.100.100.200/",
			"http://metadata.google.internal/", "http://168.63.129.16/"},
		"H02 this machine": {"http://127.0.0.1:PORT/", "http://127.9.9.9/", "http://[::1]:PORT/", "http://0.0.0.0:PORT/", "http://[::]:PORT/", "http://inside.test:PORT/", "http://inside.test/"},
		"H03 private and special networks": {"http://10.1.2.3/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/",
			"http://169.254.1.1/", "http://[fc00::1]/", "http://[fe80::1]/", "http://198.18.0.1/", "http://224.0.0.1/", "http://[ff02::1]/", "http://240.0.0.1/", "http://255.255.255.255/"},
		"H04 addresses in disguise":   {"http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.1/", "http://0x7f000001/", "http://017700000001/"},
		"H05 IPv4 inside IPv6":        {"http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2002:a00:1::]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[::ffff:169.254.169.254]/", "http://[fe80::1%25eth0]/", "http://[::127.0.0.1]/"},
		"H06 a name partly inside":    {"http://half.test/"},
		"H08 other schemes":           {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "dict://127.0.0.1/", "unix:///var/run/docker.sock", "data:text/html,x", "javascript:alert(1)"},
		"H09 other ports":             {"http://public.test:22/", "http://public.test:6379/", "http://93.184.216.34:25/"},
		"H10 credentials and tricks":  {"http://good@127.0.0.1/", "http://good:pw@public.test/", "http://127.0.0.1%2f@public.test/", "http://127。0。0。1:PORT/", "http://①②⑦.⓪.⓪.①/", "http://public.test\\@127.0.0.1/"},
		"H10 control characters":      {"http://127.0.0.1%00.public.test/", "http://public.test\r\nHost: 127.0.0.1/"},
		"H10 trailing dot and digits": {"http://127.0.0.1./", "http://1.2.3.08/"},
	}
	c := New(Config{Gap: -1, Timeout: 5 * time.Second})
	c.guard.resolver = &names{book: map[string][][]string{
		"inside.test":              {{"127.0.0.1"}},
		"half.test":                {{"93.184.216.34", "127.0.0.1"}},
		"public.test":              {{"93.184.216.34"}},
		"metadata.google.internal": {{"169.254.169.254"}},
	}}
	for name, urls := range tests {
		t.Run(name, func(t *testing.T) {
			for _, u := range urls {
				u = strings.ReplaceAll(u, "PORT", port)
				_, err := c.Get(t.Context(), Request{URL: u})
				if !errors.Is(err, veille.ErrDenied) && !errors.Is(err, veille.ErrInvalid) {
					t.Errorf("Get %s: %v, want a refusal", u, err)
				}
				if _, ok := veille.SaysOf(err); !ok {
					t.Errorf("Get %s: %v says nothing to a person", u, err)
				}
				// H11: the same guard stands before webhooks and uploads.
				if r, err := c.HTTP(time.Second).Get(u); err == nil {
					r.Body.Close()
					t.Errorf("HTTP().Get %s was not refused", u)
				}
			}
		})
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("the canary saw %d connections, want none", n)
	}
}

func TestH06AnAnswerThatChangesGainsNothing(t *testing.T) {
	t.Parallel()
	_, visits := canary(t)
	g := newGuard(nil, &names{book: map[string][][]string{"rebind.test": {{"93.184.216.34"}, {"127.0.0.1"}}}})
	first, err := g.vet(t.Context(), "rebind.test", "80")
	if err != nil || len(first) != 1 || first[0].String() != "93.184.216.34:80" {
		t.Fatalf("vet = %v, %v; want the public address alone", first, err)
	}
	if _, err := g.dial(t.Context(), "tcp", "rebind.test:80"); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("dial after the answer changed: %v, want ErrDenied", err)
	}
	if visits.Load() != 0 {
		t.Error("the canary was reached")
	}
}

func TestH06TheDiallersLastWordHoldsAlone(t *testing.T) {
	t.Parallel()
	port, visits := canary(t)
	g := newGuard(nil, net.DefaultResolver)
	if _, err := g.dialer.DialContext(t.Context(), "tcp", "127.0.0.1:"+port); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("DialContext: %v, want ErrDenied", err)
	}
	if visits.Load() != 0 {
		t.Error("the canary was reached")
	}
}

func TestH07ARedirectInsideIsRefusedAtEveryHop(t *testing.T) {
	t.Parallel()
	port, visits := canary(t)
	for hops := 1; hops <= 5; hops++ {
		// One server stands on loopback at an allowed address, the canary at
		// another that is not.
		mux := http.NewServeMux()
		left := hops
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
			if left--; left > 0 {
				http.Redirect(w, r, "/again", http.StatusFound)
				return
			}
			http.Redirect(w, r, "http://127.0.0.2:"+port+"/", http.StatusFound)
		})
		s := httptest.NewServer(mux)
		defer s.Close()
		c := New(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
		if _, err := c.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, veille.ErrDenied) {
			t.Errorf("after %d hops: %v, want ErrDenied", hops, err)
		}
		left = hops
		if r, err := c.HTTP(0).Get(s.URL); !errors.Is(err, veille.ErrDenied) {
			if err == nil {
				r.Body.Close()
			}
			t.Errorf("HTTP() after %d hops: %v, want ErrDenied", hops, err)
		}
	}
	if visits.Load() != 0 {
		t.Error("the canary was reached")
	}
}

func TestH12ProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	port, visits := canary(t)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:"+port)
	t.Setenv("http_proxy", "http://127.0.0.1:"+port)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("direct")) }))
	defer s.Close()
	c := New(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	r, err := c.Get(t.Context(), Request{URL: s.URL})
	if err != nil || string(r.Body) != "direct" {
		t.Errorf("Get = %q, %v", r.Body, err)
	}
	if visits.Load() != 0 {
		t.Error("the proxy was asked")
	}
}

func TestPublicAddressesPassTheGuard(t *testing.T) {
	t.Parallel()
	g := newGuard(nil, &names{book: map[string][][]string{
		"public.test": {{"93.184.216.34", "2606:2800:220:1::1"}},
	}})
	for _, host := range []string{"public.test", "93.184.216.34", "2606:4700::1111"} {
		if _, err := g.vet(t.Context(), host, "443"); err != nil {
			t.Errorf("vet %s: %v", host, err)
		}
	}
	for in, want := range map[string]string{"Été.Example.COM": "xn--t-9fab.example.com", "my_host.example.com": "my_host.example.com", "EXAMPLE.com": "example.com"} {
		if got, err := canonicalHost(in); err != nil || got != want {
			t.Errorf("canonicalHost(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}
