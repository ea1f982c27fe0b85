package store

import (
	"context"

	"github.com/uptrace/bun"

	"veilleur/internal/job"
	"veilleur/internal/veille"
)

type deliveryRow struct {
	bun.BaseModel `bun:"table:delivery,alias:delivery"`

	ID          veille.DeliveryID    `bun:"id,pk"`
	WebhookID   veille.WebhookID     `bun:"webhook_id"`
	IncidentID  veille.IncidentID    `bun:"incident_id"`
	Event       string               `bun:"event"`
	Body        string               `bun:"body"` // JSON, byte for byte as it is sent
	State       veille.DeliveryState `bun:"state"`
	Attempts    int                  `bun:"attempts"`
	Status      int                  `bun:"status"`
	NextAt      int64                `bun:"next_at"`
	CreatedAt   int64                `bun:"created_at"`
	DeliveredAt int64                `bun:"delivered_at"`
}

func deliveryRowOf(d veille.Delivery) deliveryRow {
	return deliveryRow{ID: d.ID, WebhookID: d.WebhookID, IncidentID: d.IncidentID, Event: d.Event,
		Body: string(d.Body), State: d.State, Attempts: d.Attempts, Status: d.Status, NextAt: stamp(d.NextAt),
		CreatedAt: stamp(d.CreatedAt), DeliveredAt: stamp(d.DeliveredAt)}
}

func (r deliveryRow) noun() veille.Delivery {
	return veille.Delivery{ID: r.ID, WebhookID: r.WebhookID, IncidentID: r.IncidentID, Event: r.Event,
		Body: []byte(r.Body), State: r.State, Attempts: r.Attempts, Status: r.Status, NextAt: when(r.NextAt),
		CreatedAt: when(r.CreatedAt), DeliveredAt: when(r.DeliveredAt)}
}

// PutDeliveries stores deliveries and their jobs.
func (s *Store) PutDeliveries(ctx context.Context, ds []veille.Delivery, jobs ...job.Job) error {
	err := s.write(ctx, jobs, func(ctx context.Context, tx bun.Tx) error {
		return put(ctx, tx, all(ds, deliveryRowOf))
	})
	return wrap(err, "put %d deliveries", len(ds))
}

// Delivery gives a delivery; ErrNotFound if there is none.
func (s *Store) Delivery(ctx context.Context, id veille.DeliveryID) (veille.Delivery, error) {
	var r deliveryRow
	err := s.r.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.noun(), wrap(err, "delivery %s", id)
}

// UpdateDelivery stores how far a delivery has come; what is sent never
// changes. It returns ErrNotFound if there is none.
func (s *Store) UpdateDelivery(ctx context.Context, d veille.Delivery) error {
	r := deliveryRowOf(d)
	res, err := s.w.NewUpdate().Model(&r).Column("state", "attempts", "status", "next_at", "delivered_at").
		WherePK().Exec(ctx)
	return wrap(oneRow(res, err), "update delivery %s", d.ID)
}

// Deliveries gives the last deliveries to a webhook, at most limit, the newest
// first; 0 means no limit.
func (s *Store) Deliveries(ctx context.Context, webhook veille.WebhookID, limit int) ([]veille.Delivery, error) {
	var rows []deliveryRow
	q := s.r.NewSelect().Model(&rows).Where("webhook_id = ?", webhook).Order("created_at DESC", "id DESC")
	err := limited(q, limit).Scan(ctx)
	return all(rows, deliveryRow.noun), wrap(err, "deliveries to webhook %s", webhook)
}
