package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"veilleur/internal/veille"
)

type websubRow struct {
	bun.BaseModel `bun:"table:websub,alias:websub"`

	ID         veille.SubscriptionID `bun:"id,pk"`
	SourceID   veille.SourceID       `bun:"source_id"`
	Hub        string                `bun:"hub"`
	Topic      string                `bun:"topic"`
	Secret     string                `bun:"secret"` // sealed
	AskedAt    int64                 `bun:"asked_at"`
	LeaseUntil int64                 `bun:"lease_until"`
	RenewAt    int64                 `bun:"renew_at"`
	PushedAt   int64                 `bun:"pushed_at"`
}

func (s *Store) subscriptionOf(r websubRow) (veille.Subscription, error) {
	secret, err := s.opened(r.Secret)
	return veille.Subscription{ID: r.ID, SourceID: r.SourceID, Hub: r.Hub, Topic: r.Topic, Secret: secret,
		AskedAt: when(r.AskedAt), LeaseUntil: when(r.LeaseUntil), RenewAt: when(r.RenewAt), PushedAt: when(r.PushedAt)}, err
}

// PutSubscription stores a subscription, new or changed, with its secret
// sealed. It returns ErrConflict if its source has another, ErrInvalid if there
// is no such source.
func (s *Store) PutSubscription(ctx context.Context, sub veille.Subscription) error {
	secret, err := s.sealed(sub.Secret)
	if err == nil {
		err = put(ctx, s.w, []websubRow{{ID: sub.ID, SourceID: sub.SourceID, Hub: sub.Hub, Topic: sub.Topic, Secret: secret,
			AskedAt: stamp(sub.AskedAt), LeaseUntil: stamp(sub.LeaseUntil), RenewAt: stamp(sub.RenewAt), PushedAt: stamp(sub.PushedAt)}})
	}
	return wrap(err, "put subscription of source %s", sub.SourceID)
}

// Subscription gives a subscription; ErrNotFound if there is none.
func (s *Store) Subscription(ctx context.Context, id veille.SubscriptionID) (veille.Subscription, error) {
	return s.subscriptionWhere(ctx, "id = ?", string(id))
}

// SubscriptionOf gives the subscription of a source; ErrNotFound if it has
// none.
func (s *Store) SubscriptionOf(ctx context.Context, id veille.SourceID) (veille.Subscription, error) {
	return s.subscriptionWhere(ctx, "source_id = ?", string(id))
}

func (s *Store) subscriptionWhere(ctx context.Context, cond, id string) (veille.Subscription, error) {
	var r websubRow
	if err := s.r.NewSelect().Model(&r).Where(cond, id).Scan(ctx); err != nil {
		return veille.Subscription{}, wrap(err, "subscription")
	}
	sub, err := s.subscriptionOf(r)
	return sub, wrap(err, "subscription of source %s", r.SourceID)
}

// DueSubscriptions gives the subscriptions of active sources whose hub is to
// be asked again, the longest due first, at most a hundred.
func (s *Store) DueSubscriptions(ctx context.Context, now time.Time) ([]veille.Subscription, error) {
	var rows []websubRow
	err := s.r.NewSelect().Model(&rows).Where("renew_at <= ?", stamp(now)).
		Where("EXISTS (SELECT 1 FROM source WHERE source.id = websub.source_id AND source.state = ?)", veille.SourceActive).
		Order("renew_at", "id").Limit(100).Scan(ctx)
	if err != nil {
		return nil, wrap(err, "due subscriptions")
	}
	out := make([]veille.Subscription, len(rows))
	for i, r := range rows {
		if out[i], err = s.subscriptionOf(r); err != nil {
			return nil, wrap(err, "subscription of source %s", r.SourceID)
		}
	}
	return out, nil
}
