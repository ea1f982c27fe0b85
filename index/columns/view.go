package columns

import (
	"time"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

// A View reads a table that stands still.
type View struct{ t *Table }

// View calls f with the table as it is now; nothing is written until f returns.
func (t *Table) View(f func(v View) error) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return f(View{t})
}

// Number gives the number of an id, -1 when it has none.
func (v View) Number(id []byte) int32 {
	if n, ok := v.t.byID[veille.EntryID(id)]; ok {
		return n
	}
	return -1
}

// Living tells whether row n lives.
func (v View) Living(n int32) bool { return n >= 0 && v.t.alive[n] }

// Filter makes of a leaf of a query that is no Text the test of a row; days
// are those of the zone, nil meaning UTC. It answers as query.Filter does.
func (v View) Filter(leaf query.Node, zone *time.Location) func(n int32) bool {
	t := v.t
	switch leaf := leaf.(type) {
	case query.Source:
		asked := make([]bool, len(t.sources.keys))
		for i, id := range t.sources.keys {
			asked[i] = leaf.Is(id, t.called[i])
		}
		return func(n int32) bool { return asked[t.source[n]] }
	case query.Lang:
		lang := langOf(leaf.Lang)
		return func(n int32) bool { return t.lang[n] == lang }
	case query.Tier:
		low, high := uint8(leaf.Min), uint8(leaf.Max)
		return func(n int32) bool { return low <= t.tier[n] && t.tier[n] <= high }
	case query.After:
		from := leaf.Day.Start(zone).UnixMicro()
		return func(n int32) bool { return t.at[n] >= from }
	case query.Before:
		to := leaf.Day.Start(zone).UnixMicro()
		return func(n int32) bool { return t.at[n] < to }
	}
	return func(int32) bool { return false }
}

// Rows gives the numbers of all living rows.
func (v View) Rows() []int32 {
	out := make([]int32, 0, v.t.live)
	for n, alive := range v.t.alive {
		if alive {
			out = append(out, int32(n))
		}
	}
	return out
}
