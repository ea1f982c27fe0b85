package crawler

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"veilleur/internal/veille"
)

// A crew is the workers, and what waits for them. However many sources one
// host has, a quarter of the workers at most stand before it: the others read
// other hosts meanwhile, for a slow one may hold each of its readers for half
// a minute. While sources of a host wait, no more of it are claimed.
type crew struct {
	todo    chan veille.Source
	share   int    // workers for one host
	waiting []turn // of hosts that have their share

	mu      sync.Mutex
	busy    map[string]int // workers, by host
	sum     Report
	freed   chan struct{} // told when a worker leaves a host
	workers sync.WaitGroup
}

// A turn is a source that waits for its host.
type turn struct {
	source veille.Source
	until  time.Time // when it is given back, so that its lease does not run out
}

// queue has sources wait for their turn until a time.
func (w *crew) queue(sources []veille.Source, until time.Time) {
	for _, s := range sources {
		w.waiting = append(w.waiting, turn{s, until})
	}
}

// late takes out the sources that waited too long.
func (w *crew) late(now time.Time) (out []veille.Source) {
	w.waiting = slices.DeleteFunc(w.waiting, func(t turn) bool {
		if now.Before(t.until) {
			return false
		}
		out = append(out, t.source)
		return true
	})
	return out
}

// staff starts the workers. They read the sources they are handed until they
// are dismissed.
func (c *Crawler) staff(ctx context.Context) *crew {
	w := &crew{todo: make(chan veille.Source), share: max(1, c.config.Workers/4), busy: map[string]int{}, freed: make(chan struct{}, 1)}
	for range c.config.Workers {
		w.workers.Go(func() {
			for s := range w.todo {
				w.leave(s, c.visit(ctx, s))
			}
		})
	}
	return w
}

// dismiss waits for the workers to end and gives what they did. Sources still
// wait when the program is asked to stop: the workers give them back.
func (w *crew) dismiss() Report {
	for _, t := range w.waiting {
		w.todo <- t.source
	}
	close(w.todo)
	w.workers.Wait()
	return w.sum
}

// hand gives the workers the sources whose hosts have room for one more, but
// for those that waited too long, be it for a worker.
func (w *crew) hand(ctx context.Context, now func() time.Time, pace func(context.Context)) {
	for ctx.Err() == nil {
		i := slices.IndexFunc(w.waiting, func(t turn) bool { return now().Before(t.until) && w.enter(t.source) })
		if i < 0 {
			return
		}
		s := w.waiting[i].source
		w.waiting = slices.Delete(w.waiting, i, i+1)
		pace(ctx)
		w.todo <- s // workers end early by themselves when ctx does
	}
}

// enter takes a place before a source's host, if it has one left.
func (w *crew) enter(s veille.Source) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	host := hostOf(s.URL)
	if w.busy[host] >= w.share {
		return false
	}
	w.busy[host]++
	return true
}

func (w *crew) leave(s veille.Source, r Report) {
	w.mu.Lock()
	host := hostOf(s.URL)
	if w.busy[host]--; w.busy[host] == 0 {
		delete(w.busy, host)
	}
	w.sum.add(r)
	w.mu.Unlock()
	select {
	case w.freed <- struct{}{}:
	default:
	}
}

// full are the hosts that sources wait for.
func (w *crew) full() []string {
	var out []string
	for _, t := range w.waiting {
		if host := hostOf(t.source.URL); !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out
}

// look is how often a store is asked again for sources of other hosts while
// some wait for theirs.
const look = 5 * time.Second

// rest waits until a host has room, or for a moment.
func (w *crew) rest(ctx context.Context) {
	t := time.NewTimer(look)
	defer t.Stop()
	select {
	case <-w.freed:
	case <-t.C:
	case <-ctx.Done():
	}
}

// hostOf is the beginning of an address, up to its path: what the sources of
// one host have in common.
func hostOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return address[:len(address)-len(rest)+i]
	}
	return address
}
