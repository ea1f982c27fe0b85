package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/page"
)

// feedLimit is the most a feed read from a file or an address here may weigh
// decompressed: more than when crawled (5 MB), so that the guard is seen at work.
const feedLimit = 16 << 20

type parseCmd struct {
	From            string `arg:"" help:"File, address, or - for standard input; gzip or not."`
	Base            string `placeholder:"URL" help:"Address relative links are resolved against."`
	ContentType     string `placeholder:"TYPE" help:"Content-Type the server said, for its charset."`
	ContentLocation string `placeholder:"URL" help:"Content-Location the server said: a nearer base."`
	ContentLanguage string `placeholder:"LANG" help:"Content-Language the server said."`
}

// Help documents what is printed.
func (parseCmd) Help() string {
	return `Prints one JSON document. Fields that are empty are left out; times are RFC 3339 in UTC.

	kind                         rss, rdf, atom or json
	id, site, self, hubs[]       its name, its page, its own address, its WebSub hubs
	title, title_html            plain text; sanitised HTML when it has markup
	description, description_html
	rights, rights_html
	lang                         as declared: fr-CA
	authors[], contributors[], publishers[]
	                             {name, email, url}
	categories[]                 {term, scheme, label}
	links[]                      {url, rel, type, title, lang, length}
	image, icon                  {url, title, link, width, height}; an address
	generator                    {name, url, version}
	published, updated
	ttl                          shortest interval it asks for, in nanoseconds
	skip_hours[], skip_days[]    in GMT; day 0 is Sunday
	lost                         characters that could not be read
	broken                       {key, args}: why entries or characters are missing
	entries[]                    in document order, at most 5,000:
	  guid, url                  the publisher's name for it; where it leads
	  title, title_html          at most 1 KB each
	  summary, content           sanitised HTML, at most 64 KB and 1 MB
	  text                       plain text of the content, else of the summary
	  published, updated, lang, rights, rights_html
	  authors[], contributors[], categories[], links[]
	                             as above, at most 100 of each
	  enclosures[]               {url, type, length}
	  image                      an address
	  publisher                  the medium it is quoted from

Addresses are absolute, http or https, at most 2 KB. Exit code 0 when a feed was read, though broken; 2 when it is no
feed or would be dangerous to read.`
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
		if body, err = readFrom(w.in, "standard input", feedLimit); err != nil {
			return err
		}
	} else if body, meta, err = fetchOrRead(w.ctx, fetch.New(fc), p.From); err != nil {
		return err
	}
	if p.Base != "" {
		meta.URL, meta.ContentLocation = p.Base, ""
	}
	meta.ContentType = cmp.Or(p.ContentType, meta.ContentType)
	meta.ContentLocation = cmp.Or(p.ContentLocation, meta.ContentLocation)
	meta.Lang = cmp.Or(p.ContentLanguage, meta.Lang)
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
	return res.Body, feed.Meta{URL: res.URL, ContentType: res.ContentType, ContentLocation: res.ContentLocation, Lang: res.ContentLanguage}, nil
}
