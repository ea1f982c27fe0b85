package demo

import "time"

// JSON Feed 1.1. Source: jsonfeed.org/version/1.1.

type jsonFeed struct {
	Version     string      `json:"version"`
	Title       string      `json:"title"`
	Home        string      `json:"home_page_url"`
	Self        string      `json:"feed_url"`
	Description string      `json:"description"`
	Language    string      `json:"language"`
	Entries     []jsonEntry `json:"items"`
}

type jsonEntry struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	HTML      string `json:"content_html,omitempty"`
	Published string `json:"date_published"`
}

func (c channel) jsonFeed() jsonFeed {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: c.medium.Name, Description: c.medium.About,
		Home: c.base + c.medium.FrontPath(), Self: c.base + c.medium.FeedPath(), Language: c.medium.Lang,
		Entries: []jsonEntry{},
	}
	for _, a := range c.articles {
		e := jsonEntry{
			ID: a.GUID(), URL: c.link(a), Title: a.Title, Summary: a.lead(),
			Published: a.At.Format(time.RFC3339),
		}
		if c.whole() {
			e.HTML = a.markup()
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}
