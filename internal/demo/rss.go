package demo

import (
	"encoding/xml"
	"time"
)

// RSS 2.0, with the whole text in content:encoded. Source: rssboard.org.

type rssFeed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Channel rssChannel
}

type rssChannel struct {
	XMLName     xml.Name   `xml:"channel"`
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language"`
	Built       string     `xml:"lastBuildDate"`
	Self        atomLink   `xml:"atom:link"`
	Entries     []rssEntry `xml:"item"`
}

type rssEntry struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	Published   string  `xml:"pubDate"`
	Description string  `xml:"description"`
	Content     string  `xml:"content:encoded,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

func (c channel) rss() rssFeed {
	ch := rssChannel{
		Title: c.medium.Name, Link: c.base + c.medium.FrontPath(), Description: c.medium.About,
		Language: c.medium.Lang + "-CA", Built: c.updated.UTC().Format(time.RFC1123Z),
		Self: atomLink{Rel: "self", Type: c.medium.FeedType(), Href: c.base + c.medium.FeedPath()},
	}
	for _, a := range c.articles {
		e := rssEntry{
			Title: a.Title, Link: c.link(a), GUID: rssGUID{Value: a.GUID()},
			Published: a.At.Format(time.RFC1123Z), Description: a.lead(),
		}
		if c.whole() {
			e.Content = a.markup()
		}
		ch.Entries = append(ch.Entries, e)
	}
	return rssFeed{
		Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/",
		Atom: "http://www.w3.org/2005/Atom", Channel: ch,
	}
}
