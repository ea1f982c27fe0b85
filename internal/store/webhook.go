package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type webhookRow struct {
	bun.BaseModel `bun:"table:webhook,alias:webhook"`

	ID        veille.WebhookID     `bun:"id,pk"`
	BranchID  veille.BranchID      `bun:"branch_id"`
	Name      string               `bun:"name"`
	URL       string               `bun:"url"`
	Secret    string               `bun:"secret"` // sealed
	Disabled  bool                 `bun:"disabled"`
	OKAt      int64                `bun:"ok_at"`
	Problem   js[*veille.Sentence] `bun:"problem,type:text"`
	CreatedAt int64                `bun:"created_at"`
}

func (s *Store) webhookRowOf(w veille.Webhook) (webhookRow, error) {
	secret, err := s.sealed(w.Secret)
	return webhookRow{ID: w.ID, BranchID: w.BranchID, Name: w.Name, URL: w.URL, Secret: secret, Disabled: w.Disabled,
		OKAt: stamp(w.OKAt), Problem: js[*veille.Sentence]{w.Problem}, CreatedAt: stamp(w.CreatedAt)}, err
}

func (s *Store) webhookOf(r webhookRow) (veille.Webhook, error) {
	secret, err := s.opened(r.Secret)
	return veille.Webhook{ID: r.ID, BranchID: r.BranchID, Name: r.Name, URL: r.URL, Secret: secret,
		Disabled: r.Disabled, OKAt: when(r.OKAt), Problem: r.Problem.V, CreatedAt: when(r.CreatedAt)}, err
}

// PutWebhook stores a webhook, new or changed, with its secret sealed.
func (s *Store) PutWebhook(ctx context.Context, w veille.Webhook) error {
	r, err := s.webhookRowOf(w)
	if err == nil {
		err = put(ctx, s.w, []webhookRow{r}, "created_at")
	}
	return wrap(err, "put webhook %s", w.ID)
}

// WebhookCalled keeps what came of calling a webhook: when it answered well
// (zero: it did not), what is wrong, and whether it is gone for good, which
// disables it. What a person set stays as it is; a webhook deleted meanwhile is
// no error.
func (s *Store) WebhookCalled(ctx context.Context, id veille.WebhookID, ok time.Time, problem *veille.Sentence, gone bool) error {
	r := webhookRow{ID: id, OKAt: stamp(ok), Problem: js[*veille.Sentence]{problem}, Disabled: true}
	q := s.w.NewUpdate().Model(&r).Column("problem").WherePK()
	if !ok.IsZero() {
		q = q.Column("ok_at")
	}
	if gone {
		q = q.Column("disabled")
	}
	_, err := q.Exec(ctx)
	return wrap(err, "webhook %s was called", id)
}

// Webhook gives a webhook; ErrNotFound if there is none.
func (s *Store) Webhook(ctx context.Context, id veille.WebhookID) (veille.Webhook, error) {
	var r webhookRow
	if err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return veille.Webhook{}, wrap(err, "webhook %s", id)
	}
	w, err := s.webhookOf(r)
	return w, wrap(err, "webhook %s", id)
}

// Webhooks gives the webhooks of branches, the oldest first.
func (s *Store) Webhooks(ctx context.Context, scope []veille.BranchID) ([]veille.Webhook, error) {
	var rows []webhookRow
	err := scoped(s.r.NewSelect().Model(&rows), "branch_id", scope).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, wrap(err, "webhooks")
	}
	out := make([]veille.Webhook, len(rows))
	for i, r := range rows {
		w, err := s.webhookOf(r)
		if err != nil {
			return nil, wrap(err, "webhook %s", r.ID)
		}
		out[i] = w
	}
	return out, nil
}

// DeleteWebhook removes a webhook and its deliveries; ErrNotFound if there is
// none.
func (s *Store) DeleteWebhook(ctx context.Context, id veille.WebhookID) error {
	return wrap(oneRow(s.w.NewDelete().Model((*webhookRow)(nil)).Where("id = ?", id).Exec(ctx)),
		"delete webhook %s", id)
}
