package story

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// The kinds of what entries share.
const (
	SharedPlace  = "place"
	SharedName   = "name"
	SharedNumber = "number"
	SharedWord   = "word"
)

// A Shared is one thing an entry says that others of its story say too.
type Shared struct {
	Kind string
	Text string // as the entry writes it
	With int    // others that say it, ≥ 1
}

// sharedMost is how many of each kind are told.
const sharedMost = 4

// forever keeps a story of any age in the memory of one question.
const forever = 100 * 365 * 24 * time.Hour

// Why tells of each entry of one story what it shares with the others, by kind
// and the most telling first: the features the Grouper compares, those that
// are rare and that many of them have. When the story is over, or was moved,
// its entries alone say what is rare. An entry that shares nothing is left
// out.
func (g *Grouper) Why(docs []Doc) map[veille.EntryID][]Shared {
	s, known := g.whole(docs)
	if !known {
		g = New(Config{Window: forever})
		for _, d := range docs {
			g.Restore(d, "s")
		}
		s = g.stories["s"]
	}
	places := map[string]bool{}
	for _, d := range docs {
		g.eachOf(d, func(f found, str string) {
			places[f.key] = places[f.key] || f.kind >= name && afterPlace(str[:g.at.Start])
		})
	}
	out := make(map[veille.EntryID][]Shared, len(docs))
	for _, d := range docs {
		if shared := g.shares(d, s, places); len(shared) > 0 {
			out[d.ID] = shared
		}
	}
	return out
}

// whole is the story all entries are remembered in; false when there is none.
func (g *Grouper) whole(docs []Doc) (*cluster, bool) {
	if len(docs) == 0 {
		return nil, false
	}
	id, ok := g.of[docs[0].ID]
	for _, d := range docs {
		ok = ok && g.of[d.ID] == id
	}
	return g.stories[id], ok
}

// A tellingThing is a Shared and how much it tells.
type tellingThing struct {
	Shared
	worth float64
}

// eachOf calls f with the words of an entry that the Grouper reads, and the
// string each stands in.
func (g *Grouper) eachOf(d Doc, f func(f found, str string)) {
	g.each(d.Lang, d.Title, len(d.Title), func(x found) { f(x, d.Title) })
	g.each(d.Lang, d.Text, bodyWords, func(x found) { f(x, d.Text) })
}

// shares reads an entry again, and keeps what others of the story have.
func (g *Grouper) shares(d Doc, s *cluster, places map[string]bool) []Shared {
	var all []tellingThing
	seen := map[string]bool{}
	g.eachOf(d, func(f found, str string) {
		id, known := g.terms.ids[f.key]
		n := 0
		if known {
			n = s.having(id) - 1
		}
		if n < 1 || seen[f.key] || f.key[0] == '#' { // a field is no word of hers
			return
		}
		seen[f.key] = true
		all = append(all, tellingThing{Shared{kindOf(f, places), written(f, str, g.at), n}, g.rarity(id) * math.Log1p(float64(n))})
	})
	slices.SortStableFunc(all, func(a, b tellingThing) int { return cmp.Compare(b.worth, a.worth) })
	count := map[string]int{}
	var out []Shared
	for _, t := range all {
		if count[t.Kind]++; count[t.Kind] <= sharedMost {
			out = append(out, t.Shared)
		}
	}
	return out
}

// having is how many entries of the story have a feature.
func (s *cluster) having(id int32) int {
	d, _ := s.has(id)
	return int(d.n)
}

// kindOf is the kind of a feature as it is told.
func kindOf(f found, places map[string]bool) string {
	switch {
	case f.kind == number:
		return SharedNumber
	case f.kind < name:
		return SharedWord
	case places[f.key]:
		return SharedPlace
	}
	return SharedName
}

// afterPlace tells whether what comes before a name says that it is a place.
func afterPlace(before string) bool {
	at := strings.LastIndexFunc(strings.TrimRight(before, " "), unicode.IsSpace) + 1
	switch strings.TrimSpace(before[at:]) {
	case "à", "À", "in", "In", "near", "at":
		return true
	}
	return false
}

// written is a feature as the entry writes it: the word it was read at, with
// all of a hyphened name, and all of a number in thousands.
func written(f found, s string, at text.Token) string {
	end := at.End
	if f.kind == number {
		for n := end - at.Start; end < len(s) && n < len(f.key); end++ {
			if s[end] >= '0' && s[end] <= '9' {
				n++
			}
		}
		return s[at.Start:end]
	}
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for end < len(s) && s[end] == '-' {
		more := strings.IndexFunc(s[end+1:], func(r rune) bool { return !letter(r) })
		if more == 0 {
			break
		}
		if more < 0 {
			return s[at.Start:]
		}
		end += 1 + more
	}
	return s[at.Start:end]
}
