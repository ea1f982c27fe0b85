package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"veilleur/api/webhook"
	"veilleur/internal/veille"
)

// webhookKeeper is the memory of webhooks.
type webhookKeeper interface {
	Webhook(ctx context.Context, id veille.WebhookID) (veille.Webhook, error)
	Webhooks(ctx context.Context, scope []veille.BranchID) ([]veille.Webhook, error)
	PutWebhook(ctx context.Context, w veille.Webhook) error
	DeleteWebhook(ctx context.Context, id veille.WebhookID) error
}

// deliveryReader reads what a webhook was sent, the newest first.
type deliveryReader interface {
	Deliveries(ctx context.Context, webhook veille.WebhookID, limit int) ([]veille.Delivery, error)
}

// webhookTester sends a test message; engine.Notices is one.
type webhookTester interface {
	Test(ctx context.Context, id veille.WebhookID) (veille.Delivery, error)
}

func (s *Server) hookRoutes() {
	s.get("/reglages/avertissements", s.hookList)
	s.post("/reglages/avertissements", s.hookAdd)
	s.get("/reglages/avertissements/schema.json", s.hookSchema)
	s.get("/reglages/avertissements/:id", s.hookOne)
	s.post("/reglages/avertissements/:id/essai", s.hookTest)
	s.post("/reglages/avertissements/:id/etat", s.hookSwitch)
	s.post("/reglages/avertissements/:id/retirer", s.hookRemove)
}

// keyFresh holds, in the session, the id of the webhook whose secret is shown
// on the next page, and never after.
const keyFresh = "fresh"

// deliveriesShown is how many messages the page of a webhook lists.
const deliveriesShown = 20

// A hookListModel is the webhooks of a branch, and the form of a new one.
type hookListModel struct {
	Hooks     []veille.Webhook
	Name, URL string
	Errors    map[string]string
}

func (s *Server) hookList(v *visit) error {
	return s.showHooks(v, http.StatusOK, hookListModel{})
}

func (s *Server) showHooks(v *visit, status int, m hookListModel) error {
	var err error
	if m.Hooks, err = s.deps.Settings.Webhooks.Webhooks(v.ctx(), []veille.BranchID{v.Branch.ID}); err != nil {
		return err
	}
	return v.page(status, page{Title: v.T("hooks.title"), Nav: "settings"}, hookListPage(v, m))
}

func (s *Server) hookAdd(v *visit) error {
	m := hookListModel{Name: v.line("name"), URL: v.value("url"), Errors: map[string]string{}}
	if m.Name == "" {
		m.Errors["name"] = v.T("hooks.name_needed")
	}
	if !isWebAddress(m.URL) {
		m.Errors["url"] = v.T("hooks.url_wrong")
	}
	if len(m.Errors) > 0 {
		return s.showHooks(v, http.StatusBadRequest, m)
	}
	w := veille.Webhook{ID: veille.WebhookID(veille.NewID(v.Now)), BranchID: v.Branch.ID, Name: m.Name, URL: m.URL,
		Secret: webhook.NewSecret(), CreatedAt: v.Now.UTC()}
	if err := s.deps.Settings.Webhooks.PutWebhook(v.ctx(), w); err != nil {
		return err
	}
	s.sessions.Put(v.ctx(), keyFresh, string(w.ID))
	return v.done(hookPath(w), veille.Say("hooks.added", "name", w.Name))
}

// hookSchema is the JSON Schema of the messages.
func (s *Server) hookSchema(v *visit) error {
	return v.Blob(http.StatusOK, "application/schema+json", webhook.Schema())
}

// hookHers reads a webhook of her branch.
func (s *Server) hookHers(v *visit) (veille.Webhook, error) {
	w, err := s.deps.Settings.Webhooks.Webhook(v.ctx(), veille.WebhookID(v.Param("id")))
	if err == nil && w.BranchID != v.Branch.ID {
		err = fmt.Errorf("web: webhook of branch %s: %w", w.BranchID, veille.ErrNotFound)
	}
	return w, err
}

func (s *Server) hookOne(v *visit) error {
	w, err := s.hookHers(v)
	if err != nil {
		return err
	}
	ds, err := s.deps.Settings.Deliveries.Deliveries(v.ctx(), w.ID, deliveriesShown)
	if err != nil {
		return err
	}
	if s.sessions.GetString(v.ctx(), keyFresh) == string(w.ID) {
		s.sessions.Remove(v.ctx(), keyFresh)
	} else {
		w.Secret = ""
	}
	return v.page(http.StatusOK, page{Title: w.Name, Nav: "settings"}, hookPage(v, w, ds))
}

func (s *Server) hookTest(v *visit) error {
	w, err := s.hookHers(v)
	if err != nil {
		return err
	}
	if _, err := s.deps.Settings.Notices.Test(v.ctx(), w.ID); err != nil {
		return err
	}
	return v.done(hookPath(w), veille.Say("hooks.testing"))
}

// hookSwitch turns a webhook on or off.
func (s *Server) hookSwitch(v *visit) error {
	w, err := s.hookHers(v)
	if err != nil {
		return err
	}
	w.Disabled = v.value("act") == "off"
	says := veille.Say("hooks.is_off", "name", w.Name)
	if !w.Disabled {
		w.Problem, says = nil, veille.Say("hooks.is_on", "name", w.Name)
	}
	if err := s.deps.Settings.Webhooks.PutWebhook(v.ctx(), w); err != nil {
		return err
	}
	return v.done(hookPath(w), says)
}

func (s *Server) hookRemove(v *visit) error {
	w, err := s.hookHers(v)
	if err != nil {
		return err
	}
	if err := s.deps.Settings.Webhooks.DeleteWebhook(v.ctx(), w.ID); err != nil {
		return err
	}
	return v.done("/reglages/avertissements", veille.Say("hooks.removed", "name", w.Name))
}

func hookPath(w veille.Webhook) string {
	return "/reglages/avertissements/" + url.PathEscape(string(w.ID))
}

// hookHost is where a webhook goes, without what its address may keep secret.
func hookHost(w veille.Webhook) string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// hookLook is the state of a webhook: colour, icon, key of its word.
func hookLook(w veille.Webhook) (class, icon, key string) {
	switch {
	case w.Disabled:
		return "", "pause", "hooks.state_off"
	case w.Problem != nil:
		return "bad", "circle-x", "hooks.state_bad"
	case w.OKAt.IsZero():
		return "", "hourglass", "hooks.state_new"
	}
	return "calm", "circle-check", "hooks.state_ok"
}

// deliveryLook is the state of one message: colour and icon.
func deliveryLook(d veille.Delivery) (class, icon string) {
	switch d.State {
	case veille.DeliveryDelivered:
		return "calm", "circle-check"
	case veille.DeliveryGivenUp:
		return "bad", "circle-x"
	}
	return "warn", "hourglass"
}

// eventWords is the text of an event; one we do not know is said by its name.
func eventWords(v *visit, event string) string {
	if key := "hooks.event_" + event; v.Has(key) {
		return v.T(key)
	}
	return event
}
