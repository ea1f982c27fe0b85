package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/page"
)

// feedLimit is the most a feed read from a file or an address here may weigh
// decompressed: more than when crawled (5 MB), so that the guard is seen at work.
const feedLimit = 16 << 20

type parseCmd struct {
	From        string `arg:"" help:"File, address, or - for standard input."`
	Base        string `placeholder:"URL" help:"Address relative links are resolved against."`
	ContentType string `placeholder:"TYPE" help:"Content-Type the server said."`
}

// Run parses a feed without keeping anything.
func (p parseCmd) Run(w *world, c *Config) error {
	fc, err := c.fetch()
	if err != nil {
		return err
	}
	var body []byte
	meta := feed.Meta{}
	if p.From == "-" {
		if body, err = io.ReadAll(io.LimitReader(w.in, feedLimit)); err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
	} else if body, meta, err = fetchOrRead(w.ctx, fetch.New(fc), p.From); err != nil {
		return err
	}
	if p.Base != "" {
		meta.URL = p.Base
	}
	if p.ContentType != "" {
		meta.ContentType = p.ContentType
	}
	f, err := feed.Parse(body, meta)
	if err != nil {
		for _, l := range page.Discover(body, meta.URL) {
			fmt.Fprintf(w.err, "feed found: %s  %s\n", l.URL, oneLine(l.Title))
		}
		return err
	}
	enc := json.NewEncoder(w.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return fmt.Errorf("print feed: %w", err)
	}
	return nil
}

// fetchOrRead gives the bytes of an address or of a file, with what the server
// said of them.
func fetchOrRead(ctx context.Context, client *fetch.Client, from string) ([]byte, feed.Meta, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		b, err := readFile(from, feedLimit)
		return b, feed.Meta{}, err
	}
	res, err := client.Get(ctx, fetch.Request{URL: from, Limit: feedLimit, Accept: fetch.FeedAccept})
	if err != nil {
		return nil, feed.Meta{}, err
	}
	return res.Body, feed.Meta{URL: res.URL, ContentType: res.ContentType, ContentLocation: res.ContentLocation}, nil
}
