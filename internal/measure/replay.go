package measure

import (
	"slices"
	"strings"
	"time"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// A Truth is what a careful person would have said of a replay. A replay of a
// look-alike has no Onset.
type Truth struct {
	TopicID    string     `json:"topic_id"`
	Onset      *time.Time `json:"onset"`          // first entry of the crisis
	FlagBy     *time.Time `json:"should_flag_by"` // at least escalate by then
	ReviewBy   *time.Time `json:"review_by"`      // at least review by then
	MaxBefore  string     `json:"max_level_before_onset"`
	MaxAllowed string     `json:"max_level_allowed"` // of a look-alike
	Evidence   []string   `json:"expected_evidence"`
}

// A Replay is one timeline: its topics, from when to when they were watched,
// and the truth.
type Replay struct {
	Topics   []string
	From, To time.Time
	Truth    Truth
}

// A Change is one change of level of a topic, with the words that explain it.
type Change struct {
	At    time.Time
	Topic string
	Level veille.Level
	Said  string
}

// Replays is the score of a set of replays. Its zero value is ready to use.
type Replays struct {
	Crises, Caught, Late, Missed int           // Caught: escalate by the time it should be
	Reviews, Reviewed            int           // those with a ReviewBy, and those at review by then
	FalseFlags                   int           // times a topic rose to escalate with no crisis yet
	Quiet                        time.Duration // time topics were watched with no crisis yet
	Over                         int           // times a topic rose over the level the truth allows
	Evidence, Shown              int           // words an explanation must hold, and those found in one
	delays                       []time.Duration
}

const month = 730*time.Hour + 30*time.Minute // a twelfth of a year of 365.25 days

// Add scores one replay from its changes, in order of time.
func (y *Replays) Add(r Replay, changes []Change) {
	for _, topic := range r.Topics {
		y.quiet(r, topic, changes)
	}
	if r.Truth.Onset == nil {
		return
	}
	y.Crises++
	flagged := reached(r, changes, veille.LevelEscalate)
	y.delays = append(y.delays, never)
	switch {
	case flagged == nil:
		y.Missed++
	default:
		y.delays[len(y.delays)-1] = flagged.Sub(*r.Truth.Onset)
		if r.Truth.FlagBy == nil || !flagged.After(*r.Truth.FlagBy) {
			y.Caught++
		} else {
			y.Late++
		}
	}
	if by := r.Truth.ReviewBy; by != nil {
		y.Reviews++
		if at := reached(r, changes, veille.LevelReview); at != nil && !at.After(*by) {
			y.Reviewed++
		}
	}
	y.shown(r, changes)
}

// never is the delay of a crisis that was missed.
const never = 365 * 24 * time.Hour

// quiet counts the flags of a topic while there is no crisis.
func (y *Replays) quiet(r Replay, topic string, changes []Change) {
	end := r.To
	if r.Truth.Onset != nil {
		end = *r.Truth.Onset
	}
	y.Quiet += end.Sub(r.From)
	limit := r.limit(topic)
	previous := 0
	for _, c := range changes {
		if c.Topic != topic || r.Truth.Onset != nil && !c.At.Before(end) {
			continue
		}
		rank := c.Level.Rank()
		if escalate := veille.LevelEscalate.Rank(); rank >= escalate && previous < escalate {
			y.FalseFlags++
		}
		if rank > limit && rank > previous {
			y.Over++
		}
		previous = rank
	}
}

// limit is the highest rank the truth allows a topic while there is no crisis.
func (r Replay) limit(topic string) int {
	switch {
	case r.Truth.Onset != nil:
		return veille.Level(r.Truth.MaxBefore).Rank()
	case topic == r.Truth.TopicID:
		return veille.Level(r.Truth.MaxAllowed).Rank()
	}
	return veille.LevelCrisis.Rank()
}

// reached is when the topic of a crisis first was at a level since its onset;
// nil if never.
func reached(r Replay, changes []Change, l veille.Level) *time.Time {
	for _, c := range changes {
		if c.Topic == r.Truth.TopicID && !c.At.Before(*r.Truth.Onset) && c.Level.Rank() >= l.Rank() {
			return &c.At
		}
	}
	return nil
}

// shown counts the words expected that stand, case and accents aside, in an explanation
// of the topic since the onset.
func (y *Replays) shown(r Replay, changes []Change) {
	var said strings.Builder
	for _, c := range changes {
		if c.Topic == r.Truth.TopicID && !c.At.Before(*r.Truth.Onset) {
			said.WriteString(text.Fold(c.Said) + "\n")
		}
	}
	for _, e := range r.Truth.Evidence {
		y.Evidence++
		if strings.Contains(said.String(), text.Fold(e)) {
			y.Shown++
		}
	}
}

// Recall is the part of the crises that were caught in time; 0 of none.
func (y *Replays) Recall() float64 { return float64(y.Caught) / float64(max(y.Crises, 1)) }

// Months is how many topic-months were watched with no crisis yet.
func (y *Replays) Months() float64 { return float64(y.Quiet) / float64(month) }

// FalseFlagsAMonth is how often a topic was flagged with no crisis, a
// topic-month.
func (y *Replays) FalseFlagsAMonth() float64 {
	if y.Quiet == 0 {
		return 0
	}
	return float64(y.FalseFlags) / y.Months()
}

// Delay is the median time from the onset of a crisis to its first flag, a
// missed one counting as a year; the greater of two middles, and 0 of none.
func (y *Replays) Delay() time.Duration {
	if len(y.delays) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(y.delays))[len(y.delays)/2]
}
