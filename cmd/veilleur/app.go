package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"veilleur/crawler"
	"veilleur/crawler/fetch"
	"veilleur/index"
	"veilleur/internal/auth"
	"veilleur/internal/engine"
	"veilleur/internal/i18n"
	"veilleur/internal/job"
	"veilleur/internal/mail"
	"veilleur/internal/publish"
	"veilleur/internal/publish/manual"
	"veilleur/internal/publish/wordpress"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// An app is the whole house, wired once, top to bottom.
type app struct {
	lg      *slog.Logger
	cfg     *Config
	key     [32]byte
	store   *store.Store
	index   index.Index
	client  *fetch.Client
	crawler *crawler.Crawler

	group       *engine.Group
	search      *engine.Search
	pipeline    *engine.Pipeline
	judge       *engine.Judge
	notices     *engine.Notices
	response    *engine.Response
	posts       *engine.Posts
	ideas       *engine.Ideas
	watch       *engine.Watch
	corrections *engine.Corrections
	finder      *engine.Finder
	mornings    *engine.Mornings
	digests     *engine.Digests
	setup       *engine.Setup
	media       *engine.Media

	forgetting *engine.Forgetting
	sorter     *engine.Sorter
	wordpress  *wordpress.Network
	mail       *mail.Sender

	closers []func() error
}

// open wires the house. What it opened is closed by close, last first.
func open(ctx context.Context, lg *slog.Logger, cfg *Config) (a *app, err error) {
	a = &app{lg: lg, cfg: cfg}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
			a = nil
		}
	}()
	for _, step := range []func(context.Context) error{a.openFolder, a.lockFolder, a.openStore, a.openCrawler, a.openIndex, a.wirePaths, a.catchUp} {
		if err := step(ctx); err != nil {
			return a, err
		}
	}
	return a, nil
}

// openMemory opens the store alone, which a command may use beside a serving
// process.
func openMemory(ctx context.Context, lg *slog.Logger, cfg *Config) (*app, error) {
	a := &app{lg: lg, cfg: cfg}
	if err := a.openFolder(ctx); err != nil {
		return nil, err
	}
	if err := a.openStore(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.setup = engine.NewSetup(a.store)
	return a, nil
}

func (a *app) close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// openFolder makes the data folder and its key.
func (a *app) openFolder(context.Context) (err error) {
	if err := os.MkdirAll(filepath.Join(a.cfg.Data, "media"), 0o750); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	a.key, err = auth.LoadKey(filepath.Join(a.cfg.Data, "key"))
	if err != nil {
		return fmt.Errorf("key of the data folder: %w", err)
	}
	return nil
}

// lockFolder keeps a second process from an embedded index.
func (a *app) lockFolder(context.Context) error {
	unlock, err := lock(filepath.Join(a.cfg.Data, "lock"))
	if err != nil {
		return err
	}
	a.closers = append(a.closers, unlock)
	return nil
}

func (a *app) openStore(ctx context.Context) (err error) {
	if a.store, err = store.Open(ctx, a.lg, a.cfg.Store, auth.NewSealer(a.key)); err != nil {
		return err
	}
	a.closers = append(a.closers, a.store.Close)
	return nil
}

func (a *app) openCrawler(context.Context) error {
	c, err := a.cfg.fetch()
	if err != nil {
		return err
	}
	a.client = fetch.New(c)
	a.crawler = crawler.New(a.lg, a.store, a.client, crawler.Config{Owner: owner()})
	if a.cfg.public() {
		a.crawler.Push(a.store, a.cfg.Address)
	}
	return nil
}

// openIndex opens the index, or makes it again when it is missing or
// unreadable: the pipeline then fills it from the store.
func (a *app) openIndex(ctx context.Context) error {
	ix, err := index.Open(ctx, a.lg, a.cfg.Index, engine.IndexRows(ctx, a.store, a.store))
	if errors.Is(err, index.ErrRebuild) {
		if !errors.Is(err, veille.ErrNotFound) {
			a.lg.Warn("index unreadable, it will be rebuilt from the store", "err", err)
		}
		ix, err = a.newIndex(ctx)
	}
	if err != nil {
		return err
	}
	a.index = ix
	a.closers = append(a.closers, func() error { return a.index.Close() })
	return nil
}

func (a *app) newIndex(ctx context.Context) (index.Index, error) {
	if dir, ok := strings.CutPrefix(a.cfg.Index, "bleve:"); ok {
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("remove the old index: %w", err)
		}
	}
	if err := a.store.SetCursor(ctx, "search", 0); err != nil {
		return nil, err
	}
	return index.Create(ctx, a.lg, a.cfg.Index)
}

func (a *app) wirePaths(ctx context.Context) error {
	lg, st := a.lg, a.store
	say := func(locale string) func(veille.Sentence) string { return i18n.For(locale).Say }
	effects := a.client.HTTP(15 * time.Second)
	a.group = engine.NewGroup(st, st)
	a.search = engine.NewSearch(a.index, st, st)
	match := engine.NewMatch(lg, st, st, st, st)
	a.pipeline = engine.NewPipeline(lg, st, a.group, match, a.search)
	a.notices = engine.NewNotices(lg, st, st, st, effects, a.cfg.Address, say)
	a.judge = engine.NewJudge(lg, st, st, st, a.notices)
	a.pipeline.After(a.judge.Wake)
	a.response = engine.NewResponse(st, st, a.notices)
	a.media = engine.NewMedia(filepath.Join(a.cfg.Data, "media"))
	a.wordpress = wordpress.New(a.client.HTTP(60 * time.Second))
	a.posts = engine.NewPosts(lg, st, map[veille.Network]publish.Network{
		veille.NetworkManual: manual.New(), veille.NetworkWordPress: a.wordpress,
	}, a.media)
	a.ideas = engine.NewIdeas(lg, st, st, st, st, st)
	a.watch = engine.NewWatch(st, st, match, a.search)
	a.corrections = engine.NewCorrections(st, st, match, a.search)
	a.finder = engine.NewFinder(a.index, st)
	a.forgetting = engine.NewForgetting(st, st, a.group, a.search)
	a.sorter = engine.NewSorter(lg, st, st, a.group, a.search)
	a.mail = mail.New(a.cfg.mail())
	a.mornings = engine.NewMornings(st, st, st, st, st, st)
	a.setup = engine.NewSetup(st)
	a.digests = engine.NewDigests(lg, st, st, a.mornings, a.mail, a.cfg.Address, a.key)
	return a.group.Restore(ctx)
}

func (a *app) catchUp(ctx context.Context) error {
	return engine.CatchUp(ctx, a.store, a.store, a.index)
}

// handlers is every kind of job and who runs it.
func (a *app) handlers() map[string]job.Handler {
	return map[string]job.Handler{
		job.KindWebhook:  a.notices.Deliver,
		job.KindPublish:  a.posts.Publish,
		job.KindBackfill: a.watch.Backfill,
		job.KindDigest:   a.digests.Send,
		job.KindRemind:   a.digests.Remind,
	}
}

func owner() string {
	host, _ := os.Hostname() // only a name in the lease: "" is still unique with the pid
	return fmt.Sprintf("%s:%d", host, os.Getpid())
}
