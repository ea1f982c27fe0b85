package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"veilleur/api/webhook"
	"veilleur/internal/job"
	"veilleur/internal/notify"
	"veilleur/internal/veille"
)

// Webhooks is the memory of webhooks and of what they were sent.
type Webhooks interface {
	Webhooks(ctx context.Context, scope []veille.BranchID) ([]veille.Webhook, error)
	Webhook(ctx context.Context, id veille.WebhookID) (veille.Webhook, error)
	WebhookCalled(ctx context.Context, id veille.WebhookID, ok time.Time, problem *veille.Sentence, gone bool) error
	PutDeliveries(ctx context.Context, ds []veille.Delivery, jobs ...job.Job) error
	Delivery(ctx context.Context, id veille.DeliveryID) (veille.Delivery, error)
	UpdateDelivery(ctx context.Context, d veille.Delivery) error
}

// Branches reads branches.
type Branches interface {
	Branch(ctx context.Context, id veille.BranchID) (veille.Branch, error)
	Scope(ctx context.Context, id veille.BranchID) ([]veille.BranchID, error)
}

// Notices makes the messages webhooks are sent, and delivers them.
type Notices struct {
	lg       *slog.Logger
	webhooks Webhooks
	branches Branches
	entries  EntryReader
	client   *http.Client
	base     string // address of the dashboard, without the last slash
	say      func(locale string) func(veille.Sentence) string
	now      func() time.Time
}

// NewNotices makes Notices. client is the guarded one; base is the address of
// the dashboard, put in messages; say prints a sentence in a language.
func NewNotices(lg *slog.Logger, w Webhooks, b Branches, e EntryReader, client *http.Client, base string, say func(string) func(veille.Sentence) string) *Notices {
	return &Notices{lg: lg, webhooks: w, branches: b, entries: e, client: client, base: base, say: say, now: time.Now}
}

// tell makes the deliveries of what was decided of an incident, with their
// jobs; both are empty when nothing is told. It marks the incident as told.
func (n *Notices) tell(ctx context.Context, told notify.Decision, i *veille.Incident, t veille.Topic, now time.Time) ([]veille.Delivery, []job.Job, error) {
	if told.Event == "" {
		return nil, nil, nil
	}
	b, err := n.branches.Branch(ctx, i.BranchID)
	if err != nil {
		return nil, nil, fmt.Errorf("branch of incident %s: %w", i.ID, err)
	}
	scope, err := n.branches.Scope(ctx, i.BranchID)
	if err != nil {
		return nil, nil, fmt.Errorf("scope of incident %s: %w", i.ID, err)
	}
	hooks, err := n.webhooks.Webhooks(ctx, scope)
	if err != nil {
		return nil, nil, fmt.Errorf("webhooks of incident %s: %w", i.ID, err)
	}
	opts, err := n.options(ctx, told, i)
	if err != nil {
		return nil, nil, err
	}
	body, err := webhook.IncidentPayload(told.Event, *i, t, b, n.base+"/crises/"+string(i.ID), now, n.say(b.Locale), opts...)
	if err != nil {
		return nil, nil, err
	}
	told.Mark(i, now)
	ds, jobs := deliveries(hooks, i.ID, told.Event, body, now)
	return ds, jobs, nil
}

// options adds the articles behind the evidence, and says when a message only
// reminds.
func (n *Notices) options(ctx context.Context, told notify.Decision, i *veille.Incident) ([]webhook.Option, error) {
	var ids []veille.EntryID
	for _, s := range i.Signals {
		for _, e := range s.Evidence {
			ids = append(ids, e.EntryID)
		}
	}
	entries, err := n.entries.EntriesByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("articles of incident %s: %w", i.ID, err)
	}
	articles := make(map[veille.EntryID]webhook.Article, len(entries))
	for _, e := range entries {
		articles[e.ID] = webhook.Article{URL: e.URL, Title: e.Title}
	}
	opts := []webhook.Option{webhook.WithArticles(articles)}
	if told.Reason == notify.ReasonRepeat {
		opts = append(opts, webhook.AsRepeat())
	}
	return opts, nil
}

func deliveries(hooks []veille.Webhook, incident veille.IncidentID, event string, body []byte, now time.Time) ([]veille.Delivery, []job.Job) {
	var ds []veille.Delivery
	var jobs []job.Job
	for _, w := range hooks {
		if w.Disabled {
			continue
		}
		d := veille.Delivery{ID: veille.DeliveryID("msg_" + veille.NewID(now)), WebhookID: w.ID, IncidentID: incident,
			Event: event, Body: body, State: veille.DeliveryPending, NextAt: now, CreatedAt: now}
		ds = append(ds, d)
		jobs = append(jobs, deliverJob(d.ID))
	}
	return ds, jobs
}

// deliverArgs is the argument of a webhook job.
type deliverArgs struct {
	Delivery veille.DeliveryID `json:"delivery"`
}

func deliverJob(id veille.DeliveryID) job.Job {
	return job.Job{Kind: job.KindWebhook, Key: string(id), Args: deliverArgs{id}}
}

// eventTest is the type of a message that only tests a webhook.
const eventTest = "test"

// Test sends a test message to one webhook and gives its delivery.
func (n *Notices) Test(ctx context.Context, id veille.WebhookID) (veille.Delivery, error) {
	w, err := n.webhooks.Webhook(ctx, id)
	if err != nil {
		return veille.Delivery{}, fmt.Errorf("engine: test webhook: %w", err)
	}
	b, err := n.branches.Branch(ctx, w.BranchID)
	if err != nil {
		return veille.Delivery{}, fmt.Errorf("engine: test webhook %s: %w", id, err)
	}
	now := n.now()
	body, err := webhook.TestPayload(b, now)
	if err != nil {
		return veille.Delivery{}, err
	}
	w.Disabled = false
	ds, jobs := deliveries([]veille.Webhook{w}, "", eventTest, body, now)
	if err := n.webhooks.PutDeliveries(ctx, ds, jobs...); err != nil {
		return veille.Delivery{}, fmt.Errorf("engine: test webhook %s: %w", id, err)
	}
	return ds[0], nil
}

// Deliver is the job that sends one message once, and says when to try again.
// A webhook that was disabled meanwhile is not called, but by a test.
func (n *Notices) Deliver(ctx context.Context, a job.Attempt) error {
	args, err := argsOf[deliverArgs](a)
	if err != nil {
		return err
	}
	d, err := n.webhooks.Delivery(ctx, args.Delivery)
	if err != nil {
		return lasting(fmt.Errorf("engine: delivery: %w", err))
	}
	if d.State != veille.DeliveryPending {
		return nil
	}
	w, err := n.webhooks.Webhook(ctx, d.WebhookID)
	if err != nil {
		return lasting(fmt.Errorf("engine: webhook of delivery %s: %w", d.ID, err))
	}
	if w.Disabled && d.Event != eventTest {
		d.State, d.NextAt = veille.DeliveryGivenUp, time.Time{}
		return n.keep(ctx, d)
	}
	now := n.now()
	out := webhook.Send(ctx, n.client, w, d, now)
	if ctx.Err() != nil && !out.Delivered {
		return fmt.Errorf("engine: delivery %s was interrupted: %w", d.ID, ctx.Err())
	}
	wait := settle(&d, out, now)
	return errors.Join(n.heard(ctx, w.ID, out, now), n.keep(ctx, d), wait)
}

// heard keeps what a call taught of the webhook, even when the process is
// asked to stop meanwhile.
func (n *Notices) heard(ctx context.Context, id veille.WebhookID, out webhook.Outcome, now time.Time) error {
	ok := time.Time{}
	if out.Delivered {
		ok = now
	}
	if err := n.webhooks.WebhookCalled(context.WithoutCancel(ctx), id, ok, out.Problem, out.Gone); err != nil {
		return fmt.Errorf("engine: webhook %s: %w", id, err)
	}
	return nil
}

// keep stores how far a delivery has come; one deleted meanwhile with its
// webhook is no error.
func (n *Notices) keep(ctx context.Context, d veille.Delivery) error {
	err := n.webhooks.UpdateDelivery(context.WithoutCancel(ctx), d)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return fmt.Errorf("engine: delivery %s: %w", d.ID, err)
	}
	return nil
}

// settle writes an outcome on the delivery, and gives the job's next step.
func settle(d *veille.Delivery, out webhook.Outcome, now time.Time) error {
	d.Attempts++
	d.Status, d.NextAt = out.Status, time.Time{}
	if out.Delivered {
		d.State, d.DeliveredAt = veille.DeliveryDelivered, now
		return nil
	}
	wait, more := webhook.Delay(d.Attempts, rand.Float64())
	if !more || out.Gone {
		d.State = veille.DeliveryGivenUp
		return nil
	}
	wait = max(wait, out.RetryAfter)
	d.NextAt = now.Add(wait)
	return job.After(wait, fmt.Errorf("engine: webhook %s answered %d", d.WebhookID, out.Status))
}
