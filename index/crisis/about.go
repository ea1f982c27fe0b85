package crisis

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// How much a text is about the topic, when it only shares its name with
// something else. None is exactly 0 but a person's name: the guess may be
// wrong, and a grave enough week must still show.
const (
	aboutSatire   = .05
	aboutPlace    = .1  // a street, an arena, a cup of the same name
	aboutSport    = .1  // the name alone in a text on sports
	aboutSponsor  = .6  // the institution named in a text on sports
	aboutBare     = .85 // the name alone, in a text with no word of the trade
	aboutWeak     = .3  // the engine marked the mention weak: a name lent or thanked, a common word alone
	aboutHomonym  = .1  // the name alone while another one of that name is in the news
	drillAround   = .25 // a body harmed within days of a drill at the same place
	drillBefore   = 8 * day
	drillAfter    = 3 * day
	homonymAround = 3 * day
)

// about is how much a text, read alone, is about the topic.
func (r *reading) about(s veille.Subject) float64 {
	sport := r.context[ctxSport] >= 2 || r.context[ctxSport] == 1 && r.context[ctxCompany] == 0
	switch {
	case r.context[ctxSatire] > 0:
		return aboutSatire
	case r.name.institution && sport && s == veille.SubjectMovement:
		return aboutSponsor
	case r.name.institution || s == veille.SubjectBranch:
		return 1
	case r.name.landmark:
		return aboutPlace
	case r.name.person != "":
		return 0
	case sport:
		return aboutSport
	case r.context[ctxCompany] == 0:
		return aboutBare
	}
	return 1
}

// bare tells whether only the name ties the text to the topic.
func (w *weighed) bare() bool {
	return !w.name.institution && w.context[ctxCompany] == 0
}

// elsewhere tells whether the text is about something else of that name.
func (w *weighed) elsewhere() bool {
	return !w.muted && w.about <= aboutPlace && !w.reprint
}

// inContext weighs again the mentions that their neighbours explain: posts
// that see smoke during a drill, posts with the bare name of a player the
// press calls by his whole name, what one entry of a story calls a satire.
func (c *current) inContext() {
	satire := make(map[veille.StoryID]bool)
	for i := range c.recent {
		if w := &c.recent[i]; w.context[ctxSatire] > 0 && w.Entry.Reading.StoryID != "" {
			satire[w.Entry.Reading.StoryID] = true
		}
	}
	for i := range c.recent {
		w := &c.recent[i]
		switch {
		case satire[w.Entry.Reading.StoryID]:
			w.settle(aboutSatire)
		case w.bodily() && w.context[ctxDrill] == 0 && c.near(w.at, drillBefore, drillAfter, (*weighed).drill) > 0:
			w.settle(drillAround)
		case w.about > aboutHomonym && c.in.Topic.Subject == veille.SubjectMovement && w.bare() && c.homonymAround(w):
			w.settle(aboutHomonym)
		}
	}
}

func (w *weighed) drill() bool { return w.context[ctxDrill] > 0 }

// near counts the recent mentions around t that are so.
func (c *current) near(t time.Time, before, after time.Duration, so func(*weighed) bool) int {
	from, end := t.Add(-before), t.Add(after)
	i, _ := slices.BinarySearchFunc(c.recent, from, func(w weighed, at time.Time) int { return w.at.Compare(at) })
	n := 0
	for ; i < len(c.recent) && c.recent[i].at.Before(end); i++ {
		if so(&c.recent[i]) {
			n++
		}
	}
	return n
}

// homonymAround tells whether, around w, more is told of another of that name
// than of trouble of the topic's own.
func (c *current) homonymAround(w *weighed) bool {
	other := c.near(w.at, homonymAround, homonymAround, (*weighed).elsewhere)
	if other == 0 {
		return false
	}
	own := c.near(w.at, homonymAround, homonymAround, func(o *weighed) bool { return !o.bare() && o.counts > 0 && o.about > aboutPlace })
	return other > own
}

// bodily tells whether the gravest word is of harm to a body.
func (r *reading) bodily() bool {
	if len(r.hits) == 0 {
		return false
	}
	switch r.hits[0].class {
	case "death", "injury", "violence", "emergency":
		return true
	}
	return false
}
