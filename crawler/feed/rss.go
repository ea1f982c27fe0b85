package feed

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"veilleur/internal/veille"
)

// rss maps RSS and RDF.
func (t *tidy) rss(base string) (Feed, error) {
	r, err := (&rss.Parser{}).Parse(bytes.NewReader(t.out.Bytes()))
	if err != nil {
		return Feed{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.unreadable"), err)
	}
	x := r.Extensions
	f := Feed{
		Kind: t.kind, ID: t.feed.about, Broken: t.broken,
		Lang:    strings.ReplaceAll(cmp.Or(r.Language, first(x, "dc", "language"), t.feed.lang), "_", "-"),
		TTL:     max(minutes(r.TTL), syndication(x)),
		Updated: firstDate(r.LastBuildDate, r.PubDate, first(x, "dcterms", "modified"), first(x, "dc", "date"), first(x, "dcterms", "issued"), first(x, "dcterms", "created")),
		Authors: rssAuthors("", r.ManagingEditor, x, base), Categories: rssCategories(r.Categories, x),
		SkipHours: hours(r.SkipHours), SkipDays: weekdays(r.SkipDays),
	}
	f.tell(t.feed, base, cmp.Or(r.Title, first(x, "dc", "title")),
		cmp.Or(r.Description, first(x, "dc", "description"), first(x, "itunes", "summary"), first(x, "itunes", "subtitle")),
		cmp.Or(r.Copyright, first(x, "dc", "rights")))
	f.Site = link(base, cmp.Or(r.Link, atomLink(x, "alternate")))
	f.Self = link(base, atomLink(x, "self"))
	f.Links = rssLinks(f.Site, x, base)
	f.Generator = rssGenerator(r, x, base)
	f.Image = rssImage(r.Image, base)
	(*people)(&f.Publishers).add(person(r.WebMaster))
	f.say(x, base)
	for _, l := range f.Links {
		if l.Rel == "hub" {
			(*several)(&f.Hubs).add(l.URL)
		}
	}
	f.Entries = make([]Entry, 0, len(r.Items))
	for i, item := range r.Items {
		var more extra
		if i < len(t.extras) {
			more = t.extras[i]
		}
		f.Entries = append(f.Entries, rssEntry(item, more, base))
	}
	return f, nil
}

func rssEntry(r *rss.Item, more extra, base string) Entry {
	x := r.Extensions
	e := Entry{
		GUID: cmp.Or(guid(r), first(x, "atom", "id"), more.about, first(x, "dc", "identifier")),
		Lang: cmp.Or(first(x, "dc", "language"), more.lang),
		Published: firstDate(r.PubDate, first(x, "dcterms", "issued"), first(x, "dc", "date"), first(x, "atom", "published"),
			first(x, "dcterms", "created"), first(x, "dcterms", "available"), r.Custom["pubdate"]),
		Updated: firstDate(first(x, "dcterms", "modified"), first(x, "atom", "updated")),
	}
	e.tell(more, base,
		cmp.Or(r.Title, first(x, "dc", "title"), mediaText(x, "title"), first(x, "itunes", "title"), first(x, "atom", "title")),
		cmp.Or(first(x, "dc", "rights"), r.Custom["copyright"], r.Custom["rights"]))
	e.URL = rssLink(r, more, base)
	e.Links = rssLinks(e.URL, x, base)
	rssTexts(&e, r, more, base)
	e.Authors, e.Categories = rssAuthors(r.Author, "", x, base), rssCategories(r.Categories, x)
	rssFiles(&e, r, base)
	if r.Source != nil {
		e.Publisher = line(r.Source.Title, maxTitle)
	}
	e.Publisher = cmp.Or(e.Publisher, line(first(x, "news", "source"), maxTitle))
	return e
}

func guid(r *rss.Item) string {
	if r.GUID == nil {
		return ""
	}
	return strings.TrimSpace(r.GUID.Value)
}

// rssLink is where an item leads: its link, else its guid when that is an
// address.
func rssLink(r *rss.Item, more extra, base string) string {
	if u := link(base, cmp.Or(r.Link, atomLink(r.Extensions, "alternate"))); u != "" {
		return u
	}
	if r.GUID != nil && !strings.EqualFold(r.GUID.IsPermalink, "false") && r.GUID.Value != "" {
		if u := link("", r.GUID.Value); u != "" {
			return u
		}
	}
	if u := link("", more.about); u != "" {
		return u
	}
	return link("", r.Comments)
}

func rssTexts(e *Entry, r *rss.Item, more extra, base string) {
	x := r.Extensions
	content := cmp.Or(r.Content, first(x, "content", "encoded"), first(x, "atom", "content"), r.Custom["content"])
	summary := cmp.Or(r.Description, first(x, "dc", "description"), r.Custom["summary"], first(x, "itunes", "summary"),
		first(x, "itunes", "subtitle"), first(x, "atom", "summary"), mediaText(x, "description"))
	e.Content = sanitise(content, more.base(base, "content:encoded", "xhtml:body", "xhtml:div", "fullitem", "content"), maxContent)
	e.Summary = sanitise(summary, more.base(base, "description", "dc:description", "summary"), maxSummary)
	e.read(content, summary)
}

// base is the address the links of a text start from: that of the first of the
// elements that has its own, else the document's.
func (x extra) base(document string, keys ...string) string {
	for _, k := range keys {
		if b, ok := x.bases[k]; ok {
			return resolve(document, b)
		}
	}
	return document
}

// rssAuthors gives those of an item or of a channel.
func rssAuthors(author, editor string, x ext.Extensions, base string) (out []Person) {
	names := (*people)(&out)
	names.add(person(author))
	for _, d := range []string{"creator", "author", "contributor"} {
		if d == "contributor" && len(out) > 0 {
			break
		}
		for _, v := range x["dc"][d] {
			names.add(person(v.Value))
		}
	}
	for _, v := range x["atom"]["author"] {
		child := func(name string) string {
			for _, c := range v.Children[name] {
				return c.Value
			}
			return ""
		}
		names.add(Person{Name: line(child("name"), maxTitle), Email: line(child("email"), maxTitle), URL: link(base, child("uri"))})
	}
	if len(out) == 0 {
		for _, v := range x["itunes"]["author"] {
			names.add(person(v.Value))
		}
	}
	if len(out) == 0 {
		names.add(person(editor))
	}
	return out
}

// medias is the vocabulary of media:category that names none.
const medias = "http://search.yahoo.com/mrss/category_schema"

func mediaCategory(v ext.Extension) Category {
	return Category{Term: line(v.Value, maxTitle), Scheme: clip(cmp.Or(v.Attrs["scheme"], medias), maxURL), Label: line(v.Attrs["label"], maxTitle)}
}

// podcasts is the vocabulary of itunes:category.
const podcasts = "http://www.itunes.com/"

func rssCategories(list []*rss.Category, x ext.Extensions) (out []Category) {
	all := (*filed)(&out)
	for _, c := range list {
		all.add(Category{Term: line(c.Value, maxTitle), Scheme: clip(c.Domain, maxURL)})
	}
	for _, v := range x["dc"]["subject"] {
		all.term(v.Value)
	}
	for _, v := range x["media"]["category"] {
		all.add(mediaCategory(v))
	}
	for _, dialect := range []string{"itunes", "media"} {
		for _, v := range x[dialect]["keywords"] {
			for k := range strings.FieldsFuncSeq(v.Value, func(r rune) bool { return r == ',' }) {
				all.term(k)
			}
		}
	}
	for _, v := range x["itunes"]["category"] {
		all.add(Category{Term: line(v.Attrs["text"], maxTitle), Scheme: podcasts})
		for _, inner := range v.Children["category"] {
			all.add(Category{Term: line(inner.Attrs["text"], maxTitle), Scheme: podcasts})
		}
	}
	return out
}

func rssFiles(e *Entry, r *rss.Item, base string) {
	for _, c := range r.Enclosures {
		e.enclose(link(base, c.URL), c.Type, c.Length)
	}
	for _, l := range r.Extensions["atom"]["link"] {
		if l.Attrs["rel"] == "enclosure" {
			e.enclose(link(base, l.Attrs["href"]), l.Attrs["type"], l.Attrs["length"])
		}
	}
	e.media(r.Extensions, base)
	e.Image = cmp.Or(e.Image, podcastImage(r.Extensions, base), link(base, first(r.Extensions, "news", "image")))
	e.illustrate()
}

// enclose adds a file unless its address is none or already there.
func (e *Entry) enclose(url, kind, length string) {
	if url == "" || len(e.Enclosures) >= maxEach || slices.ContainsFunc(e.Enclosures, func(f Enclosure) bool { return f.URL == url }) {
		return
	}
	e.Enclosures = append(e.Enclosures, Enclosure{URL: url, Type: name(kind), Length: size(length)})
}

// media reads Media RSS, grouped or not: its files and its thumbnail.
func (e *Entry) media(x ext.Extensions, base string) {
	groups := []map[string][]ext.Extension{x["media"]}
	for _, g := range x["media"]["group"] {
		groups = append(groups, g.Children)
	}
	for _, g := range groups {
		for _, c := range g["content"] {
			u := link(base, c.Attrs["url"])
			e.enclose(u, c.Attrs["type"], c.Attrs["filesize"])
			if c.Attrs["medium"] == "image" || strings.HasPrefix(c.Attrs["type"], "image/") {
				e.Image = cmp.Or(e.Image, u)
			}
			for _, th := range c.Children["thumbnail"] {
				e.Image = cmp.Or(e.Image, link(base, th.Attrs["url"]))
			}
		}
		for _, th := range g["thumbnail"] {
			e.Image = cmp.Or(e.Image, link(base, th.Attrs["url"]))
		}
	}
}

// illustrate takes the lead image from the files or the text when nothing
// named it.
func (e *Entry) illustrate() {
	for _, f := range e.Enclosures {
		if strings.HasPrefix(f.Type, "image/") {
			e.Image = cmp.Or(e.Image, f.URL)
		}
	}
	e.Image = cmp.Or(e.Image, link("", pictureIn(cmp.Or(e.Content, e.Summary))))
}

// mediaText is a text of Media RSS, grouped or not.
func mediaText(x ext.Extensions, name string) string {
	if v := first(x, "media", name); v != "" {
		return v
	}
	for _, g := range x["media"]["group"] {
		for _, v := range g.Children[name] {
			if v.Value != "" {
				return v.Value
			}
		}
	}
	return ""
}

// first is the first value of an extension element that is not blank.
func first(x ext.Extensions, dialect, name string) string {
	for _, v := range x[dialect][name] {
		if s := strings.TrimSpace(v.Value); s != "" {
			return s
		}
	}
	return ""
}

func firstDate(texts ...string) time.Time {
	for _, s := range texts {
		if t := date(s); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// atomLink is the address of the first Atom link of a relation in RSS.
func atomLink(x ext.Extensions, rel string) string {
	for _, l := range x["atom"]["link"] {
		if cmp.Or(l.Attrs["rel"], "alternate") == rel {
			return l.Attrs["href"]
		}
	}
	return ""
}
