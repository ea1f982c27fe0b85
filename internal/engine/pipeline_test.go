package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// logOf is a log of n entries with cursors in memory.
type logOf struct {
	n       int64
	cursors map[string]int64
	parked  []string
}

func newLog(n int64) *logOf { return &logOf{n: n, cursors: map[string]int64{}} }

func (l *logOf) EntriesAfter(_ context.Context, seq int64, limit int) ([]veille.Entry, error) {
	var out []veille.Entry
	for s := seq + 1; s <= l.n && len(out) < limit; s++ {
		out = append(out, veille.Entry{ID: veille.EntryID(fmt.Sprint("e", s)), Seq: s})
	}
	return out, nil
}
func (l *logOf) Cursor(_ context.Context, name string) (int64, error) { return l.cursors[name], nil }
func (l *logOf) SetCursor(_ context.Context, name string, seq int64) error {
	l.cursors[name] = seq
	return nil
}
func (l *logOf) Park(_ context.Context, stage string, id veille.EntryID, _ string, _ time.Time) error {
	l.parked = append(l.parked, stage+" "+string(id))
	return nil
}

func (l *logOf) Parked(context.Context) ([]veille.Parked, error) { return nil, nil }

// stageOf records what it takes and answers by take.
type stageOf struct {
	name string
	seen map[veille.EntryID]int
	take func([]veille.Entry) error
}

func (s *stageOf) Name() string { return s.name }
func (s *stageOf) Take(_ context.Context, entries []veille.Entry) error {
	if s.take != nil {
		if err := s.take(entries); err != nil {
			return err
		}
	}
	for _, e := range entries {
		s.seen[e.ID]++
	}
	return nil
}

func stage(name string, take func([]veille.Entry) error) *stageOf {
	return &stageOf{name: name, seen: map[veille.EntryID]int{}, take: take}
}

func TestEveryStageSeesEveryEntryOnce(t *testing.T) {
	t.Parallel()
	log, a, b := newLog(1203), stage("a", nil), stage("b", nil)
	p := NewPipeline(quiet(), log, a, b)
	for range 2 {
		if _, err := p.Drain(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []*stageOf{a, b} {
		if len(s.seen) != 1203 {
			t.Errorf("%s saw %d entries", s.name, len(s.seen))
		}
		for id, n := range s.seen {
			if n != 1 {
				t.Errorf("%s saw %s %d times", s.name, id, n)
			}
		}
	}
}

func TestAStageNeverPassesTheOneBefore(t *testing.T) {
	t.Parallel()
	log := newLog(700)
	broken := errors.New("disk gone")
	a := stage("a", func(es []veille.Entry) error {
		if es[len(es)-1].Seq > 500 {
			return broken
		}
		return nil
	})
	b := stage("b", nil)
	p := NewPipeline(quiet(), log, a, b)
	if _, err := p.Drain(t.Context(), nil); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if got := log.cursors; got["a"] != 500 || got["b"] > got["a"] {
		t.Errorf("cursors %v", got)
	}
	a.take = nil
	if _, err := p.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"a": 700, "b": 700}, log.cursors); diff != "" {
		t.Error(diff)
	}
}

func TestAnEntryThatCannotBeDigestedIsParkedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]func() error{
		"refused":  func() error { return fmt.Errorf("no: %w", veille.ErrInvalid) },
		"panicked": func() error { panic("index out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			log := newLog(10)
			s := stage("a", func(es []veille.Entry) error {
				for _, e := range es {
					if e.Seq == 4 {
						return bad()
					}
				}
				return nil
			})
			if _, err := NewPipeline(quiet(), log, s).Drain(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"a e4"}, log.parked); diff != "" {
				t.Error(diff)
			}
			if len(s.seen) != 9 || log.cursors["a"] != 10 {
				t.Errorf("saw %d, cursor %d", len(s.seen), log.cursors["a"])
			}
		})
	}
}

func TestAPassingFaultParksNothing(t *testing.T) {
	t.Parallel()
	log := newLog(3)
	s := stage("a", func([]veille.Entry) error { return fmt.Errorf("locked: %w", veille.ErrBusy) })
	if _, err := NewPipeline(quiet(), log, s).Drain(t.Context(), nil); !errors.Is(err, veille.ErrBusy) {
		t.Fatalf("got %v", err)
	}
	if len(log.parked) > 0 || log.cursors["a"] != 0 {
		t.Errorf("parked %v, cursor %d", log.parked, log.cursors["a"])
	}
}
