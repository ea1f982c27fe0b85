package engine

import (
	"context"
	"fmt"
	"time"

	"veilleur/internal/veille"
)

// ProgressStore counts what was read.
type ProgressStore interface {
	CountEntries(ctx context.Context, scope []veille.BranchID) (int, error)
	CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
	StoriesOf(ctx context.Context, f veille.StoryFilter) ([]veille.Story, error)
}

// A Progress counts what has been read for a branch so far.
type Progress struct {
	Sources, Read, Failed      int // of Sources, those read well at least once, and those that failed
	Entries, Stories, Mentions int
	Done                       bool // each source was tried and each entry has gone all the way
}

// ProgressOf tells how far the reading of a branch's sources has come.
func ProgressOf(ctx context.Context, st ProgressStore, log Log, sources SourceReader, topics Topics, branch veille.BranchID) (Progress, error) {
	scope, err := topics.Scope(ctx, branch)
	if err != nil {
		return Progress{}, fmt.Errorf("engine: progress of %s: %w", branch, err)
	}
	var p Progress
	tried, err := p.countSources(ctx, sources, scope)
	if err != nil {
		return p, err
	}
	if p.Entries, err = st.CountEntries(ctx, scope); err != nil {
		return p, fmt.Errorf("engine: progress of %s: %w", branch, err)
	}
	stories, err := st.StoriesOf(ctx, veille.StoryFilter{Scope: scope})
	if err != nil {
		return p, fmt.Errorf("engine: progress of %s: %w", branch, err)
	}
	p.Stories = len(stories)
	if err := p.countMentions(ctx, st, topics, branch); err != nil {
		return p, err
	}
	waits, err := waiting(ctx, log)
	p.Done = err == nil && tried == p.Sources && !waits
	return p, err
}

// waiting tells whether an entry has yet to go all the way.
func waiting(ctx context.Context, log Log) (bool, error) {
	at, err := log.Cursor(ctx, "search")
	if err != nil {
		return false, fmt.Errorf("engine: cursor of search: %w", err)
	}
	next, err := log.EntriesAfter(ctx, at, 1)
	if err != nil {
		return false, fmt.Errorf("engine: entries after %d: %w", at, err)
	}
	return len(next) > 0, nil
}

func (p *Progress) countSources(ctx context.Context, r SourceReader, scope []veille.BranchID) (tried int, err error) {
	all, err := r.Sources(ctx, scope)
	if err != nil {
		return 0, fmt.Errorf("engine: sources: %w", err)
	}
	for _, s := range all {
		if s.State != veille.SourceActive {
			continue
		}
		p.Sources++
		if !s.Health.FetchedAt.IsZero() {
			tried++
		}
		switch {
		case s.Health.Problem != nil:
			p.Failed++
		case !s.Health.OKAt.IsZero():
			p.Read++
		}
	}
	return tried, nil
}

func (p *Progress) countMentions(ctx context.Context, st ProgressStore, r Topics, branch veille.BranchID) error {
	topics, err := r.Topics(ctx, []veille.BranchID{branch})
	if err != nil {
		return fmt.Errorf("engine: topics: %w", err)
	}
	for _, t := range topics {
		n, err := st.CountMentions(ctx, t.ID, time.Time{})
		if err != nil {
			return fmt.Errorf("engine: mentions of topic %s: %w", t.ID, err)
		}
		p.Mentions += n
	}
	return nil
}
