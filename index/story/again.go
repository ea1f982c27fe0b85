package story

import "veilleur/internal/veille"

// Forget drops stories from memory, with their entries, so that Restore can
// put them back otherwise: a person moved some.
func (g *Grouper) Forget(ids ...veille.StoryID) {
	for _, id := range ids {
		if s := g.stories[id]; s != nil {
			g.drop(s)
		}
	}
}
