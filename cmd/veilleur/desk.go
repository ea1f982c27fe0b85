package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veilleur/api"
	"veilleur/crawler"
	"veilleur/crawler/opml"
	"veilleur/crawler/page"
	"veilleur/internal/engine"
	"veilleur/internal/store"
	"veilleur/internal/veille"
	"veilleur/web"
)

// sourceRoom is the store's sources; removing one empties the index of it too.
type sourceRoom struct {
	*store.Store
	forgetting *engine.Forgetting
}

// DeleteSource forgets a source with all that was derived from it.
func (r sourceRoom) DeleteSource(ctx context.Context, id veille.SourceID) error {
	return r.forgetting.DeleteSource(ctx, id)
}

// desk is what people do with sources, and the first visit.
type desk struct{ a *app }

// AddSource makes a source of any web address, for programs; it gives the
// feeds found there when it is none.
func (d desk) AddSource(ctx context.Context, b veille.Branch, w api.SourceWish) (veille.Source, []page.Link, error) {
	added, err := d.a.crawler.Add(ctx, b, w.Address, crawler.AddOptions{Kind: w.Kind, Watch: w.Watch, Every: w.Every, Tier: w.Tier, ReadPages: w.ReadPages})
	return added.Source, added.Probed.Found, err
}

// ReadNow has a source read as soon as a reader is free.
func (d desk) ReadNow(ctx context.Context, id veille.SourceID) error {
	if err := d.a.store.MakeSourceDue(ctx, id, time.Now()); err != nil {
		return err
	}
	d.a.crawler.Wake()
	return nil
}

// Setup is the first visit's first page.
func (d desk) Setup(ctx context.Context, s web.SetupAnswers) (veille.User, []veille.Topic, error) {
	return d.a.setup.Answer(ctx, engine.SetupAnswers(s))
}

// SaveTopic keeps a topic of the first visit, whose id is already chosen.
func (d desk) SaveTopic(ctx context.Context, t veille.Topic) error {
	_, err := d.a.watch.Save(ctx, t)
	return err
}

// Progress tells how far the first reading has come.
func (d desk) Progress(ctx context.Context, b veille.BranchID) (web.Progress, error) {
	p, err := engine.ProgressOf(ctx, d.a.store, d.a.store, d.a.store, d.a.store, b)
	return web.Progress(p), err
}

// ImportOPML adds the sources of a list.
func (d desk) ImportOPML(ctx context.Context, b veille.BranchID, file []byte) (int, error) {
	outlines, err := opml.Parse(file)
	if err != nil {
		return 0, err
	}
	branch, err := d.a.store.Branch(ctx, b)
	if err != nil {
		return 0, err
	}
	return d.a.crawler.Import(ctx, branch, outlines)
}

// TryMailbox opens a mailbox and counts its mails.
func (d webDesk) TryMailbox(ctx context.Context, s veille.Source, password string) (web.MailTried, error) {
	t, err := d.a.crawler.TryMailbox(ctx, s, password)
	return web.MailTried(t), err
}

// SaveMailbox keeps a mailbox that opens, and has it read.
func (d webDesk) SaveMailbox(ctx context.Context, s veille.Source, password string) (web.MailTried, error) {
	t, err := d.a.crawler.AddMailbox(ctx, s, password)
	if err != nil {
		return web.MailTried(t), err
	}
	return web.MailTried(t), d.ReadNow(ctx, s.ID)
}

// Shell counts what the rail of every page tells.
func (d desk) Shell(ctx context.Context, b veille.BranchID, now time.Time) (web.Shell, error) {
	st := d.a.store
	scope, err := st.Scope(ctx, b)
	if err != nil {
		return web.Shell{}, err
	}
	ideas, err1 := st.Ideas(ctx, b, veille.IdeaNew)
	live, err2 := st.Incidents(ctx, veille.IncidentFilter{Scope: scope, Live: true})
	sources, err3 := st.Sources(ctx, scope)
	if err := errors.Join(err1, err2, err3); err != nil {
		return web.Shell{}, fmt.Errorf("rail of branch %s: %w", b, err)
	}
	h := engine.HealthOf(sources, now)
	s := web.Shell{Ideas: len(ideas), Live: len(live), Sources: h.Read, ReadAt: h.ReadAt, Silent: len(h.Silent) + len(h.Failing), Full: full(d.a.cfg.Data)}
	for _, i := range live {
		if i.Level.Rank() >= veille.LevelEscalate.Rank() {
			s.Grave++
		}
		if i.Level.Rank() > s.Level.Rank() {
			s.Level = i.Level
		}
	}
	return s, nil
}

// webDesk is desk with the answers the pages want.
type webDesk struct{ desk }

// AddSource adds the source at any address, or tells the feeds found there.
func (d webDesk) AddSource(ctx context.Context, branch veille.BranchID, address string) (web.Added, error) {
	b, err := d.a.store.Branch(ctx, branch)
	if err != nil {
		return web.Added{}, err
	}
	res, err := d.a.crawler.Add(ctx, b, address, crawler.AddOptions{})
	out := web.Added{Source: res.Source}
	for _, l := range res.Probed.Found {
		out.Found = append(out.Found, web.Found{URL: l.URL, Title: l.Title})
	}
	if len(out.Found) > 0 {
		err = nil // feeds to choose from are an answer
	}
	return out, err
}

// Survey tells what can be followed at an address.
func (d webDesk) Survey(ctx context.Context, address string) ([]web.Offer, error) {
	found, err := d.a.crawler.Survey(ctx, address)
	out := make([]web.Offer, len(found))
	for i, o := range found {
		out[i] = web.Offer(o)
	}
	return out, err
}

// Follow makes a source of what was chosen.
func (d webDesk) Follow(ctx context.Context, branch veille.BranchID, w web.SourceWish) (veille.Source, error) {
	b, err := d.a.store.Branch(ctx, branch)
	if err != nil {
		return veille.Source{}, err
	}
	added, err := d.a.crawler.Add(ctx, b, w.URL, crawler.AddOptions{Title: w.Title, Kind: w.Kind, Watch: w.Watch, Every: w.Every})
	return added.Source, err
}
