package engine

import (
	"context"
	"errors"
	"fmt"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// Outlook says what would become of a topic's score if nothing new were
// published. It writes nothing.
func (j *Judge) Outlook(ctx context.Context, t veille.Topic) (crisis.Outlook, error) {
	s := j.session()
	if err := s.above(ctx, t.BranchID); err != nil {
		return crisis.Outlook{}, fmt.Errorf("engine: outlook of topic %s: %w", t.ID, err)
	}
	in, _, err := s.input(ctx, t)
	if err != nil {
		return crisis.Outlook{}, fmt.Errorf("engine: outlook of topic %s: %w", t.ID, err)
	}
	return crisis.Foresee(in, s.now), nil
}

// Rehearse says what a topic would have raised over its stored history, half a
// year at most, at each sensitivity. It writes nothing.
func (j *Judge) Rehearse(ctx context.Context, t veille.Topic) ([]crisis.Rehearsal, error) {
	s := j.session()
	in, _, err := s.input(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("engine: rehearse topic %s: %w", t.ID, err)
	}
	return crisis.Rehearse(in, s.now), nil
}

func (j *Judge) session() *session {
	return &session{judge: j, now: j.now(), views: map[veille.BranchID]view{}}
}

// above finds the live incidents of the movements a branch belongs to.
func (s *session) above(ctx context.Context, branch veille.BranchID) error {
	v, err := s.view(ctx, branch)
	if err != nil {
		return err
	}
	topics, err := s.judge.topics.Topics(ctx, v.scope)
	if err != nil {
		return err
	}
	for _, t := range topics {
		if t.Subject != veille.SubjectMovement {
			continue
		}
		i, err := s.judge.evidence.LatestIncident(ctx, t.ID)
		if err != nil && !errors.Is(err, veille.ErrNotFound) {
			return err
		}
		if err == nil && i.Live() {
			s.movements = append(s.movements, i)
		}
	}
	return nil
}
