package web

import (
	"time"

	"veilleur/index/story"
	"veilleur/internal/veille"
)

// reasoner tells what each entry of one story shares with the others;
// engine.Group is one.
type reasoner interface {
	Why(entries []veille.Entry) map[veille.EntryID][]story.Shared
}

// A growth is one hour, or one day, in which a story grew.
type growth struct {
	At    time.Time // in the zone of her branch
	First veille.EntryID
	N     int // articles that came then
	New   int // media that had not told it before
	Total int // articles by then
}

// hourly is the length under which a story grows by the hour.
const hourly = 36 * time.Hour

// grown tells how a story grew, entries oldest first; byHour tells its steps.
func grown(v *visit, entries []told) (steps []growth, byHour bool) {
	if len(entries) < 2 {
		return nil, false
	}
	byHour = entries[len(entries)-1].Entry.Published.Sub(entries[0].Entry.Published) < hourly
	media := map[string]bool{}
	for i, t := range entries {
		at := t.Entry.Published.In(v.Zone)
		step := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, v.Zone)
		if byHour {
			step = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, v.Zone)
		}
		if len(steps) == 0 || !steps[len(steps)-1].At.Equal(step) {
			steps = append(steps, growth{At: step, First: t.Entry.ID})
		}
		g := &steps[len(steps)-1]
		g.N, g.Total = g.N+1, i+1
		if !media[t.Medium] {
			media[t.Medium], g.New = true, g.New+1
		}
	}
	return steps, byHour
}

// A because is why an entry belongs to its story, one line each.
type because struct {
	First  bool
	ByHand string // who put it there; "" for nobody
	Lines  []string
}

// reasons gives why each entry of a story belongs: what a person decided,
// what it reprints (told beside its medium), then what it shares.
func (s *Server) reasons(v *visit, entries []told, changes []changeLine) {
	all := make([]veille.Entry, len(entries))
	for i, t := range entries {
		all[i] = t.Entry
	}
	shared := s.deps.News.Reasons.Why(all)
	by := map[veille.EntryID]string{}
	for i := len(changes) - 1; i >= 0; i-- { // the latest has the last word
		if c := changes[i]; c.UndoneAt.IsZero() {
			for _, id := range c.Moved() {
				by[id] = c.Who
			}
		}
	}
	for i := range entries {
		t := &entries[i]
		t.Because = because{First: i == 0, ByHand: by[t.Entry.ID], Lines: sharedWords(v, shared[t.Entry.ID])}
	}
}

// sharedWords says what an entry shares, a sentence for each kind.
func sharedWords(v *visit, shared []story.Shared) []string {
	var out []string
	for _, kind := range []string{story.SharedPlace, story.SharedName, story.SharedNumber, story.SharedWord} {
		var words []string
		for _, x := range shared {
			if x.Kind == kind {
				words = append(words, x.Text)
			}
		}
		if len(words) > 0 {
			out = append(out, v.T("story.same_"+kind, "n", len(words), "words", v.List(words...)))
		}
	}
	return out
}

// toldID is where an article stands on the page of its story.
func toldID(id veille.EntryID) string { return "a-" + string(id) }

// stepWords names an hour or a day.
func stepWords(v *visit, at time.Time, byHour bool) string {
	if byHour {
		return v.T("story.growth_hour", "day", v.DateShort(at), "hour", v.Time(at))
	}
	return v.DateShort(at)
}
