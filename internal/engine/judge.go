package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/job"
	"veilleur/internal/notify"
	"veilleur/internal/veille"
)

// history is the furthest a judgement looks back.
const history = 26 * 7 * 24 * time.Hour

// judgeEvery is the clock of judgement: judging when an entry comes could
// never close an incident whose topic falls silent.
const judgeEvery = 30 * time.Second

// Evidence reads what a judge needs.
type Evidence interface {
	JudgedMentions(ctx context.Context, topic veille.TopicID, since time.Time) ([]veille.JudgedMention, error)
	LatestIncident(ctx context.Context, topic veille.TopicID) (veille.Incident, error)
	FalseAlarms(ctx context.Context, topic veille.TopicID) ([]veille.Incident, error)
	FirstPublished(ctx context.Context, scope []veille.BranchID) (time.Time, error)
}

// A Counter counts the mentions of a topic by entries published at or after
// since, which tells how much history a judgement of it needs.
type Counter interface {
	CountMentions(ctx context.Context, topic veille.TopicID, since time.Time) (int, error)
}

// A Memory is all a judge reads.
type Memory interface {
	Evidence
	Counter
}

// Incidents is the memory of incidents; what an incident causes in the world
// is written with it.
type Incidents interface {
	PutIncident(ctx context.Context, i veille.Incident, events []veille.IncidentEvent, ds []veille.Delivery, jobs ...job.Job) error
	Incident(ctx context.Context, id veille.IncidentID) (veille.Incident, error)
}

// A Judge turns mentions into incidents on a clock.
type Judge struct {
	lg        *slog.Logger
	topics    Topics
	evidence  Memory
	incidents Incidents
	notices   *Notices
	memo      *crisis.Memo
	wake      chan struct{}
	now       func() time.Time
}

// NewJudge makes a judge.
func NewJudge(lg *slog.Logger, topics Topics, evidence Memory, incidents Incidents, notices *Notices) *Judge {
	return &Judge{lg: lg, topics: topics, evidence: evidence, incidents: incidents, notices: notices, memo: crisis.NewMemo(),
		wake: make(chan struct{}, 1), now: time.Now}
}

// Wake asks Run to judge now, since something new came. It never waits.
func (j *Judge) Wake() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// rest is the least time between two judgements, so that a long reading, which
// wakes the judge at each step, is not spent on judging.
const rest = 5 * time.Second

// Run judges every topic each 30 seconds, and soon after it is woken, until ctx
// ends.
func (j *Judge) Run(ctx context.Context) error {
	tick := time.NewTicker(judgeEvery)
	defer tick.Stop()
	for {
		if _, err := j.JudgeAll(ctx, j.now()); err != nil && ctx.Err() == nil {
			j.lg.Warn("judgement will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(rest):
		}
		select {
		case <-ctx.Done():
			return nil
		case <-j.wake:
		case <-tick.C:
		}
	}
}

// A Judgement is what was found of one topic.
type Judgement struct {
	Topic    veille.Topic
	Verdict  crisis.Verdict
	Incident *veille.Incident // nil when nothing is open
}

// JudgeAll judges every topic as of now: the movements' first, since a crisis
// there weighs on its branches. A topic that cannot be judged does not stop
// the others; the errors are joined.
//
// For a topic whose last incident was opened or closed after now it only tells
// what was known then, and writes nothing: the past is not decided again.
func (j *Judge) JudgeAll(ctx context.Context, now time.Time) ([]Judgement, error) {
	topics, err := j.topics.Topics(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("engine: topics to judge: %w", err)
	}
	s := j.session()
	s.now = now
	var out []Judgement
	var errs []error
	for _, t := range movementsFirst(topics) {
		v, err := s.judgeTopic(ctx, t)
		if err != nil {
			errs = append(errs, fmt.Errorf("engine: judge topic %s: %w", t.ID, err))
			continue
		}
		out = append(out, v)
	}
	return out, errors.Join(errs...)
}

// movementsFirst gives the topics that are judged.
func movementsFirst(topics []veille.Topic) []veille.Topic {
	var first, rest []veille.Topic
	for _, t := range topics {
		switch t.Subject {
		case veille.SubjectMovement:
			first = append(first, t)
		case veille.SubjectBranch:
			rest = append(rest, t)
		}
	}
	return append(first, rest...)
}

// A session is one judgement of all topics at one time.
type session struct {
	judge     *Judge
	now       time.Time
	views     map[veille.BranchID]view
	movements []veille.Incident // live, of the movements judged so far
}

// A view is what one branch's topics have in common.
type view struct {
	scope []veille.BranchID
	since time.Time // when history begins: the oldest entry seen, at most 26 weeks back; zero when there is none
}

func (s *session) judgeTopic(ctx context.Context, t veille.Topic) (Judgement, error) {
	in, past, err := s.input(ctx, t)
	if err != nil {
		return Judgement{}, err
	}
	v := crisis.Judge(in, s.now)
	next, events := crisis.Apply(in.Previous, t, v, s.now)
	if next != nil && !past {
		err = s.judge.put(ctx, in.Previous, next, events, t, s.now)
		if errors.Is(err, veille.ErrConflict) {
			next, err = in.Previous, nil // a person moved it meanwhile: her word stands, the next judgement sees it
		}
		if err != nil {
			return Judgement{}, err
		}
	}
	if t.Subject == veille.SubjectMovement && next != nil && next.Live() {
		s.movements = append(s.movements, *next)
	}
	return Judgement{Topic: t, Verdict: v, Incident: next}, nil
}

// input gathers what a judgement needs. past tells that the topic's last
// incident has already gone further than the time judged.
func (s *session) input(ctx context.Context, t veille.Topic) (in crisis.Input, past bool, err error) {
	in = crisis.Input{Topic: t, Memo: s.judge.memo}
	b, err := s.view(ctx, t.BranchID)
	if err != nil {
		return in, false, err
	}
	if in.Since = b.since; in.Since.IsZero() {
		in.Since = t.CreatedAt
	}
	if in.Previous, past, err = s.previous(ctx, t.ID); err != nil {
		return in, past, err
	}
	alarms, err := s.judge.evidence.FalseAlarms(ctx, t.ID)
	if err != nil {
		return in, past, fmt.Errorf("false alarms: %w", err)
	}
	in.FalseAlarms = slices.DeleteFunc(alarms, func(i veille.Incident) bool { return i.ClosedAt.After(s.now) })
	if err := s.mentions(ctx, &in); err != nil {
		return in, past, fmt.Errorf("mentions: %w", err)
	}
	if t.Subject == veille.SubjectBranch {
		in.Parent = s.parent(b.scope)
	}
	return in, past, nil
}

// mentions reads no more of a topic's history than its judgement needs.
func (s *session) mentions(ctx context.Context, in *crisis.Input) error {
	from, to := crisis.Habit(s.now, in.Since)
	n, err := s.judge.evidence.CountMentions(ctx, in.Topic.ID, from)
	if err != nil {
		return err
	}
	after, err := s.judge.evidence.CountMentions(ctx, in.Topic.ID, to)
	if err != nil {
		return err
	}
	first := s.now.Add(-crisis.Reach(n-after, from, to))
	if in.Since.Before(first) {
		in.Since = first
	}
	in.Mentions, err = s.judge.evidence.JudgedMentions(ctx, in.Topic.ID, first)
	return err
}

// view reads once a session what the topics of a branch have in common.
func (s *session) view(ctx context.Context, id veille.BranchID) (view, error) {
	if v, ok := s.views[id]; ok {
		return v, nil
	}
	scope, err := s.judge.topics.Scope(ctx, id)
	if err != nil {
		return view{}, fmt.Errorf("scope: %w", err)
	}
	v := view{scope: scope}
	v.since, err = s.judge.evidence.FirstPublished(ctx, scope)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return view{}, fmt.Errorf("first entry: %w", err)
	}
	if oldest := s.now.Add(-history); err == nil && v.since.Before(oldest) {
		v.since = oldest
	}
	s.views[id] = v
	return v, nil
}

// previous is the last incident of a topic as it stood at the time judged: nil
// when there was none, and live when it was closed only since.
func (s *session) previous(ctx context.Context, id veille.TopicID) (prev *veille.Incident, past bool, err error) {
	i, err := s.judge.evidence.LatestIncident(ctx, id)
	switch {
	case errors.Is(err, veille.ErrNotFound):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("latest incident: %w", err)
	case i.OpenedAt.After(s.now):
		return nil, true, nil
	case i.ClosedAt.After(s.now):
		i.State, i.ClosedAt = veille.IncidentOpen, time.Time{}
		return &i, true, nil
	}
	return &i, false, nil
}

// parent is the gravest live incident of the movements among branches; nil
// when there is none.
func (s *session) parent(scope []veille.BranchID) *veille.Incident {
	var worst *veille.Incident
	for i := range s.movements {
		m := &s.movements[i]
		if slices.Contains(scope, m.BranchID) && (worst == nil || m.Score > worst.Score) {
			worst = m
		}
	}
	return worst
}

// put writes the incident with all it causes.
func (j *Judge) put(ctx context.Context, prev, next *veille.Incident, events []veille.IncidentEvent, t veille.Topic, now time.Time) error {
	d := notify.Decide(prev, next, events, now, notify.Config{})
	ds, jobs, err := j.notices.tell(ctx, d, next, t, now)
	if err != nil {
		return err
	}
	if err := j.incidents.PutIncident(ctx, *next, events, ds, jobs...); err != nil {
		return fmt.Errorf("put incident %s: %w", next.ID, err)
	}
	for _, e := range events {
		j.lg.Info("incident changed", "change", e.Kind, "incident", next.ID, "topic", t.ID, "level", next.Level, "score", next.Score)
	}
	return nil
}
