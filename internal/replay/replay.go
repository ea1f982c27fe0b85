// Package replay plays a timeline of entries as they were received through the
// packages the engine uses, and tells what each topic was said to be at every
// moment: what `veilleur eval crisis` prints and what the tests of crises
// measure is one and the same playing.
//
// A replay is one JSON document: topics with their queries, sources with their
// tiers, and entries in the order they were received. Labels it may carry are
// not read here.
package replay

import (
	"fmt"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// A Replay is a timeline of entries, and the topics that watch them.
type Replay struct {
	Topics  []Topic  `json:"topics"`
	Sources []Source `json:"sources"`
	Entries []Entry  `json:"entries"` // by rising T
}

// A Topic is a subject watched.
type Topic struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Branch *string `json:"branch"` // nil for the movement
	Query  string  `json:"query"`
}

// A Source is where entries come from.
type Source struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Group string `json:"publisher_group"` // sources of one group are not independent
	Tier  int    `json:"tier"`            // 1 national to 4 social
}

// An Entry is one item as it was received.
type Entry struct {
	ID        string    `json:"id"`
	T         time.Time `json:"t"`         // when it was received
	Published time.Time `json:"published"` // zero: when it was received
	Source    string    `json:"source"`
	Author    string    `json:"author"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
}

// The clock of a replay: every ten minutes, and for fourteen days after the
// last entry, as the specification of quality asks.
const (
	tick = 10 * time.Minute
	tail = 14 * 24 * time.Hour
)

// Span is how long a replay of r is played.
func (r Replay) Span() time.Duration {
	if len(r.Entries) == 0 {
		return 0
	}
	return r.Entries[len(r.Entries)-1].T.Add(tail).Sub(r.Entries[0].T)
}

// A Judgement is what was said of one topic at one moment.
type Judgement struct {
	At      time.Time
	Topic   veille.Topic
	Level   veille.Level // as held: LevelNone when no incident is live
	Changed bool         // Level is not what it was at the moment before
	Verdict crisis.Verdict
}

// Play judges every topic at every entry and at every tick of the clock, the
// movement before its branches, and gives each judgement to tell; an error of
// tell ends it. It returns ErrInvalid when a query cannot be read.
func Play(r Replay, tell func(Judgement) error) error {
	if len(r.Entries) == 0 {
		return nil
	}
	p, err := newPlayer(r)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	end, next := p.since.Add(r.Span()), 0
	for now := p.since; !now.After(end); now = now.Add(tick) {
		for ; next < len(r.Entries) && r.Entries[next].T.Before(now); next++ {
			if err := p.judge(r.Entries[next].T, tell); err != nil {
				return err
			}
		}
		if err := p.judge(now, tell); err != nil {
			return err
		}
	}
	return nil
}
