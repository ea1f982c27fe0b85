package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/digest"
	"veilleur/internal/i18n"
	"veilleur/internal/job"
	"veilleur/internal/mail"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// DigestStore claims each digest once a person and day.
type DigestStore interface {
	Users(ctx context.Context, branch veille.BranchID) ([]veille.User, error)
	User(ctx context.Context, id veille.UserID) (veille.User, error)
	PutUser(ctx context.Context, u veille.User) error
	ClaimDigest(ctx context.Context, user veille.UserID, day string, now time.Time, jobs ...job.Job) error
	DigestSent(ctx context.Context, user veille.UserID, day string, now time.Time) error
	DigestState(ctx context.Context, user veille.UserID, day string) (claimed, sent bool, err error)
}

// ReminderStore reads what a reminder tells.
type ReminderStore interface {
	Post(ctx context.Context, id veille.PostID) (veille.Post, error)
	Channel(ctx context.Context, id veille.ChannelID) (veille.Channel, error)
}

// A Mailer sends one mail.
type Mailer interface {
	Ready() bool
	Send(ctx context.Context, m mail.Message) error
}

// Digests sends the morning mails, and the reminders of posts published by
// hand.
type Digests struct {
	lg       *slog.Logger
	store    DigestStore
	posts    ReminderStore
	mornings *Mornings
	mailer   Mailer
	base     string
	key      [32]byte
	now      func() time.Time
}

// NewDigests makes Digests. base is the address of the dashboard and key signs
// the links that unsubscribe.
func NewDigests(lg *slog.Logger, store DigestStore, posts ReminderStore, m *Mornings, mailer Mailer, base string, key [32]byte) *Digests {
	return &Digests{lg: lg, store: store, posts: posts, mornings: m, mailer: mailer, base: base, key: key, now: time.Now}
}

// Run looks each minute for the persons whose hour has come, until ctx ends.
// Without a mail server nothing is claimed, so that the digest of the day
// still leaves when one is set before evening.
func (ds *Digests) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if ds.mailer.Ready() {
			if err := ds.Due(ctx); err != nil && ctx.Err() == nil {
				ds.lg.Warn("digests will be looked for again", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// digestArgs is the argument of a digest job.
type digestArgs struct {
	User veille.UserID `json:"user"`
	Day  string        `json:"day"`
}

// Due claims the digest of the day for each person whose hour has come, with
// the job that sends it.
func (ds *Digests) Due(ctx context.Context) error {
	users, err := ds.store.Users(ctx, "")
	if err != nil {
		return fmt.Errorf("engine: people of the digest: %w", err)
	}
	now := ds.now()
	var errs []error
	for _, u := range users {
		day, due, err := ds.due(ctx, u, now)
		if err == nil && due {
			err = ds.claim(ctx, u.ID, day, now)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// due tells whether a person's digest should leave now, and of which day.
func (ds *Digests) due(ctx context.Context, u veille.User, now time.Time) (day string, due bool, err error) {
	b, err := ds.mornings.branches.Branch(ctx, u.BranchID)
	if err != nil {
		return "", false, fmt.Errorf("engine: branch of %s: %w", u.ID, err)
	}
	day, due = digest.Due(u, b.Zone, now)
	return day, due, nil
}

// claim writes the job that sends a digest, unless it was written before.
func (ds *Digests) claim(ctx context.Context, id veille.UserID, day string, now time.Time) error {
	claimed, _, err := ds.store.DigestState(ctx, id, day)
	if err == nil && !claimed {
		j := job.Job{Kind: job.KindDigest, Key: string(id) + ":" + day, Args: digestArgs{id, day}}
		err = ds.store.ClaimDigest(ctx, id, day, now, j)
	}
	if err != nil && !errors.Is(err, veille.ErrConflict) { // another process claimed it meanwhile
		return fmt.Errorf("engine: claim digest of %s: %w", id, err)
	}
	return nil
}

// Send is the job that mails one digest. Its Message-ID is the same at every
// attempt; one already sent is not sent again. One that could not leave while
// it was due, or that she wants no more, is given up.
func (ds *Digests) Send(ctx context.Context, a job.Attempt) error {
	args, err := argsOf[digestArgs](a)
	if err != nil {
		return err
	}
	_, sent, err := ds.store.DigestState(ctx, args.User, args.Day)
	if err != nil || sent {
		return err
	}
	u, err := ds.store.User(ctx, args.User)
	if err != nil {
		return lasting(fmt.Errorf("engine: reader of digest: %w", err))
	}
	day, due, err := ds.due(ctx, u, ds.now())
	if err != nil {
		return err
	}
	if !due || day != args.Day {
		ds.lg.Warn("digest given up: its hour is past", "user", u.ID, "day", args.Day)
		return nil
	}
	m, err := ds.Compose(ctx, u, ds.now())
	if err != nil {
		return err
	}
	m.MessageID = fmt.Sprintf("digest.%s.%s@%s", args.Day, args.User, ds.host())
	if err := ds.deliver(ctx, m); err != nil {
		return err
	}
	if err := ds.store.DigestSent(context.WithoutCancel(ctx), args.User, args.Day, ds.now()); err != nil {
		return fmt.Errorf("engine: digest of %s was sent: %w", u.ID, err)
	}
	return nil
}

// deliver sends a mail; one refused for good is not tried again.
func (ds *Digests) deliver(ctx context.Context, m mail.Message) error {
	err := ds.mailer.Send(ctx, m)
	if errors.Is(err, veille.ErrInvalid) {
		return job.Permanent(err)
	}
	return err
}

// Compose writes a person's digest as of now.
func (ds *Digests) Compose(ctx context.Context, u veille.User, now time.Time) (mail.Message, error) {
	m, err := ds.mornings.Of(ctx, u.BranchID, now)
	if err != nil {
		return mail.Message{}, err
	}
	in := digestInput(m)
	in.Person, in.BaseURL, in.Unsubscribe = u, ds.base, ds.unsubscribe(u.ID)
	out, err := digest.Render(digest.Compose(in, now), i18n.For(u.Locale))
	if err != nil {
		return mail.Message{}, err
	}
	return mail.Message{To: u.Email, Subject: out.Subject, HTML: out.HTML, Text: out.Text, Unsubscribe: in.Unsubscribe,
		MessageID: fmt.Sprintf("digest.%s.%s@%s", veille.NewID(now), u.ID, ds.host())}, nil
}

// digestInput is a morning as the digest wants it.
func digestInput(m Morning) digest.Input {
	in := digest.Input{Branch: m.Branch, Incidents: m.Incidents, Free: m.Free, Posts: append(m.Waiting, m.Posts...),
		Channels: m.Channels, Sources: m.Sources.All, Entries: m.Entries}
	for _, n := range m.News {
		st := digest.Story{Story: n.Story}
		for _, w := range veille.Pulling(n.Lead.Reading.ToneWords, n.Story.Tone) {
			st.Words = append(st.Words, w.Word)
		}
		in.Stories = append(in.Stories, st)
	}
	for _, d := range m.Ideas {
		in.Ideas = append(in.Ideas, d.Idea)
	}
	for _, g := range m.Goals {
		in.Goals = append(in.Goals, digest.Goal{Goal: g.Goal, Value: g.Pace.Value, PerWeek: g.Pace.PerWeek,
			Needed: g.Pace.Needed, Reached: g.Pace.Reached, Short: g.Pace.Short, Over: m.Now.After(g.Goal.DueAt)})
	}
	return in
}

// Remind is the job that tells a person a post waits for her hands.
func (ds *Digests) Remind(ctx context.Context, a job.Attempt) error {
	args, err := argsOf[postArgs](a)
	if err != nil {
		return err
	}
	p, err := ds.posts.Post(ctx, args.Post)
	if err != nil {
		return lasting(fmt.Errorf("engine: post to remind of: %w", err))
	}
	if !publish.Waits(p) || !ds.mailer.Ready() {
		return nil // done meanwhile, or nobody to tell: the page says it too
	}
	ch, err := ds.posts.Channel(ctx, p.ChannelID)
	if err != nil {
		return lasting(fmt.Errorf("engine: channel of post %s: %w", p.ID, err))
	}
	u, err := ds.author(ctx, p)
	if err != nil {
		return err
	}
	pr := i18n.For(u.Locale)
	link := ds.base + "/calendrier/" + string(p.ID)
	return ds.deliver(ctx, mail.Message{To: u.Email, Subject: pr.T("remind.subject", "channel", ch.Name),
		Text: pr.T("remind.text", "text", p.Text, "link", link), MessageID: fmt.Sprintf("remind.%s.%d@%s", p.ID, p.Attempts, ds.host())})
}

// author is who wrote a post, else the first person of its branch.
func (ds *Digests) author(ctx context.Context, p veille.Post) (veille.User, error) {
	if u, err := ds.store.User(ctx, p.AuthorID); err == nil {
		return u, nil
	}
	users, err := ds.store.Users(ctx, p.BranchID)
	if err != nil {
		return veille.User{}, fmt.Errorf("engine: people of branch %s: %w", p.BranchID, err)
	}
	if len(users) == 0 {
		return veille.User{}, job.Permanent(fmt.Errorf("engine: nobody to remind of post %s: %w", p.ID, veille.ErrNotFound))
	}
	return users[0], nil
}

// Unsubscribe stops a person's digest when the link's signature holds. It
// returns ErrDenied when it does not.
func (ds *Digests) Unsubscribe(ctx context.Context, id veille.UserID, sig string) error {
	if !auth.CheckLink(ds.key, sig, "unsubscribe", string(id)) {
		return fmt.Errorf("engine: unsubscribe %s: %w", id, veille.ErrDenied)
	}
	u, err := ds.store.User(ctx, id)
	if err != nil {
		return fmt.Errorf("engine: unsubscribe: %w", err)
	}
	u.Digest.On = false
	if err := ds.store.PutUser(ctx, u); err != nil {
		return fmt.Errorf("engine: unsubscribe %s: %w", id, err)
	}
	return nil
}

func (ds *Digests) unsubscribe(id veille.UserID) string {
	q := url.Values{"personne": {string(id)}, "cle": {auth.SignLink(ds.key, "unsubscribe", string(id))}}
	return ds.base + "/desabonnement?" + q.Encode()
}

// host is the right side of a Message-ID.
func (ds *Digests) host() string {
	if u, err := url.Parse(ds.base); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "veilleur.localhost"
}
