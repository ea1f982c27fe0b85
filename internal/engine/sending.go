package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veilleur/internal/job"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// sendTimeout bounds one send. It must stay well under the two minutes after
// which River ends the job's own context, and gives it to another worker.
const sendTimeout = 90 * time.Second

// Run looks for due posts every minute until ctx ends.
func (ps *Posts) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := ps.Due(ctx); err != nil && ctx.Err() == nil {
			ps.lg.Warn("due posts will be looked for again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// postArgs is the argument of a publish or remind job.
type postArgs struct {
	Post veille.PostID `json:"post"`
}

// Due moves each due post to publishing, with the job that sends it, or holds
// it when its hour is long past.
func (ps *Posts) Due(ctx context.Context) error {
	due, err := ps.store.DuePosts(ctx, ps.now())
	if err != nil {
		return fmt.Errorf("engine: due posts: %w", err)
	}
	var errs []error
	for _, p := range due {
		// A conflict is another process that moved it first.
		if err := ps.start(ctx, p); err != nil && !errors.Is(err, veille.ErrConflict) {
			errs = append(errs, fmt.Errorf("engine: due post %s: %w", p.ID, err))
		}
	}
	return errors.Join(errs...)
}

func (ps *Posts) start(ctx context.Context, p veille.Post) error {
	was, now := p, ps.now()
	switch publish.StepOf(p, now) {
	case publish.StepHold:
		if err := publish.Hold(&p, publish.LateReason(p), now); err != nil {
			return err
		}
		return ps.store.UpdatePost(ctx, p, was)
	case publish.StepStart:
		if err := publish.Move(&p, veille.PostPublishing, now); err != nil {
			return err
		}
		p.Attempts++
		return ps.store.UpdatePost(ctx, p, was, publishJob(p, "send", time.Time{}))
	}
	return nil
}

// publishJob is the job that takes a post one step further.
func publishJob(p veille.Post, step string, at time.Time) job.Job {
	return job.Job{Kind: job.KindPublish, Key: fmt.Sprintf("%s:%d:%s", p.ID, p.Attempts, step), Args: postArgs{p.ID}, At: at}
}

// Publish is the job that sends a post, at most once. It writes a witness
// before it sends: should the process die, the next attempt finds the witness
// and only reads back.
func (ps *Posts) Publish(ctx context.Context, a job.Attempt) error {
	args, err := argsOf[postArgs](a)
	if err != nil {
		return err
	}
	p, err := ps.store.Post(ctx, args.Post)
	if err != nil {
		return lasting(fmt.Errorf("engine: post to publish: %w", err))
	}
	step := publish.StepOf(p, ps.now())
	if step != publish.StepSend && step != publish.StepFind {
		return nil
	}
	ch, err := ps.store.Channel(ctx, p.ChannelID)
	if err != nil {
		return fmt.Errorf("engine: channel of post %s: %w", p.ID, err)
	}
	net, ok := ps.networks[ch.Network]
	if !ok {
		net = noNetwork{ch.Network}
	}
	if step == publish.StepFind {
		return ps.settle(ctx, p, publish.Reconcile(ctx, net, ch, p, ps.now()))
	}
	return ps.send(ctx, net, ch, p)
}

// noNetwork stands for a network this house does not know: it sends nothing
// and says so, and sees nothing, so that what was sent before stays unknown.
type noNetwork struct{ name veille.Network }

func (n noNetwork) problem() error {
	return veille.NewProblem(veille.ErrInvalid, veille.Say("post.network_unknown", "network", string(n.name)), nil)
}

func (n noNetwork) Publish(context.Context, veille.Channel, veille.Post, publish.Opener) (publish.Receipt, error) {
	return publish.Receipt{}, n.problem()
}

func (n noNetwork) Find(context.Context, veille.Channel, veille.Post) (publish.Receipt, bool, error) {
	return publish.Receipt{}, false, n.problem()
}

func (ps *Posts) send(ctx context.Context, net publish.Network, ch veille.Channel, p veille.Post) error {
	was := p
	if err := publish.Witness(&p, ps.now()); err != nil {
		return err
	}
	// Of two workers with one post, one writes the witness. The other conflicts,
	// sends nothing, and looks again once the first must have ended.
	if err := ps.store.UpdatePost(ctx, p, was); err != nil {
		return job.After(sendTimeout, fmt.Errorf("engine: witness of post %s: %w", p.ID, err))
	}
	bounded, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	out := publish.Send(bounded, net, ch, p, ps.media.Open)
	// What came of it is kept even when the process is asked to stop meanwhile.
	return ps.settle(context.WithoutCancel(ctx), p, out)
}

// settle writes what came of a send or of a reading back, with the job that
// comes next: another look, or a reminder to the person who publishes by hand.
func (ps *Posts) settle(ctx context.Context, p veille.Post, out publish.Outcome) error {
	was, now := p, ps.now()
	if err := out.Apply(&p, now); err != nil {
		return job.Permanent(fmt.Errorf("engine: outcome of post %s: %w", p.ID, err))
	}
	var jobs []job.Job
	switch {
	case out.Again > 0:
		at := now.Add(out.Again)
		jobs = append(jobs, publishJob(p, fmt.Sprintf("look-%d", at.Unix()), at))
	case publish.Waits(p):
		jobs = append(jobs, job.Job{Kind: job.KindRemind, Key: fmt.Sprintf("%s:%d", p.ID, p.Attempts), Args: postArgs{p.ID}})
	}
	err := ps.store.UpdatePost(ctx, p, was, jobs...)
	if errors.Is(err, veille.ErrConflict) && was.State == veille.PostPublishing {
		return ps.settleUnknown(ctx, was, out)
	}
	if err != nil {
		return fmt.Errorf("engine: outcome of post %s: %w", p.ID, err)
	}
	ps.lg.Info("post settled", "post", p.ID, "state", p.State)
	return nil
}

// settleUnknown writes the outcome of a send that another worker, which only
// looked, has meanwhile called unknown.
func (ps *Posts) settleUnknown(ctx context.Context, sent veille.Post, out publish.Outcome) error {
	p, err := ps.store.Post(ctx, sent.ID)
	if err != nil {
		return fmt.Errorf("engine: outcome of post %s: %w", sent.ID, err)
	}
	if p.State != veille.PostUnknown || !p.SentAt.Equal(sent.SentAt) {
		return nil // a person decided: her word stands
	}
	return ps.settle(ctx, p, out)
}
