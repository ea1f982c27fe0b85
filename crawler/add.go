package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"veilleur/crawler/alert"
	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/opml"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// Probed is what was found at an address.
type Probed struct {
	Kind   string       `json:"kind"`  // feed or alert; else what it is instead: page, opml, sitemap, json, xml, image, pdf, archive, media, text or empty
	Title  string       `json:"title"` // of the feed
	URL    string       `json:"url"`   // of the feed, or of the page
	Site   string       `json:"site,omitempty"`
	Lang   string       `json:"lang,omitempty"`
	Found  []page.Link  `json:"found,omitempty"`  // the feeds a page leads to
	Sample []feed.Entry `json:"sample,omitempty"` // the first entries of a feed, at most five
}

// IsFeed says whether what was found can be a source.
func (p Probed) IsFeed() bool {
	return p.Kind == string(veille.SourceFeed) || p.Kind == string(veille.SourceAlert)
}

// AddOptions are what a person may say of a source she adds. All optional.
type AddOptions struct {
	Title     string // "" means the feed's own
	Publisher string
	Group     string
	Folder    string
	Tier      veille.Tier
	ReadPages bool
	Every     veille.Minutes
}

// AddResult is what became of an address.
type AddResult struct {
	Source veille.Source `json:"source"` // stored, when the address is a feed
	Probed Probed        `json:"probed"`
}

// Add makes a source of any address a person may type. When it is no feed,
// nothing is stored: the error, an ErrInvalid Problem, says what it is
// instead, and the result lists the feeds found on it.
//
// It returns ErrConflict if the branch has this source already, and the
// Problems of fetch when the address cannot be read.
func (c *Crawler) Add(ctx context.Context, b veille.Branch, address string, o AddOptions) (AddResult, error) {
	p, err := c.Probe(ctx, address)
	if err != nil {
		return AddResult{}, err
	}
	if !p.IsFeed() {
		return AddResult{Probed: p}, notSource(p)
	}
	now := c.now()
	s := veille.Source{
		ID: veille.SourceID(veille.NewID(now)), BranchID: b.ID, Kind: veille.SourceKind(p.Kind), URL: p.URL, Site: p.Site,
		Title: cmp.Or(strings.TrimSpace(o.Title), p.Title, alert.Site(p.URL)), Publisher: o.Publisher, Group: o.Group,
		Tier: o.Tier, Folder: o.Folder, ReadPages: o.ReadPages, Every: o.Every,
		State: veille.SourceActive, CreatedAt: now, Health: veille.Health{DueAt: now},
	}
	if err := c.store.PutSource(ctx, s); err != nil {
		return AddResult{Probed: p}, fmt.Errorf("crawler: add source: %w", err)
	}
	c.Wake()
	return AddResult{Source: s, Probed: p}, nil
}

// notSource says in words why an address cannot be a source.
func notSource(p Probed) error {
	says := veille.Say("crawler.feed.not." + p.Kind)
	switch {
	case p.Kind == "page" && len(p.Found) > 0:
		says = veille.Say("crawler.add.page_with", "n", len(p.Found))
	case p.Kind == "page":
		says = veille.Say("crawler.add.page_without")
	}
	return veille.NewProblem(veille.ErrInvalid, says, &feed.NotFeedError{Is: p.Kind})
}

// Probe tells what is at an address a person typed: with or without its
// scheme, with spaces, as feed:… Only an address that cannot be read at all is
// an error.
func (c *Crawler) Probe(ctx context.Context, address string) (Probed, error) {
	candidates, err := addresses(address)
	if err != nil {
		return Probed{}, err
	}
	var first error
	for _, u := range candidates {
		p, err := c.probe(ctx, u)
		if err == nil {
			return p, nil
		}
		if first == nil {
			first = err
		}
		var status *fetch.StatusError
		if ctx.Err() != nil || errors.As(err, &status) || errors.Is(err, veille.ErrDenied) {
			break // it answered: the other scheme would say no better
		}
	}
	return Probed{}, first
}

func (c *Crawler) probe(ctx context.Context, u string) (Probed, error) {
	resp, err := c.client.Get(ctx, fetch.Request{URL: u, Limit: c.client.FeedLimit()})
	if err != nil {
		return Probed{}, err
	}
	p, err := probed(resp, cmp.Or(resp.PermanentURL, u))
	if err != nil {
		return Probed{}, err
	}
	if p.Kind == "page" {
		p.Found = page.Discover(resp.Body, resp.URL)
		if len(p.Found) == 0 {
			p.Found = c.guess(ctx, resp.URL)
		}
	}
	return p, nil
}

// probed tells what a body is.
func probed(resp fetch.Response, address string) (Probed, error) {
	f, err := feed.Parse(resp.Body, feed.Meta{URL: resp.URL, ContentType: resp.ContentType, ContentLocation: resp.ContentLocation})
	var not *feed.NotFeedError
	if errors.As(err, &not) {
		return Probed{Kind: not.Is, URL: resp.URL}, nil
	}
	if err != nil {
		return Probed{}, err
	}
	kind := veille.SourceFeed
	if alert.IsAlert(address) || alert.KindOfFeed(f.ID, f.Self, f.Site) != alert.KindNone {
		kind = veille.SourceAlert
	}
	return Probed{
		Kind: string(kind), Title: f.Title, URL: address, Site: f.Site, Lang: f.Lang,
		Sample: f.Entries[:min(len(f.Entries), 5)],
	}, nil
}

// guess tries the addresses where sites that announce no feed keep one, and
// stops at the first. An answer from elsewhere is no feed of this page.
func (c *Crawler) guess(ctx context.Context, base string) []page.Link {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, u := range page.Guesses(base) {
		resp, err := c.client.Get(ctx, fetch.Request{URL: u, Limit: c.client.FeedLimit()})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil || resp.URL != u {
			continue
		}
		if p, err := probed(resp, u); err == nil && p.IsFeed() {
			return []page.Link{{URL: u, Title: p.Title}}
		}
	}
	return nil
}

// Import makes sources of a list, without fetching any: those the branch has
// already are left alone. It gives how many were added; they are due at once.
func (c *Crawler) Import(ctx context.Context, b veille.Branch, list []opml.Outline) (int, error) {
	now, added := c.now(), 0
	for _, o := range list {
		s := o.Source()
		if !listed(&s) {
			continue // not an address: a list may hold anything
		}
		s.ID, s.BranchID, s.CreatedAt, s.Health.DueAt = veille.SourceID(veille.NewID(now)), b.ID, now, now
		switch err := c.store.PutSource(ctx, s); {
		case errors.Is(err, veille.ErrConflict):
		case err != nil:
			return added, fmt.Errorf("crawler: import source: %w", err)
		default:
			added++
		}
	}
	c.Wake()
	return added, nil
}

// listed completes what a list says of a source, and tells whether it has an
// address to read. One written whole is kept to the letter.
func listed(s *veille.Source) bool {
	if !whole(s.URL) {
		candidates, err := addresses(s.URL)
		if err != nil {
			return false
		}
		if s.Title == s.URL {
			s.Title = ""
		}
		s.URL = candidates[0]
	}
	if s.Title == "" || s.Title == s.URL {
		s.Title = cmp.Or(alert.Site(s.URL), s.URL)
	}
	if s.Kind == veille.SourceFeed && alert.IsAlert(s.URL) {
		s.Kind = veille.SourceAlert
	}
	return true
}

// whole tells whether an address is written as it must be, and needs no guess.
func whole(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && slices.Contains([]string{"http", "https", "imap", "imaps"}, u.Scheme) &&
		!strings.ContainsFunc(address, unicode.IsSpace)
}

// addresses reads what a person typed or pasted as an address: the ones to
// try, best first.
func addresses(typed string) ([]string, error) {
	s := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == 0x200B || r == 0xFEFF || r == 0xA0 {
			return ' '
		}
		return r
	}, typed)), "")
	s = strings.Trim(s, "<>\"'«»,;()[]")
	if rest, ok := cutFold(s, "feed:"); ok {
		s = strings.TrimPrefix(rest, "//")
	}
	notAddress := veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.add.address"), nil)
	lower := strings.ToLower(s)
	if strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		if u, err := url.Parse(s); err != nil || u.Host == "" {
			return nil, notAddress
		}
		return []string{s}, nil
	}
	if strings.Contains(s, "://") { // another scheme: the guard says why not
		return []string{s}, nil
	}
	u, err := url.Parse("https://" + strings.TrimPrefix(s, "//"))
	if err != nil || !plausibleHost(u) {
		return nil, notAddress
	}
	return []string{u.String(), "http://" + strings.TrimPrefix(u.String(), "https://")}, nil
}

// plausibleHost tells an address without a scheme from any other text.
func plausibleHost(u *url.URL) bool {
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" {
		return true
	}
	dot := strings.LastIndexByte(host, '.')
	return u.User == nil && dot > 0 && dot < len(host)-1
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
