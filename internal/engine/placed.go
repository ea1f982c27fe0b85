package engine

import (
	"context"
	"fmt"
	"slices"

	"veilleur/index/story"
	"veilleur/internal/veille"
)

// placed gives entries that are new to grouping the story where people put
// them: in a rebuild, what they decided goes before what is alike.
func (g *Group) placed(ctx context.Context, entries []veille.Entry) ([]veille.Entry, error) {
	ids := make([]veille.EntryID, 0, len(entries))
	for _, e := range entries {
		if e.Reading.StoryID == "" {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return entries, nil
	}
	at, err := g.stories.Placed(ctx, ids)
	if err != nil || len(at) == 0 {
		return entries, err
	}
	entries = slices.Clone(entries)
	for i := range entries {
		if p, ok := at[entries[i].ID]; ok && entries[i].Reading.StoryID == "" {
			entries[i].Reading.StoryID, entries[i].Reading.DuplicateOf = p.Now, p.DuplicateOf
		}
	}
	return entries, nil
}

// regroup reads two stories again after entries went from one to the other:
// in memory, and in their counts. It gives the entries of both as they now
// are. The caller holds the stage.
func (g *Group) regroup(ctx context.Context, ids ...veille.StoryID) ([]veille.Entry, error) {
	sources, err := sourcesByID(ctx, g.sources)
	if err != nil {
		return nil, err
	}
	g.reader.Forget(ids...)
	var all []veille.Entry
	touched := map[veille.StoryID]bool{}
	for _, id := range ids {
		entries, err := g.stories.EntriesOfStory(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("engine: entries of story %s: %w", id, err)
		}
		for _, e := range entries {
			if touched[e.Reading.StoryID] = true; g.now().Sub(e.Seen) <= window {
				g.reader.Restore(e, sources[e.SourceID].Press())
			}
		}
		all = append(all, entries...)
	}
	return all, g.count(ctx, touched, sources)
}

// Why tells what each entry of one story shares with the others, in the words
// of the grouper that put them together.
func (g *Group) Why(entries []veille.Entry) map[veille.EntryID][]story.Shared {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.reader.Why(entries)
}
