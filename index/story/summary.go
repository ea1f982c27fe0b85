package story

import (
	"math"
	"slices"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// Summarise tells a story from its entries: how many, from how many sources,
// in how many independent voices, led by which title. The entries may come in
// any order; a source not in sources is a voice of its own. The zero Story
// comes of no entries.
//
// Voices are those of veille.Voices: an agency, a press group, or a medium that
// has none; an entry that reprints another of them adds none, nor does a second
// entry of the same voice. The lead is
// the earliest original of the highest tier, for its title is the one most
// people read, among those whose titles say what most of the others say. The
// story's id is the one its entries carry.
func Summarise(entries []veille.Entry, sources map[veille.SourceID]veille.Source) veille.Story {
	if len(entries) == 0 {
		return veille.Story{}
	}
	es := slices.Clone(entries)
	slices.SortStableFunc(es, func(a, b veille.Entry) int {
		if c := a.Published.Compare(b.Published); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	s := veille.Story{Entries: len(es), First: es[0].Published, Last: es[len(es)-1].Published}
	seen, voices := make(map[veille.SourceID]bool), make(map[string]bool)
	tone, originals := 0.0, 0
	for i, voice := range veille.Voices(es, sources) {
		e := es[i]
		seen[e.SourceID] = true
		if s.ID == "" {
			s.ID = e.Reading.StoryID
		}
		if voice == "" {
			continue
		}
		voices[voice] = true
		tone += e.Reading.Tone
		originals++
	}
	if s.ID == "" {
		s.ID = NewID(es[0].ID)
	}
	s.Sources, s.Independent = len(seen), max(1, len(voices))
	if originals > 0 {
		s.Tone = tone / float64(originals)
	}
	lead := leadOf(es, sources)
	s.LeadID, s.Title, s.Lang = lead.ID, titleOf(lead), lead.Reading.Lang
	return s
}

// leadOf chooses the entry whose title stands for the story, entries oldest
// first: among the originals whose titles say most of what the others' titles
// say, the one of the widest medium, then the first.
func leadOf(es []veille.Entry, sources map[veille.SourceID]veille.Source) veille.Entry {
	said := centrality(es)
	most := slices.Max(said)
	rank := func(n int) int {
		e := es[n]
		r := int(sources[e.SourceID].Tier)
		if r == 0 {
			r = 3
		}
		if said[n] < central*most {
			r += 4 // beyond the tiers: its title is about something beside
		}
		if e.Title == "" {
			r += 20
		}
		if e.Reading.DuplicateOf != "" {
			r += 10
		}
		return r
	}
	lead := 0
	for n := range es {
		if rank(n) < rank(lead) {
			lead = n
		}
	}
	return es[lead]
}

// central is the share of the best title's centrality under which a title is
// taken to be beside the story.
const central = .6

// centrality tells of each entry how many other titles share its title's
// words, by word.
func centrality(es []veille.Entry) []float64 {
	titles := make([]map[string]bool, len(es))
	df := map[string]int{}
	for n, e := range es {
		titles[n] = map[string]bool{}
		for _, t := range text.Tokens(e.Reading.Lang, e.Title) {
			if len(t.Term) > 3 && !titles[n][t.Term] {
				titles[n][t.Term] = true
				df[t.Term]++
			}
		}
	}
	said := make([]float64, len(es))
	for n, words := range titles {
		shared := 0
		for w := range words {
			shared += df[w] - 1
		}
		said[n] = float64(shared) / math.Sqrt(float64(len(words)+1))
	}
	return said
}

// titleOf is an entry's title, or the first words of a post.
func titleOf(e veille.Entry) string {
	if e.Title != "" {
		return e.Title
	}
	const words = 14
	fs := strings.Fields(e.Text)
	if len(fs) <= words {
		return strings.Join(fs, " ")
	}
	return strings.Join(fs[:words], " ") + "…"
}
