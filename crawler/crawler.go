// Package crawler is the way in: it claims the sources that are due, fetches
// each politely, parses what came, and puts the entries in the store.
//
// A source is leased to one crawler at a time, so any number of processes may
// run. Each fetch ends in one transaction that holds its entries, what it
// taught of the source's health, and the end of the lease; a crash before it
// loses nothing, for the source is due again when its lease ends. The same
// item of a feed always has the same id, so reading twice writes once.
//
// When to come back is decided by the most patient of: the source's own
// interval, its usual rhythm, what the feed asks for (ttl, syndication, skipped
// hours) and what its server says (Cache-Control). Failures back off from one
// hour to a day.
// Whatever fails is told in words a person can act on. Where a feed has a hub
// (WebSub), the hub is asked to push, and polls are daily while it does.
package crawler

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"github.com/failsafe-go/failsafe-go/ratelimiter"

	"veilleur/crawler/fetch"
	"veilleur/internal/veille"
)

// Store is the memory a Crawler needs.
type Store interface {
	// ClaimSources leases at most n due sources to owner; with force, also
	// those not due but last fetched before now. None of these hosts, each the
	// beginning of an address.
	ClaimSources(ctx context.Context, now time.Time, n int, lease time.Duration, owner string, force bool, not []string) ([]veille.Source, error)
	// PutFetch stores one fetch in one transaction and ends its lease.
	PutFetch(ctx context.Context, f veille.Fetched) (veille.PutCount, error)
	// PutSource stores what a person sets; ErrConflict if the branch has its
	// URL under another id.
	PutSource(ctx context.Context, s veille.Source) error
	// Sources gives the sources of branches; all of them for a nil scope.
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	// SourceSecret gives the password of a mailbox; ErrNotFound if it has none.
	SourceSecret(ctx context.Context, id veille.SourceID) (string, error)
	// PutSourceSecret keeps it, sealed.
	PutSourceSecret(ctx context.Context, id veille.SourceID, secret string) error
	// EntriesByID gives those of the entries that are stored.
	EntriesByID(ctx context.Context, ids []veille.EntryID) ([]veille.Entry, error)
}

// Config says how a Crawler works. Its zero value is usable.
type Config struct {
	Workers int           // sources read at once. Optional: 8
	Lease   time.Duration // longest time one source may take. Optional: 5 min
	Owner   string        // this process, told from others. Optional: a random name
	Pages   int           // most articles read for one fetch of one source. Optional: 20
	Idle    time.Duration // longest sleep between two looks at the store. Optional: 30 s
	Starts  int           // sources begun in one second, so that many due at once are spread. Optional: 15

	// LookupTXT gives the TXT records of a name, where the keys of signed mails
	// are. Optional: the machine's resolver.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
}

// A Crawler reads sources.
type Crawler struct {
	lg      *slog.Logger
	store   Store
	client  *fetch.Client
	config  Config
	manners *manners
	pushes  *pushes // nil: feeds are only polled
	later   *later
	starts  ratelimiter.RateLimiter[any]
	wake    chan struct{}
	now     func() time.Time
	chance  func() float64 // in [0,1)
}

// New makes a Crawler.
func New(lg *slog.Logger, store Store, client *fetch.Client, c Config) *Crawler {
	c.Workers = cmp.Or(c.Workers, 8)
	c.Lease = cmp.Or(c.Lease, 5*time.Minute)
	c.Owner = cmp.Or(c.Owner, "crawler-"+veille.NewID(time.Now()))
	c.Pages = cmp.Or(c.Pages, 20)
	c.Idle = cmp.Or(c.Idle, 30*time.Second)
	c.Starts = cmp.Or(c.Starts, 15)
	if c.LookupTXT == nil {
		c.LookupTXT = net.DefaultResolver.LookupTXT
	}
	return &Crawler{
		lg: lg, store: store, client: client, config: c, manners: newManners(client), later: &later{lg: lg, store: store},
		starts: ratelimiter.NewBursty[any](uint(c.Starts), time.Second), wake: make(chan struct{}, 1), now: time.Now, chance: rand.Float64,
	}
}

// A Report counts what one round did.
type Report struct {
	Sources   int `json:"sources"`   // read, well or not
	New       int `json:"new"`       // entries stored for the first time
	Changed   int `json:"changed"`   // entries edited by their publisher
	Unchanged int `json:"unchanged"` // sources whose server said nothing changed
	Failed    int `json:"failed"`    // sources that could not be read
}

// Once reads every source that is due, or with force every active one, and
// returns when all are read. A source that fails is counted, not an error.
func (c *Crawler) Once(ctx context.Context, force bool) (Report, error) {
	start := c.now() // fixed, so that force reads each source once
	workers := c.staff(ctx)
	err := c.claim(ctx, func() time.Time { return start }, force, workers)
	report := workers.dismiss()
	c.later.settle()
	return report, err
}

// Run reads sources as they fall due until ctx ends and all is stopped. It
// looks at the store when the next one is due, when a source is added, and
// every 30 s for what other processes did.
func (c *Crawler) Run(ctx context.Context) error {
	workers := c.staff(ctx)
	defer c.later.settle()
	defer workers.dismiss()
	for {
		c.renew(ctx)
		if err := c.claim(ctx, c.now, false, workers); err != nil && ctx.Err() == nil {
			c.lg.Error("sources not claimed", "err", err)
		}
		t := time.NewTimer(c.idle(ctx))
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-t.C:
		case <-c.wake:
			t.Stop()
		}
	}
}

// Wake makes Run look for due sources now.
func (c *Crawler) Wake() {
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

// idle is how long nothing is due.
func (c *Crawler) idle(ctx context.Context) time.Duration {
	sources, err := c.store.Sources(ctx, nil)
	if err != nil {
		return c.config.Idle
	}
	wait, now := c.config.Idle, c.now()
	for _, s := range sources {
		// What is due yet was not claimed is leased: its owner has it.
		if d := s.Health.DueAt.Sub(now); s.State == veille.SourceActive && d > 0 {
			wait = min(wait, d)
		}
	}
	return wait
}

// claimed is how many sources are leased at once: some seconds of work at the
// pace they are begun, for a claim costs as much as reading a dozen of them.
const claimed = 64

// claim hands claimed sources to the workers until there are no more.
func (c *Crawler) claim(ctx context.Context, now func() time.Time, force bool, to *crew) error {
	for ctx.Err() == nil {
		c.giveBack(ctx, to.late(c.now()))
		not := to.full()
		batch, err := c.store.ClaimSources(ctx, now(), claimed, c.config.Lease, c.config.Owner, force, not)
		if err != nil {
			return fmt.Errorf("crawler: claim sources: %w", err)
		}
		to.queue(batch, c.now().Add(c.config.Lease/4)) // the rest is for the reading
		to.hand(ctx, c.now, c.pace)
		switch {
		case len(batch) > 0:
		case len(to.waiting) > 0:
			to.rest(ctx)
			to.hand(ctx, c.now, c.pace)
		case len(not) == 0: // nothing was left out
			return nil
		}
	}
	return ctx.Err()
}

// giveBack ends the leases of sources that waited for their host too long: they
// are due as they were.
func (c *Crawler) giveBack(ctx context.Context, late []veille.Source) {
	for _, s := range late {
		c.release(ctx, s, time.Time{})
	}
}

// pace spreads what is due at once.
func (c *Crawler) pace(ctx context.Context) {
	_ = c.starts.AcquirePermit(ctx) // when ctx ends there is no more pace to keep
}

func (r *Report) add(o Report) {
	r.Sources += o.Sources
	r.New += o.New
	r.Changed += o.Changed
	r.Unchanged += o.Unchanged
	r.Failed += o.Failed
}
