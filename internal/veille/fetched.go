package veille

// Fetched is what one fetch of a source brought, stored in one transaction:
// its entries, what reading it taught, and the end of its lease.
type Fetched struct {
	SourceID SourceID
	Owner    string // who held the lease
	Health   Health
	State    SourceState // "" leaves it unchanged
	URL      string      // where the source moved for good; "" leaves it unchanged
	Entries  []Entry     // Seq is set by the store
}

// PutCount tells what storing entries changed. Entries already stored with
// the same text count in neither.
type PutCount struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
}
