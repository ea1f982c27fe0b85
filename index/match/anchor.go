package match

// An anchor is a term under which a topic is filed, and another the entry must
// hold too for the topic to be worth reading; nil when there is none.
type anchor struct {
	term, also *term
	step       int32 // how many words after term also stands, in a phrase; 0 means anywhere
}

// anchors gives the anchors of which an entry must hold one for a node to
// hold, the set thought to wake it least often, and how often that is. It
// gives nil when the node may hold without any of its words.
func anchors(n node) ([]anchor, float64) {
	switch n := n.(type) {
	case all:
		return allAnchors(n)
	case some:
		var union []anchor
		sum := 0.0
		for _, c := range n {
			a, often := anchors(c)
			if a == nil {
				return nil, 0
			}
			union = append(union, a...)
			sum += often
		}
		return union, sum
	case words:
		a := n.anchor()
		return []anchor{a}, a.term.often()
	}
	return nil, 0
}

// anchor takes the two rarest words of a Text.
func (n words) anchor() anchor {
	first, second := 0, -1
	for i := 1; i < len(n.terms); i++ {
		switch often := n.terms[i].often(); {
		case often < n.terms[first].often():
			first, second = i, first
		case second < 0 || often < n.terms[second].often():
			second = i
		}
	}
	a := anchor{term: n.terms[first]}
	if second >= 0 {
		a.also = n.terms[second]
		if n.text.Near == 0 && !a.also.prefix {
			a.step = int32(second - first)
		}
	}
	return a
}

// allAnchors takes the anchors of one child, and for companion the rarest word
// that another child cannot do without.
func allAnchors(n all) ([]anchor, float64) {
	var best []anchor
	least, from := 0.0, 0
	sets := make([][]anchor, len(n))
	for i, c := range n {
		a, often := anchors(c)
		sets[i] = a
		if a != nil && (best == nil || often < least) {
			best, least, from = a, often, i
		}
	}
	for i, other := range sets {
		if i == from || len(other) != 1 {
			continue
		}
		for k, a := range best {
			if t := other[0].term; t != a.term && a.step == 0 && (a.also == nil || t.often() < a.also.often()) {
				best[k].also = t // one in its place in a phrase is better still
			}
		}
	}
	return best, least
}

// priorWeight is how many entries the guess from a word's length counts as
// beside those that were read.
const priorWeight = 32

// often is the share of entries thought to hold the term, as a score that only
// compares within one Matcher.
func (t *term) often() float64 {
	return t.prior*priorWeight + float64(t.seen.Load())
}

// prior guesses how often a word stands in an entry from its length: the
// shortest are the grammar of both languages.
func prior(key string) float64 {
	switch n := len(key); {
	case n <= 2:
		return 1
	case n == 3:
		return 0.5
	default:
		return 1 / float64(n*n)
	}
}
