// Package fetch brings bytes from an address, as a good guest and without
// being led astray.
//
// Every request of the program goes through its one guarded transport: an
// address inside the machine or its network is refused, at the name and again
// at the dial; redirects are few and each hop is judged anew; the answer is
// bounded in size after decompression and in time. It sends no cookie, no
// referrer and no fragment, tells who it is, asks conditionally with the exact
// validators it was given, and never hurries a host. It stores nothing.
//
// Source: RFC 9110 and 9111; reliability rules F01–F36 and H01–H17.
package fetch

import (
	"cmp"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// maxRedirects is how many hops one request may follow.
const maxRedirects = 5

// Config says how to fetch. Its zero value is usable.
type Config struct {
	Agent         string         // User-Agent, with a contact. Optional: "Veilleur"
	Allow         []netip.Prefix // inside networks that may be reached, on any port and without pause. Optional: none
	Timeout       time.Duration  // one whole request, redirects included. Optional: 30 s
	HeaderTimeout time.Duration  // from the request sent to its headers. Optional: 10 s
	FeedLimit     int64          // bytes of a feed, decompressed. Optional: 5 MB
	PageLimit     int64          // bytes of a page, decompressed. Optional: 3 MB
	Gap           time.Duration  // between two requests to one host. Optional: 1 s; negative means none
	PerHost       int            // requests to one host at once. Optional: 2
	Network       Network        // what hosts are reached through. Optional: the machine's
}

// A Client fetches. It is safe for many goroutines.
type Client struct {
	config    Config
	guard     *guard
	post      *guard // of mailboxes
	pace      *pace
	retry     retrypolicy.RetryPolicy[answer]
	insist    retrypolicy.RetryPolicy[answer]
	transport *http.Transport
	now       func() time.Time
}

// New makes a Client.
func New(c Config) *Client {
	c.Agent = cmp.Or(c.Agent, "Veilleur")
	c.Timeout = cmp.Or(c.Timeout, 30*time.Second)
	c.HeaderTimeout = cmp.Or(c.HeaderTimeout, 10*time.Second)
	c.FeedLimit = cmp.Or(c.FeedLimit, 5<<20)
	c.PageLimit = cmp.Or(c.PageLimit, 3<<20)
	c.Gap = cmp.Or(c.Gap, time.Second)
	c.PerHost = cmp.Or(c.PerHost, 2)
	g := newGuard(c.Allow, net.DefaultResolver)
	post := newGuard(c.Allow, net.DefaultResolver, 143, 993)
	if c.Network != nil {
		g.resolver, g.dialer = c.Network, c.Network
		post.resolver, post.dialer = c.Network, c.Network
	}
	return &Client{config: c, guard: g, post: post, pace: newPace(c.PerHost), retry: newRetry(false), insist: newRetry(true),
		transport: newTransport(g, c), now: time.Now}
}

// newTransport makes the one transport. It ignores the proxies of the
// environment: a proxy would dial in our stead, where the guard cannot see.
func newTransport(g *guard, c Config) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            g.dial,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    c.HeaderTimeout,
		ResponseHeaderTimeout:  c.HeaderTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           100,
		MaxConnsPerHost:        c.PerHost,
		MaxIdleConnsPerHost:    c.PerHost,
		IdleConnTimeout:        30 * time.Second,
	}
}

// FeedLimit is the most bytes a feed may have, decompressed.
func (c *Client) FeedLimit() int64 { return c.config.FeedLimit }

// PageLimit is the most bytes a page may have, decompressed.
func (c *Client) PageLimit() int64 { return c.config.PageLimit }

// HTTP gives a plain client over the same guarded transport, for webhooks and
// publishing. A timeout of 0 means the Config's. It paces nothing and does not
// bound the body: its user must.
func (c *Client) HTTP(timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     guarded{c},
		Timeout:       cmp.Or(timeout, c.config.Timeout),
		CheckRedirect: checkRedirect,
	}
}

// guarded judges the address of every request, redirects included, before the
// transport sees it.
type guarded struct{ c *Client }

// RoundTrip refuses an address the guard refuses.
func (t guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	u, err := t.c.guard.check(r.URL)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL = u
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", t.c.config.Agent)
	}
	return t.c.transport.RoundTrip(r)
}

// CloseIdle closes the connections that wait for another request.
func (c *Client) CloseIdle() { c.transport.CloseIdleConnections() }

// checkRedirect lets a client follow few redirects, never to a weaker scheme,
// never telling where it came from, and keeping credentials from another
// origin: net/http alone would hand them to another port or a subdomain.
func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return tooManyRedirects(r.URL)
	}
	if via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme == "http" {
		return weakerRedirect(r.URL)
	}
	r.Header.Del("Referer")
	if first := via[0].URL; r.URL.Scheme != first.Scheme || r.URL.Host != first.Host {
		r.Header.Del("Authorization")
		r.Header.Del("Cookie")
	}
	return nil
}
