package feed

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"

	"veilleur/internal/veille"
)

// atom maps Atom 0.3 and 1.0.
func (t *tidy) atom(base string) (Feed, error) {
	a, err := (&atom.Parser{}).Parse(bytes.NewReader(t.out.Bytes()))
	if err != nil {
		return Feed{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.unreadable"), err)
	}
	x := a.Extensions
	f := Feed{
		Kind: "atom", ID: first(x, "verbatim", "id"), Broken: t.broken, Lang: t.feed.lang, TTL: syndication(x),
		Published: firstDate(first(x, "dcterms", "issued"), first(x, "dcterms", "created")),
		Updated:   firstDate(a.Updated, first(x, "dcterms", "modified"), first(x, "dc", "date")),
		Image:     image(link(base, a.Logo)), Icon: link(base, a.Icon),
		Authors: atomPeople(base, a.Authors), Contributors: atomPeople(base, a.Contributors), Categories: atomCategories(a.Categories, x),
		Links: atomLinks(base, a.Links),
		Site:  link(base, atomHref(a.Links, "alternate")), Self: link(base, atomHref(a.Links, "self")),
	}
	f.tell(t.feed, base, a.Title, a.Subtitle, a.Rights)
	f.say(x, base)
	for _, l := range f.Links {
		if l.Rel == "hub" {
			(*several)(&f.Hubs).add(l.URL)
		}
	}
	if g := a.Generator; g != nil {
		f.Generator = generator(g.Value, g.URI, g.Version, base)
	}
	f.Entries = make([]Entry, 0, len(a.Entries))
	for i, entry := range a.Entries {
		var more extra
		if i < len(t.extras) {
			more = t.extras[i]
		}
		e := atomEntry(entry, more, base)
		if len(e.Authors) == 0 {
			e.Authors = f.Authors
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

func atomEntry(a *atom.Entry, more extra, base string) Entry {
	x := a.Extensions
	e := Entry{
		GUID:      first(x, "verbatim", "id"),
		Published: firstDate(a.Published, first(x, "dcterms", "issued"), first(x, "dc", "date"), first(x, "dcterms", "created")),
		Updated:   firstDate(a.Updated, first(x, "dcterms", "modified")),
		Lang:      more.lang,
		URL:       atomURL(a, base),
		Links:     atomLinks(base, a.Links),
	}
	e.tell(more, base, cmp.Or(a.Title, first(x, "dc", "title"), mediaText(x, "title")), cmp.Or(a.Rights, first(x, "dc", "rights")))
	var content string
	if a.Content != nil {
		content = a.Content.Value
	}
	content = cmp.Or(strings.TrimSpace(content), first(x, "content", "encoded"))
	summary := cmp.Or(strings.TrimSpace(a.Summary), first(x, "dc", "description"), mediaText(x, "description"))
	e.Content = sanitise(content, more.base(base, "content", "content:encoded", "xhtml:body", "xhtml:div"), maxContent)
	e.Summary = sanitise(summary, more.base(base, "summary"), maxSummary)
	e.read(content, summary)
	if e.Published.IsZero() {
		e.Published = e.Updated
	}
	e.Authors, e.Contributors = atomPeople(base, a.Authors), atomPeople(base, a.Contributors)
	for _, v := range x["dc"]["creator"] {
		(*people)(&e.Authors).add(person(v.Value))
	}
	if a.Source != nil {
		e.Publisher = line(a.Source.Title, maxTitle)
		if len(e.Authors) == 0 {
			e.Authors = atomPeople(base, a.Source.Authors)
		}
	}
	e.Categories = atomCategories(a.Categories, x)
	for _, l := range a.Links {
		if l.Rel == "enclosure" {
			e.enclose(link(base, l.Href), l.Type, l.Length)
		}
	}
	e.media(x, base)
	e.illustrate()
	return e
}

// atomURL is where an entry leads: its alternate link, else its content, else
// any link it has, else its id when that is an address.
func atomURL(a *atom.Entry, base string) string {
	for _, rel := range []string{"alternate", "related", "via"} {
		if h := atomHref(a.Links, rel); h != "" {
			return link(base, h)
		}
	}
	if a.Content != nil && a.Content.Src != "" {
		return link(base, a.Content.Src)
	}
	return link("", first(a.Extensions, "verbatim", "id"))
}

// atomHref is the address of the best link of a relation: a page before
// anything else.
func atomHref(links []*atom.Link, rel string) string {
	any := ""
	for _, l := range links {
		if cmp.Or(l.Rel, "alternate") != rel && l.Rel != "http://www.iana.org/assignments/relation/"+rel || l.Href == "" {
			continue
		}
		if l.Type == "" || strings.Contains(l.Type, "html") {
			return l.Href
		}
		any = cmp.Or(any, l.Href)
	}
	return any
}

func atomPeople(base string, list []*atom.Person) (out []Person) {
	for _, a := range list {
		p := Person{Name: line(a.Name, maxTitle), Email: line(a.Email, maxTitle), URL: link(base, a.URI)}
		if p.Email == "" && p.URL == "" {
			p = person(a.Name)
		}
		(*people)(&out).add(p)
	}
	return out
}

func atomCategories(list []*atom.Category, x ext.Extensions) (out []Category) {
	all := (*filed)(&out)
	for _, c := range list {
		all.add(Category{Term: line(c.Term, maxTitle), Scheme: clip(c.Scheme, maxURL), Label: line(c.Label, maxTitle)})
	}
	for _, v := range x["dc"]["subject"] {
		all.term(v.Value)
	}
	for _, v := range x["media"]["category"] {
		all.add(mediaCategory(v))
	}
	return out
}
