package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"veilleur/index/press"
	"veilleur/internal/veille"
)

// kinEvery is how often press groups that nobody named are looked for: what
// binds sources is weeks of repeated articles.
const kinEvery = time.Hour

// kindred finds which sources turn out to be of one press group, keeps what
// changed, and has sources say it. Stories told before are counted so when
// they grow, and whenever their page is read.
func (g *Group) kindred(ctx context.Context, sources map[veille.SourceID]veille.Source) error {
	if now := g.now(); !g.kinAt.IsZero() && now.Sub(g.kinAt) < kinEvery {
		return nil
	}
	repeats, err := g.stories.Repeats(ctx)
	if err != nil {
		return fmt.Errorf("engine: what sources repeat of each other: %w", err)
	}
	all := slices.SortedFunc(maps.Values(sources), func(a, b veille.Source) int { return a.CreatedAt.Compare(b.CreatedAt) })
	found, changed := press.Kin(all, repeats), map[veille.SourceID]string{}
	for _, s := range all {
		if s.Kin != found[s.ID] {
			changed[s.ID] = found[s.ID]
			s.Kin = found[s.ID]
			sources[s.ID] = s
		}
	}
	if err := g.stories.PutKin(ctx, changed); err != nil {
		return fmt.Errorf("engine: kin of %d sources: %w", len(changed), err)
	}
	g.kinAt = g.now()
	return nil
}
