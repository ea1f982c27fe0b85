package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"veilleur/internal/auth"
	"veilleur/internal/job"
	"veilleur/internal/veille"
	"veilleur/web"
)

type serveCmd struct{}

// Run serves until interrupted.
func (serveCmd) Run(w *world, c *Config) error {
	l, err := c.bind()
	if err != nil {
		return err
	}
	a, err := open(w.ctx, w.lg, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	return errors.Join(a.serve(w, l, nil), a.close())
}

// bind opens the port of the dashboard. With port 0 the system chooses one,
// which then stands in the address.
func (c *Config) bind() (net.Listener, error) {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, veille.NewProblem(veille.ErrBusy, veille.Say("cli.port_taken", "listen", c.Listen), err)
	}
	if c.Address == "http://"+c.Listen && strings.HasSuffix(c.Listen, ":0") {
		c.Address = "http://" + l.Addr().String()
	}
	return l, nil
}

// serve runs every loop of the house until the context ends, and with them
// more, if any, which is called once the house has greeted.
func (a *app) serve(w *world, l net.Listener, more func(context.Context) error) error {
	handler, err := a.handler()
	if err != nil {
		return err
	}
	runner, err := job.NewRunner(a.lg, a.store.DB(), a.store.Dialect(), a.handlers(), job.Config{Single: true, Timeout: 2 * time.Minute})
	if err != nil {
		return err
	}
	if err := a.greet(w); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(w.ctx)
	for _, run := range []func(context.Context) error{
		a.crawler.Run, a.pipeline.Run, a.judge.Run, a.posts.Run, a.ideas.Run, a.digests.Run, runner.Run,
		func(ctx context.Context) error { return listen(ctx, l, handler) },
	} {
		g.Go(func() error { return run(ctx) })
	}
	if more != nil {
		g.Go(func() error { return more(ctx) })
	}
	return g.Wait()
}

// listen answers until ctx ends, then lets requests under way finish.
func listen(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 90 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// firstLink is how long the link of the first person lasts.
const firstLink = 24 * time.Hour

// greet prints the address, and a one-time link while nobody has an account.
func (a *app) greet(w *world) error {
	fmt.Fprintf(w.out, "Veilleur %s: %s\n", version(), a.cfg.Address)
	needed, err := a.setup.Needed(w.ctx)
	if err != nil || !needed {
		return err
	}
	token, hash := auth.NewToken()
	if err := a.store.PutLink(w.ctx, hash, web.LinkSetup, "", time.Now().Add(firstLink)); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "First visit: %s/entrer?jeton=%s\n", a.cfg.Address, token)
	return nil
}
