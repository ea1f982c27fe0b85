package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"strconv"
	"strings"

	gojson "github.com/mmcdole/gofeed/json"

	"veilleur/internal/veille"
)

// parseJSON reads a JSON Feed.
func parseJSON(text []byte, base string) (Feed, error) {
	whole, broken, err := wholeJSON(text)
	if err != nil {
		return Feed{}, err
	}
	var about struct {
		Version string `json:"version"`
		Hubs    []struct {
			URL string `json:"url"`
		} `json:"hubs"`
		Items *json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(whole, &about); err != nil && about.Version == "" || !strings.Contains(about.Version, "jsonfeed.org") && about.Items == nil {
		return Feed{}, notFeed("json")
	}
	j, err := (&gojson.Parser{}).Parse(bytes.NewReader(whole))
	if err != nil {
		return Feed{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.unreadable"), err)
	}
	f := Feed{
		Kind: "json", ID: j.FeedURL, Broken: broken, Lang: j.Language,
		Title: line(j.Title, maxTitle), Description: line(html.EscapeString(j.Description), maxSummary),
		Image: image(link(base, j.Icon)), Icon: link(base, j.Favicon), Site: link(base, j.HomePageURL), Self: link(base, j.FeedURL),
	}
	(*leads)(&f.Links).add(Link{URL: f.Site, Rel: "alternate"}, "")
	(*leads)(&f.Links).add(Link{URL: f.Self, Rel: "self"}, "")
	for _, h := range about.Hubs {
		(*several)(&f.Hubs).add(link(base, h.URL))
	}
	f.Authors = jsonAuthors(j.Author, j.Authors, base)
	for _, item := range j.Items[:min(len(j.Items), maxEntries)] {
		if item == nil {
			continue
		}
		e := jsonEntry(item, base)
		if len(e.Authors) == 0 {
			e.Authors = f.Authors
		}
		e.Lang = cmp.Or(e.Lang, f.Lang)
		f.Entries = append(f.Entries, e)
	}
	if len(j.Items) > maxEntries && f.Broken == nil {
		f.Broken = says("crawler.feed.many", "n", maxEntries)
	}
	return f, nil
}

func jsonEntry(j *gojson.Item, base string) Entry {
	e := Entry{
		GUID: strings.TrimSpace(j.ID), Title: line(j.Title, maxTitle), Lang: j.Language,
		Published: date(j.DatePublished), Updated: date(j.DateModified),
		Authors: jsonAuthors(j.Author, j.Authors, base),
		Summary: sanitise(html.EscapeString(j.Summary), base, maxSummary),
		Content: sanitise(cmp.Or(j.ContentHTML, textAsHTML(j.ContentText)), base, maxContent),
	}
	for _, u := range []string{j.URL, j.ExternalURL, j.ID} {
		if e.URL == "" && u != "" && (u != j.ID || strings.HasPrefix(u, "http")) {
			e.URL = link(base, u)
		}
	}
	if e.Published.IsZero() {
		e.Published = e.Updated
	}
	e.read(cmp.Or(j.ContentHTML, textAsHTML(j.ContentText)), html.EscapeString(j.Summary))
	(*leads)(&e.Links).add(Link{URL: link(base, j.URL), Rel: "alternate"}, "")
	(*leads)(&e.Links).add(Link{URL: link(base, j.ExternalURL), Rel: "related"}, "")
	for _, t := range j.Tags {
		(*filed)(&e.Categories).term(html.EscapeString(t))
	}
	for _, u := range []string{j.Image, j.BannerImage} {
		e.Image = cmp.Or(e.Image, link(base, u))
	}
	if j.Attachments != nil {
		for _, a := range *j.Attachments {
			e.enclose(link(base, a.URL), a.MimeType, strconv.FormatInt(a.SizeInBytes, 10))
		}
	}
	e.illustrate()
	return e
}

func jsonAuthors(one *gojson.Author, many []*gojson.Author, base string) (out []Person) {
	for _, a := range append(many, one) {
		if a != nil {
			(*people)(&out).add(Person{Name: line(html.EscapeString(a.Name), maxTitle), URL: link(base, a.URL)})
		}
	}
	return out
}

// textAsHTML keeps the paragraphs and lines of plain text.
func textAsHTML(s string) string {
	if s == "" {
		return ""
	}
	s = html.EscapeString(strings.ReplaceAll(s, "\r\n", "\n"))
	s = strings.ReplaceAll(s, "\n\n", "</p><p>")
	return "<p>" + strings.ReplaceAll(s, "\n", "<br>") + "</p>"
}

// wholeJSON passes once over a document before it is parsed: it refuses deep
// nesting, and ends a document cut short, or longer than maxEntries, after
// its last whole item.
func wholeJSON(b []byte) (whole []byte, broken *veille.Sentence, err error) {
	s := jsonScan{b: b}
	for s.pos < len(b) {
		s.step()
		switch {
		case s.depth > maxDepth:
			return nil, nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.hostile"), errDepth)
		case s.items >= maxEntries && s.lastEnd > 0:
			return append(b[:s.lastEnd:s.lastEnd], "]}"...), says("crawler.feed.many", "n", maxEntries), nil
		}
	}
	if s.depth > 0 && s.lastEnd > 0 {
		return append(b[:s.lastEnd:s.lastEnd], "]}"...), says("crawler.feed.cut", "n", s.items), nil
	}
	return b, nil, nil
}

// jsonScan follows the nesting of a JSON document.
type jsonScan struct {
	b       []byte
	pos     int
	depth   int
	key     string // the last string at depth 1
	inItems bool
	items   int // whole
	lastEnd int // after the last whole item
}

func (s *jsonScan) step() {
	c := s.b[s.pos]
	s.pos++
	switch c {
	case '"':
		s.str()
	case '{', '[':
		if s.depth == 1 {
			s.inItems = c == '[' && s.key == "items"
		}
		s.depth++
	case '}', ']':
		s.depth--
		if s.inItems && s.depth == 2 && c == '}' {
			s.items++
			s.lastEnd = s.pos
		}
		if s.depth == 1 {
			s.inItems = false
		}
	}
}

// str passes over a string.
func (s *jsonScan) str() {
	from := s.pos
	for s.pos < len(s.b) {
		i := bytes.IndexAny(s.b[s.pos:], `"\`)
		if i < 0 {
			s.pos = len(s.b)
			return
		}
		s.pos += i + 1
		if s.b[s.pos-1] == '\\' {
			s.pos = min(s.pos+1, len(s.b))
			continue
		}
		if s.depth == 1 && s.pos-from < 16 {
			s.key = string(s.b[from : s.pos-1])
		}
		return
	}
}
