package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"veilleur/api/webhook"
	"veilleur/internal/veille"
)

// webhooks is the memory of webhooks and of what they were sent.
type webhooks interface {
	Webhooks(ctx context.Context, scope []veille.BranchID) ([]veille.Webhook, error)
	Webhook(ctx context.Context, id veille.WebhookID) (veille.Webhook, error)
	PutWebhook(ctx context.Context, w veille.Webhook) error
	DeleteWebhook(ctx context.Context, id veille.WebhookID) error
	Deliveries(ctx context.Context, id veille.WebhookID, limit int) ([]veille.Delivery, error)
}

// notices sends a test message; engine.Notices is one.
type notices interface {
	Test(ctx context.Context, id veille.WebhookID) (veille.Delivery, error)
}

type webhookInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
		URL  string `json:"url" minLength:"1" maxLength:"2048"`
	}
}

type webhookState struct {
	ByID
	Body struct {
		Disabled bool `json:"disabled"`
	}
}

type deliveriesInput struct {
	ByID
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// born is a new webhook with its secret, told this once.
type born struct {
	Webhook veille.Webhook `json:"webhook"`
	Secret  string         `json:"secret" doc:"Verifies the messages (Standard Webhooks). Told once: keep it"`
}

func (s *server) webhookRoutes(api huma.API) {
	get(s, api, "/webhooks", "Webhooks", func(ctx context.Context, _ *none) ([]veille.Webhook, error) {
		return s.d.Webhooks.Webhooks(ctx, []veille.BranchID{callerOf(ctx).branch})
	})
	create(s, api, "/webhooks", "Add a webhook", s.addWebhook)
	change(s, api, http.MethodPut, "/webhooks/{id}/state", "Turn a webhook on or off", s.switchWebhook)
	get(s, api, "/webhooks/{id}/deliveries", "The last messages of a webhook", func(ctx context.Context, in *deliveriesInput) ([]veille.Delivery, error) {
		w, err := s.ownWebhook(ctx, in.ID, nil)
		if err != nil {
			return nil, err
		}
		return s.d.Webhooks.Deliveries(ctx, w.ID, in.Limit)
	})
	create(s, api, "/webhooks/{id}/test", "Send a test message", func(ctx context.Context, in *ByID) (veille.Delivery, error) {
		w, err := s.ownWebhook(ctx, in.ID, lead)
		if err != nil {
			return veille.Delivery{}, err
		}
		return s.d.Notices.Test(ctx, w.ID)
	})
	act(s, api, http.MethodDelete, "/webhooks/{id}", "Forget a webhook and its messages", func(ctx context.Context, in *ByID) error {
		w, err := s.ownWebhook(ctx, in.ID, lead)
		if err != nil {
			return err
		}
		return s.d.Webhooks.DeleteWebhook(ctx, w.ID)
	})
}

func (s *server) addWebhook(ctx context.Context, in *webhookInput) (born, error) {
	if err := lead(ctx); err != nil {
		return born{}, err
	}
	now := s.now().UTC()
	w := veille.Webhook{ID: veille.WebhookID(veille.NewID(now)), BranchID: callerOf(ctx).branch, Name: line(in.Body.Name),
		URL: in.Body.URL, Secret: webhook.NewSecret(), CreatedAt: now}
	switch {
	case w.Name == "":
		return born{}, invalid(ctx, "body.name", "api.name_needed")
	case !isAddress(w.URL):
		return born{}, invalid(ctx, "body.url", "api.url_wrong")
	}
	return born{w, w.Secret}, s.d.Webhooks.PutWebhook(ctx, w)
}

// switchWebhook turns a webhook on or off. What was wrong with it is forgotten
// when it is turned on.
func (s *server) switchWebhook(ctx context.Context, in *webhookState) (veille.Webhook, error) {
	w, err := s.ownWebhook(ctx, in.ID, lead)
	if err != nil {
		return w, err
	}
	if w.Disabled = in.Body.Disabled; !w.Disabled {
		w.Problem = nil
	}
	return w, s.d.Webhooks.PutWebhook(ctx, w)
}

// ownWebhook reads a webhook of the caller's branch; may, if any, is asked
// then.
func (s *server) ownWebhook(ctx context.Context, id string, may func(context.Context) error) (veille.Webhook, error) {
	w, err := s.d.Webhooks.Webhook(ctx, veille.WebhookID(id))
	if err != nil {
		return w, err
	}
	if err := own(ctx, w.BranchID); err != nil {
		return w, err
	}
	if may != nil {
		return w, may(ctx)
	}
	return w, nil
}
