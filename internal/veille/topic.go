package veille

import "time"

// A Subject says what a topic is about, which decides how its mentions are
// judged.
type Subject string

// The subjects.
const (
	SubjectBranch   Subject = "branch"   // this caisse: rare mentions, each counts
	SubjectMovement Subject = "movement" // the movement above: a crisis there weighs on its branches
	SubjectTheme    Subject = "theme"    // anything else: ideas, never incidents on its own name
)

// A Sensitivity moves the threshold of a topic's incidents, in three words.
type Sensitivity string

// The sensitivities; "" means normal.
const (
	SensitivityCalm   Sensitivity = "calm"
	SensitivityNormal Sensitivity = "normal"
	SensitivityAlert  Sensitivity = "alert"
)

// A Topic is a subject a branch watches; its query is the boolean expression
// that finds it, in the language of index/query.
type Topic struct {
	ID          TopicID     `json:"id"`
	BranchID    BranchID    `json:"branch_id"`
	Name        string      `json:"name"`
	Query       string      `json:"query"`
	Subject     Subject     `json:"subject"`
	Sensitivity Sensitivity `json:"sensitivity"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
}

// A SavedSearch is a query a branch keeps, readable as RSS.
type SavedSearch struct {
	ID        SearchID  `json:"id"`
	BranchID  BranchID  `json:"branch_id"`
	Name      string    `json:"name"`
	Query     string    `json:"query"`
	SeenAt    time.Time `json:"seen_at"` // entries after it are unread
	CreatedAt time.Time `json:"created_at"`
}
