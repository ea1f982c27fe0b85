package demo

import (
	"encoding/xml"
	"time"
)

// Atom 1.0. Source: RFC 4287.

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr,omitempty"`
	Indexing string      `xml:"xmlns:idx,attr,omitempty"` // alerts only
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Links    []atomLink  `xml:"link"`
	Updated  string      `xml:"updated"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string    `xml:"id"`
	Title     atomText  `xml:"title"`
	Link      atomLink  `xml:"link"`
	Published string    `xml:"published"`
	Updated   string    `xml:"updated"`
	Author    *atomName `xml:"author,omitempty"`
	Summary   *atomText `xml:"summary,omitempty"`
	Content   *atomText `xml:"content,omitempty"`
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}

type atomName struct {
	Name string `xml:"name"`
}

func (c channel) atom() atomFeed {
	f := atomFeed{
		Lang: c.medium.Lang, ID: "urn:veilleur-demo:" + c.medium.Key,
		Title: c.medium.Name, Subtitle: c.medium.About, Updated: c.updated.UTC().Format(time.RFC3339),
		Links: []atomLink{
			{Rel: "self", Type: c.medium.FeedType(), Href: c.base + c.medium.FeedPath()},
			{Rel: "alternate", Type: "text/html", Href: c.base + c.medium.FrontPath()},
		},
	}
	for _, a := range c.articles {
		at := a.At.Format(time.RFC3339)
		e := atomEntry{
			ID: a.GUID(), Title: atomText{Text: a.Title}, Published: at, Updated: at,
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: c.link(a)}, Author: &atomName{c.medium.Name},
		}
		if c.whole() {
			e.Content = &atomText{Type: "html", Text: a.markup()}
		} else {
			e.Summary = &atomText{Text: a.lead()}
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}
