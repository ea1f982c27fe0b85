package dedup

import "slices"

// most is how many runs of a text are remembered: the smallest hashes, which
// are a fair sample of a longer text. With 256, a share is known to within six
// hundredths, nineteen times of twenty; a reprint's is rarely near the limit.
//
// Source: Broder 1997, the bottom sketch.
const most = 256

// runs are the hashes of the runs of a text: sorted, each once.
type runs struct {
	low []uint32 // the smallest, most at most
	n   int      // how many there are in all
}

// sketch remembers hashes, sorted, each once.
func sketch(all []uint32) runs {
	return runs{low: slices.Clone(all[:min(len(all), most)]), n: len(all)}
}

// reprints tells whether one text reprints the other, and the share of the
// shorter that is common.
func reprints(a, b runs) (float64, bool) {
	if b.n < a.n {
		a, b = b, a
	}
	n, of := common(a, b)
	if n == 0 {
		return 0, false
	}
	share := float64(n) / float64(of)
	if a.n < fewest {
		return share, share == 1 && b.n <= 2*fewest
	}
	need := contained
	if a.n < brief {
		need = containedBrief
	}
	return share, n >= fewest && share >= need
}

// common counts the runs of a that b has too, and those it could have: where
// both are known up to some hash only, the runs up to it.
func common(a, b runs) (n, of int) {
	x, y := a.low, b.low
	for ; len(x) > 0; of++ {
		for len(y) > 0 && y[0] < x[0] {
			y = y[1:]
		}
		if len(y) == 0 && b.n > len(b.low) {
			break // whether b has what follows is not known
		}
		if len(y) > 0 && y[0] == x[0] {
			n++
		}
		x = x[1:]
	}
	return n, of
}
