package veille

import "time"

// A Subscription is a hub's promise to push what a source brings (WebSub). A
// source has one at most.
type Subscription struct {
	ID         SubscriptionID // the last part of its callback address; nobody can guess it
	SourceID   SourceID
	Hub        string    // the address asked to push
	Topic      string    // the address the feed gives for itself
	Secret     string    // what pushes are signed with
	AskedAt    time.Time // last time the hub was asked
	LeaseUntil time.Time // until when it pushes; zero while it has not verified
	RenewAt    time.Time // when to ask it again
	PushedAt   time.Time // last push that was well signed; zero when none was
}

// Live says whether the hub has promised to push now.
func (s Subscription) Live(now time.Time) bool { return s.LeaseUntil.After(now) }
