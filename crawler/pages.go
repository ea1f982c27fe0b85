package crawler

import (
	"cmp"
	"context"
	"strings"
	"time"

	"veilleur/crawler/alert"
	"veilleur/crawler/fetch"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// readPages fetches the articles that new entries lead to and takes their
// text, for as many as the Config allows and as time permits: half the lease.
// An article that cannot be read leaves its entry with the feed's own text.
func (c *Crawler) readPages(ctx context.Context, s veille.Source, fresh []veille.Entry) {
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
}

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
	if len(a.Text) > len(e.Text) {
		e.Text = a.Text
	}
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
