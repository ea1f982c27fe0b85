package veille

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// The id types, one a noun, so that one cannot be passed for another. All are
// opaque; "" means none.
type (
	BranchID   string
	UserID     string
	SourceID   string
	EntryID    string
	StoryID    string
	TopicID    string
	IncidentID string
	IdeaID     string
	ChannelID  string
	PostID     string
	MediaID    string
	GoalID     string
	SearchID   string // a saved search
	WebhookID  string
	DeliveryID string // one message to one webhook
	TokenID    string
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
