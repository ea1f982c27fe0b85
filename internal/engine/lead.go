package engine

import (
	"veilleur/index/story"
	"veilleur/internal/veille"
)

// toldIn gives a story as it is told in a language, and the entry that leads
// it there: a branch is told an event in its own words when some medium told
// it so, else as it was told.
func toldIn(locale string, s veille.Story, entries []veille.Entry, sources map[veille.SourceID]veille.Source) (veille.Story, veille.Entry) {
	if s.Lang != locale {
		var own []veille.Entry
		for _, e := range entries {
			if e.Reading.Lang == locale {
				own = append(own, e)
			}
		}
		if len(own) > 0 {
			told := story.Summarise(own, sources)
			s.LeadID, s.Title, s.Lang = told.LeadID, told.Title, locale
		}
	}
	lead := entries[0]
	for _, e := range entries {
		if e.ID == s.LeadID {
			lead = e
		}
	}
	return s, lead
}

// seenFrom gives a story, and its entries, as the sources of a branch tell it:
// what another branch alone reads is not hers to count.
func seenFrom(s veille.Story, entries []veille.Entry, sources map[veille.SourceID]veille.Source) (veille.Story, []veille.Entry) {
	var seen []veille.Entry
	for _, e := range entries {
		if _, ok := sources[e.SourceID]; ok {
			seen = append(seen, e)
		}
	}
	if len(seen) < len(entries) && len(seen) > 0 {
		id := s.ID
		s = story.Summarise(seen, sources)
		s.ID = id
	}
	return s, seen
}
