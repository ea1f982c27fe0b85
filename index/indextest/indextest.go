// Package indextest is the suite every index.Index passes, and the made-up
// entries and queries it is asked with.
//
// It is for tests; it stores nothing and sends nothing. Names are invented.
package indextest

import (
	"context"
	"testing"

	"veilleur/index"
	"veilleur/index/query"
	"veilleur/internal/veille"

	"github.com/google/go-cmp/cmp"
)

// Create makes an empty index that is closed when the test ends.
type Create func(t *testing.T) index.Index

// Run runs the suite on the indexes create makes.
func Run(t *testing.T, create Create) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, ix index.Index)
	}{
		{"a document put again replaces the first", putAgain},
		{"a deleted document is not found", deleted},
		{"a mark changes the row and not the words", marked},
		{"Len and Has tell what is inside", inside},
		{"words, phrases and filters find what query.Matches says", language},
		{"random queries find what query.Matches says", random},
		{"a branch sees its scope only", scoped},
		{"filters and facets agree", faceted},
		{"days are those of the zone, also when the clocks change", dated},
		{"a story is one hit that tells how many more there are", folded},
		{"the newest or the most relevant come first", ordered},
		{"pages follow each other", paged},
		{"hostile queries are quick or refused", hostile},
		{"puts and searches may happen at once", together},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, create(t))
		})
	}
}

// put puts documents, failing the test on an error.
func put(t *testing.T, ix index.Index, docs ...index.Document) {
	t.Helper()
	if err := ix.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

// search asks, failing the test on an error.
func search(t *testing.T, ix index.Index, q string, r index.Request) index.Result {
	t.Helper()
	parsed, err := query.Parse(q)
	if err != nil {
		t.Fatalf("Parse(%q): %v", q, err)
	}
	r.Query = parsed
	res, err := ix.Search(t.Context(), r)
	if err != nil {
		t.Fatalf("Search(%s): %v", q, err)
	}
	return res
}

// found gives the ids of the hits of a query, newest first.
func found(t *testing.T, ix index.Index, q string) []veille.EntryID {
	t.Helper()
	return ids(search(t, ix, q, index.Request{Limit: 10_000}))
}

func ids(r index.Result) []veille.EntryID {
	out := make([]veille.EntryID, 0, len(r.Hits))
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// MatchDoc gives a document as query.Matches and index/match take it.
func MatchDoc(d index.Document) query.Doc {
	return query.Doc{
		Entry: veille.Entry{
			ID: d.ID, SourceID: d.SourceID, Title: d.Title, Text: d.Text, Author: d.Author, Published: d.Published,
			Reading: veille.Reading{Lang: d.Lang, Tone: d.Tone},
		},
		SourceName: d.Source, Tier: d.Tier,
	}
}

// ended gives a context that is over.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
