package web

import (
	"context"
	"slices"

	"veilleur/index/story"
	"veilleur/internal/veille"
)

// Merge, TakeOut and Undo move the entries of the archive and keep a log, as
// engine.Sorter does.
func (f *fakeNews) Merge(_ context.Context, by veille.User, from, into veille.StoryID) (veille.StoryChange, error) {
	c := veille.StoryChange{ID: "m1", By: by.ID, From: from, FromTitle: "De", Into: into, IntoTitle: "Vers", Whole: true, At: morning}
	for i := range f.entries {
		if f.entries[i].Reading.StoryID == from {
			c.Placed = append(c.Placed, veille.Placement{EntryID: f.entries[i].ID, Was: from, Now: into})
			f.entries[i].Reading.StoryID = into
		}
	}
	f.aliases[from] = into
	f.changes = append([]veille.StoryChange{c}, f.changes...)
	return c, nil
}

func (f *fakeNews) TakeOut(_ context.Context, by veille.User, from veille.StoryID, ids []veille.EntryID, into veille.StoryID) (veille.StoryChange, error) {
	c := veille.StoryChange{ID: "m2", By: by.ID, From: from, Into: into, At: morning}
	if into == "" {
		c.Into = "own"
		f.stories = append(f.stories, veille.Story{ID: "own"})
	}
	for i := range f.entries {
		if slices.Contains(ids, f.entries[i].ID) {
			c.Placed = append(c.Placed, veille.Placement{EntryID: f.entries[i].ID, Was: from, Now: c.Into})
			f.entries[i].Reading.StoryID = c.Into
		}
	}
	if len(ids) == 0 {
		return c, veille.NewProblem(veille.ErrInvalid, veille.Say("story.take_none"), nil)
	}
	f.changes = append([]veille.StoryChange{c}, f.changes...)
	return c, nil
}

func (f *fakeNews) Undo(_ context.Context, by veille.User, id veille.StoryChangeID) (veille.StoryChange, error) {
	for i := range f.changes {
		c := &f.changes[i]
		if c.ID != id {
			continue
		}
		c.UndoneAt, c.UndoneBy = morning, by.ID
		for k := range f.entries {
			if slices.Contains(c.Moved(), f.entries[k].ID) {
				f.entries[k].Reading.StoryID = c.From
			}
		}
		delete(f.aliases, c.From)
		return *c, nil
	}
	return veille.StoryChange{}, veille.ErrNotFound
}

func (f *fakeNews) StoryChanges(_ context.Context, id veille.StoryID) ([]veille.StoryChange, error) {
	var out []veille.StoryChange
	for _, c := range f.changes {
		if c.From == id || c.Into == id {
			out = append(out, c)
		}
	}
	return out, nil
}

// Why is what a grouper that has read nothing else says.
func (f *fakeNews) Why(entries []veille.Entry) map[veille.EntryID][]story.Shared {
	docs := make([]story.Doc, len(entries))
	for i, e := range entries {
		docs[i] = story.Doc{ID: e.ID, Lang: e.Reading.Lang, Title: e.Title, Text: e.Text, Published: e.Published}
	}
	return story.New(story.Config{}).Why(docs)
}
