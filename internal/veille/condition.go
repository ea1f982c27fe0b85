package veille

import "time"

// A Condition is how a source goes, and since when.
type Condition struct {
	Is    ConditionName
	Since time.Time // since when nothing comes of it; zero when something does
	From  time.Time // since when it is said to be so: Since and a patience; zero as Since
}

// A ConditionName is how a source goes, in one word.
type ConditionName string

// The conditions of a source, those that ask something of a person first.
const (
	ConditionBroken ConditionName = "broken" // not read for hours, though it was tried
	ConditionEnded  ConditionName = "ended"  // its server says it is no more
	ConditionMute   ConditionName = "mute"   // read well, and nothing comes, against its own rhythm
	ConditionLate   ConditionName = "late"   // due for a day, and nobody tried: the reader was stopped
	ConditionShaky  ConditionName = "shaky"  // read badly once or in part: it may mend by itself
	ConditionNew    ConditionName = "new"    // not read yet
	ConditionWell   ConditionName = "well"
	ConditionPaused ConditionName = "paused" // by a person
)

// Conditions gives every condition, those that ask something of a person first.
func Conditions() []ConditionName {
	return []ConditionName{ConditionBroken, ConditionEnded, ConditionMute, ConditionLate, ConditionShaky, ConditionNew, ConditionWell, ConditionPaused}
}

// leastBroken is how long a source may fail before a person is told to mend it:
// by then it was tried at least three times, an hour and then two apart (see
// crawler), unless its server asked to wait or refuses us.
const leastBroken = 6 * time.Hour

// tooLate is how long after it is due a source may wait for a reader: a
// reading takes a minute, and a house may be closed for a night.
const tooLate = 24 * time.Hour

// NeedsMending tells whether a person must act for the source to give again.
func (c Condition) NeedsMending() bool { return c.Is == ConditionBroken || c.Is == ConditionEnded }

// Condition judges a source as of now. Who tells of it, page, mail, command or
// program, tells this.
func (s Source) Condition(now time.Time) Condition {
	h := s.Health
	switch {
	case s.State == SourcePaused:
		return Condition{Is: ConditionPaused}
	case s.State == SourceEnded:
		return Condition{ConditionEnded, h.FetchedAt, h.FetchedAt}
	case h.Failures > 0:
		return s.failing(now)
	}
	mute := h.MuteSince(now)
	switch {
	case !mute.IsZero():
		return Condition{ConditionMute, mute, mute.Add(h.patience())}
	case !h.DueAt.IsZero() && now.Sub(h.DueAt) > tooLate:
		return Condition{ConditionLate, h.DueAt, h.DueAt.Add(tooLate)}
	case h.OKAt.IsZero():
		return Condition{Is: ConditionNew}
	case h.Problem != nil:
		return Condition{Is: ConditionShaky}
	}
	return Condition{Is: ConditionWell}
}

// failing judges a source whose last reading failed.
func (s Source) failing(now time.Time) Condition {
	since := s.CreatedAt
	for _, t := range []time.Time{s.Health.FailingSince, s.Health.OKAt} {
		if !t.IsZero() {
			since = t
			break
		}
	}
	if from := since.Add(leastBroken); !from.After(now) {
		return Condition{ConditionBroken, since, from}
	}
	return Condition{ConditionShaky, since, since}
}
