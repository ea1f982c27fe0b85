package crawler

import (
	"context"
	"errors"
	"time"

	"veilleur/crawler/alert"
	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/internal/veille"
)

// visit reads one leased source and stores what came of it.
func (c *Crawler) visit(ctx context.Context, s veille.Source) Report {
	lg := c.lg.With("source", s.ID)
	began := c.now()
	f := veille.Fetched{SourceID: s.ID, Owner: c.config.Owner, Health: s.Health}
	if ctx.Err() != nil {
		c.release(ctx, s, time.Time{})
		return Report{}
	}
	sub := c.subscription(ctx, s.ID)
	f.Health.PushedUntil = sub.LeaseUntil
	var hub offered
	report, err := c.read(ctx, s, &f, &hub)
	if ctx.Err() != nil {
		c.release(ctx, s, c.now())
		return Report{}
	}
	if report.Unchanged > 0 {
		c.later.put(f)
		report.Sources = 1
		return report
	}
	n, putErr := c.store.PutFetch(ctx, f)
	report.Sources, report.New, report.Changed = 1, n.New, n.Changed
	switch {
	case putErr != nil && ctx.Err() != nil:
		c.release(ctx, s, c.now())
		return Report{}
	case errors.Is(putErr, veille.ErrConflict):
		lg.Warn("lease lost while reading", "took", c.now().Sub(began))
		return Report{}
	case putErr != nil:
		lg.Error("fetch not stored", "err", putErr)
		report.Failed = 1
	case err != nil:
		report.Failed = 1
		lg.Warn("source not read", "failures", f.Health.Failures, "due", f.Health.DueAt, "err", err)
	case f.State == veille.SourceEnded:
		lg.Info("source ended")
	case n.New+n.Changed > 0:
		lg.Info("entries read", "new", n.New, "changed", n.Changed, "took", c.now().Sub(began))
	default:
		lg.Debug("nothing new", "took", c.now().Sub(began))
	}
	if putErr == nil && err == nil {
		c.follow(ctx, s, sub, hub, n.New)
	}
	return report
}

// release gives a source back when the program is asked to stop while reading
// it: as it was if it was not asked yet, else due a floor later, for its server
// may have answered.
func (c *Crawler) release(ctx context.Context, s veille.Source, asked time.Time) {
	h := s.Health
	if !asked.IsZero() {
		h.FetchedAt, h.DueAt = asked, asked.Add(floor(s))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := c.store.PutFetch(ctx, veille.Fetched{SourceID: s.ID, Owner: c.config.Owner, Health: h}); err != nil {
		c.lg.Debug("lease not ended", "source", s.ID, "err", err)
	}
}

// read fetches and parses a source, and writes into f what to store, and into
// hub who could push it.
func (c *Crawler) read(ctx context.Context, s veille.Source, f *veille.Fetched, hub *offered) (Report, error) {
	h := &f.Health
	h.FetchedAt = c.now()
	if s.Kind == veille.SourceMailbox {
		return Report{}, c.readMailbox(ctx, s, f)
	}
	resp, err := c.ask(ctx, s, h)
	h.FetchedAt = c.now() // waits count from the answer
	if err != nil {
		c.failed(s, f, resp, err)
		return Report{}, err
	}
	if resp.NotModified {
		c.unchanged(s, h, resp)
		return Report{Unchanged: 1}, nil
	}
	r, err := understand(s, resp)
	if err != nil {
		c.failed(s, f, resp, err)
		return Report{}, err
	}
	if f.Entries, err = c.entries(ctx, s, r.feed, r.whole, h); err != nil {
		c.failed(s, f, resp, err)
		return Report{}, err
	}
	*hub = offeredBy(resp, r.feed)
	h.Seen = r.seen // only with its entries
	c.succeeded(s, f, resp, r.feed)
	return Report{}, nil
}

// ask fetches a source where its site does not forbid it: a feed to us by name,
// a page to readers like us.
func (c *Crawler) ask(ctx context.Context, s veille.Source, h *veille.Health) (fetch.Response, error) {
	allowed := c.manners.feed
	if s.Kind == veille.SourcePage {
		allowed = c.manners.page
	}
	if err := allowed(ctx, s.URL, c.now()); err != nil {
		return fetch.Response{}, err
	}
	r := c.request(s)
	if r.ETag == "" && r.LastModified == "" {
		h.FullAt = h.FetchedAt
	}
	return c.client.Get(ctx, r)
}

// doubtful is how long a server may say "not modified" before it is asked
// unconditionally once.
const doubtful = 7 * 24 * time.Hour

func (c *Crawler) request(s veille.Source) fetch.Request {
	r := fetch.Request{URL: s.URL, Limit: c.client.FeedLimit(), Accept: fetch.FeedAccept}
	if s.Kind == veille.SourcePage {
		r.Limit, r.Accept = c.client.PageLimit(), fetch.PageAccept
	}
	if s.Health.FullAt.IsZero() || c.now().Sub(s.Health.FullAt) < doubtful {
		r.ETag, r.LastModified, r.From = s.Health.ETag, s.Health.LastModified, s.Health.From
	}
	return r
}

// entries gives what of a feed is new or changed, and counts what is new.
func (c *Crawler) entries(ctx context.Context, s veille.Source, parsed feed.Feed, whole func() (feed.Feed, error), h *veille.Health) ([]veille.Entry, error) {
	n, err := c.news(ctx, s, parsed, h)
	touched := n.known
	if err == nil && len(n.changed) > 0 && s.Health.Seen != nil {
		// What looks edited may be the second of two items of one name, of
		// which the first was cut out as known: only the whole document tells.
		if parsed, err = whole(); err == nil {
			n, err = c.news(ctx, s, parsed, h)
		}
	}
	if err != nil {
		return nil, err
	}
	fresh, changed := n.fresh, n.changed
	first := h.OKAt.IsZero()
	if len(fresh) > 0 {
		h.Rhythm = rhythm(*h, fresh)
		h.EntryAt = h.FetchedAt
		h.Entries += len(fresh)
	}
	if s.ReadPages {
		left := c.readPages(ctx, s, fresh)
		changed = c.reread(ctx, s, n, touched, left)
	}
	if first {
		backdate(fresh)
	}
	return append(fresh, changed...), nil
}

// A batch is what a feed gave, oldest first, against what is stored.
type batch struct {
	fresh   []veille.Entry
	changed []veille.Entry
	known   []edit // every one that is stored, changed or not
}

// An edit is an entry as its feed gives it now, and as it is stored.
type edit struct{ now, old veille.Entry }

// news parts the entries of a feed into new and changed.
func (c *Crawler) news(ctx context.Context, s veille.Source, parsed feed.Feed, h *veille.Health) (batch, error) {
	kind := alert.KindOf(s.URL)
	if kind == alert.KindNone && s.Kind == veille.SourceAlert {
		kind = alert.KindOfFeed(parsed.ID, parsed.Self, parsed.Site)
	}
	all := entriesOf(s, kind, parsed, h.FetchedAt)
	known, err := c.known(ctx, all)
	if err != nil {
		return batch{}, err
	}
	return compare(s, all, known), nil
}

func (c *Crawler) known(ctx context.Context, all []veille.Entry) (map[veille.EntryID]veille.Entry, error) {
	ids := make([]veille.EntryID, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	stored, err := c.store.EntriesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[veille.EntryID]veille.Entry, len(stored))
	for _, e := range stored {
		out[e.ID] = e
	}
	return out, nil
}

// compare parts what is new from what its publisher edited, oldest first, and
// leaves out what is stored as it is. The text of an article once read is
// kept: the feed only has its summary.
func compare(s veille.Source, all []veille.Entry, known map[veille.EntryID]veille.Entry) batch {
	var b batch
	for i := len(all) - 1; i >= 0; i-- { // feeds list the newest first
		e := all[i]
		old, ok := known[e.ID]
		switch {
		case !ok:
			b.fresh = append(b.fresh, e)
			continue
		case shared(s, e):
			continue // the same article, under another link or in another search
		case e.Published.Equal(e.Seen):
			e.Published = old.Published // it bears no date: an edit makes it no newer
		}
		b.known = append(b.known, edit{e, old})
		if e = kept(s, e, old); differ(e, old) {
			b.changed = append(b.changed, e)
		}
	}
	return b
}

// kept gives an entry of a feed what is stored of it and the feed does not
// have: the text of its article. What surrounds an item of a watched page
// (how long ago, how many comments) changes by itself and is no edit.
func kept(s veille.Source, e, old veille.Entry) veille.Entry {
	switch {
	case s.ReadPages && len(old.Text) > len(e.Text):
		e.Text, e.Author, e.Publisher, e.Partial = old.Text, old.Author, old.Publisher, old.Partial
	case s.Kind == veille.SourcePage:
		e.Text, e.Partial = old.Text, old.Partial
	}
	return e
}

// differ says whether a publisher edited an entry.
func differ(e, old veille.Entry) bool {
	return e.Title != old.Title || e.URL != old.URL || e.Text != old.Text || e.Author != old.Author
}

// succeeded writes what a fetch with a body taught.
func (c *Crawler) succeeded(s veille.Source, f *veille.Fetched, resp fetch.Response, parsed feed.Feed) {
	h := &f.Health
	h.ETag, h.LastModified, h.From = resp.ETag, resp.LastModified, ""
	if resp.URL != s.URL {
		h.From = resp.URL
	}
	h.FullAt = h.FetchedAt
	well(h, parsed.Broken)
	h.Asks = veille.Minutes(parsed.TTL / time.Minute)
	h.SkipHours, h.SkipDays = parsed.SkipHours, parsed.SkipDays
	h.DueAt = quiet(h.FetchedAt.Add(interval(s, *h, resp.MaxAge, c.chance())), *h)
	f.URL = moved(s, h, resp.PermanentURL)
	if f.URL != "" && f.URL != s.URL {
		c.lg.Info("source moved", "source", s.ID)
	}
}

// unchanged writes what a 304 taught: it may carry new validators.
// Source: RFC 9111 §4.3.4.
func (c *Crawler) unchanged(s veille.Source, h *veille.Health, resp fetch.Response) {
	if resp.ETag != "" {
		h.ETag = resp.ETag
	}
	if resp.LastModified != "" {
		h.LastModified = resp.LastModified
	}
	if h.Failures > 0 {
		well(h, nil)
	}
	h.OKAt = h.FetchedAt
	if h.FullAt.IsZero() {
		h.FullAt = h.FetchedAt
	}
	h.DueAt = quiet(h.FetchedAt.Add(interval(s, *h, resp.MaxAge, c.chance())), *h)
}

// well ends what failures left.
func well(h *veille.Health, broken *veille.Sentence) {
	h.OKAt, h.Failures, h.FailingSince, h.Problem = h.FetchedAt, 0, time.Time{}, broken
	h.Missing, h.MissingAt = 0, time.Time{}
}

// failed writes what a failure taught. The validators stay those of the last
// good answer.
func (c *Crawler) failed(s veille.Source, f *veille.Fetched, resp fetch.Response, err error) {
	h := &f.Health
	if h.Failures++; h.Failures == 1 {
		h.FailingSince = h.FetchedAt
	}
	says, ok := veille.SaysOf(err)
	if !ok {
		says = veille.Say("crawler.health.fault")
	}
	h.Problem = &says
	h.DueAt = quiet(h.FetchedAt.Add(backoff(s, h.Failures, resp.RetryAfter, err, c.chance())), *h)
	if ended(h, err) {
		f.State = veille.SourceEnded
	}
}

// A source not found this many times in a row, over at least this long, is
// over.
const (
	missingTimes = 10
	missingFor   = 7 * day
)

// ended counts the times a server found nothing, and says whether a source is
// over: its server said so (410), or did not find it for long (404).
func ended(h *veille.Health, err error) bool {
	var status *fetch.StatusError
	if !errors.As(err, &status) || !status.Missing() {
		h.Missing, h.MissingAt = 0, time.Time{}
		return status != nil && status.Gone()
	}
	if h.Missing++; h.Missing == 1 {
		h.MissingAt = h.FetchedAt
	}
	return h.Missing >= missingTimes && h.FetchedAt.Sub(h.MissingAt) >= missingFor
}
