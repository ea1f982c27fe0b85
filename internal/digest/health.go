package digest

import (
	"time"

	"veilleur/internal/veille"
)

// A tally is how the sources of a reader go.
type tally struct {
	all, well    int       // those not paused, and those of them that give
	read         time.Time // the latest success of any
	mute, broken []told    // to name this morning
}

// A told is a source in trouble.
type told struct {
	source veille.Source
	since  time.Time
}

// health tells in one line how the sources go. Those in trouble are always
// counted, but each is named on the first morning and then once a week.
func health(in Input, now time.Time, a addresses) FootLine {
	t := tallied(in, now)
	line := FootLine{At: t.read.In(now.Location()), Link: a.sources()}
	switch {
	case len(in.Sources) == 0:
		return FootLine{Says: veille.Say("digest.no_source"), Link: a.sources()}
	case t.all == 0:
		return FootLine{Says: veille.Say("digest.all_paused"), Link: a.sources()}
	case t.read.IsZero():
		return FootLine{Says: veille.Say("digest.never_read"), Link: a.sources()}
	case now.Sub(t.read) > stale:
		line.Says = veille.Say("digest.stale")
		return line
	case t.well == t.all:
		line.Says = veille.Say("digest.sources_well", "n", t.all)
	default:
		line.Says = veille.Say("digest.sources_some", "n", t.well, "all", t.all)
	}
	line.More = append(named("digest.mute", t.mute, now), named("digest.broken", t.broken, now)...)
	return line
}

func tallied(in Input, now time.Time) tally {
	var t tally
	last, due := mornings(in.Person, now)
	for _, s := range in.Sources {
		c := s.Condition(now)
		if c.Is == veille.ConditionPaused {
			continue
		}
		t.all++
		if s.Health.OKAt.After(t.read) {
			t.read = s.Health.OKAt
		}
		switch {
		case c.NeedsMending():
			if newly(c.From, last, due) {
				t.broken = append(t.broken, told{s, c.Since})
			}
		case c.Is == veille.ConditionMute:
			if newly(c.From, last, due) {
				t.mute = append(t.mute, told{s, c.Since})
			}
		case c.Is != veille.ConditionLate:
			t.well++
		}
	}
	return t
}

const week = 7 * 24 * time.Hour

// newly tells whether a trouble that began at from began, or entered another
// week, between the last digest and this one.
func newly(from, last, due time.Time) bool {
	if due.Before(from) {
		return false // after her hour: tomorrow's digest tells it
	}
	return last.Before(from) || due.Sub(from)/week != last.Sub(from)/week
}

// mornings gives the hour of the digest before, and that of this one. They are
// the hours she set, not those at which a mail left: so each trouble falls
// between two of them exactly once. now is in her zone.
func mornings(u veille.User, now time.Time) (last, due time.Time) {
	at := func(daysBefore int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-daysBefore, u.Digest.Hour, u.Digest.Minute, 0, 0, now.Location())
	}
	for n := 1; n < 7; n++ {
		if t := at(n); onDay(u.Digest.Days, int(t.Weekday())) {
			return t, at(0)
		}
	}
	return at(7), at(0)
}

// named names at most two sources with since when each is in trouble, and
// counts the others; nothing for none.
func named(key string, list []told, now time.Time) []veille.Sentence {
	var first, second veille.Sentence
	switch n := len(list); {
	case n == 0:
		return nil
	case n == 1:
		return []veille.Sentence{veille.Say(key+"_one", "name", since(list[0], now))}
	default:
		first, second = since(list[0], now), since(list[1], now)
	}
	if len(list) > namesShown {
		return []veille.Sentence{veille.Say(key+"_more", "first", first, "second", second, "n", len(list)-namesShown)}
	}
	return []veille.Sentence{veille.Say(key+"_two", "first", first, "second", second)}
}

// since says a source and for how many days it is in trouble, by the calendar.
func since(t told, now time.Time) veille.Sentence {
	from := t.since.In(now.Location())
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	name := oneLine(t.source.Name())
	switch n := int(day(now).Sub(day(from)).Hours()) / 24; {
	case n <= 0:
		return veille.Say("digest.since_today", "name", name)
	case n == 1:
		return veille.Say("digest.since_yesterday", "name", name)
	default:
		return veille.Say("digest.since_days", "name", name, "n", n)
	}
}
