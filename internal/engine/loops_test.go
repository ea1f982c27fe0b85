package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"veilleur/internal/veille"
)

// Each loop does its work at its pace, goes on after a fault, and ends with its
// context.
func TestLoops(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		loop func(asked *atomic.Int64) func(context.Context) error
		run  time.Duration
		want int
	}{
		"due posts, each minute": {func(asked *atomic.Int64) func(context.Context) error {
			return NewPosts(quiet(), brokenPosts{asked: asked}, nil, nil).Run
		}, 2*time.Minute + time.Second, 3},
		"digests, each minute": {func(asked *atomic.Int64) func(context.Context) error {
			return NewDigests(quiet(), brokenUsers{asked: asked}, nil, nil, &fakeMailer{}, "", [32]byte{}).Run
		}, 2*time.Minute + time.Second, 3},
		"no digest without mail": {func(asked *atomic.Int64) func(context.Context) error {
			return NewDigests(quiet(), brokenUsers{asked: asked}, nil, nil, &fakeMailer{absent: true}, "", [32]byte{}).Run
		}, 2*time.Minute + time.Second, 0},
		"ideas, soon and then less often": {func(asked *atomic.Int64) func(context.Context) error {
			return NewIdeas(quiet(), nil, nil, nil, nil, brokenBranches{asked}).Run
		}, 36 * time.Second, 3},
		"the pipeline, each two seconds": {func(asked *atomic.Int64) func(context.Context) error {
			log := newLog(1)
			s := stage("a", func([]veille.Entry) error { asked.Add(1); return errGone })
			return NewPipeline(quiet(), log, s).Run
		}, 5 * time.Second, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int64
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				loop := c.loop(&asked)
				go func() { done <- loop(ctx) }()
				time.Sleep(c.run)
				synctest.Wait()
				if n := int(asked.Load()); n != c.want {
					t.Errorf("asked %d times, want %d", n, c.want)
				}
				stop()
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

type brokenPosts struct {
	PostStore
	asked *atomic.Int64
}

func (b brokenPosts) DuePosts(context.Context, time.Time) ([]veille.Post, error) {
	b.asked.Add(1)
	return nil, errGone
}

type brokenUsers struct {
	DigestStore
	asked *atomic.Int64
}

func (b brokenUsers) Users(context.Context, veille.BranchID) ([]veille.User, error) {
	b.asked.Add(1)
	return nil, errGone
}

type brokenBranches struct{ asked *atomic.Int64 }

func (b brokenBranches) Branches(context.Context) ([]veille.Branch, error) {
	b.asked.Add(1)
	return nil, errGone
}

func TestThePipelineTellsWhenEntriesHaveGoneAllTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int64
		log := newLog(3)
		p := NewPipeline(quiet(), log, stage("a", nil), stage("b", nil))
		p.After(func() { told.Add(1) })
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx) }()
		synctest.Wait()
		first := told.Load()
		log.n = 5
		p.Wake()
		p.Wake() // never waits
		synctest.Wait()
		if first != 1 || told.Load() != 2 || log.cursors["b"] != 5 {
			t.Errorf("told %d then %d times, cursors %v", first, told.Load(), log.cursors)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if told.Load() != 2 {
			t.Errorf("told %d times though nothing came", told.Load())
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
