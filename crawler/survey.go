package crawler

import (
	"cmp"
	"context"
	"slices"
	"time"

	"veilleur/crawler/alert"
	"veilleur/crawler/network"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// An Offer is one source that can be made of an address, with what it would
// bring today.
type Offer struct {
	Found   string            // how it was found: here, network, announced, guessed or page
	Kind    veille.SourceKind // feed, alert, comments or page
	Network string            // whose feed it is: youtube, reddit, mastodon, bluesky, wordpress, a saved search's service; "" for none known
	What    string            // what of the network it follows (network.What); "" for none known
	Title   string
	URL     string
	Titles  []string         // of its first three entries
	Entries int              // it has now, of those counted
	Latest  time.Time        // when the newest says it appeared; zero when none says
	Blocks  []page.Proposal  // of a page: the lists that can be watched in it
	Problem *veille.Sentence // why it cannot be read, and what to do; nil when it can
}

// Limits of a survey: a person waits.
const (
	surveyTime  = 45 * time.Second
	surveyFeeds = 8 // announced feeds tried
)

// Survey tells every source that can be made of any address a person may type,
// the best first, and stores nothing: the feed there, the feeds that its page
// announces or its network keeps, those found where sites keep one, the
// comments of a site, and the page itself, watched.
//
// Its errors are those of Probe. An address that leads to a known network whose
// feed cannot be read gives an Offer with a Problem.
func (c *Crawler) Survey(ctx context.Context, typed string) ([]Offer, error) {
	ctx, cancel := context.WithTimeout(ctx, surveyTime)
	defer cancel()
	candidates, err := addresses(typed)
	if err != nil {
		return nil, err
	}
	s := &survey{c: c}
	s.elsewhere(ctx, candidates[0])
	if s.found() {
		return s.offers, nil
	}
	var first error
	for _, u := range candidates {
		p, body, err := c.look(ctx, u)
		if err == nil {
			return s.here(ctx, p, body)
		}
		first = cmp.Or(first, err)
	}
	if len(s.offers) > 0 {
		return s.offers, nil // known, though it does not answer: each says why
	}
	return nil, first
}

// survey gathers the offers of one address.
type survey struct {
	c      *Crawler
	offers []Offer
}

// found says whether anything can be read.
func (s *survey) found() bool {
	return slices.ContainsFunc(s.offers, func(o Offer) bool { return o.Problem == nil })
}

// elsewhere tries the feeds that an address alone tells.
func (s *survey) elsewhere(ctx context.Context, address string) {
	if f := alert.FeedOf(address); f != "" {
		s.try(ctx, Offer{Found: "network", URL: f}, true)
	}
	for _, f := range network.Of(address) {
		s.try(ctx, offerOf(f), f.Network != network.Mastodon) // any host may look like Mastodon
	}
}

func offerOf(f network.Feed) Offer {
	return Offer{Found: "network", Kind: f.Kind(), Network: string(f.Network), What: string(f.What), Title: f.Name, URL: f.URL}
}

// here makes offers of what stands at the address itself.
func (s *survey) here(ctx context.Context, p Probed, body []byte) ([]Offer, error) {
	switch {
	case p.IsFeed():
		s.add(Offer{Found: "here", URL: p.URL}, p)
		return s.offers, nil
	case p.Kind != watchedPage:
		return nil, notSource(p)
	}
	for i, l := range page.Discover(body, p.URL) {
		if i < surveyFeeds {
			s.try(ctx, Offer{Found: "announced", Title: l.Title, URL: l.URL}, false)
		}
	}
	for _, f := range network.OnPage(p.URL, body) {
		s.try(ctx, offerOf(f), false)
	}
	if !s.found() {
		for _, l := range s.c.guess(ctx, p.URL) {
			s.try(ctx, Offer{Found: "guessed", Title: l.Title, URL: l.URL}, false)
		}
	}
	slices.SortStableFunc(s.offers, func(a, b Offer) int { return rankOf(a) - rankOf(b) })
	s.watch(ctx, p, body)
	if len(s.offers) == 0 {
		return nil, notSource(p)
	}
	return s.offers, nil
}

// rankOf puts what a site publishes before what is said under it.
func rankOf(o Offer) int {
	if o.Kind == veille.SourceComments {
		return 1
	}
	return 0
}

// try fetches a feed that should be there and offers it. When it cannot be
// read, it is offered with the reason if tell, else left out.
func (s *survey) try(ctx context.Context, o Offer, tell bool) {
	if slices.ContainsFunc(s.offers, func(x Offer) bool { return x.URL == o.URL }) {
		return
	}
	p, _, err := s.c.look(ctx, o.URL)
	switch {
	case err == nil && p.IsFeed():
		p.URL = o.URL
		s.add(o, p)
	case err != nil && tell:
		if says, ok := veille.SaysOf(err); ok {
			o.Problem = &says
			s.offers = append(s.offers, o)
		}
	}
}

// add offers what was read.
func (s *survey) add(o Offer, p Probed) {
	o.URL, o.Title = p.URL, cmp.Or(p.Title, o.Title)
	if o.Kind != veille.SourceComments || p.Kind != string(veille.SourceFeed) {
		o.Kind = veille.SourceKind(p.Kind)
	}
	if k := alert.KindOf(o.URL); k != alert.KindNone {
		o.Network = string(k)
	}
	o.Entries = len(p.Sample)
	for _, e := range p.Sample[:min(3, len(p.Sample))] {
		o.Titles = append(o.Titles, e.Title)
	}
	for _, e := range p.Sample {
		if e.Published.Before(e.Seen) && e.Published.After(o.Latest) {
			o.Latest = e.Published
		}
	}
	s.offers = append(s.offers, o)
}

// watch offers the page itself, where its site lets readers like us.
func (s *survey) watch(ctx context.Context, p Probed, body []byte) {
	o := Offer{Found: "page", Kind: veille.SourcePage, URL: p.URL}
	if err := s.c.manners.page(ctx, p.URL, s.c.now()); err != nil {
		if says, ok := veille.SaysOf(err); ok {
			o.Problem = &says
			s.offers = append(s.offers, o)
		}
		return
	}
	if a, err := page.Extract(body, p.URL); err == nil {
		o.Title = a.Title
	}
	o.Blocks = page.Propose(body, p.URL)
	lines, err := page.Text(body)
	if err == nil && len(lines) > 0 {
		o.Titles = lines[:min(3, len(lines))]
	}
	if len(o.Blocks)+len(o.Titles) > 0 {
		s.offers = append(s.offers, o)
	}
}
