package engine

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestWhatComesTogetherIsGroupedTogether(t *testing.T) {
	t.Parallel()
	t0 := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	// seen, in seconds, and published, in hours before t0
	entry := func(seen, age int) veille.Entry {
		return veille.Entry{Seen: t0.Add(time.Duration(seen) * time.Second), Published: t0.Add(-time.Duration(age) * time.Hour)}
	}
	long := make([]veille.Entry, batch)
	for i := range long {
		long[i] = entry(0, i)
	}
	tail := append(append([]veille.Entry{}, entry(0, 9)), long[:batch-1]...)
	for i := range tail[1:] {
		tail[i+1].Seen = t0.Add(time.Minute)
	}
	for name, c := range map[string]struct {
		page []veille.Entry
		now  time.Time
		want int
	}{
		"a quiet burst is whole":                          {[]veille.Entry{entry(0, 5), entry(1, 90)}, t0.Add(time.Minute), 2},
		"one still growing waits":                         {[]veille.Entry{entry(0, 5), entry(1, 90)}, t0.Add(2 * time.Second), 0},
		"at the end of all, nothing grows":                {[]veille.Entry{entry(0, 5), entry(1, 90)}, time.Time{}, 2},
		"a newer burst goes with the one before":          {[]veille.Entry{entry(0, 5), entry(60, 1)}, t0.Add(time.Hour), 2},
		"so does one that holds older news":               {[]veille.Entry{entry(0, 5), entry(60, 1), entry(61, 90)}, t0.Add(time.Hour), 3},
		"only the last burst may still grow":              {[]veille.Entry{entry(0, 5), entry(60, 1)}, t0.Add(61 * time.Second), 1},
		"one longer than a page is cut at the page":       {long, t0.Add(time.Second), batch},
		"one that the page cuts begins a page of its own": {tail, t0.Add(time.Hour), 1},
		"nothing is nothing":                              {nil, t0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := len(burst(c.page, c.now)); got != c.want {
				t.Errorf("%d entries, want %d", got, c.want)
			}
		})
	}
}

// However the log was read the first time, a rebuild cuts it so that entries
// are grouped in the same order.
func TestARebuildGroupsInTheOrderOfTheFirstTime(t *testing.T) {
	t.Parallel()
	t0 := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var log []veille.Entry
	for n, seen := range []int{0, 0, 1, 30, 31, 31, 90, 91, 300, 300, 301, 302} {
		log = append(log, veille.Entry{ID: veille.EntryID(strconv.Itoa(n)), Seq: int64(n + 1), Seen: t0.Add(time.Duration(seen) * time.Second),
			Published: t0.Add(-time.Duration((n*7)%11) * time.Hour)})
	}
	order := func(page func(from int) ([]veille.Entry, time.Time)) (ids []veille.EntryID) {
		for from := 0; from < len(log); {
			entries, now := page(from)
			got := burst(entries, now)
			for _, e := range byBurst(got) {
				ids = append(ids, e.ID)
			}
			from += len(got)
			if len(got) == 0 {
				t.Fatal("stuck")
			}
		}
		return ids
	}
	again := order(func(from int) ([]veille.Entry, time.Time) { return log[from:], time.Time{} })
	first := order(func(from int) ([]veille.Entry, time.Time) { // each burst read as soon as it is quiet
		end := burstEnd(log, from)
		return log[from:end], log[end-1].Seen.Add(pause)
	})
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
}

// An archive read from its newest entry is many bursts, each older than the one
// before: they go in one page, each in its turn.
func TestBurstsOfOnePageKeepTheirTurns(t *testing.T) {
	t.Parallel()
	t0 := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var page, want []veille.Entry
	for day := range 3 {
		for hour := range 2 { // the later one first, seen within a second
			at := t0.AddDate(0, 0, -day).Add(-time.Duration(hour) * time.Hour)
			page = append(page, veille.Entry{Published: at, Seen: t0.AddDate(0, 0, -day)})
		}
		want = append(want, page[2*day+1], page[2*day])
	}
	if diff := cmp.Diff(want, byBurst(burst(page, t0))); diff != "" {
		t.Error(diff)
	}
}
