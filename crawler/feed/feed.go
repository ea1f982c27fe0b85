// Package feed turns bytes into entries: RSS 0.9x to 2.0, RDF, Atom 0.3 and
// 1.0, JSON Feed. It is pure: no network, nothing stored.
//
// Bytes pass four stages. Decode makes UTF-8 of them, whatever they claim to
// be. One pass over every byte, the tidy, refuses what would hurt a parser
// (depth, namespaces, attributes), repairs what is merely broken, drops what
// nobody reads, and writes a small well-formed document; in a document cut
// short, every whole entry before the cut is kept. gofeed parses that. Our own
// mapping then makes entries: links resolved, HTML sanitised, titles and text
// plain.
//
// The guard must stand before gofeed: nesting of two million elements, 15 KB
// on the wire, overflows its stack, and Go cannot recover from that.
//
// Source: RFC 4287, RFC 3986 §5, the RSS 2.0, RSS 1.0 and JSON Feed 1.1
// specifications; limits from reliability rules H20–H27.
package feed

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// Limits of what is kept of a feed.
const (
	maxDepth      = 256     // nested elements
	maxNamespaces = 64      // xmlns declarations in scope
	maxAttributes = 256     // of one element
	maxEntries    = 5000    // kept
	maxTitle      = 1 << 10 // bytes
	maxSummary    = 64 << 10
	maxContent    = 1 << 20
	maxURL        = 2 << 10
	maxEach       = 100 // of each list of an entry or a feed: people, categories, links, files
)

// Meta is what is known of a document besides its bytes.
type Meta struct {
	URL             string // where it came from: the base of its links
	ContentType     string // as the server said, for its charset
	ContentLocation string // as the server said: a nearer base than URL
	Lang            string // as the server said; what the document says of itself comes first
}

// A Feed is a parsed document.
type Feed struct {
	Kind            string           `json:"kind"` // rss, rdf, atom or json
	ID              string           `json:"id,omitempty"`
	Title           string           `json:"title"`                // plain text
	TitleHTML       string           `json:"title_html,omitempty"` // sanitised; "" when the title has no markup
	Site            string           `json:"site,omitempty"`
	Description     string           `json:"description,omitempty"`      // plain text
	DescriptionHTML string           `json:"description_html,omitempty"` // sanitised; "" when it has no markup
	Lang            string           `json:"lang,omitempty"`             // as declared: fr-CA
	Authors         []Person         `json:"authors,omitempty"`          // those of every entry that names none
	Contributors    []Person         `json:"contributors,omitempty"`
	Publishers      []Person         `json:"publishers,omitempty"` // who runs it: webMaster, dc:publisher, itunes:owner
	Categories      []Category       `json:"categories,omitempty"`
	Links           []Link           `json:"links,omitempty"` // all that it gives, in document order
	Image           *Image           `json:"image,omitempty"`
	Icon            string           `json:"icon,omitempty"` // a small square picture
	Generator       *Generator       `json:"generator,omitempty"`
	Rights          string           `json:"rights,omitempty"`      // plain text
	RightsHTML      string           `json:"rights_html,omitempty"` // sanitised; "" when they have no markup
	Published       time.Time        `json:"published,omitzero"`
	Updated         time.Time        `json:"updated,omitzero"`
	Self            string           `json:"self,omitempty"`       // the address it gives for itself
	Hubs            []string         `json:"hubs,omitempty"`       // WebSub
	TTL             time.Duration    `json:"ttl,omitempty"`        // shortest interval it asks for, in nanoseconds; 0 when it does not say
	SkipHours       []int            `json:"skip_hours,omitempty"` // GMT hours it asks not to be read
	SkipDays        []time.Weekday   `json:"skip_days,omitempty"`  // GMT days it asks not to be read, 0 is Sunday
	Entries         []Entry          `json:"entries"`              // in document order
	Lost            int              `json:"lost,omitempty"`       // characters that could not be read and became U+FFFD
	Broken          *veille.Sentence `json:"broken,omitempty"`     // why some entries or characters may be missing; nil when whole
}

// An Entry is one item of a feed.
type Entry struct {
	GUID         string      `json:"guid,omitempty"`       // as the publisher gives it; "" when it gives none
	URL          string      `json:"url,omitempty"`        // http or https, absolute; or ""
	Title        string      `json:"title"`                // plain text, one line
	TitleHTML    string      `json:"title_html,omitempty"` // sanitised; "" when the title has no markup
	Authors      []Person    `json:"authors,omitempty"`
	Contributors []Person    `json:"contributors,omitempty"`
	Summary      string      `json:"summary,omitempty"` // sanitised HTML
	Content      string      `json:"content,omitempty"` // sanitised HTML; "" when there is only a summary
	Text         string      `json:"text"`              // plain text of the content, else of the summary
	Published    time.Time   `json:"published,omitzero"`
	Updated      time.Time   `json:"updated,omitzero"`
	Categories   []Category  `json:"categories,omitempty"`
	Enclosures   []Enclosure `json:"enclosures,omitempty"`
	Links        []Link      `json:"links,omitempty"` // all that it gives, in document order
	Image        string      `json:"image,omitempty"`
	Lang         string      `json:"lang,omitempty"`
	Rights       string      `json:"rights,omitempty"`      // plain text
	RightsHTML   string      `json:"rights_html,omitempty"` // sanitised; "" when they have no markup
	Publisher    string      `json:"publisher,omitempty"`   // the medium it is quoted from: RSS source, News:Source
}

// A Link is one address that a feed or an entry gives, http or https and
// absolute.
type Link struct {
	URL    string `json:"url"`
	Rel    string `json:"rel"`              // alternate, self, related, via, enclosure…
	Type   string `json:"type,omitempty"`   // media type, as declared
	Title  string `json:"title,omitempty"`  // plain text
	Lang   string `json:"lang,omitempty"`   // of what it leads to
	Length int64  `json:"length,omitempty"` // bytes, as declared; 0 unknown
}

// A Person is an author, as far as the feed tells.
type Person struct {
	Name  string `json:"name,omitempty"`  // plain text
	Email string `json:"email,omitempty"` // as written
	URL   string `json:"url,omitempty"`   // http or https, absolute
}

// A Category is a subject, as its publisher files it.
type Category struct {
	Term   string `json:"term"`
	Scheme string `json:"scheme,omitempty"` // the list the term is from
	Label  string `json:"label,omitempty"`  // the term as people read it; "" when it is the term
}

// An Enclosure is a file that comes with an entry.
type Enclosure struct {
	URL    string `json:"url"`
	Type   string `json:"type,omitempty"`   // media type, as declared
	Length int64  `json:"length,omitempty"` // bytes, as declared; 0 unknown
}

// An Image is the picture of a feed.
type Image struct {
	URL    string `json:"url"`
	Title  string `json:"title,omitempty"`
	Link   string `json:"link,omitempty"`   // where it leads
	Width  int    `json:"width,omitempty"`  // pixels; 0 unknown
	Height int    `json:"height,omitempty"` // pixels; 0 unknown
}

// A Generator is the program that wrote a feed.
type Generator struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	Version string `json:"version,omitempty"`
}

// A NotFeedError is the cause of Parse's refusal of a document of another kind.
type NotFeedError struct {
	Is string // empty, page, opml, sitemap, json, xml, image, pdf, archive, media or text
}

// Error is for logs.
func (e *NotFeedError) Error() string { return "not a feed: " + e.Is }

// Parse reads a feed. What is broken is repaired, and Broken says so.
//
// It returns an ErrInvalid Problem when the document is no feed, wrapping a
// *NotFeedError that says what it is instead, or when reading it would be
// dangerous.
func Parse(body []byte, m Meta) (Feed, error) {
	if is := magic(body); is != "" {
		return Feed{}, notFeed(is)
	}
	text, lost := decode(body, m.ContentType)
	base := baseOf(m)
	f, err := parseText(text, base)
	if err != nil {
		return Feed{}, err
	}
	f.Lang = cmp.Or(f.Lang, strings.TrimSpace(m.Lang))
	f.bound()
	if f.Lost = lost; lost > 0 && f.Broken == nil {
		f.Broken = says("crawler.feed.lost", "n", lost)
	}
	return f, nil
}

func parseText(text []byte, base string) (Feed, error) {
	if c := firstByte(text); c == '{' || c == '[' {
		return parseJSON(text, base)
	}
	t, err := newTidy(text).run()
	if err != nil {
		return Feed{}, err
	}
	switch t.kind {
	case "atom":
		return t.atom(base)
	case "rss", "rdf":
		return t.rss(base)
	}
	return Feed{}, notFeed(t.kind)
}

// bound cuts the words that nothing else has.
func (f *Feed) bound() {
	f.ID, f.Lang = identity(f.ID), name(f.Lang)
	for i := range f.Entries {
		e := &f.Entries[i]
		e.GUID, e.Lang = identity(e.GUID), name(e.Lang)
	}
}

// identity is what names a feed or an entry; one that is too long to keep is
// named by its hash, so that two still differ.
func identity(s string) string {
	if len(s) <= maxURL {
		return s
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(s)))
}

func notFeed(is string) error {
	return veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.not."+is), &NotFeedError{Is: is})
}

func says(key string, kv ...any) *veille.Sentence {
	s := veille.Say(key, kv...)
	return &s
}
