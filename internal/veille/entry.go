package veille

import "time"

// An Entry is one item as published by a source, with its cleaned text and
// what was read in it. Seq, Title to Seen are stored once and never change
// unless the publisher edits the item; Reading is derived, and rebuilt by
// `veilleur reindex`.
type Entry struct {
	ID        EntryID   `json:"id"`
	Seq       int64     `json:"seq"` // position in the log of entries, from 1, in commit order; set by the store
	SourceID  SourceID  `json:"source_id"`
	GUID      string    `json:"guid"`
	URL       string    `json:"url"` // http or https, or ""
	Title     string    `json:"title"`
	Author    string    `json:"author,omitempty"`
	Publisher string    `json:"publisher,omitempty"` // the medium an alert names for this entry; "" means the source's own
	Text      string    `json:"text"`                // plain text: the article when read, else the content or summary
	Partial   bool      `json:"partial,omitempty"`   // the rest of the article is for those who pay
	Image     string    `json:"image,omitempty"`     // address of the lead image
	Published time.Time `json:"published"`           // as the source says, never after Seen; Seen when it says nothing
	Seen      time.Time `json:"seen"`                // when we received it
	Reading   Reading   `json:"reading"`
}

// A Reading is what analysis derived from one entry.
type Reading struct {
	Lang        string     `json:"lang"` // "fr", "en", or "" when unsure
	Tone        float64    `json:"tone"` // in [-1,1]; 0 neutral
	ToneWords   []ToneWord `json:"tone_words,omitempty"`
	Keyphrases  []string   `json:"keyphrases,omitempty"` // best first
	StoryID     StoryID    `json:"story_id,omitempty"`
	DuplicateOf EntryID    `json:"duplicate_of,omitempty"` // the earlier entry it reprints; "" when original
	Agency      string     `json:"agency,omitempty"`       // the press agency it is copied from; "" for none known
}

// A ToneWord is one word that made the tone, as written in the text.
type ToneWord struct {
	Word   string  `json:"word"`
	Weight float64 `json:"weight"` // in [-1,1]
}

// Pulling gives the words that pull the way a tone goes, in their order: an
// article that is negative in all may have its happy words too.
func Pulling(words []ToneWord, tone float64) []ToneWord {
	var out []ToneWord
	for _, w := range words {
		if w.Weight*tone > 0 {
			out = append(out, w)
		}
	}
	return out
}

// ToneClass is the tone in one word: "negative", "neutral" or "positive".
// The band around zero is ±0.15.
func (r Reading) ToneClass() string {
	switch {
	case r.Tone <= -0.15:
		return "negative"
	case r.Tone >= 0.15:
		return "positive"
	}
	return "neutral"
}

// A Story is the entries that report one event.
type Story struct {
	ID          StoryID   `json:"id"`
	LeadID      EntryID   `json:"lead_id"` // the entry whose title stands for the story
	Title       string    `json:"title"`
	Lang        string    `json:"lang"`
	Entries     int       `json:"entries"`     // all of them
	Sources     int       `json:"sources"`     // distinct sources
	Independent int       `json:"independent"` // distinct voices: reprints and one press group count once
	Tone        float64   `json:"tone"`        // mean over originals, in [-1,1]
	First       time.Time `json:"first"`       // earliest Published
	Last        time.Time `json:"last"`        // latest Published
}

// A StoryAlias sends an old story id to the story it was merged into.
type StoryAlias struct {
	Old StoryID
	New StoryID
}
