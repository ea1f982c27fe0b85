package web

import (
	"slices"

	"veilleur/index/press"
	"veilleur/internal/veille"
)

// A voice is those who count once: one medium, the media of a press group, or
// those that print an agency's text.
type voice struct {
	Name  string
	Media []string
	N     int    // articles
	Why   string // "agency", "group", "site" or "repeats": why several count once; "" for a medium alone
}

// A repeated article is one that counts for nothing, since another is counted.
type repeated struct{ Medium, Of string }

// voicesOf gathers who speaks in a story, as story.Summarise counts them, and
// the articles that only repeat another, entries oldest first.
func voicesOf(v *visit, entries []veille.Entry, sources map[veille.SourceID]veille.Source) ([]voice, []repeated) {
	var out []voice
	var again []repeated
	medium := map[veille.EntryID]string{}
	for _, e := range entries {
		medium[e.ID] = mediumOf(e, sources)
	}
	for i, name := range veille.Voices(entries, sources) {
		e := entries[i]
		if name == "" {
			of, ok := medium[e.Reading.DuplicateOf]
			if !ok {
				of = v.T("story.another")
			}
			again = append(again, repeated{medium[e.ID], of})
			continue
		}
		at := slices.IndexFunc(out, func(x voice) bool { return x.Name == name })
		if at < 0 {
			out = append(out, voice{Name: name})
			at = len(out) - 1
		}
		x := &out[at]
		x.N++
		if !slices.Contains(x.Media, medium[e.ID]) {
			x.Media = append(x.Media, medium[e.ID])
		}
		if why := bindingOf(e, sources[e.SourceID]); x.Why == "" || why == "group" {
			x.Why = why
		}
	}
	return out, again
}

// bindingOf is what binds a medium to others of its voice.
func bindingOf(e veille.Entry, src veille.Source) string {
	switch {
	case e.Reading.Agency != "":
		return "agency"
	case src.Group != "":
		return "group"
	case e.Publisher != "" || src.Kin == "":
		return ""
	case press.Site(src) == src.Kin:
		return "site"
	}
	return "repeats"
}

// mediaCount is how many media tell a story.
func mediaCount(entries []veille.Entry, sources map[veille.SourceID]veille.Source) int {
	media := map[string]bool{}
	for _, e := range entries {
		media[mediumOf(e, sources)] = true
	}
	return len(media)
}

// folded tells whether a voice is of several, so that how they count is to be
// said.
func (x voice) folded() bool { return len(x.Media) > 1 || x.Why == "agency" }

// countWords says how many tell a story, and how many of them independently.
func (m storyModel) countWords(v *visit) string {
	n := m.Story.Independent
	if n >= m.Media {
		return v.T("search.voices", "n", n)
	}
	return v.T("story.media_of", "n", m.Media, "independent", v.T("story.independent", "n", n))
}

// shown is what she calls a voice: the medium when it is alone.
func (x voice) shown() string {
	if x.folded() {
		return x.Name
	}
	return x.Media[0]
}
