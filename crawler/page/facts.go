package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// facts are the places of a page where it may describe itself, read in one
// walk; the first of each is kept.
type facts struct {
	lang, base, canonical, title, h1 string
	meta                             map[string]string // by name, property or itemprop, in lower case
	scripts                          []string          // of JSON-LD
	author, byline, image            string
	dated                            string   // by microdata
	times                            []string // what else may say when
}

// maxTimes is how many dates of a page are tried.
const maxTimes = 8

// maxLinked bounds one script of JSON-LD, in bytes.
const maxLinked = 1 << 20

func gather(root *html.Node) facts {
	f := facts{meta: map[string]string{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			f.element(n)
		}
	}
	return f
}

func (f *facts) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		f.lang = attribute(n, "lang")
	case atom.Base:
		keep(&f.base, attribute(n, "href"))
	case atom.Meta:
		f.metadata(n)
	case atom.Link:
		f.link(n)
	case atom.Title:
		if n.Parent != nil && n.Parent.DataAtom != atom.Svg {
			keep(&f.title, inside(n))
		}
	case atom.H1:
		keep(&f.h1, inside(n))
	case atom.Script:
		if kind := attribute(n, "type"); strings.EqualFold(strings.TrimSpace(kind), "application/ld+json") && len(f.scripts) < 20 {
			f.scripts = append(f.scripts, inside(n))
		}
	case atom.Time:
		if t := attribute(n, "datetime"); len(f.times) < maxTimes {
			f.times = append(f.times, t, inside(n))
		}
	default:
		f.shown(n)
	}
}

func (f *facts) metadata(n *html.Node) {
	v := strings.TrimSpace(attribute(n, "content"))
	if v == "" {
		return
	}
	for _, key := range [...]string{"property", "name", "itemprop"} {
		if k := strings.ToLower(strings.TrimSpace(attribute(n, key))); k != "" && f.meta[k] == "" {
			f.meta[k] = v
		}
	}
}

func (f *facts) link(n *html.Node) {
	switch rel := strings.ToLower(attribute(n, "rel")); rel {
	case "canonical":
		keep(&f.canonical, attribute(n, "href"))
	case "image_src":
		keep(&f.image, attribute(n, "href"))
	}
}

// shown reads the microdata, and the classes that usually hold who and when.
func (f *facts) shown(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "itemprop" && a.Val == "author" || a.Key == "rel" && a.Val == "author":
			keep(&f.author, short(n))
		case a.Key == "itemprop" && a.Val == "datePublished":
			keep(&f.dated, firstOf(attribute(n, "content"), attribute(n, "datetime"), short(n)))
		case a.Key == "itemprop" && a.Val == "image":
			keep(&f.image, firstOf(attribute(n, "src"), attribute(n, "content"), attribute(n, "href")))
		case a.Key == "class" && len(a.Val) < 200:
			f.class(n, strings.ToLower(a.Val))
		}
	}
}

func (f *facts) class(n *html.Node, class string) {
	if f.byline == "" && (strings.Contains(class, "byline") || strings.Contains(class, "author") || strings.Contains(class, "auteur") || strings.Contains(class, "signature")) {
		if s := short(n); s != "" && !strings.Contains(s, "http") {
			f.byline = s
		}
	}
	if len(f.times) < maxTimes && (strings.Contains(class, "date") || strings.Contains(class, "publi") || strings.Contains(class, "byline") || strings.Contains(class, "meta")) {
		f.times = append(f.times, short(n))
	}
}

func keep(into *string, s string) {
	if *into == "" {
		*into = strings.TrimSpace(s)
	}
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// inside is the text of a node's texts, at most maxLinked bytes.
func inside(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && len(c.Data) <= maxLinked {
		return c.Data
	}
	return texts(n, maxLinked)
}

// short is the text of a label; "" when it is longer.
func short(n *html.Node) string {
	if s := texts(n, 300); len(s) < 300 {
		return s
	}
	return ""
}

func texts(n *html.Node, limit int) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if b.Len() >= limit {
			break
		}
		if c.Type == html.TextNode && !silent[c.Parent.DataAtom] {
			b.WriteString(c.Data)
		}
	}
	return oneLine(b.String())
}
