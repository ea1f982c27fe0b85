package fetch

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go"

	"veilleur/internal/veille"
)

// FeedAccept is the Accept header for feeds.
const FeedAccept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"

// PageAccept is the Accept header for pages.
const PageAccept = "text/html, application/xhtml+xml, */*;q=0.1"

// A Request is what to fetch.
type Request struct {
	URL          string
	ETag         string // as received, byte for byte; "" sends none
	LastModified string // as received, byte for byte; "" sends none
	From         string // the address the validators came from, the only one they are sent to; "" means URL
	Limit        int64  // bytes after decompression; 0 means the feed limit
	Cut          bool   // a longer body is cut at the limit instead of refused
	Accept       string // "" means FeedAccept
	Stay         bool   // a redirect is the answer: it is not followed
	Insist       bool   // also try again what the server may have seen: for what has no next visit soon
}

// A Response is what came back.
type Response struct {
	URL             string // where the body came from, after redirects
	Status          int
	ETag            string   // as received, for the next Request
	LastModified    string   // as received, for the next Request
	ContentType     string   // as received
	ContentLocation string   // as received
	ContentLanguage string   // as received
	Links           []string // Link headers as received
	Body            []byte   // decompressed; nil when NotModified
	NotModified     bool
	PermanentURL    string        // where the address moved for good; "" when it did not
	RetryAfter      time.Duration // how long the server asks to be left alone; 0 when it does not say
	MaxAge          time.Duration // how long the answer stays fresh, at most 24 h; 0 when it does not say
}

// Get fetches an address, following at most five redirects.
//
// Its errors are Problems: ErrDenied for an address that may not be reached or
// a 401 or 403, ErrNotFound for 404, 410 and unknown hosts, ErrInvalid for an
// answer too large or that makes no sense, ErrBusy for whatever may pass. An
// HTTP error wraps *StatusError, and comes with a Response holding its Status
// and RetryAfter.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return Response{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.address"), err)
	}
	r.Limit = cmp.Or(r.Limit, c.config.FeedLimit)
	left := c.config.Timeout
	permanent, moved := true, ""
	for hop := 0; ; hop++ {
		if u, err = c.guard.check(u); err != nil {
			return Response{}, err
		}
		answer, err := c.exchange(ctx, u, r, &left)
		answer.PermanentURL = moved
		if err != nil || answer.next == nil || r.Stay {
			return answer.Response, err
		}
		if hop == maxRedirects {
			return answer.Response, tooManyRedirects(answer.next)
		}
		if u.Scheme == "https" && answer.next.Scheme == "http" {
			return answer.Response, weakerRedirect(answer.next)
		}
		if permanent = permanent && (answer.Status == 301 || answer.Status == 308); permanent {
			moved = withoutFragment(answer.next)
		}
		u = answer.next
	}
}

// answer is the response of one hop, and where it leads if it is a redirect.
type answer struct {
	Response
	next *url.URL
	seen bool // the server may have received the request
}

// exchange makes one hop, with the retries and the rests of its host.
func (c *Client) exchange(ctx context.Context, u *url.URL, r Request, left *time.Duration) (answer, error) {
	again := c.retry
	if r.Insist {
		again = c.insist
	}
	a, err := failsafe.With[answer](again, c.pace.breaker(u.Host)).WithContext(ctx).
		Get(func() (answer, error) { return c.hop(ctx, u, r, left) })
	if err != nil {
		return a, explain(u, err)
	}
	return a, nil
}

// hop makes one request when its host's turn comes, and takes the time it
// used from what is left. Waiting for the turn is not counted.
func (c *Client) hop(ctx context.Context, u *url.URL, r Request, left *time.Duration) (answer, error) {
	gap := c.config.Gap
	if gap < 0 || c.guard.allowedHost(ctx, u.Hostname()) {
		gap = 0
	}
	done, err := c.pace.turn(ctx, u.Host, gap)
	if err != nil {
		return answer{}, explain(u, err)
	}
	defer done()
	if *left <= 0 {
		return answer{}, explain(u, context.DeadlineExceeded)
	}
	ctx, cancel := context.WithTimeout(ctx, *left)
	defer cancel()
	began := c.now()
	a, err := c.send(ctx, u, r)
	*left -= c.now().Sub(began)
	return a, err
}

// send makes one request and reads its answer.
func (c *Client) send(ctx context.Context, u *url.URL, r Request) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var seen atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { seen.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.address"), err)
	}
	req.Header.Set("User-Agent", c.config.Agent)
	req.Header.Set("Accept", cmp.Or(r.Accept, FeedAccept))
	req.Header.Set("Accept-Encoding", "gzip")
	conditional := r.condition(req)
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return answer{seen: seen.Load()}, explain(u, err)
	}
	body := &meter{ReadCloser: resp.Body}
	resp.Body = body
	defer func() { _ = body.Close() }()
	a := answer{Response: c.headers(u, resp), seen: true}
	switch {
	case resp.StatusCode == http.StatusNotModified && conditional:
		a.NotModified = true
		return a, nil
	case resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.Header.Get("Location") != "":
		a.next, err = u.Parse(resp.Header.Get("Location"))
		if err != nil {
			return a, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.redirect"), err)
		}
		return a, nil
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNonAuthoritativeInfo:
		return a, statusProblem(u, resp.StatusCode)
	}
	stop := body.watch(cancel)
	defer stop()
	a.Body, err = readBody(resp, r)
	switch cause := context.Cause(ctx); {
	case err == nil:
		return a, nil
	case errors.Is(cause, errTrickle):
		err = cause
	}
	a.Status = 0 // half an answer is none
	return a, explain(u, err)
}

// condition puts the validators on the request to the address they came from,
// and says whether it did.
func (r Request) condition(req *http.Request) bool {
	if r.ETag == "" && r.LastModified == "" || r.From != "" && r.From != req.URL.String() {
		return false
	}
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	return true
}

// headers reads what an answer says besides its body.
func (c *Client) headers(u *url.URL, resp *http.Response) Response {
	now := c.now()
	return Response{
		URL: withoutFragment(u), Status: resp.StatusCode,
		ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
		ContentType: resp.Header.Get("Content-Type"), ContentLocation: resp.Header.Get("Content-Location"), ContentLanguage: resp.Header.Get("Content-Language"),
		Links:      resp.Header.Values("Link"),
		RetryAfter: retryAfter(resp.Header, now), MaxAge: maxAge(resp.Header),
	}
}

// errTooLarge marks a body over its limit.
var errTooLarge = errors.New("body over its limit")

// readBody reads and decompresses a body of at most limit bytes. A longer one
// is an error, never a truncation. At most one layer of gzip is undone: a
// second would only serve a bomb.
func readBody(resp *http.Response, r Request) ([]byte, error) {
	limit := r.Limit
	var body io.Reader = resp.Body
	encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding")))
	switch {
	case encoding == "gzip" || encoding == "x-gzip":
		z, err := gzip.NewReader(body)
		if errors.Is(err, io.EOF) {
			return nil, nil // an empty body, whatever its headers say
		} else if err != nil {
			return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.encoding"), err)
		}
		body = z
	case encoding != "" && encoding != "identity":
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.encoding"), nil)
	case resp.ContentLength > limit && !r.Cut:
		return nil, errTooLarge
	}
	if r.Cut {
		return io.ReadAll(io.LimitReader(body, limit))
	}
	b, err := readLimited(body, limit)
	if err == nil && encoding != "gzip" && bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		// A file compressed on its server and sent without saying so.
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return b, nil
		}
		return readLimited(z, limit)
	}
	return b, err
}

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	switch {
	case n > limit:
		return nil, errTooLarge
	case err != nil:
		return nil, err // half an answer is none
	}
	return b.Bytes(), nil
}

func withoutFragment(u *url.URL) string {
	c := *u
	c.Fragment, c.RawFragment = "", ""
	return c.String()
}
