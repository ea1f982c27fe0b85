package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"veilleur/internal/veille"
)

// responder is what people decide about an incident.
type responder interface {
	Acknowledge(ctx context.Context, id veille.IncidentID, by veille.UserID) error
	Resolve(ctx context.Context, id veille.IncidentID, by veille.UserID) error
	FalseAlarm(ctx context.Context, id veille.IncidentID, by veille.UserID, reason string) error
}

// stepper is what people do while it lasts.
type stepper interface {
	Silence(ctx context.Context, id veille.IncidentID, by veille.UserID, d time.Duration, reason string) error
	Step(ctx context.Context, id veille.IncidentID, by veille.UserID, step string, done bool) error
}

// postHolder keeps back a post, or gives it its hour again.
type postHolder interface {
	Move(ctx context.Context, id veille.PostID, to veille.PostState) error
	Schedule(ctx context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error)
}

func (s *Server) incidentActs() {
	s.post("/crises/:id/en-charge", s.acknowledge)
	s.post("/crises/:id/resolue", s.resolve)
	s.post("/crises/:id/fausse-alerte", s.falseAlarm)
	s.post("/crises/:id/silence", s.silence)
	s.post("/crises/:id/etapes", s.tickStep)
	s.post("/crises/:id/publications", s.holdPost)
}

// ownIncident is the incident of the address, when it is her branch's to act
// on.
func (v *visit) ownIncident() (veille.Incident, error) {
	i, err := v.visibleIncident()
	if err == nil && i.BranchID != v.Branch.ID {
		return i, veille.NewProblem(veille.ErrDenied, veille.Say("incident.not_yours"), nil)
	}
	return i, err
}

func (s *Server) acknowledge(v *visit) error {
	i, err := v.ownIncident()
	if err != nil {
		return err
	}
	if err := s.deps.Crises.Response.Acknowledge(v.ctx(), i.ID, v.User.ID); err != nil {
		return err
	}
	return v.done(incidentPath(i.ID), veille.Say("incident.acknowledged"))
}

func (s *Server) resolve(v *visit) error {
	i, err := v.ownIncident()
	if err != nil {
		return err
	}
	if err := s.deps.Crises.Response.Resolve(v.ctx(), i.ID, v.User.ID); err != nil {
		return err
	}
	return v.done(incidentPath(i.ID), veille.Say("incident.resolved"))
}

func (s *Server) falseAlarm(v *visit) error {
	i, err := v.ownIncident()
	if err != nil {
		return err
	}
	form := incidentForm{Which: "false_alarm", Reason: v.value("reason")}
	if err := s.deps.Crises.Response.FalseAlarm(v.ctx(), i.ID, v.User.ID, form.Reason); err != nil {
		return v.refused(i, form, err)
	}
	return v.done(incidentPath(i.ID), veille.Say("incident.false_alarm_done"))
}

func (s *Server) silence(v *visit) error {
	i, err := v.ownIncident()
	if err != nil {
		return err
	}
	form := incidentForm{Which: "silence", Reason: v.value("silence_reason"), Hours: v.value("hours")}
	hours, err := strconv.Atoi(form.Hours)
	if err != nil || hours < 0 || hours > 1000 {
		hours = 0 // refused by what follows, in its words
	}
	if err := s.deps.Crises.Steps.Silence(v.ctx(), i.ID, v.User.ID, time.Duration(hours)*time.Hour, form.Reason); err != nil {
		return v.refused(i, form, err)
	}
	return v.done(incidentPath(i.ID), veille.Say("incident.silence_done", "until_at", rfc3339(v.Now.Add(time.Duration(hours)*time.Hour))))
}

// refused shows the page again with what she typed and what is wrong with it.
// Any other error is the answer itself.
func (v *visit) refused(i veille.Incident, form incidentForm, err error) error {
	form.Error = v.problem(err)
	if form.Error == "" || !errors.Is(err, veille.ErrInvalid) {
		return err
	}
	return v.showIncident(http.StatusBadRequest, i, form)
}

// tickStep ticks or unticks a step of the playbook, named by its key.
func (s *Server) tickStep(v *visit) error {
	i, err := v.ownIncident()
	if err != nil {
		return err
	}
	if err := s.deps.Crises.Steps.Step(v.ctx(), i.ID, v.User.ID, v.value("step"), v.value("done") == "yes"); err != nil {
		return err
	}
	return v.goTo(incidentPath(i.ID) + "#etapes")
}

// holdPost keeps back one of her branch's posts, or lets it go at its hour.
func (s *Server) holdPost(v *visit) error {
	i, err := v.visibleIncident()
	if err != nil {
		return err
	}
	posts, err := s.deps.Crises.Posts.Posts(v.ctx(), veille.PostFilter{
		Branch: v.Branch.ID, States: []veille.PostState{veille.PostScheduled, veille.PostHeld}})
	if err != nil {
		return fmt.Errorf("web: posts of %s: %w", v.Branch.ID, err)
	}
	at := slices.IndexFunc(posts, func(p veille.Post) bool { return p.ID == veille.PostID(v.value("post")) })
	if at < 0 {
		return veille.NewProblem(veille.ErrNotFound, veille.Say("incident.post_gone"), nil)
	}
	says, err := v.keepOrHold(posts[at], v.value("to"))
	if err != nil {
		return err
	}
	return v.done(incidentPath(i.ID)+"#publications", says)
}

// keepOrHold moves a post to where she wants it; asking for where it already
// is changes nothing.
func (v *visit) keepOrHold(p veille.Post, to string) (veille.Sentence, error) {
	hold := v.server.deps.Crises.Hold
	switch {
	case to == "hold" && p.State == veille.PostScheduled:
		return veille.Say("incident.post_held", "title", postName(p)), hold.Move(v.ctx(), p.ID, veille.PostHeld)
	case to == "keep" && p.State == veille.PostHeld:
		wall, zone := p.Wall, p.Zone
		if wall == "" {
			wall, zone = p.At.In(v.Zone).Format("2006-01-02T15:04"), v.Zone.String()
		}
		notice, err := hold.Schedule(v.ctx(), p.ID, wall, zone)
		if notice != nil {
			return *notice, err
		}
		return veille.Say("incident.post_kept", "title", postName(p)), err
	case to == "hold":
		return veille.Say("incident.post_held", "title", postName(p)), nil
	}
	return veille.Say("incident.post_kept", "title", postName(p)), nil
}
