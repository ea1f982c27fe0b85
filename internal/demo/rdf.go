package demo

import (
	"encoding/xml"
	"time"
)

// RSS 1.0, that is RDF. Source: web.resource.org/rss/1.0/spec.

type rdfFeed struct {
	XMLName xml.Name `xml:"rdf:RDF"`
	RDF     string   `xml:"xmlns:rdf,attr"`
	Default string   `xml:"xmlns,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Channel rdfChannel
	Entries []rdfEntry `xml:"item"`
}

type rdfChannel struct {
	XMLName     xml.Name `xml:"channel"`
	About       string   `xml:"rdf:about,attr"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Description string   `xml:"description"`
	Language    string   `xml:"dc:language"`
	Date        string   `xml:"dc:date"`
	List        []rdfRef `xml:"items>rdf:Seq>rdf:li"`
}

type rdfRef struct {
	Resource string `xml:"rdf:resource,attr"`
}

type rdfEntry struct {
	About       string `xml:"rdf:about,attr"`
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Date        string `xml:"dc:date"`
	Content     string `xml:"content:encoded,omitempty"`
}

// rdf names articles by GUID rather than by link, so that they stay the same
// when the demo is served on another port.
func (c channel) rdf() rdfFeed {
	f := rdfFeed{
		RDF:     "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
		Default: "http://purl.org/rss/1.0/", DC: "http://purl.org/dc/elements/1.1/",
		Content: "http://purl.org/rss/1.0/modules/content/",
		Channel: rdfChannel{
			About: c.base + c.medium.FeedPath(), Title: c.medium.Name, Link: c.base + c.medium.FrontPath(),
			Description: c.medium.About, Language: c.medium.Lang, Date: c.updated.UTC().Format(time.RFC3339),
		},
	}
	for _, a := range c.articles {
		f.Channel.List = append(f.Channel.List, rdfRef{a.GUID()})
		e := rdfEntry{
			About: a.GUID(), Title: a.Title, Link: c.link(a), Description: a.lead(),
			Date: a.At.Format(time.RFC3339),
		}
		if c.whole() {
			e.Content = a.markup()
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}
