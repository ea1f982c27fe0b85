package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/job"
	"veilleur/internal/notify"
	"veilleur/internal/veille"
)

// history is how far back a judgement looks.
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
	evidence  Evidence
	incidents Incidents
	notices   *Notices
	memo      *crisis.Memo
	wake      chan struct{}
	now       func() time.Time
}

// NewJudge makes a judge.
func NewJudge(lg *slog.Logger, topics Topics, evidence Evidence, incidents Incidents, notices *Notices) *Judge {
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

// Run judges every topic each 30 seconds, and when woken, until ctx ends.
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
func (j *Judge) JudgeAll(ctx context.Context, now time.Time) ([]Judgement, error) {
	topics, err := j.topics.Topics(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("engine: topics to judge: %w", err)
	}
	var out []Judgement
	var errs []error
	for _, t := range movementsFirst(topics) {
		v, err := j.judge(ctx, t, topics, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("engine: judge topic %s: %w", t.ID, err))
			continue
		}
		out = append(out, v)
	}
	return out, errors.Join(errs...)
}

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

func (j *Judge) judge(ctx context.Context, t veille.Topic, all []veille.Topic, now time.Time) (Judgement, error) {
	in, err := j.input(ctx, t, all, now)
	if err != nil {
		return Judgement{}, err
	}
	v := crisis.Judge(in, now)
	next, events := crisis.Apply(in.Previous, t, v, now)
	if next == nil {
		return Judgement{Topic: t, Verdict: v}, nil
	}
	err = j.put(ctx, in.Previous, next, events, t, now)
	if errors.Is(err, veille.ErrConflict) {
		// A person moved it meanwhile: her word stands, the next judgement sees it.
		return Judgement{Topic: t, Verdict: v, Incident: in.Previous}, nil
	}
	return Judgement{Topic: t, Verdict: v, Incident: next}, err
}

func (j *Judge) input(ctx context.Context, t veille.Topic, all []veille.Topic, now time.Time) (crisis.Input, error) {
	in := crisis.Input{Topic: t, Memo: j.memo}
	scope, err := j.topics.Scope(ctx, t.BranchID)
	if err != nil {
		return in, fmt.Errorf("scope: %w", err)
	}
	if in.Previous, err = j.latest(ctx, t.ID); err != nil {
		return in, err
	}
	if in.FalseAlarms, err = j.evidence.FalseAlarms(ctx, t.ID); err != nil {
		return in, fmt.Errorf("false alarms: %w", err)
	}
	if in.Since, err = j.since(ctx, scope, t, now); err != nil {
		return in, err
	}
	if in.Mentions, err = j.evidence.JudgedMentions(ctx, t.ID, now.Add(-history)); err != nil {
		return in, fmt.Errorf("mentions: %w", err)
	}
	in.Mentions = seenBy(in.Mentions, now)
	in.Parent, err = j.parent(ctx, t, all, scope)
	return in, err
}

// seenBy keeps what had been received at the moment judged, so that
// `veilleur judge --at` tells what was known then.
func seenBy(ms []veille.JudgedMention, now time.Time) []veille.JudgedMention {
	for i, m := range ms {
		if m.Entry.Seen.After(now) {
			return ms[:i]
		}
	}
	return ms
}

// since is when history begins: the oldest entry this topic could have been
// found in, at most 26 weeks back.
func (j *Judge) since(ctx context.Context, scope []veille.BranchID, t veille.Topic, now time.Time) (time.Time, error) {
	first, err := j.evidence.FirstPublished(ctx, scope)
	if errors.Is(err, veille.ErrNotFound) {
		return t.CreatedAt, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("first entry: %w", err)
	}
	if oldest := now.Add(-history); first.Before(oldest) {
		return oldest, nil
	}
	return first, nil
}

// latest is the last incident of a topic, live or closed; nil when it never
// had one.
func (j *Judge) latest(ctx context.Context, id veille.TopicID) (*veille.Incident, error) {
	i, err := j.evidence.LatestIncident(ctx, id)
	if errors.Is(err, veille.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("latest incident: %w", err)
	}
	return &i, nil
}

// parent is the gravest live incident of a movement this branch's topic
// belongs under; nil for a movement's own topic.
func (j *Judge) parent(ctx context.Context, t veille.Topic, all []veille.Topic, scope []veille.BranchID) (*veille.Incident, error) {
	if t.Subject != veille.SubjectBranch {
		return nil, nil
	}
	above := map[veille.BranchID]bool{}
	for _, b := range scope {
		above[b] = true
	}
	var worst *veille.Incident
	for _, m := range all {
		if m.Subject != veille.SubjectMovement || !above[m.BranchID] {
			continue
		}
		i, err := j.latest(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		if i != nil && i.Live() && (worst == nil || i.Score > worst.Score) {
			worst = i
		}
	}
	return worst, nil
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
		j.lg.Info("incident "+e.Kind, "incident", next.ID, "topic", t.ID, "level", next.Level, "score", next.Score)
	}
	return nil
}
