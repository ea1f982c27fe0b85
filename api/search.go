package api

import (
	"context"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// finder searches the archive of a branch; engine.Finder is one.
type finder interface {
	Search(ctx context.Context, branch veille.BranchID, r engine.SearchRequest) (engine.Results, error)
}

// archive reads entries and stories.
type archive interface {
	Entry(ctx context.Context, id veille.EntryID) (veille.Entry, error)
	Source(ctx context.Context, id veille.SourceID) (veille.Source, error)
	Story(ctx context.Context, id veille.StoryID) (veille.Story, error)
	EntriesOfStory(ctx context.Context, id veille.StoryID) ([]veille.Entry, error)
}

// mornings gathers what a branch should see; engine.Mornings is one.
type mornings interface {
	Of(ctx context.Context, id veille.BranchID, now time.Time) (engine.Morning, error)
}

// morning is engine.Morning under the name it has here.
type morning engine.Morning

type searchInput struct {
	Query   string   `query:"q" maxLength:"10240" doc:"AND OR NOT, parentheses, phrases, prefix*, title: source: lang: tier: after: before:"`
	Topics  []string `query:"topic,explode" maxItems:"100" doc:"Ids of topics"`
	Tones   []string `query:"tone,explode" enum:"negative,neutral,positive" maxItems:"3"`
	Langs   []string `query:"lang,explode" enum:"fr,en" maxItems:"2"`
	Tiers   []int    `query:"tier,explode" minimum:"1" maximum:"4" maxItems:"4"`
	Sources []string `query:"source,explode" maxItems:"100" doc:"Ids of sources"`
	After   string   `query:"after" doc:"From this day on: 2026-11-24, in the zone of the branch"`
	Before  string   `query:"before" doc:"Before this day"`
	Sort    string   `query:"sort" enum:"recent,relevant" default:"recent"`
	ByStory bool     `query:"by_story" doc:"One hit a story"`
	Offset  int      `query:"offset" minimum:"0" maximum:"100000"`
	Limit   int      `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Days    int      `query:"days" minimum:"0" maximum:"400" doc:"Days of histogram"`
}

func (in *searchInput) request(zone *time.Location) (engine.SearchRequest, error) {
	r := engine.SearchRequest{Query: in.Query, Tones: in.Tones, Langs: in.Langs, Sort: in.Sort, ByStory: in.ByStory,
		Topics: named[veille.TopicID](in.Topics), Sources: named[veille.SourceID](in.Sources),
		Offset: in.Offset, Limit: in.Limit, Days: in.Days, Zone: zone}
	for _, t := range in.Tiers {
		r.Tiers = append(r.Tiers, veille.Tier(t))
	}
	var err error
	if r.After, err = day(in.After, zone); err != nil {
		return r, err
	}
	r.Before, err = day(in.Before, zone)
	return r, err
}

// named gives strings the type of their noun.
func named[ID ~string](list []string) []ID {
	var out []ID
	for _, s := range list {
		out = append(out, ID(s))
	}
	return out
}

// day reads a date; "" is no bound.
func day(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return t, veille.NewProblem(veille.ErrInvalid, veille.Say("api.date_wrong", "date", s), err)
	}
	return t, nil
}

// told is a story with its entries.
type told struct {
	Story   veille.Story   `json:"story"`
	Entries []veille.Entry `json:"entries"`
	Voices  []string       `json:"voices" doc:"Who speaks in each entry, in their order: an agency, a press group or a medium; empty for one that repeats another"`
}

func (s *server) searchRoutes(api huma.API) {
	get(s, api, "/search", "Search the archive", func(ctx context.Context, in *searchInput) (engine.Results, error) {
		zone, err := s.zone(ctx)
		if err != nil {
			return engine.Results{}, err
		}
		r, err := in.request(zone)
		if err != nil {
			return engine.Results{}, err
		}
		return s.d.Finder.Search(ctx, callerOf(ctx).branch, r)
	})
	get(s, api, "/entries/{id}", "One entry", func(ctx context.Context, in *ByID) (veille.Entry, error) {
		e, err := s.d.Archive.Entry(ctx, veille.EntryID(in.ID))
		if err != nil {
			return e, err
		}
		return e, s.visible(ctx, e)
	})
	get(s, api, "/stories/{id}", "One story and the entries that tell it", s.story)
}

// zone is the zone of the branch asked for, UTC when it has none.
func (s *server) zone(ctx context.Context) (*time.Location, error) {
	b, err := s.d.People.Branch(ctx, callerOf(ctx).branch)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(b.Zone)
	if err != nil {
		return time.UTC, nil
	}
	return zone, nil
}

func (s *server) story(ctx context.Context, in *ByID) (told, error) {
	st, err := s.d.Archive.Story(ctx, veille.StoryID(in.ID))
	if err != nil {
		return told{}, err
	}
	entries, err := s.d.Archive.EntriesOfStory(ctx, st.ID)
	if err != nil {
		return told{}, err
	}
	out, sources := told{Story: st}, map[veille.SourceID]veille.Source{}
	for _, e := range entries {
		switch src, err := s.sourceSeen(ctx, e); {
		case err == nil:
			out.Entries = append(out.Entries, e)
			sources[src.ID] = src
		case !errors.Is(err, veille.ErrNotFound): // else of a branch she does not see, or gone since
			return told{}, err
		}
	}
	if len(out.Entries) == 0 {
		return told{}, veille.ErrNotFound
	}
	out.Voices = veille.Voices(out.Entries, sources)
	return out, nil
}

// visible refuses an entry of a branch the caller does not see.
func (s *server) visible(ctx context.Context, e veille.Entry) error {
	_, err := s.sourceSeen(ctx, e)
	return err
}

// sourceSeen gives the source of an entry the caller may see.
func (s *server) sourceSeen(ctx context.Context, e veille.Entry) (veille.Source, error) {
	src, err := s.d.Archive.Source(ctx, e.SourceID)
	if err != nil {
		return src, err
	}
	return src, mine(ctx, src.BranchID)
}
