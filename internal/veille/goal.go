package veille

import "time"

// A Goal is a number to reach by a date, and how it is measured.
type Goal struct {
	ID        GoalID    `json:"id"`
	BranchID  BranchID  `json:"branch_id"`
	Name      string    `json:"name"`
	Unit      string    `json:"unit"`  // what is counted, e.g. "abonnés"
	Start     float64   `json:"start"` // value when the goal was set
	StartAt   time.Time `json:"start_at"`
	Target    float64   `json:"target"`
	DueAt     time.Time `json:"due_at"`
	CreatedAt time.Time `json:"created_at"`
	Measures  []Measure `json:"measures"` // by time, oldest first
}

// A Measure is one value of a goal, typed by a person or read from a network.
type Measure struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}
