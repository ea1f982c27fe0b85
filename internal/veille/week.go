package veille

// A SourceWeek is what a source brought in one week.
type SourceWeek struct {
	Entries  int `json:"entries"`
	Mentions int `json:"mentions"` // those of them that are mentions of a topic
}
