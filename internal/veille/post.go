package veille

import "time"

// A Network is the kind of a channel.
type Network string

// The networks published to today.
const (
	NetworkManual    Network = "manual"    // ready to copy, reminder by mail, tick when done
	NetworkWordPress Network = "wordpress" // REST, application password
)

// A Channel is an account posts go to.
type Channel struct {
	ID        ChannelID `json:"id"`
	BranchID  BranchID  `json:"branch_id"`
	Network   Network   `json:"network"`
	Name      string    `json:"name"`
	URL       string    `json:"url,omitempty"`  // site for wordpress; page to open for manual
	User      string    `json:"user,omitempty"` // account name for wordpress
	Secret    string    `json:"-"`              // application password; sealed in the store
	Slots     []Slot    `json:"slots"`
	Cadence   int       `json:"cadence"` // posts wanted a week; 0 means none wanted
	CreatedAt time.Time `json:"created_at"`
}

// A Slot is a weekday and hour, in a zone, when a channel publishes.
type Slot struct {
	Weekday int    `json:"weekday"` // 0 Sunday … 6 Saturday
	Hour    int    `json:"hour"`
	Minute  int    `json:"minute"`
	Zone    string `json:"zone"` // IANA
}

// A PostState says where a post is in its life. The allowed moves are one
// table in internal/publish.
type PostState string

// The states of a post.
const (
	PostDraft      PostState = "draft"
	PostAwaiting   PostState = "awaiting_approval"
	PostScheduled  PostState = "scheduled"
	PostPublishing PostState = "publishing"
	PostPublished  PostState = "published"
	PostFailed     PostState = "failed"
	PostUnknown    PostState = "unknown" // sent, answer lost: a person or a read-back decides
	PostHeld       PostState = "held"    // kept back, by a person or an incident; never sent late by itself
)

// A Post is one text, with media, for one channel. Writing for several
// channels makes one post each, so that each has its own state and is sent at
// most once; Batch ties them together.
type Post struct {
	ID          PostID    `json:"id"`
	BranchID    BranchID  `json:"branch_id"`
	ChannelID   ChannelID `json:"channel_id"`
	Batch       string    `json:"batch,omitempty"`
	IdeaID      IdeaID    `json:"idea_id,omitempty"`
	StoryID     StoryID   `json:"story_id,omitempty"`
	Title       string    `json:"title"`
	Text        string    `json:"text"`
	Media       []Media   `json:"media"`
	State       PostState `json:"state"`
	At          time.Time `json:"at,omitzero"`    // due, UTC; zero while not scheduled
	Wall        string    `json:"wall,omitempty"` // due as written: 2006-01-02T15:04
	Zone        string    `json:"zone,omitempty"` // IANA zone of Wall
	Problem     *Sentence `json:"problem,omitempty"`
	RemoteID    string    `json:"remote_id,omitempty"`
	RemoteURL   string    `json:"remote_url,omitempty"`
	Attempts    int       `json:"attempts"` // sends begun
	AuthorID    UserID    `json:"author_id,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	SentAt      time.Time `json:"sent_at,omitzero"` // when the one send began
	PublishedAt time.Time `json:"published_at,omitzero"`
}

// Media is one picture of a post. The file lies under the data folder as
// media/ID; Alt is its text for those who do not see it.
type Media struct {
	ID   MediaID `json:"id"`
	Name string  `json:"name"`
	Type string  `json:"type"` // image/jpeg, image/png, image/gif or image/webp
	Alt  string  `json:"alt"`
	Size int64   `json:"size"` // bytes
}
