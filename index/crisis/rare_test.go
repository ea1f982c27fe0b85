package crisis

import (
	"math"
	"testing"
)

func TestTail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ x, w, n, t, k, want float64 }{
		"no event is certain":                           {0, 1, 5, 100, math.Inf(1), 1},
		"one event of a geometric law":                  {1, 1, 1, 9, math.Inf(1), .1},
		"two events of a geometric law":                 {2, 1, 1, 9, math.Inf(1), .01},
		"a long history tends to Poisson":               {1, 1, 1e6, 1e6, math.Inf(1), 1 - math.Exp(-1)},
		"a history that clumps makes the same rarer no": {2, 1, 1e6, 1e6, 1, .25},
	} {
		if got := tail(c.x, c.w, c.n, c.t, c.k); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestClumping(t *testing.T) {
	t.Parallel()
	if !math.IsInf(clumping([]float64{1, 1, 1, 1, 1}), 1) || !math.IsInf(clumping([]float64{9, 0}), 1) {
		t.Error("an even or short history does not clump")
	}
	if k := clumping([]float64{0, 0, 0, 8, 0, 0, 0, 0}); k > .2 {
		t.Errorf("one burst: shape %v", k)
	}
}

func TestLexiconsParse(t *testing.T) {
	t.Parallel()
	n := 0
	for _, l := range []lexicon{severity(), contextWords()} {
		for _, ps := range l {
			for _, p := range ps {
				n++
				if p.weight < 0 || p.weight > 1 {
					t.Errorf("%v weighs %v", p.words, p.weight)
				}
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d phrases", n)
	}
}
