package veille

import "time"

// An Angle is the way a post takes a story.
type Angle string

// The angles.
const (
	AngleInform    Angle = "inform"
	AngleAsk       Angle = "ask"
	AngleTranspose Angle = "transpose"
	AngleCelebrate Angle = "celebrate"
	AngleRemind    Angle = "remind"
	AngleAnswer    Angle = "answer"
)

// An IdeaState says what was done with an idea.
type IdeaState string

// The states of an idea.
const (
	IdeaNew     IdeaState = "new"
	IdeaUsed    IdeaState = "used"    // a post was drafted from it
	IdeaRefused IdeaState = "refused" // "pas pour nous"; never suggested again
	IdeaExpired IdeaState = "expired"
)

// An Idea is something worth saying, why now, from which article, until when.
// Its id is made of its branch, story and angle, so that suggesting it again
// changes nothing.
type Idea struct {
	ID        IdeaID    `json:"id"`
	BranchID  BranchID  `json:"branch_id"`
	TopicID   TopicID   `json:"topic_id"`
	StoryID   StoryID   `json:"story_id"`
	EntryID   EntryID   `json:"entry_id"` // the article cited
	Angle     Angle     `json:"angle"`
	Title     Sentence  `json:"title"`
	Question  Sentence  `json:"question"`
	Photo     Sentence  `json:"photo"`
	Effort    Minutes   `json:"effort"`
	ExpiresAt time.Time `json:"expires_at"`
	Rank      float64   `json:"rank"` // the sum of the reasons' points
	Reasons   []Reason  `json:"reasons"`
	State     IdeaState `json:"state"`
	Refusal   string    `json:"refusal,omitempty"` // why not, in her words
	CreatedAt time.Time `json:"created_at"`
}

// A Reason is one part of a rank.
type Reason struct {
	Points float64  `json:"points"`
	Says   Sentence `json:"says"`
}
