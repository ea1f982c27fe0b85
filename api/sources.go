package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/crawler/page"
	"veilleur/internal/veille"
)

// sources is the memory of sources.
type sources interface {
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	Source(ctx context.Context, id veille.SourceID) (veille.Source, error)
	PutSource(ctx context.Context, s veille.Source) error
	DeleteSource(ctx context.Context, id veille.SourceID) error
}

// A sourceDesk makes sources.
type sourceDesk interface {
	// AddSource makes a source of any web address. When it is no feed and is
	// not to be watched, it gives ErrInvalid and the feeds found there.
	AddSource(ctx context.Context, b veille.Branch, w SourceWish) (veille.Source, []page.Link, error)
	// ImportOPML makes sources of a list, and tells how many.
	ImportOPML(ctx context.Context, b veille.BranchID, file []byte) (int, error)
}

type sourceInput struct{ Body SourceWish }

// A SourceWish is a source a program wants.
type SourceWish struct {
	Address   string            `json:"address" minLength:"1" maxLength:"2048" doc:"Any web address, or a name such as @ana@social.example or r/quebec"`
	Kind      veille.SourceKind `json:"kind,omitempty" enum:"feed,alert,comments,page" doc:"Absent: what the address is. page watches it; comments says that a feed is one of comments"`
	Watch     veille.Watch      `json:"watch,omitzero" doc:"Of a page: what of it makes entries, in CSS selectors. Absent: one entry each time its text changes"`
	Every     veille.Minutes    `json:"every,omitempty" minimum:"0" maximum:"10080" doc:"Shortest minutes between two readings; 0: by its kind. A page is read hourly at most"`
	Tier      veille.Tier       `json:"tier,omitempty" minimum:"0" maximum:"4"`
	ReadPages bool              `json:"read_pages,omitempty" doc:"Also read each article on its page"`
}

type sourceChange struct {
	ByID
	Body struct {
		Title     string `json:"title" minLength:"1" maxLength:"300"`
		Publisher string `json:"publisher,omitempty" maxLength:"200" doc:"The medium; empty: the title"`
		Group     string `json:"group,omitempty" maxLength:"200" doc:"Its press group: sources of one group are not independent"`
		Folder    string `json:"folder,omitempty" maxLength:"200"`
		Tier      int    `json:"tier,omitempty" minimum:"0" maximum:"4"`
		ReadPages bool   `json:"read_pages,omitempty"`
	}
}

type sourceState struct {
	ByID
	Body struct {
		State string `json:"state" enum:"active,paused"`
	}
}

// A judgedSource is a source with how it goes as of now.
type judgedSource struct {
	veille.Source
	Condition veille.ConditionName `json:"condition" enum:"broken,ended,mute,late,shaky,new,well,paused" doc:"How it goes: broken and ended ask for a person"`
	MuteSince time.Time            `json:"mute_since,omitzero" doc:"Since when nothing comes, against its own rhythm; absent when it is not mute"`
}

func judged(src veille.Source, now time.Time) judgedSource {
	j := judgedSource{Source: src}
	c := src.Condition(now)
	if j.Condition = c.Is; c.Is == veille.ConditionMute {
		j.MuteSince = c.Since
	}
	return j
}

func (s *server) sourceRoutes(api huma.API) {
	get(s, api, "/sources", "Sources and their health", func(ctx context.Context, _ *none) ([]judgedSource, error) {
		all, err := s.d.Sources.Sources(ctx, callerOf(ctx).scope)
		out := make([]judgedSource, len(all))
		for i, src := range all {
			out[i] = judged(src, s.now())
		}
		return out, err
	})
	get(s, api, "/sources/{id}", "One source", func(ctx context.Context, in *ByID) (judgedSource, error) {
		src, err := s.source(ctx, in.ID, mine)
		return judged(src, s.now()), err
	})
	create(s, api, "/sources", "Add a source", s.addSource)
	change(s, api, http.MethodPut, "/sources/{id}", "Change what is said of a source", s.changeSource)
	act(s, api, http.MethodPut, "/sources/{id}/state", "Pause or resume a source", func(ctx context.Context, in *sourceState) error {
		src, err := s.source(ctx, in.ID, own)
		if err != nil {
			return err
		}
		src.State = veille.SourceState(in.Body.State)
		return s.d.Sources.PutSource(ctx, src)
	})
	act(s, api, http.MethodDelete, "/sources/{id}", "Forget a source and its entries", func(ctx context.Context, in *ByID) error {
		src, err := s.source(ctx, in.ID, own)
		if err != nil {
			return err
		}
		return s.d.Sources.DeleteSource(ctx, src.ID)
	})
}

// addSource makes a source, or tells the feeds found at the address.
func (s *server) addSource(ctx context.Context, in *sourceInput) (veille.Source, error) {
	b, err := s.d.People.Branch(ctx, callerOf(ctx).branch)
	if err != nil {
		return veille.Source{}, err
	}
	src, found, err := s.d.Desk.AddSource(ctx, b, in.Body)
	if err != nil && len(found) > 0 {
		d := &detailed{error: err}
		for _, l := range found {
			d.more = append(d.more, &huma.ErrorDetail{Message: l.Title, Location: "body.address", Value: l.URL})
		}
		return src, d
	}
	return src, err
}

func (s *server) changeSource(ctx context.Context, in *sourceChange) (veille.Source, error) {
	src, err := s.source(ctx, in.ID, own)
	if err != nil {
		return src, err
	}
	w := in.Body
	if src.Title = line(w.Title); src.Title == "" {
		return src, invalid(ctx, "body.title", "api.name_needed")
	}
	src.Publisher, src.Group, src.Folder = line(w.Publisher), line(w.Group), line(w.Folder)
	src.Tier, src.ReadPages = veille.Tier(w.Tier), w.ReadPages
	return src, s.d.Sources.PutSource(ctx, src)
}

func (s *server) source(ctx context.Context, id string, may func(context.Context, veille.BranchID) error) (veille.Source, error) {
	src, err := s.d.Sources.Source(ctx, veille.SourceID(id))
	if err != nil {
		return src, err
	}
	return src, may(ctx, src.BranchID)
}
