package feed

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"veilleur/internal/veille"
)

// atom maps Atom 0.3 and 1.0.
func (t *tidy) atom(base string) (Feed, error) {
	a, err := (&atom.Parser{}).Parse(bytes.NewReader(t.out.Bytes()))
	if err != nil {
		return Feed{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.unreadable"), err)
	}
	f := Feed{
		Kind: "atom", ID: first(a.Extensions, "verbatim", "id"), Broken: t.broken,
		Title: line(a.Title, maxTitle), Description: line(a.Subtitle, maxSummary), Lang: t.feed.lang,
		TTL:  syndication(a.Extensions),
		Site: link(base, atomHref(a.Links, "alternate")), Self: link(base, atomHref(a.Links, "self")),
	}
	for _, l := range a.Links {
		if l.Rel == "hub" {
			(*several)(&f.Hubs).add(link(base, l.Href))
		}
	}
	f.Entries = make([]Entry, 0, len(a.Entries))
	for i, entry := range a.Entries {
		var more extra
		if i < len(t.extras) {
			more = t.extras[i]
		}
		e := atomEntry(entry, more, base)
		if len(e.Authors) == 0 {
			atomAuthors(&e, a.Authors)
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

func atomEntry(a *atom.Entry, more extra, base string) Entry {
	x := a.Extensions
	e := Entry{
		GUID:      first(x, "verbatim", "id"),
		Title:     line(cmp.Or(a.Title, first(x, "dc", "title"), mediaText(x, "title")), maxTitle),
		Published: firstDate(a.Published, first(x, "dcterms", "issued"), first(x, "dc", "date"), first(x, "dcterms", "created")),
		Updated:   firstDate(a.Updated, first(x, "dcterms", "modified")),
		Lang:      more.lang,
		Rights:    line(a.Rights, maxTitle),
		URL:       atomURL(a, base),
	}
	var content string
	if a.Content != nil {
		content = a.Content.Value
	}
	content = cmp.Or(strings.TrimSpace(content), first(x, "content", "encoded"))
	e.Content = sanitise(content, more.base(base, "content", "content:encoded", "xhtml:body", "xhtml:div"), maxContent)
	e.Summary = sanitise(cmp.Or(strings.TrimSpace(a.Summary), first(x, "dc", "description"), mediaText(x, "description")), more.base(base, "summary"), maxSummary)
	e.Text = plain(cmp.Or(e.Content, e.Summary))
	if e.Published.IsZero() {
		e.Published = e.Updated
	}
	atomAuthors(&e, a.Authors)
	for _, v := range x["dc"]["creator"] {
		(*several)(&e.Authors).add(person(v.Value))
	}
	if a.Source != nil {
		e.Publisher = line(a.Source.Title, maxTitle)
		if len(e.Authors) == 0 {
			atomAuthors(&e, a.Source.Authors)
		}
	}
	atomCategories(&e, a)
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

func atomAuthors(e *Entry, people []*atom.Person) {
	for _, p := range people {
		(*several)(&e.Authors).add(person(cmp.Or(strings.TrimSpace(p.Name), p.Email, p.URI)))
	}
}

func atomCategories(e *Entry, a *atom.Entry) {
	all := (*several)(&e.Categories)
	for _, c := range a.Categories {
		all.add(line(cmp.Or(c.Label, c.Term), maxTitle))
	}
	for _, v := range a.Extensions["dc"]["subject"] {
		all.add(line(v.Value, maxTitle))
	}
	for _, v := range a.Extensions["media"]["category"] {
		all.add(line(cmp.Or(v.Attrs["label"], v.Value), maxTitle))
	}
}
