package page

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// describe reads what a page says of itself: its metadata, JSON-LD included.
func describe(root *html.Node, base string) Article {
	doc := goquery.NewDocumentFromNode(root)
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		base = resolve(base, href)
	}
	meta := metas(doc)
	ld := linkedData(doc)
	a := Article{
		Title:     oneLine(cmp.Or(meta["og:title"], ld.headline, meta["twitter:title"], doc.Find("h1").First().Text(), doc.Find("title").First().Text())),
		Author:    author(meta, ld, doc),
		Site:      oneLine(cmp.Or(meta["og:site_name"], ld.publisher, meta["application-name"])),
		Image:     web(resolve(base, cmp.Or(meta["og:image"], meta["og:image:url"], ld.image, meta["twitter:image"]))),
		Canonical: canonical(doc, meta, base),
		Lang:      oneLine(doc.Find("html").AttrOr("lang", "")),
	}
	for _, s := range []string{meta["article:published_time"], ld.published, meta["datepublished"], meta["dc.date.issued"], meta["dc.date"],
		meta["date"], meta["pubdate"], meta["publishdate"], meta["parsely-pub-date"], meta["sailthru.date"], doc.Find("time[datetime]").First().AttrOr("datetime", "")} {
		if a.Published = date(s); !a.Published.IsZero() {
			break
		}
	}
	return a
}

// metas are the meta elements by name, property or itemprop, first wins.
func metas(doc *goquery.Document) map[string]string {
	out := map[string]string{}
	doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		for _, key := range []string{"property", "name", "itemprop"} {
			k := strings.ToLower(strings.TrimSpace(s.AttrOr(key, "")))
			if v := strings.TrimSpace(s.AttrOr("content", "")); k != "" && v != "" && out[k] == "" {
				out[k] = v
			}
		}
	})
	return out
}

func author(meta map[string]string, ld article, doc *goquery.Document) string {
	for _, s := range []string{ld.author, meta["author"], meta["article:author"], meta["dc.creator"], meta["parsely-author"],
		doc.Find("[rel=author]").First().Text(), doc.Find("[itemprop=author]").First().Text()} {
		s = oneLine(s)
		if s != "" && len(s) < 120 && !strings.HasPrefix(s, "http") {
			return s
		}
	}
	return ""
}

// canonical is the address a page gives for itself, when it is one of the same
// site: another site's would be a mistake or a trap.
func canonical(doc *goquery.Document, meta map[string]string, base string) string {
	for _, s := range []string{doc.Find("link[rel=canonical]").First().AttrOr("href", ""), meta["og:url"]} {
		u := web(resolve(base, s))
		if s != "" && u != "" && (base == "" || site(u) == site(base)) {
			return u
		}
	}
	return ""
}

// site is the last two labels of an address's host.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	labels := strings.Split(strings.ToLower(u.Hostname()), ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// article is what JSON-LD says of one.
type article struct {
	headline, author, publisher, image, published string
}

// linkedData reads the first article of a page's JSON-LD.
func linkedData(doc *goquery.Document) article {
	var found article
	doc.Find(`script[type="application/ld+json"]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		text := s.Text()
		if len(text) > 1<<20 {
			return true
		}
		var v any
		if json.Unmarshal([]byte(strings.TrimSpace(text)), &v) != nil {
			return true
		}
		m := findArticle(v, 0)
		if m == nil {
			return true
		}
		found = article{
			headline: text1(m["headline"]), author: name(m["author"]), publisher: name(m["publisher"]),
			image: image(m["image"]), published: text1(m["datePublished"]),
		}
		return false
	})
	return found
}

// findArticle looks for an object whose type ends in Article or Posting.
func findArticle(v any, depth int) map[string]any {
	if depth > 6 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if m := findArticle(e, depth+1); m != nil {
				return m
			}
		}
	case map[string]any:
		if t := text1(v["@type"]); strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") {
			return v
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if m := findArticle(v[key], depth+1); m != nil {
				return m
			}
		}
	}
	return nil
}

// text1 is a string, or the first of several.
func text1(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return text1(v[0])
		}
	}
	return ""
}

// name is the name of a person or organisation, or of several.
func name(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return text1(v["name"])
	case []any:
		var all []string
		for _, e := range v[:min(len(v), 5)] {
			if n := name(e); n != "" {
				all = append(all, n)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

func image(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return text1(v["url"])
	case []any:
		if len(v) > 0 {
			return image(v[0])
		}
	}
	return ""
}

// date reads the dates of metadata, which are mostly RFC 3339.
func date(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", time.RFC1123Z, time.RFC1123, "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return ""
	}
	return b.ResolveReference(r).String()
}

// web is s if it is an address of the web, else "".
func web(s string) string {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") || len(s) > 2048 {
		return ""
	}
	return s
}
