package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"veilleur/crawler/fetch"
	"veilleur/crawler/robots"
	"veilleur/internal/veille"
)

// reader is our name in robots.txt.
const reader = "Veilleur"

// manners knows what sites ask of readers in their robots.txt.
//
// An article page is read only where the site lets readers like us. A feed
// that a person added is read unless the file names Veilleur: she is a reader,
// not a robot, and what is asked of all robots is not asked of her.
//
// Source: RFC 9309 §2.3.1. A missing file allows all; one that cannot be
// reached forbids all until it can, or for thirty days; an answer is kept for
// a day at most.
type manners struct {
	client *fetch.Client
	flight singleflight.Group

	mu    sync.Mutex
	sites map[string]asked
}

// asked is what a site answered.
type asked struct {
	rules  robots.Rules
	silent time.Time // since when the file cannot be reached; zero when it can
	until  time.Time // when to ask again
}

// How long an answer, and the lack of one, are kept; and how long a file that
// cannot be reached forbids.
const (
	keepRules   = day
	keepSilence = hour
	forbids     = 30 * day
)

func newManners(c *fetch.Client) *manners {
	return &manners{client: c, sites: map[string]asked{}}
}

// maxSites bounds the table; the web is large.
const maxSites = 2000

// page gives ErrDenied when a site asks readers not to read an address, or
// does not say.
func (m *manners) page(ctx context.Context, address string, now time.Time) error {
	u, known, err := m.know(ctx, address, now)
	if err != nil {
		return err
	}
	if unreachable := !known.silent.IsZero() && now.Sub(known.silent) < forbids; unreachable || !known.rules.Allow(cmpPath(u)) {
		return unwelcome(u)
	}
	return nil
}

// feed gives ErrDenied when a site asks Veilleur, by its name, not to read an
// address.
func (m *manners) feed(ctx context.Context, address string, now time.Time) error {
	u, known, err := m.know(ctx, address, now)
	if err != nil {
		return nil // no address at all: the fetch says why better
	}
	if known.rules.Named() && !known.rules.Allow(cmpPath(u)) {
		return unwelcome(u)
	}
	return nil
}

func unwelcome(u *url.URL) error {
	return veille.NewProblem(veille.ErrDenied, veille.Say("crawler.fetch.robots", "host", u.Hostname()), nil)
}

// know gives what the site of an address answered, and asks when it is not
// known.
func (m *manners) know(ctx context.Context, address string, now time.Time) (*url.URL, asked, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, asked{}, fmt.Errorf("crawler: site of an address: %w", veille.ErrInvalid)
	}
	site := u.Scheme + "://" + u.Host
	m.mu.Lock()
	known, ok := m.sites[site]
	m.mu.Unlock()
	if ok && now.Before(known.until) {
		return u, known, nil
	}
	// Many sources of one site ask once.
	answer, _, _ := m.flight.Do(site, func() (any, error) {
		a := m.ask(ctx, site, known.silent, now)
		if ctx.Err() == nil {
			m.keep(site, a)
		}
		return a, nil
	})
	return u, answer.(asked), nil
}

func (m *manners) keep(site string, a asked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sites) >= maxSites {
		clear(m.sites)
	}
	m.sites[site] = a
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

// ask fetches a site's rules. silent is since when it did not answer.
func (m *manners) ask(ctx context.Context, site string, silent, now time.Time) asked {
	resp, err := m.client.Get(ctx, fetch.Request{URL: site + "/robots.txt", Accept: "text/plain, */*;q=0.1", Limit: robots.MaxSize, Cut: true})
	var status *fetch.StatusError
	switch {
	case err == nil:
		return asked{rules: robots.Parse(resp.Body, reader), until: now.Add(keepRules)}
	case errors.As(err, &status) && status.Code < 500, errors.Is(err, veille.ErrInvalid):
		return asked{until: now.Add(keepRules)} // none, or none that makes sense: all is allowed
	case silent.IsZero():
		silent = now
	}
	return asked{silent: silent, until: now.Add(keepSilence)}
}
