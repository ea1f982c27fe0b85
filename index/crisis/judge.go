package crisis

import (
	"math"
	"slices"
	"time"

	"veilleur/internal/veille"
)

// An Input is all a judgement of one topic needs.
type Input struct {
	Topic    veille.Topic
	Mentions []veille.JudgedMention // in any order; those not yet seen at the time judged are left out
	Since    time.Time              // when the history begins; zero: with the first mention
	Parent   *veille.Incident       // the live incident of the movement above; nil when there is none
	// Previous is the latest incident of the topic, live or closed. A live one
	// holds its level for a while; what was known when a closed one was closed
	// raises nothing again.
	Previous *veille.Incident
	// FalseAlarms of this topic that still teach: new entries of their stories
	// count for nothing, and each adds to the thresholds, see Lift.
	FalseAlarms []veille.Incident
	Memo        *Memo // of readings, so that a tick reads only what is new; nil: reads all
}

// A Verdict is what is to be said of a topic now.
type Verdict struct {
	Score       float64 // in [0,100]: the sum of the signals' points, capped
	Level       veille.Level
	Signals     []veille.Signal // those with points, most points first
	StoryID     veille.StoryID  // the story most of the trouble belongs to; "" when none
	Title       string          // of the gravest entry; "" when none troubles
	Entries     int             // mentions of the last days, reprints included
	Independent int             // voices among those that trouble
	Weeks       int             // whole weeks of history, at most 26
	ShortOfData bool            // too little history for volume to be judged: 4 weeks, or a fortnight where mentions are many
	Inherited   bool            // the level would be lower without the movement's incident
}

const (
	day  = 24 * time.Hour
	week = 7 * day
	// maxWeeks is how much history counts: half a year holds one of each
	// season a caisse lives by, and forgets what it was before.
	maxWeeks = 26
	// shortWeeks is the history under which usual is not known: four weeks
	// hold one of each pay day and weekday.
	shortWeeks = 4
	// still is how long a mention counts in full: half a day, so that what is
	// said in the evening still stands when people wake.
	still = 12 * time.Hour
	// halving is the time in which it then loses half its weight. A day makes
	// a quarrel that is told every day for a week add up, and one that is over
	// fall the next day.
	halving = 24 * time.Hour
	// horizon is the age beyond which a mention weighs nothing (0.2 %).
	horizon = 9 * day
	// settled is how old a mention must be to be history: by then it has lost
	// nine tenths of its weight, so that trouble does not excuse itself.
	settled = 4 * day
)

// fresh is what age leaves of a mention's weight, in [0,1].
func fresh(age time.Duration) float64 {
	switch {
	case age <= still:
		return 1
	case age > horizon:
		return 0
	}
	return math.Exp2(-float64(age-still) / float64(halving))
}

// exposure is the time all of fresh adds up to, in days.
var exposure = still.Hours()/24 + halving.Hours()/24/math.Ln2

// Judge says how grave what is told of a topic is, at a given time.
func Judge(in Input, now time.Time) Verdict {
	c := assess(in, now)
	v := c.verdict()
	if in.Topic.Subject == veille.SubjectTheme {
		v.Level = veille.LevelNone
		return v
	}
	v.Level = hold(in, v.Score, now)
	if v.Score > 0 {
		v.Inherited = c.inherited > 0 && levelOf(v.Score-c.inherited-in.lift(now), in.Topic.Sensitivity).Rank() < v.Level.Rank()
	}
	return v
}

// A weighed mention is one mention with all that it weighs.
type weighed struct {
	*veille.JudgedMention
	*reading
	at      time.Time
	fresh   float64 // by age
	about   float64 // in [0,1]: how much it is about the topic
	grave   float64 // gravity × about × trust
	counts  float64 // in [0,1]: what it adds to the count of troubling mentions
	voice   string  // its press group, or medium
	person  string  // who speaks: the author on a social source, else the voice
	reprint bool
	muted   bool // known when an incident was closed, or of a false alarm
}

// A current is all that was weighed at one time.
type current struct {
	in        Input
	now       time.Time
	recent    []weighed // within horizon, newest last
	usual     usual
	trouble   series // of troubling mentions
	all       series // of all mentions
	inherited float64
	signals   []veille.Signal
}

// A usual is what the topic's history says of any two days.
type usual struct {
	weeks     int
	short     bool
	days      float64 // of history
	trouble   float64 // troubling mentions in it
	all       float64 // mentions in it
	clump     float64 // of troubling mentions, see clumping
	clumpAll  float64
	perWindow float64 // troubling mentions expected in one exposure
}

// assess weighs the mentions and makes the signals.
func assess(in Input, now time.Time) *current {
	c := &current{in: in, now: now}
	shelf := in.Memo.of(in.Topic.ID)
	shelf.Lock()
	defer shelf.Unlock()
	start, end := c.history()
	past := newPast(start, end)
	from, to := Habit(now, c.since())
	for i := range in.Mentions {
		m := &in.Mentions[i]
		at := m.Mention.At
		if m.Entry.Seen.After(now) || at.After(now) {
			continue
		}
		recent := now.Sub(at) <= horizon
		old := !at.Before(start) && at.Before(end)
		if !at.Before(from) && at.Before(to) {
			c.all.weight++
		}
		if !recent && !old {
			continue
		}
		r := shelf.read(m)
		if recent {
			c.recent = append(c.recent, c.weigh(m, r, at))
		}
		if m.Entry.Reading.DuplicateOf != "" {
			continue
		}
		counts := countsFor(r.gravity * r.about(in.Topic.Subject))
		if old {
			past.add(at, counts)
		}
		if !recent && now.Sub(at) <= lookBack+horizon {
			c.trouble.old, c.all.old = append(c.trouble.old, dated{at, counts}), append(c.all.old, dated{at, 1})
		}
		if !at.Before(from) && at.Before(to) {
			c.trouble.weight += counts
		}
	}
	slices.SortStableFunc(c.recent, func(a, b weighed) int { return a.at.Compare(b.at) })
	c.usual = past.usual(now, c.since())
	c.all.busy, c.trouble.busy = busy(c.all.weight, from, to), busy(c.trouble.weight, from, to)
	if c.all.busy {
		c.usual.short = now.Sub(c.since()) < lookBack
	}
	c.inContext()
	c.sign()
	return c
}

// since is when the history begins.
func (c *current) since() time.Time {
	since := c.in.Since
	if since.IsZero() {
		since = c.now
		for i := range c.in.Mentions {
			if at := c.in.Mentions[i].Mention.At; at.Before(since) {
				since = at
			}
		}
	}
	return since
}

// history is the span usual is learned from. It stops where the live incident
// begins, so that a long quarrel never becomes usual while it lasts.
func (c *current) history() (start, end time.Time) {
	start, end = c.since(), c.now.Add(-settled)
	if first := c.now.Add(-maxWeeks * week); start.Before(first) {
		start = first
	}
	if p := c.in.Previous; p != nil && p.Live() {
		if open := p.OpenedAt.Add(-settled); open.Before(end) && c.now.Sub(p.OpenedAt) < 6*week {
			end = open
		}
	}
	return start, end
}

// weigh makes one weighed mention, before the context of its neighbours.
func (c *current) weigh(m *veille.JudgedMention, r *reading, at time.Time) weighed {
	w := weighed{JudgedMention: m, reading: r, at: at, fresh: fresh(c.now.Sub(at))}
	w.voice, w.person = voiceOf(m)
	w.reprint = m.Entry.Reading.DuplicateOf != ""
	w.muted = c.muted(m)
	about := r.about(c.in.Topic.Subject)
	if m.Mention.Standing == veille.StandingWeak {
		about = min(about, aboutWeak)
	}
	w.settle(about)
	return w
}

const (
	// socialTrust is what one unsigned post is worth beside one article: two
	// of three angry posts tell of something that happened.
	socialTrust = .7
	// troubling is the gravity from which a mention counts as one trouble;
	// under it, it counts for its share.
	troubling = .5
	// slight is the gravity under which a mention does not trouble at all: a
	// word of displeasure a week is the life of any counter.
	slight = .2
)

// settle computes what depends on how much the mention is about the topic.
func (w *weighed) settle(about float64) {
	w.about = about
	if w.muted {
		w.about = 0
	}
	trust := 1.0
	if w.Source.Tier == 4 {
		trust = socialTrust
	}
	w.grave = w.gravity * w.about * trust
	w.counts = 0
	if !w.reprint {
		w.counts = countsFor(w.gravity * w.about)
	}
}

// countsFor is what a mention of that gravity adds to the count of troubling
// ones, in [0,1].
func countsFor(g float64) float64 {
	if g < slight {
		return 0
	}
	return min(1, g/troubling)
}

// voiceOf gives the press group behind a mention, and the person. On a social
// source without authors each post is a person's.
func voiceOf(m *veille.JudgedMention) (voice, person string) {
	voice = veille.Voice(m.Entry, m.Source)
	if m.Source.Tier != 4 {
		return voice, voice
	}
	if m.Entry.Author == "" {
		return voice, voice + "\x00" + string(m.Entry.ID)
	}
	return voice, voice + "\x00" + m.Entry.Author
}

// muted tells whether it was already said that this is nothing, or is over.
func (c *current) muted(m *veille.JudgedMention) bool {
	told := func(i *veille.Incident) bool {
		return !i.ClosedAt.IsZero() && !m.Entry.Seen.After(i.ClosedAt)
	}
	if p := c.in.Previous; p != nil && !p.Live() && told(p) {
		return true
	}
	for i := range c.in.FalseAlarms {
		f := &c.in.FalseAlarms[i]
		if told(f) && m.Entry.Seen.After(f.OpenedAt.Add(-horizon)) || f.StoryID != "" && f.StoryID == m.Entry.Reading.StoryID {
			return true
		}
	}
	return false
}
