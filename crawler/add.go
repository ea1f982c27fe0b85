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
	"veilleur/crawler/network"
	"veilleur/crawler/opml"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// Probed is what was found at an address.
type Probed struct {
	Kind   string         `json:"kind"`  // a kind of source: feed, alert, comments; else what it is instead: page, opml, sitemap, json, xml, image, pdf, archive, media, text or empty
	Title  string         `json:"title"` // of the feed
	URL    string         `json:"url"`   // of the feed, or of the page
	Site   string         `json:"site,omitempty"`
	Lang   string         `json:"lang,omitempty"`
	Tier   veille.Tier    `json:"tier,omitempty"`   // as the kind of place tells; 0 when it tells nothing
	Found  []page.Link    `json:"found,omitempty"`  // the feeds a page leads to
	Sample []veille.Entry `json:"sample,omitempty"` // the first entries of a feed as they would be stored, at most five
}

// IsFeed says whether what was found can be a source as it is.
func (p Probed) IsFeed() bool {
	switch veille.SourceKind(p.Kind) {
	case veille.SourceFeed, veille.SourceAlert, veille.SourceComments:
		return true
	}
	return false
}

// AddOptions are what a person may say of a source she adds. All optional.
type AddOptions struct {
	Kind      veille.SourceKind // "" means what the address is; page watches it though it may have a feed
	Watch     veille.Watch      // of a page; one that is not zero makes a page of any address
	Title     string            // "" means the feed's own
	Publisher string
	Group     string
	Folder    string
	Tier      veille.Tier // 0 means that of its kind, when it has one
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
	probe, watch := c.Probe, o.Kind == veille.SourcePage || o.Watch != (veille.Watch{})
	if watch {
		probe = func(ctx context.Context, address string) (Probed, error) { return c.probePage(ctx, address, o.Watch) }
	}
	p, err := probe(ctx, address)
	if err != nil {
		return AddResult{}, err
	}
	if !p.IsFeed() && !watch {
		return AddResult{Probed: p}, notSource(p)
	}
	now := c.now()
	s := veille.Source{
		ID: veille.SourceID(veille.NewID(now)), BranchID: b.ID, Kind: kindOf(p, o.Kind), URL: p.URL, Site: p.Site,
		Title: cmp.Or(strings.TrimSpace(o.Title), p.Title, alert.Site(p.URL)), Publisher: o.Publisher, Group: o.Group,
		Tier: cmp.Or(o.Tier, p.Tier), Folder: o.Folder, ReadPages: o.ReadPages, Every: o.Every, Watch: o.Watch,
		State: veille.SourceActive, CreatedAt: now, Health: veille.Health{DueAt: now},
	}
	if err := c.store.PutSource(ctx, s); err != nil {
		return AddResult{Probed: p}, fmt.Errorf("crawler: add source: %w", err)
	}
	c.Wake()
	return AddResult{Source: s, Probed: p}, nil
}

// kindOf is the kind of source to make of what was found: a person may say that
// a feed is one of comments.
func kindOf(p Probed, said veille.SourceKind) veille.SourceKind {
	switch {
	case p.Kind == watchedPage:
		return veille.SourcePage
	case p.Kind == string(veille.SourceFeed) && said == veille.SourceComments:
		return said
	}
	return veille.SourceKind(p.Kind)
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
// The address of a page of a known network, or of a search, is told for its
// feed.
func (c *Crawler) Probe(ctx context.Context, address string) (Probed, error) {
	candidates, err := addresses(address)
	if err != nil {
		return Probed{}, err
	}
	var first error
	for _, u := range feedsOf(candidates[0]) {
		p, err := c.probe(ctx, u)
		if err == nil && p.IsFeed() {
			return p, nil
		}
		first = cmp.Or(first, err)
	}
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

// feedsOf are the addresses where the feed of a page of a known network or
// search engine should be.
func feedsOf(address string) []string {
	if f := alert.FeedOf(address); f != "" {
		return []string{f}
	}
	var out []string
	for _, f := range network.Of(address) {
		out = append(out, f.URL)
	}
	return out
}

func (c *Crawler) probe(ctx context.Context, u string) (Probed, error) {
	p, body, err := c.look(ctx, u)
	if err == nil && p.Kind == watchedPage {
		p.Found = c.found(ctx, p.URL, body)
	}
	return p, err
}

// look fetches an address and tells what is there, with its bytes.
func (c *Crawler) look(ctx context.Context, u string) (Probed, []byte, error) {
	resp, err := c.client.Get(ctx, fetch.Request{URL: u, Limit: c.client.FeedLimit(), Insist: true})
	if err != nil {
		return Probed{}, nil, err
	}
	p, err := c.probed(resp, cmp.Or(resp.PermanentURL, u))
	return p, resp.Body, err
}

// watchedPage is what a Probed of a page is called.
const watchedPage = "page"

// found lists the feeds of a page: those it announces, else those its network
// keeps, else those found where sites keep one.
func (c *Crawler) found(ctx context.Context, base string, body []byte) []page.Link {
	links := page.Discover(body, base)
	for _, f := range network.OnPage(base, body) {
		if f.Network == network.YouTube && !slices.ContainsFunc(links, func(l page.Link) bool { return l.URL == f.URL }) {
			links = append(links, page.Link{URL: f.URL})
		}
	}
	if len(links) == 0 {
		links = c.guess(ctx, base)
	}
	return links
}

// probed tells what a body is.
func (c *Crawler) probed(resp fetch.Response, address string) (Probed, error) {
	f, err := feed.Parse(resp.Body, feed.Meta{URL: resp.URL, ContentType: resp.ContentType, ContentLocation: resp.ContentLocation, Lang: resp.ContentLanguage})
	var not *feed.NotFeedError
	if errors.As(err, &not) {
		return Probed{Kind: not.Is, URL: resp.URL}, nil
	}
	if err != nil {
		return Probed{}, err
	}
	p := Probed{Kind: string(veille.SourceFeed), Title: f.Title, URL: address, Site: f.Site, Lang: f.Lang}
	kind := alert.KindOf(address)
	if kind == alert.KindNone {
		kind = alert.KindOfFeed(f.ID, f.Self, f.Site)
	}
	f.Entries = f.Entries[:min(len(f.Entries), sampled)]
	switch {
	case kind != alert.KindNone:
		p.Kind, p.Title = string(veille.SourceAlert), alert.Name(kind, f.Title, address, links(f)...)
	case network.AreComments(address, f.Title):
		p.Kind, p.Tier = string(veille.SourceComments), network.Tier
	case network.IsFeed(address):
		p.Tier = network.Tier
	}
	p.Sample = entriesOf(veille.Source{URL: address, Title: f.Title}, kind, f, c.now())
	return p, nil
}

// sampled is how many entries of a feed are shown before it is added.
const sampled = 5

func links(f feed.Feed) []string {
	out := make([]string, len(f.Entries))
	for i, e := range f.Entries {
		out[i] = e.URL
	}
	return out
}

// probePage fetches a page to watch, and tries its selectors.
func (c *Crawler) probePage(ctx context.Context, address string, w veille.Watch) (Probed, error) {
	candidates, err := addresses(address)
	if err != nil {
		return Probed{}, err
	}
	var first error
	for _, u := range candidates {
		resp, err := c.page(ctx, u)
		if err != nil {
			first = cmp.Or(first, err)
			continue
		}
		s := veille.Source{Kind: veille.SourcePage, URL: u, Watch: w}
		r, err := understand(s, resp)
		if err != nil {
			return Probed{}, err
		}
		p := Probed{Kind: watchedPage, Title: titleOf(resp), URL: u, Site: resp.URL, Tier: 0}
		r.feed.Entries = r.feed.Entries[:min(len(r.feed.Entries), sampled)]
		p.Sample = entriesOf(s, alert.KindNone, r.feed, c.now())
		return p, nil
	}
	return Probed{}, first
}

// page fetches a page where its site lets readers like us.
func (c *Crawler) page(ctx context.Context, u string) (fetch.Response, error) {
	if err := c.manners.page(ctx, u, c.now()); err != nil {
		return fetch.Response{}, err
	}
	resp, err := c.client.Get(ctx, fetch.Request{URL: u, Limit: c.client.PageLimit(), Accept: fetch.PageAccept, Insist: true})
	if err == nil {
		err = isPage(resp)
	}
	return resp, err
}

// titleOf is what a page is called; "" when it does not say.
func titleOf(resp fetch.Response) string {
	a, err := page.Extract(resp.Body, resp.URL)
	if err != nil {
		return ""
	}
	return a.Title
}

// guess tries the addresses where sites that announce no feed keep one, and
// stops at the first. An answer from elsewhere is no feed of this page.
func (c *Crawler) guess(ctx context.Context, base string) []page.Link {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, u := range page.Guesses(base) {
		resp, err := c.client.Get(ctx, fetch.Request{URL: u, Limit: c.client.FeedLimit(), Stay: true})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			continue
		}
		if p, err := c.probed(resp, u); err == nil && p.IsFeed() {
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
		place := now.Add(time.Duration(added) * time.Millisecond) // ids sort as the list does
		s.ID, s.BranchID, s.CreatedAt, s.Health.DueAt = veille.SourceID(veille.NewID(place)), b.ID, now, now
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
	if named := network.Address(s); named != "" {
		return []string{named}, nil
	}
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
