package veille

import "time"

// A Mention is one entry × one topic, with the passages that matched, and how
// far it is of the topic's subject.
type Mention struct {
	TopicID  TopicID   `json:"topic_id"`
	EntryID  EntryID   `json:"entry_id"`
	InTitle  bool      `json:"in_title"` // a matched passage stands in the title
	Passages []Passage `json:"passages"`
	At       time.Time `json:"at"` // the entry's Published
	// Standing and what told it; both are empty when nothing was asked or told.
	Standing Standing `json:"standing,omitempty"`
	Clues    []Clue   `json:"clues,omitempty"`
	Tone     Toward   `json:"tone,omitzero"` // zero: as the whole entry's
}

// A Passage is a piece of an entry's text, with the words in it that count.
type Passage struct {
	Field string   `json:"field"` // "title" or "text"
	Text  string   `json:"text"`  // one sentence or less, as written
	Marks [][2]int `json:"marks"` // byte ranges in Text to highlight, ascending, disjoint
}

// A Standing says how far a mention is of its topic's subject. A hidden one is
// kept but counts nowhere: no tally, no incident, no morning.
type Standing string

// The standings; "" says nothing against a mention.
const (
	StandingNamed   Standing = "named"   // a full name settles it
	StandingWeak    Standing = "weak"    // only a name lent to a place or an event, or a common word alone
	StandingHomonym Standing = "homonym" // likely another of the name; hidden
	StandingLike    Standing = "like"    // likely not: like those a person refused; hidden
	StandingRefused Standing = "refused" // a person said "Pas nous"; hidden
	StandingKept    Standing = "kept"    // a person said it is
)

// HiddenStandings are those of mentions that count nowhere.
func HiddenStandings() []Standing {
	return []Standing{StandingHomonym, StandingLike, StandingRefused}
}

// Hidden tells whether such a mention counts nowhere.
func (s Standing) Hidden() bool {
	return s == StandingHomonym || s == StandingLike || s == StandingRefused
}

// A Clue is one thing that told a standing.
type Clue struct {
	// Kind is person, street, sense, homonym, alone, sponsor, word (learned), or
	// reprint (of one a person judged).
	Kind    string  `json:"kind"`
	Word    string  `json:"word"`    // as written; "" for a reprint
	Passage Passage `json:"passage"` // the sentence it stands in, the word marked; zero for a reprint
}

// What a Toward was read in, or who corrected it.
const (
	ToneClause   = "clause"
	ToneSentence = "sentence"
	TonePerson   = "person"
)

// Toward is the tone of a mention toward its topic's subject.
type Toward struct {
	From    string     `json:"from,omitempty"` // clause, sentence or person; "" is the zero Toward
	Tone    float64    `json:"tone,omitempty"` // in [-1,1]
	Words   []ToneWord `json:"words,omitempty"`
	Passage Passage    `json:"passage,omitzero"` // what was read, the words of tone marked
}

// A CorrectionKind says what of a mention a person corrects.
type CorrectionKind string

// What can be corrected, and the values each takes.
const (
	CorrectAbout CorrectionKind = "about" // us or not_us
	CorrectTone  CorrectionKind = "tone"  // negative, neutral or positive
)

// The values of CorrectAbout.
const (
	AboutUs    = "us"
	AboutNotUs = "not_us"
)

// A Correction is what a person says of one mention against what was derived.
// It is a decision, not derived: no rebuild touches it. One a mention and kind.
type Correction struct {
	TopicID  TopicID        `json:"topic_id"`
	EntryID  EntryID        `json:"entry_id"`
	Kind     CorrectionKind `json:"kind"`
	Value    string         `json:"value"`
	Original EntryID        `json:"original"` // the entry this one reprints, or itself
	Title    string         `json:"title"`    // of the entry
	Passages []Passage      `json:"passages"` // of the mention, as they then were
	By       UserID         `json:"by"`
	At       time.Time      `json:"at"`
}

// Tones are the values of CorrectTone and the tone each stands for: the middle
// of its side.
func Tones() map[string]float64 {
	return map[string]float64{"negative": -.5, "neutral": 0, "positive": .5}
}
