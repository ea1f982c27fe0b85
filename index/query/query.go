// Package query is the one query language of searches, topics and saved
// searches: it parses, explains, prints and answers.
//
//	caisse fermeture            both words, in the title or the text
//	caisse OR banque, OU        either
//	caisse -emploi, NOT, SAUF   the first without the second
//	"caisse de la Rivière"      these words side by side
//	"caisse comptoir"~5         these words near each other, in any order
//	ferm*                       words that begin so, two letters or more
//	title:caisse, titre:        in the title; author:, auteur: by this author
//	source:"La Voix"            from a source whose name holds these words
//	lang:fr, langue:            in this language: fr, en, other
//	tier:1, palier:1-2          from sources of this tier
//	after:2026-11-01, apres:    from that day on; before:, avant: before it
//	(…), title:(…)              grouping
//
// AND, OR, NOT, ET, OU and SAUF are operators in capitals only; side by side
// means AND; AND binds tighter than OR. Accents, case and elisions do not
// count, plurals meet their singular in the language of each entry, and words
// cut by a hyphen are searched side by side.
//
// It stores nothing and sends nothing. Each text for a person is a key of
// query.yaml.
package query

import (
	"time"

	"veilleur/internal/veille"
)

// The limits of a query; past one, Parse gives an error.
const (
	MaxBytes   = 10 << 10
	MaxDepth   = 64
	MaxClauses = 1000 // words and filters
	MaxPhrase  = 64   // words between one pair of quotes
)

// A Query is a parsed expression. The zero Query is empty and matches every
// entry.
type Query struct {
	Root Node // nil when empty
}

// Empty tells whether the query asks nothing.
func (q Query) Empty() bool { return q.Root == nil }

// A Node is one of And, Or, Not, Text, Source, Lang, Tier, After, Before.
type Node interface{ node() }

type (
	// An And matches when each of its nodes does; it has two or more, none of
	// them an And.
	And []Node
	// An Or matches when one of its nodes does; it has two or more, none of
	// them an Or.
	Or []Node
	// A Not matches when its node, never a Not, does not.
	Not struct{ Of Node }
)

// A Field says where a Text is looked for.
type Field string

// The fields of a Text.
const (
	Anywhere Field = "" // the title or the text
	Title    Field = "title"
	Author   Field = "author"
)

// A Text matches when its words stand side by side in a field, or near each
// other when Near is set.
type Text struct {
	In     Field
	Text   string   // as written, without quotes
	Words  []string // folded as text.Token.Exact; at least one
	Prefix bool     // the last word is the beginning of a word
	Near   int      // how many other words may stand between them, in any order; 0 means side by side in order
}

type (
	// A Source matches entries of the sources whose name holds Words side by
	// side, the last as a beginning when Prefix, or whose id is Text.
	Source struct {
		Text   string
		Words  []string
		Prefix bool
	}
	// A Lang matches entries in one language; "" is every entry in neither
	// French nor English.
	Lang struct{ Lang string }
	// A Tier matches sources from tier Min to Max, both included; a source of
	// tier 0 counts as 3.
	Tier struct{ Min, Max veille.Tier }
	// An After matches entries published on Day or later.
	After struct{ Day Day }
	// A Before matches entries published before Day.
	Before struct{ Day Day }
)

func (And) node()    {}
func (Or) node()     {}
func (Not) node()    {}
func (Text) node()   {}
func (Source) node() {}
func (Lang) node()   {}
func (Tier) node()   {}
func (After) node()  {}
func (Before) node() {}

// A Day is a day of the calendar, in the zone of whoever asks.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// Start gives the first instant of the day in a zone; nil means UTC.
func (d Day) Start(zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// String gives the day as 2006-01-02.
func (d Day) String() string { return d.Start(nil).Format(time.DateOnly) }

// Positive tells whether q asks for something that must be there: a word, or a
// source. A topic needs such a query, for one that only excludes would take in
// nearly everything.
func Positive(q Query) bool { return positive(q.Root) }

func positive(n Node) bool {
	switch n := n.(type) {
	case Text, Source:
		return true
	case And:
		for _, c := range n {
			if positive(c) {
				return true
			}
		}
	case Or:
		for _, c := range n {
			if !positive(c) {
				return false
			}
		}
		return len(n) > 0
	}
	return false
}

// Each calls f with each leaf of q, from left to right, and whether it stands
// under an odd number of Nots.
func Each(q Query, f func(leaf Node, negated bool)) { each(q.Root, false, f) }

func each(n Node, negated bool, f func(Node, bool)) {
	switch n := n.(type) {
	case nil:
	case And:
		for _, c := range n {
			each(c, negated, f)
		}
	case Or:
		for _, c := range n {
			each(c, negated, f)
		}
	case Not:
		each(n.Of, !negated, f)
	default:
		f(n, negated)
	}
}

// All makes the query that matches what each of qs does.
func All(qs ...Query) Query {
	var list []Node
	for _, q := range qs {
		if q.Root != nil {
			list = append(list, q.Root)
		}
	}
	return Query{Root: and(list)}
}

// Except makes the query that matches what q does and no does not; an empty no
// takes nothing away.
func Except(q, no Query) Query {
	if no.Root == nil {
		return q
	}
	return All(q, Query{Root: not(no.Root)})
}

func and(list []Node) Node {
	flat := make(And, 0, len(list))
	for _, n := range list {
		if a, ok := n.(And); ok {
			flat = append(flat, a...)
		} else if n != nil {
			flat = append(flat, n)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return flat
}

func or(list []Node) Node {
	flat := make(Or, 0, len(list))
	for _, n := range list {
		if o, ok := n.(Or); ok {
			flat = append(flat, o...)
		} else {
			flat = append(flat, n)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

func not(n Node) Node {
	if x, ok := n.(Not); ok {
		return x.Of
	}
	return Not{Of: n}
}
