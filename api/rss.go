package api

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// rssLimit is how many entries a stream tells: more than a reader misses
// between two visits.
const rssLimit = 50

// rssDoc is RSS 2.0 as written out.
type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Built       string    `xml:"lastBuildDate"`
	TTL         int       `xml:"ttl"` // minutes
	Entries     []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link,omitempty"`
	GUID        rssGUID `xml:"guid"`
	Published   string  `xml:"pubDate"`
	Description string  `xml:"description"`
	Source      string  `xml:"category"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

func (s *server) rss(ctx context.Context, c echo.Context, id veille.SearchID) error {
	saved, found, err := s.find(ctx, id, rssLimit)
	if err != nil {
		return err
	}
	d := rssDoc{Version: "2.0", Channel: rssChannel{Title: asHTML(saved.Name), Link: s.d.Base + "/veille", Description: asHTML(saved.Query),
		Built: s.now().UTC().Format(time.RFC1123Z), TTL: 15}}
	for _, f := range found {
		d.Channel.Entries = append(d.Channel.Entries, rssItem{Title: asHTML(f.Entry.Title), Link: f.Entry.URL, GUID: rssGUID{ID: string(f.Entry.ID)},
			Published: f.Entry.Published.UTC().Format(time.RFC1123Z), Description: asHTML(excerpt(f)), Source: sourceName(f.Source)})
	}
	out, err := xml.MarshalIndent(d, "", " ")
	if err != nil {
		return fmt.Errorf("api: rss of search %s: %w", id, err)
	}
	return stream(c, "application/rss+xml; charset=utf-8", "veille.rss", append([]byte(xml.Header), out...))
}

// asHTML writes a plain text as the HTML that readers take titles and
// descriptions for, so that markup in it stays text.
func asHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// excerpt is why an entry was found, else how it begins.
func excerpt(f engine.Found) string {
	var parts []string
	for _, p := range f.Passages {
		if p.Field == "text" {
			parts = append(parts, p.Text)
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " … ")
	}
	text := []rune(f.Entry.Text)
	return string(text[:min(len(text), 300)])
}
