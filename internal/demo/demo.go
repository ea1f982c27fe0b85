// Package demo is a small fictional movement for `veilleur demo` and for
// tests: "Mouvement Desrivières", its caisses, the invented media of their
// valley, and what those media published over the last six weeks.
//
// The news is written out in content/news, one file a theme, with times
// relative to the start of the demo, so that it is always fresh. A Web serves
// it as the media would: feeds in the forms the crawler must read, article
// pages, front pages, an alert and an OPML list. While the clock runs on, a
// few more articles appear and the crisis grows. Seed gives what a branch has
// set up by then: sources, topics, channels, posts and a goal.
//
// Nothing is stored, and nothing is sent beyond the loopback address the Web
// is served on. Everything is a function of the start and of the present: same
// instants, same bytes. Texts avoid weekdays, months and seasons, since they
// are read on any day of the year. Every person, place, company and medium is
// invented; any likeness is accidental.
package demo

import "time"

// Zone is where the movement lives; times of day in content are in it.
const Zone = "America/Toronto"

// Loop is how long after the start the last article appears.
const Loop = 6 * time.Minute

// A Medium is one of the invented media.
type Medium struct {
	Key      string   `yaml:"key"`   // first part of its addresses
	Name     string   `yaml:"name"`  // what a reader calls it
	Group    string   `yaml:"group"` // its press group; "" when independent
	About    string   `yaml:"about"`
	Tier     int      `yaml:"tier"`    // 1 national to 4 blog
	Lang     string   `yaml:"lang"`    // "fr" or "en"
	Feed     string   `yaml:"feed"`    // rss, atom, rdf or json
	Charset  string   `yaml:"charset"` // of its feed; "" is UTF-8
	Body     string   `yaml:"body"`    // what its feed holds: full or summary
	Owner    string   `yaml:"owner"`   // who follows it: movement, branch or none
	Alerted  bool     `yaml:"alerted"` // whether the alert sees it
	Sections []string `yaml:"sections"`
}

// FeedPath is the path of the medium's feed.
func (m Medium) FeedPath() string { return "/" + m.Key + "/" + feedFiles[m.Feed] }

// FrontPath is the path of the medium's front page.
func (m Medium) FrontPath() string { return "/" + m.Key + "/" }

var feedFiles = map[string]string{
	"rss": "rss.xml", "atom": "atom.xml", "rdf": "index.rdf", "json": "feed.json",
}

// Press is the voice behind the medium: its group, else itself.
func (m Medium) Press() string {
	if m.Group != "" {
		return m.Group
	}
	return m.Name
}

// An Article is one text published by one medium.
type Article struct {
	Medium Medium
	Slug   string // last part of its address, unique in its medium
	Title  string
	Paras  []string  // plain text, one paragraph each
	At     time.Time // when it was published, UTC, whole seconds
	Live   bool      // published after the start of the demo
	Crisis bool      // tells of the closing counter
	CopyOf string    // path of the article it reprints; "" when original
}

// Path is the path of the article's page.
func (a Article) Path() string { return "/" + a.Medium.Key + "/" + a.Slug }

// GUID names the article whatever address the demo is served on.
func (a Article) GUID() string { return "urn:veilleur-demo:" + a.Medium.Key + ":" + a.Slug }
