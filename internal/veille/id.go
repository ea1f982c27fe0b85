package veille

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Each noun has its own id type, so that one cannot be passed for another. All
// are opaque; "" means none.
type (
	// A BranchID is the id of a branch.
	BranchID string
	// A UserID is the id of a user.
	UserID string
	// A SourceID is the id of a source.
	SourceID string
	// An EntryID is the id of an entry; see NewEntryID.
	EntryID string
	// A StoryID is the id of a story.
	StoryID string
	// A StoryChangeID is the id of a change a person made to stories.
	StoryChangeID string
	// A TopicID is the id of a topic.
	TopicID string
	// An IncidentID is the id of an incident.
	IncidentID string
	// An IdeaID is the id of an idea.
	IdeaID string
	// A ChannelID is the id of a channel.
	ChannelID string
	// A PostID is the id of a post.
	PostID string
	// A MediaID is the id of a picture.
	MediaID string
	// A GoalID is the id of a goal.
	GoalID string
	// A SearchID is the id of a saved search.
	SearchID string
	// A WebhookID is the id of a webhook.
	WebhookID string
	// A DeliveryID is the id of one message to one webhook.
	DeliveryID string
	// A SubscriptionID is the id of a subscription to a hub; who knows it may
	// speak to its callback, so it is never logged whole.
	SubscriptionID string
	// A TokenID is the id of a token of the API.
	TokenID string
)

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID makes a ULID: 48 bits of milliseconds, then 80 random bits, as 26
// lower-case characters of Crockford's base 32, so that ids sort by creation.
// Source: the ULID specification, github.com/ulid/spec.
func NewID(now time.Time) string {
	var b [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(b[6:]) // never fails: crypto/rand crashes the program instead
	var out [26]byte
	// 26×5 = 130 bits for 128: the first character carries only three.
	acc, bits, n := uint(0), 2, 0
	for _, c := range b {
		acc = acc<<8 | uint(c)
		bits += 8
		for bits >= 5 {
			bits -= 5
			out[n] = crockford[acc>>bits&31]
			n++
		}
	}
	return string(out[:])
}

// NewEntryID makes the stable id of an entry: the first 16 bytes in hex of
// SHA-256 over its source and its GUID. A repeat of the same item has the same
// id, which is what makes storing it again a no-op.
func NewEntryID(s SourceID, guid string) EntryID {
	h := sha256.Sum256([]byte(string(s) + "\x00" + guid))
	return EntryID(hex.EncodeToString(h[:16]))
}
