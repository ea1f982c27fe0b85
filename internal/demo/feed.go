package demo

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// A channel is one medium's feed, before it takes a form.
type channel struct {
	medium   Medium
	base     string // address of the web, without a slash at its end
	articles []Article
	updated  time.Time
}

// FeedType is the media type of the medium's feed.
func (m Medium) FeedType() string {
	switch m.Feed {
	case "atom":
		return "application/atom+xml"
	case "rdf":
		return "application/rdf+xml"
	case "json":
		return "application/feed+json"
	}
	return "application/rss+xml"
}

func (w *Web) serveFeed(rw http.ResponseWriter, r *http.Request, m Medium) {
	as := w.of(m, w.now())
	c := channel{medium: m, base: base(r), articles: as, updated: w.latest(as)}
	body, err := c.bytes()
	if err != nil {
		http.Error(rw, "demo: feed of "+m.Key, http.StatusInternalServerError)
		return
	}
	kind := m.FeedType()
	if m.Charset != "" {
		kind += "; charset=" + m.Charset
	}
	w.send(rw, r, kind, body, c.updated)
}

func (c channel) bytes() ([]byte, error) {
	switch c.medium.Feed {
	case "rss":
		return toXML(c.rss(), c.medium.Charset)
	case "atom":
		return toXML(c.atom(), c.medium.Charset)
	case "rdf":
		return toXML(c.rdf(), c.medium.Charset)
	case "json":
		return json.MarshalIndent(c.jsonFeed(), "", " ")
	}
	return nil, fmt.Errorf("demo: no feed of kind %q", c.medium.Feed)
}

// toXML writes a document in a charset, where a character it lacks becomes a
// reference; "" is UTF-8.
func toXML(doc any, charset string) ([]byte, error) {
	out, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	out = append(out, '\n')
	if charset == "" {
		return append([]byte(xml.Header), out...), nil
	}
	head := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"%s\"?>\n", charset)
	out, err = encoding.HTMLEscapeUnsupported(charmap.ISO8859_1.NewEncoder()).Bytes(out)
	if err != nil {
		return nil, fmt.Errorf("demo: %s: %w", charset, err)
	}
	return append([]byte(head), out...), nil
}

// lead is what a feed shows first: the beginning of the article.
func (a Article) lead() string { return summary(a.plain()) }

// markup is the whole article in HTML.
func (a Article) markup() string {
	var b strings.Builder
	for _, p := range a.Paras {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}

// whole tells whether the feed holds the full text.
func (c channel) whole() bool { return c.medium.Body == "full" }

func (c channel) link(a Article) string { return c.base + a.Path() }
