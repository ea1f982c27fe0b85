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

// burst gives the entries of a page, from its beginning, that may be grouped
// by date together: whole bursts, as long as each is newer than those before.
// A page that is full holds one too long to wait for. The last burst of a page
// that is not full may still be growing: it is left until it has been quiet
// for a pause, unless now is zero.
func burst(page []veille.Entry, now time.Time) []veille.Entry {
	full, cut := len(page) == batch, 0
	var newest time.Time
	for start := 0; start < len(page); start = cut {
		end := burstEnd(page, start)
		if end == len(page) && (full && start > 0 || !full && growing(page[end-1], now)) {
			break
		}
		oldest, latest := span(page[start:end])
		if start > 0 && oldest.Before(newest) {
			break
		}
		cut = end
		if latest.After(newest) {
			newest = latest
		}
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

func span(entries []veille.Entry) (oldest, latest time.Time) {
	oldest, latest = entries[0].Published, entries[0].Published
	for _, e := range entries[1:] {
		if e.Published.Before(oldest) {
			oldest = e.Published
		}
		if e.Published.After(latest) {
			latest = e.Published
		}
	}
	return oldest, latest
}

// byDate gives entries oldest first; those of one moment stay in their order.
func byDate(entries []veille.Entry) []veille.Entry {
	out := slices.Clone(entries)
	slices.SortStableFunc(out, func(a, b veille.Entry) int { return a.Published.Compare(b.Published) })
	return out
}
