package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"veilleur/internal/notify"
	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

// TopicReader reads one topic.
type TopicReader interface {
	Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error)
}

// A Response is what people do about incidents.
type Response struct {
	incidents Incidents
	topics    TopicReader
	notices   *Notices
	now       func() time.Time
}

// NewResponse makes a Response.
func NewResponse(incidents Incidents, topics TopicReader, notices *Notices) *Response {
	return &Response{incidents: incidents, topics: topics, notices: notices, now: time.Now}
}

// Acknowledge makes by the owner of the incident: "Je m'en occupe". Saying it
// twice changes nothing. It returns ErrConflict if the incident is closed.
func (r *Response) Acknowledge(ctx context.Context, id veille.IncidentID, by veille.UserID) error {
	return r.change(ctx, id, func(i *veille.Incident, _ veille.Topic, now time.Time) (veille.IncidentEvent, error) {
		if i.State == veille.IncidentAcknowledged && i.OwnerID == by {
			return veille.IncidentEvent{}, nil
		}
		i.State, i.OwnerID, i.AckedAt = veille.IncidentAcknowledged, by, now
		return veille.IncidentEvent{Kind: "acknowledged", By: by}, nil
	})
}

// Resolve closes the incident as over.
func (r *Response) Resolve(ctx context.Context, id veille.IncidentID, by veille.UserID) error {
	return r.change(ctx, id, func(i *veille.Incident, _ veille.Topic, now time.Time) (veille.IncidentEvent, error) {
		i.State, i.ClosedAt = veille.IncidentResolved, now
		return veille.IncidentEvent{Kind: "resolved", By: by}, nil
	})
}

// FalseAlarm closes the incident as none, with a reason, which is required:
// it is what tunes the judge later.
func (r *Response) FalseAlarm(ctx context.Context, id veille.IncidentID, by veille.UserID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("incident.reason_needed"), nil)
	}
	return r.change(ctx, id, func(i *veille.Incident, _ veille.Topic, now time.Time) (veille.IncidentEvent, error) {
		i.State, i.ClosedAt, i.CloseReason = veille.IncidentFalseAlarm, now, reason
		return veille.IncidentEvent{Kind: "false_alarm", By: by, Note: reason}, nil
	})
}

// Silence mutes the incident's notifications for a time of at most a week,
// with a reason. It never hides the incident.
func (r *Response) Silence(ctx context.Context, id veille.IncidentID, by veille.UserID, d time.Duration, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("incident.reason_needed"), nil)
	}
	if d <= 0 || d > 7*24*time.Hour {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("incident.silence_length"), nil)
	}
	return r.change(ctx, id, func(i *veille.Incident, _ veille.Topic, now time.Time) (veille.IncidentEvent, error) {
		i.SilencedUntil, i.SilenceReason = now.Add(d), reason
		return veille.IncidentEvent{Kind: "silenced", By: by, Note: reason}, nil
	})
}

// Step ticks or unticks one step of the incident's playbook, named by the key
// of its sentence. It returns ErrInvalid if the playbook has no such step.
func (r *Response) Step(ctx context.Context, id veille.IncidentID, by veille.UserID, step string, done bool) error {
	kind := "step_undone"
	if done {
		kind = "step_done"
	}
	return r.change(ctx, id, func(i *veille.Incident, t veille.Topic, _ time.Time) (veille.IncidentEvent, error) {
		steps := playbook.For(*i, t).Steps
		if !slices.ContainsFunc(steps, func(s playbook.Step) bool { return s.Says.Key == step }) {
			return veille.IncidentEvent{}, fmt.Errorf("engine: step %q of incident %s: %w", step, id, veille.ErrInvalid)
		}
		return veille.IncidentEvent{Kind: kind, By: by, Note: step}, nil
	})
}

// An edit makes one change to a live incident and gives its history line; one
// without a kind means that there is nothing to change.
type edit func(*veille.Incident, veille.Topic, time.Time) (veille.IncidentEvent, error)

// tries is how often a change is made again because the judge, who writes
// every live incident each 30 seconds, wrote between reading and writing.
const tries = 5

// change makes one change to a live incident, with its history line and the
// messages it causes, all in one transaction. It returns ErrConflict if the
// incident is closed.
func (r *Response) change(ctx context.Context, id veille.IncidentID, f edit) error {
	var err error
	for range tries {
		if err = r.try(ctx, id, f); !errors.Is(err, errMoved) {
			return err
		}
	}
	return err
}

// errMoved says that another wrote the incident since it was read.
var errMoved = fmt.Errorf("moved meanwhile: %w", veille.ErrConflict)

func (r *Response) try(ctx context.Context, id veille.IncidentID, f edit) error {
	i, err := r.incidents.Incident(ctx, id)
	if err != nil {
		return fmt.Errorf("engine: incident %s: %w", id, err)
	}
	if !i.Live() {
		return veille.NewProblem(veille.ErrConflict, veille.Say("incident.already_closed"), nil)
	}
	t, err := r.topics.Topic(ctx, i.TopicID)
	if err != nil {
		return fmt.Errorf("engine: topic of incident %s: %w", id, err)
	}
	before, now := i, r.now()
	e, err := f(&i, t, now)
	if err != nil || e.Kind == "" {
		return err
	}
	e.IncidentID, e.At, e.Level, e.Score = i.ID, now, i.Level, i.Score
	events := []veille.IncidentEvent{e}
	ds, jobs, err := r.notices.tell(ctx, notify.Decide(&before, &i, events, now, notify.Config{}), &i, t, now)
	if err != nil {
		return fmt.Errorf("engine: %s incident %s: %w", e.Kind, id, err)
	}
	err = r.incidents.PutIncident(ctx, i, events, ds, jobs...)
	if errors.Is(err, veille.ErrConflict) {
		return errors.Join(errMoved, err)
	}
	if err != nil {
		return fmt.Errorf("engine: %s incident %s: %w", e.Kind, id, err)
	}
	return nil
}
