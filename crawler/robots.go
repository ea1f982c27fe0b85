package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"veilleur/crawler/fetch"
	"veilleur/internal/veille"
)

// robots knows which article pages their sites ask not to read. Feeds that a
// person added are read regardless: she is a reader, not a robot.
//
// Source: RFC 9309. A missing robots.txt allows all; one that cannot be
// reached forbids all until it can; an answer is kept for a day at most.
type robots struct {
	client *fetch.Client

	mu    sync.Mutex
	sites map[string]rules
}

// rules are one site's.
type rules struct {
	group *robotstxt.Group // nil when nothing may be read
	until time.Time
}

func newRobots(c *fetch.Client) *robots {
	return &robots{client: c, sites: map[string]rules{}}
}

// maxSites bounds the table; the web is large.
const maxSites = 2000

// allow gives ErrDenied when a site asks not to read an address.
func (r *robots) allow(ctx context.Context, address string, now time.Time) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("crawler: address of an article: %w", veille.ErrInvalid)
	}
	site := u.Scheme + "://" + u.Host
	r.mu.Lock()
	known, ok := r.sites[site]
	r.mu.Unlock()
	if !ok || now.After(known.until) {
		known = r.ask(ctx, site, now)
		r.mu.Lock()
		if len(r.sites) >= maxSites {
			clear(r.sites)
		}
		r.sites[site] = known
		r.mu.Unlock()
	}
	if known.group == nil || !known.group.Test(cmpPath(u)) {
		return fmt.Errorf("crawler: robots.txt of %s: %w", u.Host, veille.ErrDenied)
	}
	return nil
}

// cmpPath is what the rules of a site are matched against.
func cmpPath(u *url.URL) string {
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery != "" {
		p += "?" + u.RawQuery
	}
	return p
}

// ask fetches a site's rules.
func (r *robots) ask(ctx context.Context, site string, now time.Time) rules {
	resp, err := r.client.Get(ctx, fetch.Request{URL: site + "/robots.txt", Accept: "text/plain, */*;q=0.1", Limit: 512 << 10})
	var status *fetch.StatusError
	switch {
	case err == nil:
	case errors.As(err, &status) && status.Code < 500 && status.Code != 429, errors.Is(err, veille.ErrInvalid):
		resp.Body = nil // none, or none that makes sense: all is allowed
	default:
		return rules{until: now.Add(time.Hour)}
	}
	parsed, err := robotstxt.FromBytes([]byte(strings.TrimPrefix(string(resp.Body), "\ufeff")))
	if err != nil {
		parsed, _ = robotstxt.FromBytes(nil)
	}
	return rules{group: parsed.FindGroup("Veilleur"), until: now.Add(24 * time.Hour)}
}
