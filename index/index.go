// Package index finds entries by what they say. What it holds is derived from
// the store and can be rebuilt from it; texts stay in the store.
//
// An Index answers a parsed query within a scope, with filters, facets, day
// counts, folding of stories and order. The embedded one keeps words in bleve's
// scorch engine, on disk, and the small facts of each entry in index/columns,
// in memory. Words are those of index/text in the language of each entry, so
// that a search and a topic (index/match) find the same entries.
package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"veilleur/index/columns"
	"veilleur/index/query"
	"veilleur/index/text"
	"veilleur/internal/veille"
)

// ErrRebuild says that an index is missing or cannot be read: delete what is
// there, Create it again and put every entry back.
var ErrRebuild = errors.New("index must be rebuilt")

// An Index is where entries are found. All methods may be called at once.
type Index interface {
	// Put adds documents, or replaces those with the same id; when it returns
	// they are on disk and found. Any number; a thousand at once is fastest.
	// After a crash, Has tells what is inside.
	Put(ctx context.Context, docs []Document) error
	// Mark replaces the rows of entries that are inside and passes over the
	// others. A changed Lang needs Put: words are stemmed by it.
	Mark(ctx context.Context, rows []Row) error
	// Delete takes entries out; an unknown id is no error.
	Delete(ctx context.Context, ids []veille.EntryID) error
	// Search answers a request. It returns ErrInvalid when the query asks for
	// too much, and ErrRebuild when the index proves unreadable.
	Search(ctx context.Context, r Request) (Result, error)
	// Has tells of each id whether it is inside.
	Has(ids []veille.EntryID) []bool
	// Len is the number of entries inside.
	Len() int
	Close() error
}

type (
	// A Row is the small facts of one entry.
	Row = columns.Row
	// A Hit is one entry found, or the one that stands for its story.
	Hit = columns.Hit
	// Facets count what was found.
	Facets = columns.Facets
	// A Count is how many entries found have one key.
	Count = columns.Count
	// A Day is how many entries found were published on one day.
	Day = columns.Day
	// A Result is what a search finds.
	Result = columns.Answer
)

// A Document is an entry as an index takes it.
type Document struct {
	Row
	Title, Text, Author string

	// TitleTokens and TextTokens are the words of Title and Text, in any
	// language, when the caller has cut them already. Optional.
	TitleTokens, TextTokens []text.Token
}

// A Request is one search. Zero fields ask nothing.
type Request struct {
	Query   query.Query       // empty finds everything
	Scope   []veille.BranchID // whose entries; nil means every branch, empty none
	Topics  []veille.TopicID  // any of them; so for each list below
	Tiers   []veille.Tier
	Tones   []string // negative, neutral, positive
	Langs   []string // fr, en, "" for neither
	Sources []veille.SourceID
	After   time.Time // published at or after
	Before  time.Time // published before

	Sort    string // "recent", also ""; or "relevance"
	ByStory bool   // one hit a story
	Offset  int    // hits, or stories, to pass over
	Limit   int    // hits wanted; 0 means none, only counts
	Facets  bool
	Days    int            // days of histogram, After and Before aside; 0 means none
	LastDay time.Time      // an instant of the last of them; zero means now
	Zone    *time.Location // whose days, also in the query; nil means UTC
}

// ask gives what columns answer of a request.
func (r Request) ask(now time.Time) columns.Ask {
	if r.LastDay.IsZero() {
		r.LastDay = now
	}
	return columns.Ask{
		Scope: r.Scope, Topics: r.Topics, Tiers: r.Tiers, Tones: r.Tones, Langs: r.Langs, Sources: r.Sources,
		After: r.After, Before: r.Before, ByScore: r.byScore(), ByStory: r.ByStory, Offset: r.Offset, Limit: r.Limit,
		Facets: r.Facets, Days: r.Days, LastDay: r.LastDay, Zone: r.Zone,
	}
}

func (r Request) byScore() bool { return strings.HasPrefix(r.Sort, "relevan") }

// Open opens the index a spec names ("bleve:" and a folder), with the rows of
// the entries in the store; those that are not inside the index are left out
// until they are Put. It returns ErrRebuild when the index is missing (also
// ErrNotFound) or unreadable, ErrBusy when another process has it open, and
// ErrInvalid for a spec it does not know.
func Open(ctx context.Context, lg *slog.Logger, spec string, rows iter.Seq2[Row, error]) (Index, error) {
	dir, err := folder(spec)
	if err != nil {
		return nil, err
	}
	return openBleve(ctx, lg, dir, rows)
}

// Create makes the empty index a spec names. It returns ErrConflict when
// something is there already.
func Create(_ context.Context, lg *slog.Logger, spec string) (Index, error) {
	dir, err := folder(spec)
	if err != nil {
		return nil, err
	}
	return createBleve(lg, dir)
}

func folder(spec string) (string, error) {
	switch kind, at, _ := strings.Cut(spec, ":"); {
	case kind == "bleve" && at != "":
		return at, nil
	default:
		return "", fmt.Errorf("index: spec %q: want bleve:folder: %w", spec, veille.ErrInvalid)
	}
}
