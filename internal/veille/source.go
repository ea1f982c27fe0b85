package veille

import (
	"cmp"
	"net/url"
	"time"
)

// A SourceKind says how a source is read.
type SourceKind string

// The kinds of source.
const (
	SourceFeed     SourceKind = "feed"     // RSS, Atom, RDF, JSON Feed
	SourceAlert    SourceKind = "alert"    // Google Alerts, Google News, Bing News, Talkwalker: a saved search elsewhere
	SourceComments SourceKind = "comments" // a feed of what people say under posts
	SourceMailbox  SourceKind = "mailbox"  // mails read by IMAP: alerts and newsletters
	SourcePage     SourceKind = "page"     // a page without a feed, watched
)

// A Tier ranks a source by reach: 1 national daily, 2 regional, 3 local
// weekly, 4 blog or social. 0 means not said, and is taken as 3.
type Tier int

// A SourceState says whether a source is read.
type SourceState string

// The states of a source.
const (
	SourceActive SourceState = "active"
	SourcePaused SourceState = "paused" // by a person
	SourceEnded  SourceState = "ended"  // by its server: 410 Gone
)

// A Source is a place entries come from.
type Source struct {
	ID        SourceID    `json:"id"`
	BranchID  BranchID    `json:"branch_id"`
	Kind      SourceKind  `json:"kind"`
	URL       string      `json:"url"` // for an alert it is a credential: never logged whole
	Site      string      `json:"site,omitempty"`
	Title     string      `json:"title"`
	Publisher string      `json:"publisher,omitempty"` // the medium; "" means Title
	Group     string      `json:"group,omitempty"`     // its press group, as a person says: sources of one group are not independent
	Kin       string      `json:"kin,omitempty"`       // the press group it was found to be of, which counts when Group says nothing; "" for none
	Tier      Tier        `json:"tier"`
	Folder    string      `json:"folder,omitempty"` // from OPML
	ReadPages bool        `json:"read_pages"`       // also fetch each linked article for its text
	Every     Minutes     `json:"every"`            // shortest interval between fetches; 0 means 60, 15 for alerts
	Watch     Watch       `json:"watch,omitzero"`   // of a page
	Mailbox   Mailbox     `json:"mailbox,omitzero"` // of a mailbox
	State     SourceState `json:"state"`
	CreatedAt time.Time   `json:"created_at"`
	Health    Health      `json:"health"`
}

// A Watch says what of a page makes entries, in CSS selectors. The zero Watch
// makes one entry each time the page's main text changes.
type Watch struct {
	Item  string `json:"item,omitempty"`  // each match is an entry; "" watches the main text
	Title string `json:"title,omitempty"` // inside the item; "" means its first heading or link
	Link  string `json:"link,omitempty"`  // inside the item; "" means its first link
	Date  string `json:"date,omitempty"`  // inside the item; "" means its first <time>, or what its class calls a date
}

// A Mailbox says which mails of a mailbox make entries. Its server, user and
// folder are the source's URL, imaps://user@host:port/folder; its password is
// kept apart, sealed.
type Mailbox struct {
	From  []string `json:"from,omitempty"`  // senders read beside alerts, addresses or domains; none means all
	Trust string   `json:"trust,omitempty"` // server whose Authentication-Results are believed; "" means the mail server's domain, when no signature can be checked
}

// Minutes is a duration in whole minutes.
type Minutes int

// Health is what reading a source has taught: when, how well, and when next.
type Health struct {
	ETag         string         `json:"-"`
	LastModified string         `json:"-"`
	Seen         []byte         `json:"-"` // what was read of the feed (crawler/feed.Memory); nil when nothing is remembered
	Cursor       string         `json:"-"` // where the reading of a mailbox stands (crawler.standing); "" before the first
	DueAt        time.Time      `json:"due_at"`
	FetchedAt    time.Time      `json:"fetched_at,omitzero"`    // last attempt
	OKAt         time.Time      `json:"ok_at,omitzero"`         // last success, 304 included
	EntryAt      time.Time      `json:"entry_at,omitzero"`      // last time something new came
	Failures     int            `json:"failures"`               // in a row; 0 when well
	FailingSince time.Time      `json:"failing_since,omitzero"` // the first of those failures; zero when well, or when not known
	Problem      *Sentence      `json:"problem,omitempty"`      // what is wrong and what to do; nil when well
	Entries      int            `json:"entries"`                // read so far
	MovedTo      string         `json:"moved_to,omitempty"`     // where its server says it moved for good; "" when it did not
	MovedSeen    int            `json:"moved_seen,omitempty"`   // times in a row MovedTo was seen; at 3 the source follows
	FullAt       time.Time      `json:"full_at,omitzero"`       // last asked without conditions or answered with a body, so that a server always saying 304 is doubted
	Asks         Minutes        `json:"asks,omitempty"`         // shortest interval the feed itself asks for; 0 when it does not
	SkipHours    []int          `json:"skip_hours,omitempty"`   // GMT hours in which the feed asks not to be read
	SkipDays     []time.Weekday `json:"skip_days,omitempty"`    // GMT days, likewise; 0 is Sunday
	Rhythm       Minutes        `json:"rhythm,omitempty"`       // usual time between two new entries; 0 unknown
	From         string         `json:"from,omitempty"`         // where redirects led the last answer with a body, which the validators belong to; "" is the source's URL
	Missing      int            `json:"missing,omitempty"`      // times in a row its server found nothing there; 0 when it does
	MissingAt    time.Time      `json:"missing_at,omitzero"`    // the first of them
	PushedUntil  time.Time      `json:"pushed_until,omitzero"`  // until when a hub has promised to push what is new, so that polls are daily; zero when none has
	Offers       []Offer        `json:"offers,omitempty"`       // feeds of the alerts a mailbox receives
}

// An Offer is a feed that gives what a mailbox receives by mail.
type Offer struct {
	Title string `json:"title"`
	URL   string `json:"url"` // a credential, as that of any alert
}

// A source is never said to be mute before leastMute, nor before it has missed
// muteGaps of its usual gaps. Three days is a long weekend of a daily; at four
// times the mean gap, entries that come at random are late less than twice in
// a hundred gaps (e⁻⁴).
const (
	leastMute = 3 * 24 * time.Hour
	muteGaps  = 4
)

// MuteSince says since when a source that is read well brings nothing, against
// its own rhythm: the time its last entry came, or zero when it is not mute.
// A source that fails, or that never brought anything, is not mute: its
// Problem says more.
func (h Health) MuteSince(now time.Time) time.Time {
	if h.EntryAt.IsZero() || h.Failures > 0 || !h.OKAt.After(h.EntryAt) || now.Sub(h.EntryAt) <= h.patience() {
		return time.Time{}
	}
	return h.EntryAt
}

// patience is how long nothing may come before the source is mute.
func (h Health) patience() time.Duration {
	return max(leastMute, muteGaps*time.Duration(h.Rhythm)*time.Minute)
}

// Name is what a person calls the source: its publisher, else its title, else
// its address.
func (s Source) Name() string {
	switch {
	case s.Publisher != "":
		return s.Publisher
	case s.Title != "":
		return s.Title
	}
	return s.URL
}

// Secret says whether the source's address is a credential, of which only the
// host may be shown or logged: that of an alert or of a mailbox, or one with a
// reader's token, as the signed feeds of Reddit (feed and user) and others have.
func (s Source) Secret() bool {
	if s.Kind == SourceAlert || s.Kind == SourceMailbox {
		return true
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return false
	}
	q := u.Query()
	return q.Get("feed") != "" && q.Get("user") != "" || q.Get("token") != "" || q.Get("key") != "" || q.Get("secret") != ""
}

// Press is the voice behind the source: its press group when it has one, else
// its publisher. Two sources with one Press are not independent.
func (s Source) Press() string { return cmp.Or(s.Group, s.Kin, s.Name()) }
