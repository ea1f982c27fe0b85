package match

// anchor gives the terms of which an entry must hold one for a node to hold,
// the set thought to wake it least often, and how often that is, as a share of
// the entries. It gives nil when the node may hold without any of its words.
func anchor(n node) ([]*term, float64) {
	switch n := n.(type) {
	case all:
		var best []*term
		least := 0.0
		for _, c := range n {
			if a, often := anchor(c); a != nil && (best == nil || often < least) {
				best, least = a, often
			}
		}
		return best, least
	case some:
		var union []*term
		sum := 0.0
		for _, c := range n {
			a, often := anchor(c)
			if a == nil {
				return nil, 0
			}
			union = append(union, a...)
			sum += often
		}
		return union, sum
	case words:
		best := n.terms[0]
		for _, t := range n.terms[1:] {
			if t.often() < best.often() {
				best = t
			}
		}
		return []*term{best}, best.often()
	}
	return nil, 0
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
