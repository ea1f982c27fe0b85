package main

import (
	"cmp"
	"strconv"
	"time"

	"veilleur/index/lang"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

type evalStoriesCmd struct {
	evalFile `embed:""`
}

type storiedIn struct {
	ID        string `json:"id"`
	Published string `json:"published"` // none: the entry is grouped without time
	Source    string `json:"source"`
	Lang      string `json:"lang"` // none: found
	Title     string `json:"title"`
	Text      string `json:"text"`
}

type storiedOut struct {
	ID          string         `json:"id"`
	Story       veille.StoryID `json:"story"`
	DuplicateOf string         `json:"duplicate_of,omitempty"`
}

// Run tells the story of each entry, as the engine finds it when the entries
// come in that order.
func (e evalStoriesCmd) Run(w *world) error {
	n, reader, names := 0, engine.NewReader(), map[veille.EntryID]string{}
	return stream(w, e.evalFile, func(in storiedIn) (out storiedOut, err error) {
		n++
		src := veille.SourceID(in.Source)
		entry := veille.Entry{ID: veille.NewEntryID(src, cmp.Or(in.ID, strconv.Itoa(n))), SourceID: src, Title: in.Title, Text: in.Text}
		if entry.Published, err = publishedAt(in.Published); err != nil {
			return out, wrong("published: %v", err)
		}
		if entry.Reading.Lang = in.Lang; in.Lang == "" {
			entry.Reading.Lang, _ = lang.Detect(in.Title + ". " + in.Text)
		}
		r := reader.Place(entry, in.Source)
		names[entry.ID] = in.ID
		return storiedOut{in.ID, r.StoryID, names[r.DuplicateOf]}, nil
	})
}

func publishedAt(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return parseStamp(s)
}
