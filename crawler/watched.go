package crawler

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"time"

	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// A reading is what the body of a source was understood to say.
type reading struct {
	feed  feed.Feed
	seen  []byte                    // what to remember for the next time
	whole func() (feed.Feed, error) // the same without what was remembered
}

// understand parses the answer of a source as its kind is read.
func understand(s veille.Source, resp fetch.Response) (reading, error) {
	if s.Kind == veille.SourcePage {
		return watched(s, resp)
	}
	meta := feed.Meta{URL: resp.URL, ContentType: resp.ContentType, ContentLocation: resp.ContentLocation, Lang: resp.ContentLanguage}
	parsed, seen, err := feed.ParseNew(resp.Body, meta, s.Health.Seen)
	return reading{parsed, seen, func() (feed.Feed, error) { return feed.Parse(resp.Body, meta) }}, err
}

// watched reads a page without a feed as if it had one: each item its selectors
// find, or, without selectors, one entry when its text says something new.
func watched(s veille.Source, resp fetch.Response) (reading, error) {
	if err := isPage(resp); err != nil {
		return reading{}, err
	}
	if s.Watch.Item == "" {
		return watchedText(s, resp)
	}
	items, err := page.Items(resp.Body, resp.URL, s.Watch)
	if err != nil {
		return reading{}, err
	}
	f := feed.Feed{Site: resp.URL}
	for _, it := range items {
		f.Entries = append(f.Entries, feed.Entry{
			GUID: itemName(it, resp.URL), URL: it.URL, Title: it.Title, Text: it.Text, Image: it.Image, Published: dated(it.Date),
		})
	}
	return reading{feed: f, whole: func() (feed.Feed, error) { return f, nil }}, nil
}

// isPage refuses what is not a page, by what its server calls it.
func isPage(resp fetch.Response) error {
	if kind := strings.ToLower(resp.ContentType); kind == "" || strings.Contains(kind, "html") {
		return nil
	}
	return veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.watch.not_page"), nil)
}

// itemName is what names an item of a page: where it leads, else its title.
func itemName(it page.Item, base string) string {
	if it.URL != "" && it.URL != base {
		return it.URL
	}
	return it.Title
}

// dated reads the date of an item. A day without an hour is its noon, so that
// it is that day in America too.
func dated(s string) time.Time {
	t := feed.Date(s)
	if !t.IsZero() && t.Equal(t.Truncate(day)) {
		t = t.Add(day / 2)
	}
	return t
}

// watchedText compares the text of a page with what it said the last time. The
// first time there is nothing to compare: it is only remembered.
func watchedText(s veille.Source, resp fetch.Response) (reading, error) {
	now, err := page.Text(resp.Body)
	if err != nil {
		return reading{}, err
	}
	if len(now) == 0 {
		return reading{}, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.watch.no_text"), nil)
	}
	r := reading{feed: feed.Feed{Site: resp.URL}, seen: pack(now)}
	r.whole = func() (feed.Feed, error) { return r.feed, nil }
	before := unpack(s.Health.Seen)
	if len(before) == 0 {
		return r, nil
	}
	if c, differ := page.Changed(before, now); differ {
		r.feed.Entries = []feed.Entry{{GUID: "text:" + c.Hash, URL: resp.URL, Title: headline(told(c)), Text: strings.Join(told(c), "\n\n")}}
	}
	return r, nil
}

// told is what an entry says of a change: what was added; when nothing was,
// what was taken away, with a sign.
func told(c page.Change) []string {
	if len(c.Added) > 0 {
		return c.Added
	}
	out := make([]string, len(c.Removed))
	for i, s := range c.Removed {
		out[i] = "− " + s
	}
	return out
}

// headline is the first whole sentence of what is told, else its first line.
func headline(lines []string) string {
	for _, l := range lines {
		if strings.HasSuffix(l, ".") || strings.HasSuffix(l, "!") || strings.HasSuffix(l, "?") {
			return opening(l)
		}
	}
	return opening(lines[0])
}

// pack makes a small memory of the sentences of a page.
func pack(lines []string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is one of its own
	_, _ = io.WriteString(w, strings.Join(lines, "\n"))
	_ = w.Close() // a buffer takes all
	return b.Bytes()
}

// maxUnpacked is more than a page's remembered text ever has, in bytes.
const maxUnpacked = 1 << 20

// unpack gives the sentences remembered; none when it is no such memory.
func unpack(memory []byte) []string {
	if len(memory) == 0 {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(memory)), maxUnpacked))
	if err != nil || len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\n")
}
