package fetch

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAHostIsNeverHurried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(2)
		var mu sync.Mutex
		var starts []time.Time
		var at, most atomic.Int32
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				done, err := p.turn(t.Context(), "a.test", time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts = append(starts, time.Now())
				mu.Unlock()
				if n := at.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(3 * time.Second)
				at.Add(-1)
				done()
			})
		}
		all.Wait()
		if most.Load() != 2 {
			t.Errorf("F13: %d requests at once, want 2", most.Load())
		}
		for i := 1; i < len(starts); i++ {
			if d := starts[i].Sub(starts[i-1]); d < time.Second {
				t.Errorf("F13: requests %d and %d are %v apart", i-1, i, d)
			}
		}
	})
}

func TestHostsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(1)
		began := time.Now()
		for _, host := range []string{"a.test", "b.test", "c.test"} {
			if _, err := p.turn(t.Context(), host, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d != 0 {
			t.Errorf("waited %v", d)
		}
	})
}

func TestWaitingForATurnEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(1)
		done, _ := p.turn(t.Context(), "a.test", time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := p.turn(ctx, "a.test", time.Hour); err == nil {
			t.Error("a turn was given while the only one was taken")
		}
		done()
		if _, err := p.turn(ctx, "a.test", time.Hour); err == nil {
			t.Error("a turn was given an hour early")
		}
	})
}
