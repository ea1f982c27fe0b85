package crawler

import (
	"cmp"
	"context"
	"strings"
	"time"

	"veilleur/crawler/alert"
	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// readPages fetches the articles that new entries lead to and takes their
// text, for as many as the Config allows and as time permits: half the lease.
// An article that cannot be read leaves its entry with the feed's own text. It
// gives how many more may be read in this fetch.
func (c *Crawler) readPages(ctx context.Context, s veille.Source, fresh []veille.Entry) int {
	ctx, cancel := context.WithTimeout(ctx, c.config.Lease/2)
	defer cancel()
	read := 0
	for i := len(fresh) - 1; i >= 0 && read < c.config.Pages && ctx.Err() == nil; i-- { // the newest first
		if fresh[i].URL == "" {
			continue
		}
		read++
		if err := c.readPage(ctx, &fresh[i]); err != nil {
			c.lg.Debug("article not read", "source", s.ID, "entry", fresh[i].ID, "err", err)
		}
	}
	return c.config.Pages - read
}

// editable is how long after it appeared an article is read again when its
// item changes: later edits are seldom news.
const editable = 7 * day

// reread reads again the articles whose publisher edited them: those whose item
// differs from what is stored, and those whose item was touched since the last
// fetch though nothing kept of it differs. It gives all that changed.
//
// A feed of which most items are touched at once carries counters or signed
// links: its touches say nothing.
func (c *Crawler) reread(ctx context.Context, s veille.Source, b batch, touched []edit, left int) []veille.Entry {
	ctx, cancel := context.WithTimeout(ctx, c.config.Lease/4)
	defer cancel()
	trusted := len(s.Health.Seen) > 0 && (len(touched) <= 3 || 2*len(touched) < len(s.Health.Seen)/feed.Remembered)
	again := map[veille.EntryID]bool{}
	for _, t := range touched {
		again[t.now.ID] = trusted
	}
	var changed []veille.Entry
	for _, k := range b.known {
		e := kept(s, k.now, k.old)
		edited := differ(e, k.old)
		recent := k.now.Seen.Sub(k.old.Published) < editable
		if (edited || again[e.ID]) && recent && e.URL != "" && left > 0 && ctx.Err() == nil {
			left--
			e = c.readAgain(ctx, s, k, e)
		}
		if differ(e, k.old) {
			changed = append(changed, e)
		}
	}
	return changed
}

// readAgain gives an entry the text its article has now; otherwise is what it
// is when the article cannot be read.
func (c *Crawler) readAgain(ctx context.Context, s veille.Source, k edit, otherwise veille.Entry) veille.Entry {
	e := k.now
	if err := c.readPage(ctx, &e); err != nil || e.Text == k.now.Text {
		c.lg.Debug("article not read again", "source", s.ID, "entry", e.ID, "err", err)
		return otherwise
	}
	return e
}

// summary is how many bytes a feed's own text has at most, when it is not the
// whole article.
const summary = 1000

// readPage takes from an entry's page what is more than the feed gave.
func (c *Crawler) readPage(ctx context.Context, e *veille.Entry) error {
	if err := c.manners.page(ctx, e.URL, c.now()); err != nil {
		return err
	}
	resp, err := c.client.Get(ctx, fetch.Request{URL: e.URL, Limit: c.client.PageLimit(), Accept: fetch.PageAccept, Insist: true})
	if err != nil {
		return err
	}
	if kind := strings.ToLower(resp.ContentType); kind != "" && !strings.Contains(kind, "html") {
		return nil // a picture, a file: nothing to read
	}
	a, err := page.Extract(resp.Body, resp.URL)
	if err != nil {
		return err
	}
	longer := len(a.Text) > len(e.Text)
	if longer {
		e.Text = a.Text
	}
	e.Partial = a.Partial && (longer || len(e.Text) < summary)
	e.Author = cmp.Or(e.Author, a.Author)
	e.Image = cmp.Or(e.Image, a.Image)
	if a.Site != "" && e.Publisher == alert.Site(e.URL) && e.Publisher != "" {
		e.Publisher = a.Site // its name instead of its host
	}
	if e.Published.Equal(e.Seen) && !a.Published.IsZero() && a.Published.Before(e.Seen) && e.Seen.Sub(a.Published) < 365*24*time.Hour {
		e.Published = a.Published // the feed said nothing
	}
	return nil
}
