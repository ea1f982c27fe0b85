package veille

import "time"

// A JudgedMention is a mention with all a judge needs beside it.
type JudgedMention struct {
	Mention Mention
	Entry   Entry // Text included
	Source  Source
}

// Parked is an entry a stage could not digest, set aside where a person sees
// it.
type Parked struct {
	Stage   string    `json:"stage"`
	EntryID EntryID   `json:"entry_id"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}
