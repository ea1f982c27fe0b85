package page

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// A Link is a feed found on a page.
type Link struct {
	URL   string `json:"url"`
	Title string `json:"title"`          // as the page names it; "" when it does not
	Type  string `json:"type,omitempty"` // media type as announced; "" when only guessed
}

// maxLinks is how many feeds are listed; a page of more is a directory.
const maxLinks = 50

// feedTypes are the media types that announce a feed.
var feedTypes = map[string]bool{
	"application/rss+xml": true, "application/atom+xml": true, "application/rdf+xml": true, "application/feed+json": true,
	"text/rss+xml": true, "application/rss": true, "application/x.atom+xml": true, "text/xml": true, "application/xml": true, "application/json": true,
}

// Discover lists the feeds of a page: those it announces in its head first,
// then plain links that look like feeds. base is the page's address. A page
// that cannot be read has none.
func Discover(page []byte, base string) []Link {
	root, err := parse(page)
	if err != nil {
		return nil
	}
	doc := goquery.NewDocumentFromNode(root)
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		base = resolve(base, href)
	}
	var found []Link
	add := func(href, title, kind string) {
		u := web(resolve(base, href))
		if href == "" || u == "" || len(found) >= maxLinks || slices.ContainsFunc(found, func(l Link) bool { return l.URL == u }) {
			return
		}
		found = append(found, Link{URL: u, Title: oneLine(title), Type: kind})
	}
	doc.Find("link[href][type]").Each(func(_ int, s *goquery.Selection) {
		rel := strings.Fields(strings.ToLower(s.AttrOr("rel", "")))
		kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s.AttrOr("type", ""))), ";")
		href := s.AttrOr("href", "")
		// WordPress announces its API so, which is no feed.
		if !feedTypes[kind] || strings.Contains(href, "/wp-json/") || !slices.Contains(rel, "alternate") && !slices.Contains(rel, "feed") {
			return
		}
		add(href, s.AttrOr("title", ""), kind)
	})
	doc.Find("a[href]").Each(func(_ int, s *goquery.Selection) {
		if href := s.AttrOr("href", ""); looksLikeFeed(href) {
			add(strings.TrimPrefix(href, "feed:"), s.Text(), "")
		}
	})
	return found
}

// looksLikeFeed tells the plain links worth offering.
func looksLikeFeed(href string) bool {
	if rest, ok := strings.CutPrefix(href, "feed:"); ok {
		return strings.HasPrefix(rest, "http")
	}
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	path := strings.ToLower(strings.TrimSuffix(u.Path, "/"))
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch last {
	case "rss", "feed", "atom", "rss.xml", "feed.xml", "atom.xml", "index.rss", "index.rdf", "index.atom", "feed.json", "feed.atom", "feed.rss":
		return true
	}
	return strings.HasSuffix(last, ".rss") || strings.HasSuffix(last, ".atom") || strings.HasSuffix(last, ".rdf") ||
		strings.HasPrefix(path, "/feeds/") && strings.HasSuffix(last, ".xml") || u.Query().Get("feed") == "rss2" || u.Query().Get("format") == "rss"
}

// Guesses are the addresses where sites without announcement keep a feed, to
// be tried without following redirects: an answer from elsewhere is no feed of
// this page.
func Guesses(base string) []string {
	var out []string
	for _, path := range []string{"feed/", "rss.xml", "feed.xml", "atom.xml", "rss/", "index.xml", "feed.json", "index.rss", "feed.atom", "rss/feed.xml"} {
		for _, from := range []string{base, "/"} {
			u := web(resolve(resolve(base, from), path))
			if u != "" && !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out
}
