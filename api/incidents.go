package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

// incidents reads incidents.
type incidents interface {
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
	Incident(ctx context.Context, id veille.IncidentID) (veille.Incident, error)
	IncidentEvents(ctx context.Context, id veille.IncidentID) ([]veille.IncidentEvent, error)
}

// response is what people do about incidents; engine.Response is one.
type response interface {
	Acknowledge(ctx context.Context, id veille.IncidentID, by veille.UserID) error
	Resolve(ctx context.Context, id veille.IncidentID, by veille.UserID) error
	FalseAlarm(ctx context.Context, id veille.IncidentID, by veille.UserID, reason string) error
	Silence(ctx context.Context, id veille.IncidentID, by veille.UserID, d time.Duration, reason string) error
	Step(ctx context.Context, id veille.IncidentID, by veille.UserID, step string, done bool) error
}

type incidentsInput struct {
	Live  bool      `query:"live" doc:"Only open and acknowledged ones"`
	Since time.Time `query:"since" doc:"Opened, or closed, at or after"`
	Limit int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type reasonInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

type silenceInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Hours  int    `json:"hours" minimum:"1" maximum:"168"`
	}
}

type stepInput struct {
	ByID
	Step string `path:"step" maxLength:"100" doc:"Key of the step's sentence, as in the playbook"`
	Body struct {
		Done bool `json:"done"`
	}
}

// history is an incident with its lines and what to do about it.
type history struct {
	Incident veille.Incident        `json:"incident"`
	Events   []veille.IncidentEvent `json:"events"`
	Playbook plan                   `json:"playbook"`
}

// plan is the playbook of an incident, as far as it is done.
type plan struct {
	Kind    string            `json:"kind"`
	Name    veille.Sentence   `json:"name"`
	Steps   []planStep        `json:"steps"`
	Holding veille.Sentence   `json:"holding" doc:"The message that says: we know, and we come back"`
	Never   []veille.Sentence `json:"never"`
}

type planStep struct {
	Says  veille.Sentence `json:"says"`
	DueAt time.Time       `json:"due_at"`
	Done  bool            `json:"done"`
}

func (s *server) incidentRoutes(api huma.API) {
	get(s, api, "/incidents", "Incidents, newest first", func(ctx context.Context, in *incidentsInput) ([]veille.Incident, error) {
		return s.d.Incidents.Incidents(ctx, veille.IncidentFilter{Scope: callerOf(ctx).scope, Live: in.Live, Since: in.Since, Limit: in.Limit})
	})
	get(s, api, "/incidents/{id}", "One incident: its explained score, its history, its playbook", s.history)
	act(s, api, http.MethodPost, "/incidents/{id}/acknowledge", "Take care of an incident", func(ctx context.Context, in *ByID) error {
		return s.respond(ctx, in.ID, s.d.Response.Acknowledge)
	})
	act(s, api, http.MethodPost, "/incidents/{id}/resolve", "Close an incident as over", func(ctx context.Context, in *ByID) error {
		return s.respond(ctx, in.ID, s.d.Response.Resolve)
	})
	act(s, api, http.MethodPost, "/incidents/{id}/false-alarm", "Close an incident as none, with a reason", func(ctx context.Context, in *reasonInput) error {
		return s.respond(ctx, in.ID, func(ctx context.Context, id veille.IncidentID, by veille.UserID) error {
			return s.d.Response.FalseAlarm(ctx, id, by, in.Body.Reason)
		})
	})
	act(s, api, http.MethodPost, "/incidents/{id}/silence", "Mute an incident's notifications for a time", func(ctx context.Context, in *silenceInput) error {
		return s.respond(ctx, in.ID, func(ctx context.Context, id veille.IncidentID, by veille.UserID) error {
			return s.d.Response.Silence(ctx, id, by, time.Duration(in.Body.Hours)*time.Hour, in.Body.Reason)
		})
	})
	act(s, api, http.MethodPut, "/incidents/{id}/steps/{step}", "Tick or untick a step of the playbook", func(ctx context.Context, in *stepInput) error {
		return s.respond(ctx, in.ID, func(ctx context.Context, id veille.IncidentID, by veille.UserID) error {
			return s.d.Response.Step(ctx, id, by, in.Step, in.Body.Done)
		})
	})
}

// respond does something about an incident of the caller's own branch.
func (s *server) respond(ctx context.Context, id string, do func(context.Context, veille.IncidentID, veille.UserID) error) error {
	i, err := s.incident(ctx, id, own)
	if err != nil {
		return err
	}
	return do(ctx, i.ID, callerOf(ctx).user.ID)
}

func (s *server) history(ctx context.Context, in *ByID) (history, error) {
	i, err := s.incident(ctx, in.ID, mine)
	if err != nil {
		return history{}, err
	}
	events, err := s.d.Incidents.IncidentEvents(ctx, i.ID)
	if err != nil {
		return history{}, err
	}
	t, err := s.d.Topics.Topic(ctx, i.TopicID)
	if err != nil {
		return history{}, err
	}
	return history{i, events, planOf(playbook.For(i, t), i, events)}, nil
}

// planOf writes a playbook with its hours and what is ticked in events.
func planOf(p playbook.Playbook, i veille.Incident, events []veille.IncidentEvent) plan {
	done := map[string]bool{}
	for _, e := range events {
		switch e.Kind {
		case "step_done":
			done[e.Note] = true
		case "step_undone":
			done[e.Note] = false
		}
	}
	out := plan{Kind: p.Key, Name: p.Name, Holding: p.Holding, Never: p.Never}
	for _, st := range p.Steps {
		out.Steps = append(out.Steps, planStep{st.Says, i.OpenedAt.Add(st.Within), done[st.Says.Key]})
	}
	return out
}

func (s *server) incident(ctx context.Context, id string, may func(context.Context, veille.BranchID) error) (veille.Incident, error) {
	i, err := s.d.Incidents.Incident(ctx, veille.IncidentID(id))
	if err != nil {
		return i, err
	}
	return i, may(ctx, i.BranchID)
}
