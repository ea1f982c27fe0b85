package veille

import "time"

// A StoryChange is what one person decided of stories: that entries of one
// belong to another, or to a story of their own. It is not derived: grouping
// and a rebuild put the entries where it placed them, until it is undone.
type StoryChange struct {
	ID        StoryChangeID `json:"id"`
	BranchID  BranchID      `json:"branch_id"` // hers when she decided
	By        UserID        `json:"by"`
	From      StoryID       `json:"from"`
	FromTitle string        `json:"from_title"` // when she decided
	Into      StoryID       `json:"into"`
	IntoTitle string        `json:"into_title"` // likewise; "" for a story that began then
	Whole     bool          `json:"whole"`      // all of From went into Into: the two were merged
	At        time.Time     `json:"at"`
	UndoneAt  time.Time     `json:"undone_at,omitzero"` // zero while it holds
	UndoneBy  UserID        `json:"undone_by,omitempty"`
	Placed    []Placement   `json:"placed"`
}

// A Placement is where a StoryChange put one entry. Those it left where they
// were are placed too: in a rebuild the two stories must stay apart.
type Placement struct {
	EntryID     EntryID `json:"entry_id"`
	Was         StoryID `json:"was"`
	Now         StoryID `json:"now"`                    // Was, for an entry that stayed
	DuplicateOf EntryID `json:"duplicate_of,omitempty"` // what it reprinted then; "" when original
}

// Moved tells whether the change put the entry in another story.
func (p Placement) Moved() bool { return p.Was != p.Now }

// Moved gives the entries that changed story.
func (c StoryChange) Moved() []EntryID {
	var out []EntryID
	for _, p := range c.Placed {
		if p.Moved() {
			out = append(out, p.EntryID)
		}
	}
	return out
}

// MostlyOf tells whether most of the entries behind an incident are among
// some: then its story is theirs.
func (i Incident) MostlyOf(entries map[EntryID]bool) bool {
	all, in := map[EntryID]bool{}, 0
	for _, s := range i.Signals {
		for _, e := range s.Evidence {
			if !all[e.EntryID] && entries[e.EntryID] {
				in++
			}
			all[e.EntryID] = true
		}
	}
	return 2*in > len(all)
}
