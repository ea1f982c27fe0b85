package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/net/publicsuffix"

	"veilleur/crawler/alert"
	"veilleur/crawler/feed"
	"veilleur/crawler/fetch"
	"veilleur/crawler/letter"
	"veilleur/crawler/mailbox"
	"veilleur/internal/veille"
)

const (
	mailPast    = 30 * day        // of a mailbox never read, how far back it is
	mailVisit   = 2 * time.Minute // longest visit: with the articles, under the lease
	mailSoon    = time.Minute     // when more was left for next time
	forgedTold  = 7 * day         // how long a mail kept out is told
	mailOffered = 20              // most feeds offered in place of mails
)

// A standing is what a mailbox's cursor holds.
type standing struct {
	mailbox.Cursor
	Forged   int       `json:"forged,omitempty"`   // alert mails kept out since it was last quiet
	ForgedAt time.Time `json:"forged_at,omitzero"` // the last one
}

// readMailbox reads the new mails of a mailbox, and writes into f what to
// store. What was read before a failure is stored too: the cursor stands after
// it.
func (c *Crawler) readMailbox(ctx context.Context, s veille.Source, f *veille.Fetched) error {
	h := &f.Health
	m := &mailRound{c: c, s: s, now: h.FetchedAt, offers: slices.Clone(h.Offers)}
	more, err := m.read(ctx)
	fresh, errKnown := c.unread(ctx, m.entries)
	if err = errors.Join(errKnown, err); errKnown != nil {
		c.failed(s, f, fetch.Response{}, err)
		return err // the cursor must not pass what is not stored
	}
	if s.ReadPages {
		c.readResults(ctx, s, fresh)
	}
	f.Entries = fresh
	if len(fresh) > 0 {
		h.EntryAt, h.Entries = h.FetchedAt, h.Entries+len(fresh)
	}
	forged := m.forged()
	h.Cursor, h.Offers = m.cursor(), m.offers
	if err != nil {
		c.failed(s, f, fetch.Response{}, err)
		return err
	}
	well(h, forged)
	h.FullAt = h.FetchedAt
	h.DueAt = h.FetchedAt.Add(spread(floor(s), floor(s), c.chance()))
	if more {
		h.DueAt = h.FetchedAt.Add(mailSoon)
	}
	return nil
}

// readResults reads the articles that alerts lead to. A newsletter is already
// whole, and to open its page would tell its sender that it was read.
func (c *Crawler) readResults(ctx context.Context, s veille.Source, fresh []veille.Entry) {
	var results []veille.Entry
	for _, e := range fresh {
		if e.GUID == e.URL {
			results = append(results, e)
		}
	}
	c.readPages(ctx, s, results)
	for i, e := range fresh {
		if j := slices.IndexFunc(results, func(r veille.Entry) bool { return r.ID == e.ID }); j >= 0 {
			fresh[i] = results[j]
		}
	}
}

// unread gives the entries that are not stored, each once, the oldest first. A
// mail is never edited, and an alert that finds an article again says nothing
// new of it.
func (c *Crawler) unread(ctx context.Context, all []veille.Entry) ([]veille.Entry, error) {
	known, err := c.known(ctx, all)
	if err != nil {
		return nil, err
	}
	var fresh []veille.Entry
	for _, e := range all {
		if _, ok := known[e.ID]; !ok {
			known[e.ID] = e
			fresh = append(fresh, e)
		}
	}
	return fresh, nil
}

// A mailRound is one visit of one mailbox.
type mailRound struct {
	c       *Crawler
	s       veille.Source
	now     time.Time
	box     mailbox.Box
	at      standing
	entries []veille.Entry
	offers  []veille.Offer
}

// read reads the new mails, and says whether there are more.
func (m *mailRound) read(ctx context.Context) (more bool, err error) {
	if m.s.Health.Cursor != "" {
		_ = json.Unmarshal([]byte(m.s.Health.Cursor), &m.at) // unreadable: from the beginning, for nothing is stored twice
	}
	if m.box, err = mailbox.Parse(m.s.URL); err != nil {
		return false, err
	}
	secret, err := m.c.secret(ctx, m.s.ID)
	if err != nil {
		return false, err
	}
	short, cancel := context.WithTimeout(ctx, mailVisit)
	defer cancel()
	want := mailbox.Want{Since: m.now.Add(-mailPast), Of: func(from string) bool { return wanted(m.s.Mailbox, from) }}
	m.at.Cursor, more, err = mailbox.Read(short, m.c.client.DialMailbox, m.box, secret, m.at.Cursor, want,
		func(mail mailbox.Mail) error { return m.take(ctx, mail) })
	if err != nil {
		return more, fetch.Explain(m.box.Host, err)
	}
	return more, nil
}

// secret is the password of a mailbox.
func (c *Crawler) secret(ctx context.Context, id veille.SourceID) (string, error) {
	secret, err := c.store.SourceSecret(ctx, id)
	if errors.Is(err, veille.ErrNotFound) {
		return "", veille.NewProblem(veille.ErrDenied, veille.Say("mailbox.wrong.no_password"), err)
	}
	return secret, err
}

// wanted says whether the mails of a sender are read: alerts always are.
func wanted(m veille.Mailbox, from string) bool {
	return letter.IsAlert(from) || len(m.From) == 0 || letter.From(from, m.From)
}

// take makes entries of a mail.
func (m *mailRound) take(ctx context.Context, mail mailbox.Mail) error {
	l, err := letter.Parse(mail.Raw, letter.Options{Reader: m.box.User, Unwrap: alert.Unwrap})
	if err != nil {
		m.c.lg.Debug("mail not read", "source", m.s.ID, "uid", mail.UID, "err", err)
		return nil // the others may be
	}
	if !wanted(m.s.Mailbox, l.From) {
		return nil // its envelope said otherwise
	}
	if l.Date.IsZero() || l.Date.After(m.now) {
		l.Date = mail.Received
	}
	if !l.Alert {
		m.keep(alert.KindNone, feed.Entry{GUID: l.ID, URL: l.Link, Title: l.Subject, Text: l.Text, Publisher: l.Sender, Published: l.Date})
		return nil
	}
	switch ok, err := m.proven(ctx, mail.Raw, letter.Signer(l.From)); {
	case err != nil:
		return err
	case !ok:
		m.at.Forged, m.at.ForgedAt = m.at.Forged+1, m.now
		return nil
	}
	kind := alert.KindTalkwalker
	if letter.IsGoogle(l.From) {
		kind = alert.KindGoogle
	}
	for _, r := range l.Results {
		m.keep(kind, feed.Entry{GUID: r.URL, URL: r.Link, Title: r.Title, Text: r.Text, Publisher: r.Publisher, Published: l.Date})
	}
	m.offer(l)
	return nil
}

func (m *mailRound) keep(kind alert.Kind, e feed.Entry) {
	if entry, ok := entryOf(m.s, kind, e, m.now); ok {
		m.entries = append(m.entries, entry)
	}
}

// proven says whether a domain really sent a mail: its signature is valid, or
// a server that is trusted by name says so. When the signature cannot be
// checked, the word of the mail server's own domain is taken; without it the
// visit ends here and the mail waits.
func (m *mailRound) proven(ctx context.Context, raw []byte, domain string) (bool, error) {
	if letter.Vouched(raw, domain, m.s.Mailbox.Trust) {
		return true, nil
	}
	ok, err := letter.Signed(raw, domain, func(name string) ([]string, error) { return m.c.config.LookupTXT(ctx, name) })
	if err == nil {
		return ok, nil
	}
	own, _ := publicsuffix.EffectiveTLDPlusOne(m.box.Host) // "" for a bare address: nobody is trusted
	if m.s.Mailbox.Trust == "" && letter.Vouched(raw, domain, own) {
		return true, nil
	}
	return false, veille.NewProblem(veille.ErrBusy, veille.Say("mailbox.wrong.dns", "domain", domain), err)
}

// offer remembers the feed that gives what an alert gives by mail.
func (m *mailRound) offer(l letter.Letter) {
	known := slices.ContainsFunc(m.offers, func(o veille.Offer) bool { return o.URL == l.Feed })
	if l.Feed != "" && !known && len(m.offers) < mailOffered {
		m.offers = append(m.offers, veille.Offer{Title: l.Query, URL: l.Feed})
	}
}

// forged tells of alert mails kept out lately; nil when there are none.
func (m *mailRound) forged() *veille.Sentence {
	if m.at.Forged == 0 || m.now.Sub(m.at.ForgedAt) > forgedTold {
		m.at.Forged, m.at.ForgedAt = 0, time.Time{}
		return nil
	}
	says := veille.Say("mailbox.forged", "n", m.at.Forged)
	return &says
}

// cursor is where the mailbox stands, as it is stored.
func (m *mailRound) cursor() string {
	b, err := json.Marshal(m.at)
	if err != nil {
		return m.s.Health.Cursor // a count and two times always marshal
	}
	return string(b)
}

// Tried is what was found in a mailbox, without any body read.
type Tried struct {
	Mails  int // of the last 30 days, at most 500
	Alerts int // of them, from a service of alerts
	Wanted int // of them, that would be read
}

// TryMailbox opens a mailbox and counts its last mails; nothing is stored. An
// empty password means the one kept for s. Its errors are Problems.
func (c *Crawler) TryMailbox(ctx context.Context, s veille.Source, password string) (Tried, error) {
	var t Tried
	box, err := mailbox.Parse(s.URL)
	if err != nil {
		return t, err
	}
	if password == "" {
		if password, err = c.secret(ctx, s.ID); err != nil {
			return t, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	heads, err := mailbox.List(ctx, c.client.DialMailbox, box, password, c.now().Add(-mailPast), 500)
	if err != nil {
		return t, fetch.Explain(box.Host, err)
	}
	t.Mails = len(heads)
	for _, h := range heads {
		if letter.IsAlert(h.From) {
			t.Alerts++
		}
		if wanted(s.Mailbox, h.From) {
			t.Wanted++
		}
	}
	return t, nil
}

// AddMailbox tries a mailbox, then keeps it as a source with its password. It
// returns the Problems of TryMailbox, and ErrConflict if the branch has it.
func (c *Crawler) AddMailbox(ctx context.Context, s veille.Source, password string) (Tried, error) {
	t, err := c.TryMailbox(ctx, s, password)
	if err != nil {
		return t, err
	}
	if err := c.store.PutSource(ctx, s); err != nil {
		return t, fmt.Errorf("crawler: add mailbox: %w", err)
	}
	if password != "" {
		if err := c.store.PutSourceSecret(ctx, s.ID, password); err != nil {
			return t, fmt.Errorf("crawler: add mailbox: %w", err)
		}
	}
	c.Wake()
	return t, nil
}
