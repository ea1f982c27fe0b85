package auth

import (
	"container/list"
	"sync"
	"time"
)

// limiterKeys is how many keys a Limiter remembers. When there are more, those
// that were quiet longest are forgotten, so that its memory has an end.
const limiterKeys = 1 << 16

// A Limiter allows each key so many acts in any window of time, such as five
// guesses a minute for an account. It lives in memory: a restart forgets. It
// is safe for use by several goroutines.
type Limiter struct {
	n      int
	window time.Duration
	most   int // keys

	mu    sync.Mutex
	keys  map[string]*list.Element
	quiet *list.List // of *acts, the quietest first
}

// acts are the times of what one key was allowed, oldest first.
type acts struct {
	key string
	at  []time.Time
}

// NewLimiter makes a Limiter of n acts a window. n below one allows nothing.
func NewLimiter(n int, window time.Duration) *Limiter {
	return &Limiter{n: n, window: window, most: limiterKeys, keys: map[string]*list.Element{}, quiet: list.New()}
}

// Allow tells whether a key may act now, and if so counts it. What is refused
// is not counted: whoever waits is let in again. Now may be earlier than
// before, as when a clock is set back; nothing is then forgiven early.
func (l *Limiter) Allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	e, ok := l.keys[key]
	if !ok {
		e = l.quiet.PushBack(&acts{key: key})
		l.keys[key] = e
	}
	a := e.Value.(*acts)
	a.drop(now.Add(-l.window))
	if len(a.at) >= l.n {
		return false
	}
	a.at = append(a.at, now)
	l.quiet.MoveToBack(e)
	return true
}

// Wait tells how long until a key may act again; 0 when it may now. It is what
// a Retry-After header says.
func (l *Limiter) Wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.keys[key]
	if !ok {
		return 0
	}
	a := e.Value.(*acts)
	if a.drop(now.Add(-l.window)); len(a.at) < l.n || l.n < 1 {
		return 0
	}
	return a.at[0].Add(l.window).Sub(now)
}

// drop forgets the acts up to t.
func (a *acts) drop(t time.Time) {
	for len(a.at) > 0 && !a.at[0].After(t) {
		a.at = a.at[1:]
	}
}

// forget drops the keys that have been quiet for a window, and the quietest of
// too many.
func (l *Limiter) forget(now time.Time) {
	for e := l.quiet.Front(); e != nil; e = l.quiet.Front() {
		a := e.Value.(*acts)
		if a.drop(now.Add(-l.window)); len(a.at) > 0 && l.quiet.Len() <= l.most {
			return
		}
		l.quiet.Remove(e)
		delete(l.keys, a.key)
	}
}
