package crawler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"veilleur/internal/veille"
)

// Fetches that taught nothing but that nothing changed hurry nobody, and a
// transaction costs more than all they say: they are stored when so many are
// there, or so long after the first of them. What a crash loses of them is read
// again when its lease ends.
const (
	laterMost = 64
	laterWait = 3 * time.Second
)

// A later keeps fetches to be stored together.
type later struct {
	lg    *slog.Logger
	store Store

	mu      sync.Mutex
	list    []veille.Fetched
	timer   *time.Timer
	storing sync.WaitGroup
}

// put keeps a fetch for later. It returns at once.
func (l *later) put(f veille.Fetched) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, f)
	switch len(l.list) {
	case 1:
		l.timer = time.AfterFunc(laterWait, l.flush)
	case laterMost:
		l.send()
	}
}

// settle stores what is kept, and returns when all is stored.
func (l *later) settle() {
	l.flush()
	l.storing.Wait()
}

func (l *later) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.send()
}

// send gives all that is kept to the store at once, which makes one
// transaction of what comes together.
func (l *later) send() {
	if len(l.list) == 0 {
		return
	}
	l.timer.Stop()
	for _, f := range l.list {
		l.storing.Go(func() { l.end(f) })
	}
	l.list = nil
}

func (l *later) end(f veille.Fetched) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	switch _, err := l.store.PutFetch(ctx, f); {
	case errors.Is(err, veille.ErrConflict):
		l.lg.Warn("lease lost before it was stored", "source", f.SourceID)
	case err != nil:
		l.lg.Error("fetch not stored", "source", f.SourceID, "err", err)
	}
}
