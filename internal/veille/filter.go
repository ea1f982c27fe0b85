package veille

import "time"

// A StoryFilter chooses stories. Its zero value chooses all of them.
type StoryFilter struct {
	Scope []BranchID // stories with an entry of these branches; nil means every branch
	// Topics keeps stories with a mention of one of them that counts; empty means any.
	Topics []TopicID
	Since  time.Time // Last at or after it; zero means no bound
	Until  time.Time // Last before it; zero means no bound
	Limit  int       // 0 means no limit
}

// An IncidentFilter chooses incidents. Its zero value chooses all of them.
type IncidentFilter struct {
	Scope []BranchID // nil means every branch
	Live  bool       // only open and acknowledged ones
	Since time.Time  // opened, or closed, at or after it; zero means no bound
	Limit int        // 0 means no limit
}

// A PostFilter chooses posts. Its zero value chooses all of them.
type PostFilter struct {
	Branch BranchID // "" means every branch
	// From and To bound At: From ≤ At < To. Zero means no bound; with one,
	// posts that are not scheduled are left out.
	From, To time.Time
	States   []PostState // empty means every state
	Limit    int         // 0 means no limit
}
