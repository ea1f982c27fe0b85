package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"veilleur/internal/veille"
)

// batch is how many entries a stage takes at once: large enough that bleve
// works seven times cheaper than one by one, small enough to show progress.
const batch = 500

// A Log is the log of entries with a saved position for each stage, and the
// entries a stage has set aside.
type Log interface {
	EntriesAfter(ctx context.Context, seq int64, limit int) ([]veille.Entry, error)
	Cursor(ctx context.Context, name string) (int64, error)
	SetCursor(ctx context.Context, name string, seq int64) error
	Park(ctx context.Context, stage string, id veille.EntryID, reason string, now time.Time) error
	Parked(ctx context.Context) ([]veille.Parked, error)
}

// A Stage derives something from entries. Take may see an entry twice. An
// entry it cannot digest is refused with ErrInvalid and parked; any other
// error stops the stage where it is, to try again.
type Stage interface {
	Name() string
	Take(ctx context.Context, entries []veille.Entry) error
}

// A Pipeline moves entries through its stages, in their order: a stage never
// passes the one before it.
type Pipeline struct {
	lg     *slog.Logger
	log    Log
	stages []Stage
	wake   chan struct{}
	after  func() // told when entries have gone all the way; nil: nobody
	now    func() time.Time
}

// NewPipeline makes a pipeline of stages over a log.
func NewPipeline(lg *slog.Logger, log Log, stages ...Stage) *Pipeline {
	return &Pipeline{lg: lg, log: log, stages: stages, wake: make(chan struct{}, 1), now: time.Now}
}

// After has f called whenever Run has moved entries all the way.
func (p *Pipeline) After(f func()) { p.after = f }

// Wake asks Run to look at the log now. It never waits.
func (p *Pipeline) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run drains the log whenever woken and every two seconds, until ctx ends.
func (p *Pipeline) Run(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		n, err := p.advance(ctx, p.now(), nil)
		switch {
		case err != nil && ctx.Err() == nil:
			p.lg.Warn("pipeline stopped, will try again", "err", err)
		case n > 0 && p.after != nil:
			p.after()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		case <-tick.C:
		}
	}
}

// Drain moves every entry now in the log through every stage and tells how
// many entries the first stage took. progress, if any, is told after each
// batch.
func (p *Pipeline) Drain(ctx context.Context, progress func(stage string, seq int64)) (int, error) {
	return p.advance(ctx, time.Time{}, progress)
}

// advance is Drain, but for the entries still coming in at now, which are left
// for later; a zero now leaves none.
func (p *Pipeline) advance(ctx context.Context, now time.Time, progress func(stage string, seq int64)) (int, error) {
	limit, taken := int64(-1), 0
	for i, s := range p.stages {
		n, reached, err := p.drain(ctx, s, limit, now, progress)
		if err != nil {
			return taken, err
		}
		if i == 0 {
			taken = n
		}
		limit = reached
	}
	return taken, nil
}

// drain moves one stage up to the position limit; the first stage, whose limit
// is -1, goes burst by burst to the end of the log.
func (p *Pipeline) drain(ctx context.Context, s Stage, limit int64, now time.Time, progress func(string, int64)) (int, int64, error) {
	seq, err := p.log.Cursor(ctx, s.Name())
	if err != nil {
		return 0, 0, fmt.Errorf("engine: cursor of %s: %w", s.Name(), err)
	}
	n := 0
	for limit < 0 || seq < limit {
		entries, err := p.log.EntriesAfter(ctx, seq, batch)
		if err != nil {
			return n, seq, fmt.Errorf("engine: entries after %d for %s: %w", seq, s.Name(), err)
		}
		if limit < 0 {
			entries = burst(entries, now)
		} else {
			entries = upTo(entries, limit)
		}
		if len(entries) == 0 {
			break
		}
		if err := p.take(ctx, s, entries); err != nil {
			return n, seq, err
		}
		seq = entries[len(entries)-1].Seq
		if err := p.log.SetCursor(ctx, s.Name(), seq); err != nil {
			return n, seq, fmt.Errorf("engine: save cursor of %s: %w", s.Name(), err)
		}
		n += len(entries)
		if progress != nil {
			progress(s.Name(), seq)
		}
	}
	return n, seq, nil
}

func upTo(entries []veille.Entry, limit int64) []veille.Entry {
	for i, e := range entries {
		if e.Seq > limit {
			return entries[:i]
		}
	}
	return entries
}

// take gives a batch to a stage; when the stage refuses it, entry by entry, so
// that only the one that cannot be digested is parked.
func (p *Pipeline) take(ctx context.Context, s Stage, entries []veille.Entry) error {
	err := safely(ctx, s, entries)
	if err == nil || !errors.Is(err, veille.ErrInvalid) {
		return err
	}
	for _, e := range entries {
		err := safely(ctx, s, []veille.Entry{e})
		if err == nil {
			continue
		}
		if !errors.Is(err, veille.ErrInvalid) {
			return err
		}
		p.lg.Warn("entry parked", "stage", s.Name(), "entry", e.ID, "err", err)
		if err := p.log.Park(ctx, s.Name(), e.ID, err.Error(), p.now()); err != nil {
			return fmt.Errorf("engine: park %s of %s: %w", e.ID, s.Name(), err)
		}
	}
	return nil
}

// safely turns a panic of a stage into a refusal: one poisoned entry must not
// stop the house.
func safely(ctx context.Context, s Stage, entries []veille.Entry) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("engine: %s panicked on %d entries: %v: %w", s.Name(), len(entries), r, veille.ErrInvalid)
		}
	}()
	if err := s.Take(ctx, entries); err != nil {
		return fmt.Errorf("engine: %s: %w", s.Name(), err)
	}
	return nil
}
