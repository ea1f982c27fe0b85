package engine

import (
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// heap gives the bytes alive once the garbage is collected.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers and pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestTheMemoryOfAReaderIsItsWindowNotItsPast reads twelve windows of two
// weeks, whose names never come back, and weighs the heap after each: what is
// over must be let go of, with its words. It is not parallel, so that nothing
// else grows meanwhile.
func TestTheMemoryOfAReaderIsItsWindowNotItsPast(t *testing.T) {
	const windows, each = 12, 500
	common := strings.Fields("la de le et les une pour avec dans sur qui")
	r := rand.New(rand.NewPCG(1, 2))
	reader := NewReader()
	base := heap()
	var held [windows]uint64
	n := 0
	for w := range windows {
		for range each {
			words := make([]string, 90)
			for i := range words {
				if words[i] = common[r.IntN(len(common))]; i%3 == 0 {
					words[i] = madeUp("mot%c", r, 20_000)
				}
				if i%10 == 0 {
					words[i] = madeUp("Val%c", r, 1<<30) // said once, ever
				}
			}
			at := morning.Add(time.Duration(n) * window / each)
			e := veille.Entry{ID: veille.NewEntryID("s", strconv.Itoa(n)), Title: strings.Join(words[:8], " "), Text: strings.Join(words[8:], " "), Published: at}
			if g := reader.Read(e, ""); g.StoryID == "" {
				t.Fatal("an entry has no story")
			}
			n++
		}
		if now := heap(); now > base {
			held[w] = now - base
		}
	}
	full := max(held[1], held[2]) // the first two fill what is kept
	t.Logf("KB held after each window of %d entries: %v; %d stories alive", each, kilobytes(held[:]), reader.grouper.Len())
	if last := max(held[windows-1], held[windows-2]); last > full+full/2 {
		t.Errorf("%d KB held after %d windows, %d after two: the past is kept", last>>10, windows, full>>10)
	}
	runtime.KeepAlive(reader)
}

// madeUp makes one of n words without digits.
func madeUp(form string, r *rand.Rand, n int) string {
	var b []byte
	for x := r.IntN(n); x > 0 || len(b) == 0; x /= 20 {
		b = append(b, "bcdfghjklmnpqrstvwxz"[x%20], 'o')
	}
	return strings.Replace(form, "%c", string(b), 1)
}

func kilobytes(bytes []uint64) []uint64 {
	out := make([]uint64, len(bytes))
	for i, b := range bytes {
		out[i] = b >> 10
	}
	return out
}
