// Package websub speaks the protocol by which hubs push what feeds bring, so
// that they need not be polled: it finds a feed's hub, asks it to push, reads
// its question whether we did ask, and checks the signature of what it pushes.
// It stores nothing and keeps no clock; the crawler does.
//
// Source: WebSub, W3C Recommendation of 23 January 2018.
package websub

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the signature older hubs still make
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// Lease is how long a hub is asked to push for.
const Lease = 10 * 24 * time.Hour

// Leases a hub may grant; others are brought within.
const (
	shortestLease = time.Hour
	longestLease  = 30 * 24 * time.Hour
)

// A Client sends requests; the guarded client of fetch is one.
type Client interface {
	Do(*http.Request) (*http.Response, error)
}

// Subscribe asks a hub to push a topic to a callback, signed with a secret of
// less than 200 bytes. That the hub accepted means that it will ask the
// callback. Its errors are ErrDenied when the hub refuses, ErrBusy otherwise.
func Subscribe(ctx context.Context, c Client, hub, topic, callback, secret string) error {
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {callback}, "hub.secret": {secret},
		"hub.lease_seconds": {strconv.Itoa(int(Lease / time.Second))}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hub, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("websub: address of a hub: %w", veille.ErrInvalid)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Do(req)
	if err != nil {
		return fmt.Errorf("websub: ask the hub %s: %w", req.URL.Host, err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection may serve again
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode/100 == 4 && resp.StatusCode != http.StatusTooManyRequests:
		return fmt.Errorf("websub: the hub %s refused, status %d: %w", req.URL.Host, resp.StatusCode, veille.ErrDenied)
	}
	return fmt.Errorf("websub: the hub %s, status %d: %w", req.URL.Host, resp.StatusCode, veille.ErrBusy)
}

// An Intent is what a hub asks the callback: did you mean this?
type Intent struct {
	Mode      string // subscribe, unsubscribe or denied
	Topic     string
	Challenge string        // to be given back, when we did
	Lease     time.Duration // of a subscribe: how long the hub will push
}

// ParseIntent reads the query of a hub's question.
func ParseIntent(q url.Values) Intent {
	i := Intent{Mode: q.Get("hub.mode"), Topic: q.Get("hub.topic"), Challenge: q.Get("hub.challenge"), Lease: Lease}
	if n, err := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 32); err == nil {
		i.Lease = min(max(time.Duration(n)*time.Second, shortestLease), longestLease)
	}
	return i
}

// Renew is when to ask a hub again: at four fifths of its lease.
func Renew(from time.Time, lease time.Duration) time.Time { return from.Add(lease / 5 * 4) }

// Signed says whether a pushed body bears the signature of the secret. It
// compares in constant time.
func Signed(signature, secret string, body []byte) bool {
	method, digest, ok := strings.Cut(strings.TrimSpace(signature), "=")
	if !ok || secret == "" {
		return false
	}
	makeHash := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[strings.ToLower(method)]
	got, err := hex.DecodeString(digest)
	if makeHash == nil || err != nil {
		return false
	}
	mac := hmac.New(makeHash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}
