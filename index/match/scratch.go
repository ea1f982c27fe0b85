package match

import (
	"veilleur/index/query"
	"veilleur/index/text"
)

// A scratch holds where the terms of one dictionary stand in one entry. It is
// used again and again: a stamp tells what belongs to the present entry.
type scratch struct {
	doc     *Doc
	facts   query.Facts
	stamp   uint32
	stamps  []uint32 // by term id: the stamp when it was last found
	terms   [][]int  // by term id: where it stands when found, ascending
	topics  []uint32 // by slot: the stamp when it was last woken
	present []int32  // ids of the terms found
	words   []int32  // by position: the id of the word there, -1 for one no topic names
	title   int      // positions below it are in the title
	lists   [][]int  // for one phrase at a time
}

// textGap stands between the last word of the title and the first of the text,
// so that no phrase and no nearness crosses.
const textGap = query.MaxClauses + 100

func (s *scratch) load(d *Doc, dict *dictionary, slots int) {
	if s.stamp++; s.stamp == 0 { // went all the way round: forget what was
		clear(s.stamps)
		clear(s.topics)
		s.stamp = 1
	}
	s.doc = d
	s.facts = query.Facts{
		SourceID: d.Entry.SourceID, SourceName: d.SourceName, Lang: d.Entry.Reading.Lang,
		Tier: d.Tier, Published: d.Entry.Published, Zone: d.Zone,
	}
	s.terms = grown(s.terms, len(dict.byID))
	s.stamps = grown(s.stamps, len(dict.byID))
	s.topics = grown(s.topics, slots)
	s.present = s.present[:0]
	s.title = len(d.TitleTokens)
	s.words = s.words[:0]
	for range s.title + textGap + len(d.TextTokens) {
		s.words = append(s.words, -1)
	}
	s.stand(dict, d.TitleTokens, 0)
	s.stand(dict, d.TextTokens, s.title+textGap)
	for _, id := range s.present {
		dict.byID[id].seen.Add(1)
	}
}

func grown[T any](s []T, n int) []T {
	if len(s) >= n {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// stand notes where terms stand among toks.
func (s *scratch) stand(dict *dictionary, toks []text.Token, from int) {
	for i := range toks {
		tok := &toks[i]
		if t := dict.words[tok.Term]; t != nil {
			s.add(t.id, from+i)
			s.words[from+i] = t.id
		}
		for n := 1; n < len(dict.lengths) && n <= len(tok.Exact); n++ {
			if dict.lengths[n] == 0 {
				continue
			}
			if t := dict.prefixes[tok.Exact[:n]]; t != nil {
				s.add(t.id, from+i)
			}
		}
	}
}

func (s *scratch) add(id int32, pos int) {
	if s.stamps[id] != s.stamp {
		s.stamps[id] = s.stamp
		s.terms[id] = s.terms[id][:0]
		s.present = append(s.present, id)
	}
	s.terms[id] = append(s.terms[id], pos)
}

// at gives where a term stands.
func (s *scratch) at(t *term) []int {
	if s.stamps[t.id] == s.stamp {
		return s.terms[t.id]
	}
	return nil
}

// beside tells whether the companion of a filed topic stands where it must.
func (s *scratch) beside(id int32, f filed) bool {
	if s.stamps[f.also] != s.stamp {
		return false
	}
	if f.step == 0 {
		return true
	}
	for _, p := range s.terms[id] {
		if k := p + int(f.step); k >= 0 && k < len(s.words) && s.words[k] == f.also {
			return true
		}
	}
	return false
}

// woken tells whether a topic was woken by this entry before, and notes it.
func (s *scratch) woken(slot int32) bool {
	if s.topics[slot] == s.stamp {
		return true
	}
	s.topics[slot] = s.stamp
	return false
}
