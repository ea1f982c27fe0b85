package feed

import "strings"

// The dialects an element's name belongs to, once its prefix is resolved. The
// document's own vocabulary has the empty dialect.
var dialects = map[string]string{
	"http://www.w3.org/2005/Atom":                         "atom",
	"http://www.w3.org/2005/atom":                         "atom",
	"http://purl.org/atom/ns#":                            "atom",
	"http://purl.org/atom/":                               "atom",
	"http://example.com/newformat#":                       "atom",
	"http://example.com/necho":                            "atom",
	"http://purl.org/echo/":                               "atom",
	"uri/of/echo/namespace#":                              "atom",
	"http://purl.org/pie/":                                "atom",
	"http://purl.org/rss/1.0/":                            "rss",
	"http://purl.org/net/rss1.1#":                         "rss",
	"http://channel.netscape.com/rdf/simple/0.9/":         "rss",
	"http://my.netscape.com/rdf/simple/0.9/":              "rss",
	"http://my.netscape.com/publish/formats/rss-0.91.dtd": "rss",
	"http://backend.userland.com/rss":                     "rss",
	"http://backend.userland.com/rss2":                    "rss",
	"http://blogs.law.harvard.edu/tech/rss":               "rss",
	"http://backend.userland.com/rss20":                   "rss",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#":         "rdf",
	"http://purl.org/dc/elements/1.1/":                    "dc",
	"http://purl.org/dc/elements/1.0/":                    "dc",
	"http://purl.org/dc/terms/":                           "dcterms",
	"http://purl.org/rss/1.0/modules/content/":            "content",
	"http://webns.net/mvcb/":                              "admin",
	"http://purl.org/rss/1.0/modules/syndication/":        "sy",
	"http://search.yahoo.com/mrss":                        "media",
	"http://search.yahoo.com/mrss/":                       "media",
	"http://www.itunes.com/dtds/podcast-1.0.dtd":          "itunes",
	"http://example.com/dtds/podcast-1.0.dtd":             "itunes",
	"http://www.w3.org/1999/xhtml":                        "xhtml",
	"http://rssnamespace.org/feedburner/ext/1.0":          "feedburner",
	"http://www.w3.org/xml/1998/namespace":                "xml",
}

// dialectOf resolves a namespace. Bing puts its query in its own, so it is
// told by its beginning.
func dialectOf(uri string) (string, bool) {
	uri = strings.TrimSpace(uri)
	if d, ok := dialects[uri]; ok {
		return d, true
	}
	if d, ok := dialects[strings.ToLower(uri)]; ok {
		return d, true
	}
	if strings.HasPrefix(uri, "https://www.bing.com/news/") || strings.HasPrefix(uri, "http://www.bing.com/news/") {
		return "news", true
	}
	return "", false
}

// A form says how the inside of a text element becomes one piece of HTML.
type form int

const (
	formNone  form = iota // not a text element: written as it is
	formHTML              // decoded text is HTML: RSS, Atom type="html"
	formXHTML             // the markup itself is the HTML: Atom type="xhtml"
	formText              // decoded text is text: Atom's default
	formBytes             // base64 of HTML
)

// texts are the elements whose whole inside is one text, whatever markup
// stands in it.
var texts = map[string]form{
	"title": formHTML, "description": formHTML, "summary": formText, "content": formText,
	"subtitle": formText, "tagline": formText, "info": formText, "rights": formText, "copyright": formHTML,
	"abstract": formHTML, "fullitem": formHTML, "content:encoded": formHTML, "xhtml:body": formXHTML, "xhtml:div": formXHTML, "body": formXHTML,
	"dc:title": formHTML, "dc:description": formHTML, "dc:rights": formHTML,
	"media:title": formHTML, "media:description": formHTML, "media:text": formHTML,
	"itunes:title": formHTML, "itunes:subtitle": formHTML, "itunes:summary": formHTML,
	"atom:title": formText, "atom:summary": formText, "atom:content": formText, "atom:subtitle": formText,
}

// renamed are the elements that gofeed knows by another name.
var renamed = map[string]string{
	"xhtml:body": "content:encoded", "xhtml:div": "content:encoded", "fullitem": "content:encoded", "body": "content:encoded",
	"info": "subtitle", "abstract": "description", "created": "dcterms:created",
}

// atomID is what an Atom id is written out as.
const atomID = "verbatim:id"

// kept are the dialects worth parsing; an element of any other is dropped with
// all it holds.
var kept = map[string]bool{
	"": true, "dc": true, "dcterms": true, "content": true, "sy": true, "media": true,
	"itunes": true, "admin": true, "xhtml": true, "atom": true, "feedburner": true, "news": true,
}

// voids are the HTML elements that never close.
var voids = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "param": true, "source": true, "track": true, "wbr": true,
}

// formOf decides how a text element is read, from its attributes.
func formOf(key string, kind string, attrs []attr) form {
	f, ok := texts[key]
	if !ok {
		return formNone
	}
	atom := kind == "atom" && !strings.Contains(key, ":") || strings.HasPrefix(key, "atom:")
	if !atom && f == formText {
		return formHTML
	}
	if !atom {
		return f
	}
	t, mode := strings.ToLower(value(attrs, "type")), strings.ToLower(value(attrs, "mode"))
	switch {
	case mode == "base64":
		return formBytes
	case t == "html" || t == "text/html" || mode == "escaped" && t != "text/plain" && t != "text":
		return formHTML
	case strings.Contains(t, "xhtml") || strings.HasSuffix(t, "+xml") || strings.HasSuffix(t, "/xml"):
		return formXHTML
	case t == "" || t == "text" || strings.HasPrefix(t, "text/"):
		return formText
	}
	return formBytes
}

func value(attrs []attr, name string) string {
	for _, a := range attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}
