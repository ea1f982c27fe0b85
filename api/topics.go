package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// topics reads topics.
type topics interface {
	Topics(ctx context.Context, scope []veille.BranchID) ([]veille.Topic, error)
	Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error)
	CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
}

// watch keeps topics; engine.Watch is one.
type watch interface {
	Save(ctx context.Context, t veille.Topic) (veille.TopicID, error)
	Delete(ctx context.Context, id veille.TopicID) error
}

// mentionDays is how far back a topic is counted and tried, in days.
const mentionDays = 30

// topicWords is a topic as written by a program.
type topicWords struct {
	Name        string `json:"name" minLength:"1" maxLength:"200"`
	Query       string `json:"query" minLength:"1" maxLength:"10240"`
	Subject     string `json:"subject,omitempty" enum:"branch,movement,theme" default:"theme"`
	Sensitivity string `json:"sensitivity,omitempty" enum:"calm,normal,alert" default:"normal"`
}

type topicInput struct{ Body topicWords }

type topicChange struct {
	ByID
	Body topicWords
}

func (w topicWords) apply(t veille.Topic) veille.Topic {
	t.Name, t.Query = w.Name, w.Query
	t.Subject, t.Sensitivity = veille.Subject(w.Subject), veille.Sensitivity(w.Sensitivity)
	return t
}

// counted is a topic and how often it was mentioned lately.
type counted struct {
	veille.Topic
	Mentions int `json:"mentions" doc:"In the last 30 days"`
}

type previewInput struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"10240"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"5"`
}

// preview is what a query would find.
type preview struct {
	Query   string         `json:"query" doc:"As it is understood"`
	Explain []query.Line   `json:"explain" doc:"What it finds, in words"`
	Since   time.Time      `json:"since" doc:"How far back it looked"`
	Entries int            `json:"entries"`
	Found   []engine.Found `json:"found" doc:"The first ones, newest first"`
}

func (s *server) topicRoutes(api huma.API) {
	get(s, api, "/topics", "Topics of the branch, and of those above it", s.topicList)
	get(s, api, "/topics/preview", "What a query would find, before it is saved", s.preview)
	get(s, api, "/topics/{id}", "One topic", func(ctx context.Context, in *ByID) (counted, error) {
		t, err := s.topic(ctx, in.ID, mine)
		if err != nil {
			return counted{}, err
		}
		return s.counted(ctx, t)
	})
	create(s, api, "/topics", "Add a topic", func(ctx context.Context, in *topicInput) (veille.Topic, error) {
		return s.saveTopic(ctx, in.Body.apply(veille.Topic{BranchID: callerOf(ctx).branch}))
	})
	change(s, api, http.MethodPut, "/topics/{id}", "Change a topic", func(ctx context.Context, in *topicChange) (veille.Topic, error) {
		t, err := s.topic(ctx, in.ID, own)
		if err != nil {
			return t, err
		}
		return s.saveTopic(ctx, in.Body.apply(t))
	})
	act(s, api, http.MethodDelete, "/topics/{id}", "Forget a topic", func(ctx context.Context, in *ByID) error {
		t, err := s.topic(ctx, in.ID, own)
		if err != nil {
			return err
		}
		return s.d.Watch.Delete(ctx, t.ID)
	})
}

func (s *server) topicList(ctx context.Context, _ *none) ([]counted, error) {
	all, err := s.d.Topics.Topics(ctx, callerOf(ctx).scope)
	if err != nil {
		return nil, err
	}
	out := make([]counted, len(all))
	for i, t := range all {
		if out[i], err = s.counted(ctx, t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *server) counted(ctx context.Context, t veille.Topic) (counted, error) {
	n, err := s.d.Topics.CountMentions(ctx, t.ID, since(s.now(), mentionDays))
	return counted{t, n}, err
}

func (s *server) preview(ctx context.Context, in *previewInput) (preview, error) {
	out := preview{Since: since(s.now(), mentionDays).UTC()}
	res, err := s.d.Finder.Search(ctx, callerOf(ctx).branch, engine.SearchRequest{Query: in.Query, After: out.Since, Limit: in.Limit})
	if err != nil {
		return out, err
	}
	if !query.Positive(res.Query) {
		return out, veille.NewProblem(veille.ErrInvalid, veille.Say("topic.query_needed"), nil)
	}
	out.Query, out.Explain = res.Query.Format(callerOf(ctx).printer.Locale()), query.Explain(res.Query)
	out.Entries, out.Found = res.Entries, res.Found
	return out, nil
}

func (s *server) saveTopic(ctx context.Context, t veille.Topic) (veille.Topic, error) {
	id, err := s.d.Watch.Save(ctx, t)
	if err != nil {
		return t, err
	}
	return s.d.Topics.Topic(ctx, id)
}

func (s *server) topic(ctx context.Context, id string, may func(context.Context, veille.BranchID) error) (veille.Topic, error) {
	t, err := s.d.Topics.Topic(ctx, veille.TopicID(id))
	if err != nil {
		return t, err
	}
	return t, may(ctx, t.BranchID)
}
