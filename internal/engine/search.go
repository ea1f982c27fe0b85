package engine

import (
	"context"
	"fmt"
	"iter"

	"veilleur/index"
	"veilleur/internal/veille"
)

// Rows reads what the index keeps in memory beside its text.
type Rows interface {
	// HeadsAfter is EntriesAfter without texts.
	HeadsAfter(ctx context.Context, seq int64, limit int) ([]veille.Entry, error)
	TopicsOfEntries(ctx context.Context, ids []veille.EntryID) (map[veille.EntryID][]veille.TopicID, error)
}

// Search is the stage that puts entries into the index.
type Search struct {
	index   index.Index
	rows    Rows
	sources SourceReader
}

// NewSearch makes the stage over an index.
func NewSearch(ix index.Index, rows Rows, sources SourceReader) *Search {
	return &Search{index: ix, rows: rows, sources: sources}
}

// Name is the name of its cursor.
func (s *Search) Name() string { return "search" }

// Take puts entries with their texts and rows.
func (s *Search) Take(ctx context.Context, entries []veille.Entry) error {
	rows, err := rowsOf(ctx, entries, s.rows, s.sources)
	if err != nil {
		return err
	}
	docs := make([]index.Document, len(entries))
	for i, e := range entries {
		docs[i] = index.Document{Row: rows[i], Title: e.Title, Text: e.Text, Author: e.Author}
	}
	if err := s.index.Put(ctx, docs); err != nil {
		return fmt.Errorf("put %d documents: %w", len(docs), err)
	}
	return nil
}

// Mark tells the index again the rows of entries whose topics or story
// changed.
func (s *Search) Mark(ctx context.Context, entries []veille.Entry) error {
	rows, err := rowsOf(ctx, entries, s.rows, s.sources)
	if err != nil {
		return err
	}
	if err := s.index.Mark(ctx, rows); err != nil {
		return fmt.Errorf("engine: mark %d rows: %w", len(rows), err)
	}
	return nil
}

// IndexRows yields the row of every entry, for index.Open.
func IndexRows(ctx context.Context, rows Rows, sources SourceReader) iter.Seq2[index.Row, error] {
	return func(yield func(index.Row, error) bool) {
		seq := int64(0)
		for {
			heads, err := rows.HeadsAfter(ctx, seq, 5000)
			if err != nil || len(heads) == 0 {
				if err != nil {
					yield(index.Row{}, fmt.Errorf("engine: heads after %d: %w", seq, err))
				}
				return
			}
			page, err := rowsOf(ctx, heads, rows, sources)
			if err != nil {
				yield(index.Row{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			seq = heads[len(heads)-1].Seq
		}
	}
}

func rowsOf(ctx context.Context, entries []veille.Entry, rows Rows, sources SourceReader) ([]index.Row, error) {
	byID, err := sourcesOf(ctx, sources, entries)
	if err != nil {
		return nil, err
	}
	ids := make([]veille.EntryID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	topics, err := rows.TopicsOfEntries(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("engine: topics of %d entries: %w", len(ids), err)
	}
	out := make([]index.Row, len(entries))
	for i, e := range entries {
		src := byID[e.SourceID]
		out[i] = index.Row{
			ID: e.ID, BranchID: src.BranchID, SourceID: e.SourceID, Source: src.Name(), Tier: src.Tier,
			Lang: e.Reading.Lang, Tone: e.Reading.Tone, StoryID: e.Reading.StoryID,
			DuplicateOf: e.Reading.DuplicateOf, Topics: topics[e.ID], Published: e.Published,
		}
	}
	return out, nil
}
