package veille

import "cmp"

// A Repeat is how many articles of one source another repeated, those an
// agency wrote left out.
type Repeat struct {
	By, Of SourceID
	N      int
}

// Voice is who speaks in an entry: the agency it is copied from, else the
// press group of its source, else the medium an alert names, else the source.
// Two entries of one voice are not independent.
func Voice(e Entry, s Source) string {
	return cmp.Or(e.Reading.Agency, s.Group, e.Publisher, s.Press(), string(e.SourceID))
}

// Voices tells who speaks in each of the entries of a story, in their order;
// "" for an entry that repeats another of them, which nobody counts. What
// repeats an article that is not among them speaks in its place, once. A
// source not in sources is a voice of its own.
func Voices(entries []Entry, sources map[SourceID]Source) []string {
	here := make(map[EntryID]bool, len(entries))
	for _, e := range entries {
		here[e.ID] = true
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		if of := e.Reading.DuplicateOf; of != "" {
			if here[of] {
				continue
			}
			here[of] = true
		}
		out[i] = Voice(e, sources[e.SourceID])
	}
	return out
}
