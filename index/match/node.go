package match

import (
	"sort"

	"veilleur/index/query"
)

// A node is one part of a compiled query.
type node interface{ holds(s *scratch) bool }

type (
	all   []node
	some  []node
	none  struct{ of node }
	words struct {
		text  query.Text
		terms []*term
	}
	leaf struct{ of query.Node } // a filter, or words of the author
)

func (n all) holds(s *scratch) bool {
	for _, c := range n {
		if !c.holds(s) {
			return false
		}
	}
	return true
}

func (n some) holds(s *scratch) bool {
	for _, c := range n {
		if c.holds(s) {
			return true
		}
	}
	return false
}

func (n none) holds(s *scratch) bool { return !n.of.holds(s) }

func (n leaf) holds(s *scratch) bool {
	if _, ok := n.of.(query.Text); ok {
		return query.Matches(query.Query{Root: n.of}, *s.doc)
	}
	return query.Filter(n.of, s.facts)
}

func (n words) holds(s *scratch) bool {
	s.lists = s.lists[:0]
	for _, t := range n.terms {
		at := s.at(t)
		if n.text.In == query.Title {
			at = at[:sort.SearchInts(at, s.title)]
		}
		if len(at) == 0 {
			return false
		}
		s.lists = append(s.lists, at)
	}
	return n.text.Stand(s.lists)
}
