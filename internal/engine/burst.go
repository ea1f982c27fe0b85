package engine

import (
	"slices"
	"time"

	"veilleur/internal/veille"
)

// pause is the silence that ends a burst: the entries of one round of reading
// come closer to each other than this.
const pause = 2 * time.Second

// A first reading brings six weeks of news source by source. Grouped in that
// order, an old article of one source would be told after a new one of
// another, and draw both into one story; so what comes in one burst is grouped
// by date. Bursts are read in the log itself, from when entries were seen: a
// rebuild finds the same ones, and so the same stories, as the first time.

// burst gives the whole bursts at the beginning of a page. A page that is full
// holds one too long to wait for. The last burst of a page that is not full may
// still be growing: it is left until it has been quiet for a pause, unless now
// is zero.
func burst(page []veille.Entry, now time.Time) []veille.Entry {
	full, cut := len(page) == batch, 0
	for start := 0; start < len(page); start = cut {
		end := burstEnd(page, start)
		if end == len(page) && (full && start > 0 || !full && growing(page[end-1], now)) {
			break
		}
		cut = end
	}
	return page[:cut]
}

// burstEnd is where the burst that begins at start ends.
func burstEnd(page []veille.Entry, start int) int {
	for i := start + 1; i < len(page); i++ {
		if page[i].Seen.Sub(page[i-1].Seen).Abs() >= pause {
			return i
		}
	}
	return len(page)
}

func growing(last veille.Entry, now time.Time) bool {
	return !now.IsZero() && now.Sub(last.Seen).Abs() < pause
}

// byBurst gives the entries of whole bursts, those of each burst oldest first;
// those of one moment stay in their order.
func byBurst(entries []veille.Entry) []veille.Entry {
	out := slices.Clone(entries)
	for start, end := 0, 0; start < len(out); start = end {
		end = burstEnd(out, start)
		slices.SortStableFunc(out[start:end], func(a, b veille.Entry) int { return a.Published.Compare(b.Published) })
	}
	return out
}
