package crawler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/websub"
	"veilleur/internal/veille"
)

// Subscriptions is the memory of what hubs have promised to push.
type Subscriptions interface {
	// SubscriptionOf gives a source's; ErrNotFound if it has none.
	SubscriptionOf(ctx context.Context, id veille.SourceID) (veille.Subscription, error)
	// Subscription gives one by its id; ErrNotFound if there is none.
	Subscription(ctx context.Context, id veille.SubscriptionID) (veille.Subscription, error)
	// DueSubscriptions gives those whose hub is to be asked again.
	DueSubscriptions(ctx context.Context, now time.Time) ([]veille.Subscription, error)
	PutSubscription(ctx context.Context, s veille.Subscription) error
}

// pushes makes hubs push what feeds bring. While a hub does, its feed is polled
// once a day all the same: a hub is a promise, not a proof.
type pushes struct {
	memory   Subscriptions
	client   websub.Client
	callback string // address the ids of subscriptions are put after
}

// PushPath is where hubs speak to us, below the public address.
const PushPath = "/websub/"

// Push has hubs push what feeds bring to address, which must be reachable from
// the web. It is to be called before Run.
func (c *Crawler) Push(memory Subscriptions, address string) {
	c.pushes = &pushes{memory: memory, client: c.client.HTTP(0), callback: strings.TrimSuffix(address, "/") + PushPath}
}

// When a hub is asked again: one that does not renew its promise, one that did
// not ask back, one that refused or was not believed.
const (
	askRenewal = hour
	askAgain   = day
	forgiveHub = 7 * day
)

// subscription gives a source's; a zero one when there is none.
func (c *Crawler) subscription(ctx context.Context, id veille.SourceID) veille.Subscription {
	if c.pushes == nil {
		return veille.Subscription{}
	}
	sub, err := c.pushes.memory.SubscriptionOf(ctx, id)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		c.lg.Warn("subscription not read", "source", id, "err", err)
	}
	return sub
}

// offered is the hub and the topic a feed gives; "" when it has no hub.
type offered struct{ hub, topic string }

func offeredBy(resp fetch.Response, parsed feed.Feed) offered {
	hub, topic := websub.Discover(resp.Links, resp.URL, parsed.Hubs, parsed.Self)
	return offered{hub, topic}
}

// follow asks the hub of a feed just read to push, when it has not promised
// yet, and doubts a promise when a poll found what was not pushed.
func (c *Crawler) follow(ctx context.Context, s veille.Source, sub veille.Subscription, o offered, found int) {
	now := c.now()
	switch {
	case c.pushes == nil || o.hub == "":
		return
	case sub.Hub != o.hub || sub.Topic != o.topic: // none yet, or the feed has another now
		sub = veille.Subscription{ID: veille.SubscriptionID(strings.ToLower(rand.Text())), SourceID: s.ID, Hub: o.hub, Topic: o.topic, Secret: rand.Text() + rand.Text()}
		if old := c.subscription(ctx, s.ID); old.ID != "" {
			sub.ID = old.ID // one a source
		}
		c.subscribe(ctx, sub)
	case sub.Live(now) && found > 0 && sub.PushedAt.IsZero():
		sub.LeaseUntil, sub.RenewAt = time.Time{}, now.Add(forgiveHub)
		c.keep(ctx, sub)
	}
}

// renew asks again the hubs whose time has come.
func (c *Crawler) renew(ctx context.Context) {
	if c.pushes == nil {
		return
	}
	due, err := c.pushes.memory.DueSubscriptions(ctx, c.now())
	if err != nil {
		c.lg.Warn("subscriptions not read", "err", err)
		return
	}
	for _, sub := range due {
		c.subscribe(ctx, sub)
	}
}

// subscribe asks a hub to push. It is stored before, for the hub may ask back
// before it answers; and it is due again soon unless it does.
func (c *Crawler) subscribe(ctx context.Context, sub veille.Subscription) {
	now := c.now()
	sub.AskedAt, sub.RenewAt = now, now.Add(askAgain)
	if sub.Live(now) {
		sub.RenewAt = now.Add(askRenewal)
	}
	if !c.keep(ctx, sub) {
		return
	}
	err := websub.Subscribe(ctx, c.pushes.client, sub.Hub, sub.Topic, c.pushes.callback+string(sub.ID), sub.Secret)
	if err == nil || ctx.Err() != nil {
		return
	}
	c.lg.Info("hub not followed", "source", sub.SourceID, "err", err)
	if errors.Is(err, veille.ErrDenied) {
		sub.RenewAt = c.now().Add(forgiveHub)
		c.keep(ctx, sub)
	}
}

func (c *Crawler) keep(ctx context.Context, sub veille.Subscription) bool {
	err := c.pushes.memory.PutSubscription(ctx, sub)
	if err != nil {
		c.lg.Warn("subscription not stored", "source", sub.SourceID, "err", err)
	}
	return err == nil
}

// Hubs answers hubs, below PushPath: whether we meant to subscribe, and what
// they push. It tells nobody else anything.
func (c *Crawler) Hubs() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+PushPath+"{id}", c.verify)
	mux.HandleFunc("POST "+PushPath+"{id}", c.pushed)
	return mux
}

// subscribed gives the subscription a hub speaks of, or answers that there is
// none.
func (c *Crawler) subscribed(w http.ResponseWriter, r *http.Request) (veille.Subscription, bool) {
	if c.pushes == nil {
		http.NotFound(w, r)
		return veille.Subscription{}, false
	}
	sub, err := c.pushes.memory.Subscription(r.Context(), veille.SubscriptionID(r.PathValue("id")))
	switch {
	case errors.Is(err, veille.ErrNotFound) && r.Method == http.MethodPost:
		w.WriteHeader(http.StatusGone) // the source was removed: the hub may forget it
	case errors.Is(err, veille.ErrNotFound):
		http.NotFound(w, r)
	case err != nil:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return sub, err == nil
}

// verify answers a hub's question: yes, we asked, a day ago at most.
func (c *Crawler) verify(w http.ResponseWriter, r *http.Request) {
	sub, ok := c.subscribed(w, r)
	if !ok {
		return
	}
	intent, now := websub.ParseIntent(r.URL.Query()), c.now()
	switch {
	case intent.Topic != sub.Topic, intent.Mode != "subscribe" && intent.Mode != "denied", now.Sub(sub.AskedAt) > day:
		http.NotFound(w, r)
		return
	case intent.Mode == "denied":
		sub.LeaseUntil, sub.RenewAt = time.Time{}, now.Add(forgiveHub)
	case intent.Challenge == "":
		http.NotFound(w, r)
		return
	default:
		if !sub.Live(now) {
			sub.PushedAt = time.Time{} // it is to prove itself again
		}
		sub.LeaseUntil, sub.RenewAt = now.Add(intent.Lease), websub.Renew(now, intent.Lease)
	}
	if !c.keep(r.Context(), sub) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, intent.Challenge)
}

// pushed stores what a hub pushed. A body that is not well signed is taken
// without a word and dropped, as the protocol asks: the sender learns nothing.
func (c *Crawler) pushed(w http.ResponseWriter, r *http.Request) {
	sub, ok := c.subscribed(w, r)
	if !ok {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, c.client.FeedLimit()))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if !websub.Signed(r.Header.Get("X-Hub-Signature"), sub.Secret, body) || !sub.Live(c.now()) {
		c.lg.Info("push dropped: not signed, or not asked for", "source", sub.SourceID)
		w.WriteHeader(http.StatusAccepted)
		return
	}
	// What was begun is stored even if the hub hangs up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Minute)
	defer cancel()
	err = c.take(ctx, sub, body, r.Header.Get("Content-Type"))
	switch {
	case err == nil, errors.Is(err, veille.ErrInvalid):
		w.WriteHeader(http.StatusAccepted)
	default:
		c.lg.Warn("push not stored", "source", sub.SourceID, "err", err)
		w.WriteHeader(http.StatusServiceUnavailable) // the hub will push it again
	}
}

// take stores what was pushed of a source as a poll would have. What the last
// answer of its server taught stays: a push is not one.
func (c *Crawler) take(ctx context.Context, sub veille.Subscription, body []byte, contentType string) error {
	parsed, err := feed.Parse(body, feed.Meta{URL: sub.Topic, ContentType: contentType})
	if err != nil {
		return err
	}
	sources, err := c.store.Sources(ctx, nil)
	if err != nil {
		return fmt.Errorf("crawler: source of a push: %w", err)
	}
	for _, s := range sources {
		if s.ID != sub.SourceID || s.State != veille.SourceActive {
			continue
		}
		now := c.now()
		h := s.Health
		h.FetchedAt, h.OKAt = now, now
		if next := now.Add(floor(s)); h.DueAt.Before(next) {
			h.DueAt = next // a poll under way gives way, and is not begun again at once
		}
		s.Health.Seen = nil // a push is a part: nothing of it was cut out
		f := veille.Fetched{SourceID: s.ID, Health: h}
		if f.Entries, err = c.entries(ctx, s, parsed, nil, &f.Health); err != nil {
			return err
		}
		n, err := c.store.PutFetch(ctx, f)
		if err != nil {
			return fmt.Errorf("crawler: store a push: %w", err)
		}
		c.lg.Info("entries pushed", "source", s.ID, "new", n.New, "changed", n.Changed)
	}
	sub.PushedAt = c.now()
	c.keep(ctx, sub)
	return nil
}
