package veille

import "time"

// A Level is how grave an incident is.
type Level string

// The levels in rising order. LevelNone is below every incident.
const (
	LevelNone     Level = "none"
	LevelWatch    Level = "watch"
	LevelReview   Level = "review"
	LevelEscalate Level = "escalate" // score ≥ 60
	LevelCrisis   Level = "crisis"   // score ≥ 75
)

// Rank orders levels: 0 for none to 4 for crisis.
func (l Level) Rank() int {
	switch l {
	case LevelWatch:
		return 1
	case LevelReview:
		return 2
	case LevelEscalate:
		return 3
	case LevelCrisis:
		return 4
	}
	return 0
}

// An IncidentState says where an incident is in its life.
type IncidentState string

// The states of an incident: open → acknowledged → resolved, or false alarm.
const (
	IncidentOpen         IncidentState = "open"
	IncidentAcknowledged IncidentState = "acknowledged"
	IncidentResolved     IncidentState = "resolved"
	IncidentFalseAlarm   IncidentState = "false_alarm"
)

// A Signal is one measure of a topic out of its usual range: points, the
// reason in words, and the evidence behind it.
type Signal struct {
	Kind     string     `json:"kind"`   // volume, independence, severity, tier, named, negativity, inherited
	Points   float64    `json:"points"` // added to the score; ≥ 0
	Max      float64    `json:"max"`    // the most this kind can add
	Reason   Sentence   `json:"reason"`
	Detail   *Sentence  `json:"detail,omitempty"` // the usual range, the odds
	Evidence []Evidence `json:"evidence"`
}

// Evidence is one entry behind a number, with the passage that counts.
type Evidence struct {
	EntryID EntryID `json:"entry_id"`
	Passage Passage `json:"passage"`
}

// An Incident is a run of signals on one topic and story.
type Incident struct {
	ID            IncidentID    `json:"id"`
	BranchID      BranchID      `json:"branch_id"`
	TopicID       TopicID       `json:"topic_id"`
	StoryID       StoryID       `json:"story_id,omitempty"` // the story most of its entries belong to
	Title         string        `json:"title"`
	State         IncidentState `json:"state"`
	Level         Level         `json:"level"`
	LevelAt       time.Time     `json:"level_at"` // when it reached Level
	Score         float64       `json:"score"`    // in [0,100]; the sum of the signals' points, capped
	Peak          float64       `json:"peak"`     // the highest score so far
	PeakLevel     Level         `json:"peak_level"`
	Signals       []Signal      `json:"signals"`
	Weeks         int           `json:"weeks"`         // weeks of history behind the judgement
	ShortOfData   bool          `json:"short_of_data"` // too little history to judge volume
	Entries       int           `json:"entries"`
	Independent   int           `json:"independent"` // voices
	Inherited     bool          `json:"inherited"`   // owes its level to an incident of the movement
	OwnerID       UserID        `json:"owner_id,omitempty"`
	OpenedAt      time.Time     `json:"opened_at"`
	JudgedAt      time.Time     `json:"judged_at"`
	AckedAt       time.Time     `json:"acked_at,omitzero"`
	ClosedAt      time.Time     `json:"closed_at,omitzero"`
	SilencedUntil time.Time     `json:"silenced_until,omitzero"`
	SilenceReason string        `json:"silence_reason,omitempty"`
	CloseReason   string        `json:"close_reason,omitempty"` // why it was a false alarm, in her words
	NotifiedAt    time.Time     `json:"notified_at,omitzero"`
	NotifiedLevel Level         `json:"notified_level,omitempty"`
	// Version counts the writes; the store sets it. Putting an incident that
	// another has written since it was read is ErrConflict, so that a judge and
	// a person never undo each other. 0 skips the check.
	Version int64 `json:"-"`
}

// Live tells whether the incident still runs: open or acknowledged.
func (i Incident) Live() bool {
	return i.State == IncidentOpen || i.State == IncidentAcknowledged
}

// An IncidentEvent is one line of an incident's history.
type IncidentEvent struct {
	IncidentID IncidentID `json:"incident_id"`
	At         time.Time  `json:"at"`
	Kind       string     `json:"kind"` // opened, raised, lowered, acknowledged, silenced, resolved, false_alarm, tuning_undone, step_done, step_undone
	By         UserID     `json:"by,omitempty"`
	Level      Level      `json:"level"`
	Score      float64    `json:"score"`
	Note       string     `json:"note,omitempty"`
}

// A Tuning is what one false alarm teaches the judge of its topic: new entries
// of the incident's story count for nothing, and the topic's thresholds rise a
// little. It is undone by a person, never deleted.
type Tuning struct {
	IncidentID IncidentID `json:"incident_id"`
	TopicID    TopicID    `json:"topic_id"`
	At         time.Time  `json:"at"`
	By         UserID     `json:"by,omitempty"`
	Reason     string     `json:"reason"` // in her words
	UndoneAt   time.Time  `json:"undone_at,omitzero"`
	UndoneBy   UserID     `json:"undone_by,omitempty"`
}

// Teaches tells whether the judge still learns from it.
func (t Tuning) Teaches() bool { return t.UndoneAt.IsZero() }
