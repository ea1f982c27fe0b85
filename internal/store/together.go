package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

// mostTogether is how many fetches are stored in one transaction at most.
const mostTogether = 64

// together stores the fetches that end at the same time in one transaction,
// since a transaction costs more than what most fetches have to say. Whoever
// comes first stores for all who come while it works; nobody waits on purpose.
type together struct {
	mu      sync.Mutex
	waiting []*ended
	busy    bool
}

// An ended is one fetch on its way to the store.
type ended struct {
	f    veille.Fetched
	n    veille.PutCount
	err  error
	done chan struct{}
}

// put stores a fetch, alone or with others, and gives what became of it. It
// outlives ctx: what others wait for is not given up with one of them.
func (t *together) put(ctx context.Context, s *Store, f veille.Fetched) (veille.PutCount, error) {
	e := &ended{f: f, done: make(chan struct{})}
	t.mu.Lock()
	t.waiting = append(t.waiting, e)
	first := !t.busy
	t.busy = true
	t.mu.Unlock()
	if first {
		t.work(context.WithoutCancel(ctx), s)
	}
	<-e.done
	return e.n, e.err
}

// work stores what waits until nothing does.
func (t *together) work(ctx context.Context, s *Store) {
	for {
		t.mu.Lock()
		list := t.waiting[:min(len(t.waiting), mostTogether)]
		t.waiting = t.waiting[len(list):]
		t.busy = len(list) > 0
		t.mu.Unlock()
		if len(list) == 0 {
			return
		}
		s.putFetches(ctx, list)
		for _, e := range list {
			close(e.done)
		}
	}
}

// putFetches stores fetches in one transaction. One that is refused leaves the
// others be; when the database faults, each is tried alone, so that only those
// at fault are lost.
func (s *Store) putFetches(ctx context.Context, list []*ended) {
	err := s.write(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, e := range list {
			e.n, e.err = veille.PutCount{}, endFetch(ctx, tx, e.f)
			if e.err == nil {
				e.n, e.err = appendEntries(ctx, tx, e.f.Entries)
			} else if refused(e.err) {
				continue
			}
			if e.err != nil {
				return e.err
			}
		}
		return nil
	})
	switch {
	case err == nil:
	case len(list) == 1:
		list[0].n, list[0].err = veille.PutCount{}, err
	default:
		for i := range list {
			s.putFetches(ctx, list[i:i+1])
		}
	}
}

// refused tells that a fetch is not to be stored, before anything of it was.
func refused(err error) bool {
	return errors.Is(err, veille.ErrConflict) || errors.Is(err, sql.ErrNoRows)
}
