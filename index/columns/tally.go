package columns

import (
	"strconv"
	"time"
)

// A tally counts rows by what they are, each facet by number.
type tally struct {
	sets    []int32 // by set of topics
	sources []int32
	tiers   [5]int32
	tones   [3]int32
	langs   [3]int32
}

func (c *tally) make(t *Table) {
	c.sets = make([]int32, max(1, len(t.sets.list)))
	c.sources = make([]int32, len(t.sources.keys))
}

// add counts a row in each facet when it passes every filter, else in the one
// facet whose filter alone it fails.
func (c *tally) add(t *Table, n int32, fails int) {
	if fails == 0 || fails == failTopics {
		c.sets[t.topics[n]]++
	}
	if fails == 0 || fails == failTiers {
		c.tiers[t.tier[n]]++
	}
	if fails == 0 || fails == failTones {
		c.tones[t.tone[n]]++
	}
	if fails == 0 || fails == failLangs {
		c.langs[t.lang[n]]++
	}
	if fails == 0 || fails == failSources {
		c.sources[t.source[n]]++
	}
}

func (c *tally) facets(t *Table, ask Ask) Facets {
	topics := make([]int32, len(t.themes.keys))
	for i, n := range c.sets {
		if n > 0 && i > 0 {
			for _, k := range t.sets.list[i] {
				topics[k] += n
			}
		}
	}
	tiers := make([]string, len(ask.Tiers))
	for i, x := range ask.Tiers {
		tiers[i] = tierKey(x)
	}
	return Facets{
		Topics:  sorted(counts(topics, func(i int) string { return string(t.themes.keys[i]) }), strs(ask.Topics)),
		Tiers:   sorted(counts(c.tiers[:], strconv.Itoa), tiers),
		Tones:   sorted(counts(c.tones[:], func(i int) string { return toneNames[i] }), ask.Tones),
		Langs:   sorted(counts(c.langs[:], func(i int) string { return [...]string{"fr", "en", ""}[i] }), ask.Langs),
		Sources: sorted(counts(c.sources, func(i int) string { return string(t.sources.keys[i]) }), strs(ask.Sources)),
	}
}

func strs[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func counts(n []int32, key func(int) string) []Count {
	var out []Count
	for i, x := range n {
		if x > 0 {
			out = append(out, Count{Key: key(i), N: int(x)})
		}
	}
	return out
}

// days counts rows by day of a zone; starts has one more than n: the end.
type days struct {
	zone   *time.Location
	starts []int64
	n      []int
}

// maxDays bounds a histogram: ten years.
const maxDays = 3660

func newDays(ask Ask) days {
	count := min(ask.Days, maxDays)
	if count <= 0 {
		return days{}
	}
	d := days{zone: ask.Zone, n: make([]int, count), starts: make([]int64, count+1)}
	if d.zone == nil {
		d.zone = time.UTC
	}
	y, m, last := ask.LastDay.In(d.zone).Date()
	for i := range d.starts {
		d.starts[i] = time.Date(y, m, last-count+1+i, 0, 0, 0, 0, d.zone).UnixMicro()
	}
	return d
}

const dayMicros = int64(24 * time.Hour / time.Microsecond)

func (d *days) add(at int64) {
	if at < d.starts[0] || at >= d.starts[len(d.n)] {
		return
	}
	// A guess that a day of 23 or 25 hours makes wrong by one at most.
	i := min(int((at-d.starts[0])/dayMicros), len(d.n)-1)
	for at < d.starts[i] {
		i--
	}
	for at >= d.starts[i+1] {
		i++
	}
	d.n[i]++
}

func (d *days) list() []Day {
	out := make([]Day, len(d.n))
	for i, n := range d.n {
		out[i] = Day{Date: time.UnixMicro(d.starts[i]).In(d.zone), N: n}
	}
	return out
}
