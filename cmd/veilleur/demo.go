package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"veilleur/internal/demo"
	"veilleur/internal/veille"
)

type demoCmd struct {
	Keep bool `help:"Keep the demo's data in the data folder instead of a temporary one."`
}

// Run serves the fictional movement: its media answer from inside the process
// on loopback, and are really crawled.
func (d demoCmd) Run(w *world, c *Config) error {
	if !d.Keep {
		dir, err := os.MkdirTemp("", "veilleur-demo-")
		if err != nil {
			return fmt.Errorf("folder of the demo: %w", err)
		}
		defer os.RemoveAll(dir)
		c.Data, c.Store, c.Index = dir, "", ""
	}
	now := time.Now()
	site, err := demo.Listen(w.ctx, now)
	if err != nil {
		return err
	}
	movement, err := demo.Seed(now, site.Base)
	if err != nil {
		return err
	}
	c.FetchAllow = append(c.FetchAllow, "127.0.0.1/32")
	c.settle()
	l, err := c.bind()
	if err != nil {
		return err
	}
	a, err := open(w.ctx, w.lg, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := a.seed(w.ctx, movement); err != nil {
		return errors.Join(err, l.Close(), a.close())
	}
	more := func(ctx context.Context) error {
		if err := a.invite(w, movement.Users); err != nil {
			return err
		}
		return site.Run(ctx)
	}
	return errors.Join(a.serve(w, l, more), a.close())
}

// seed writes the movement as a first visit and five weeks of work would have.
func (a *app) seed(ctx context.Context, s demo.Movement) error {
	var errs []error
	for _, b := range s.Branches {
		errs = append(errs, a.store.PutBranch(ctx, b))
	}
	for _, u := range s.Users {
		errs = append(errs, a.store.PutUser(ctx, u))
	}
	for _, x := range s.Sources {
		errs = append(errs, a.store.PutSource(ctx, x))
	}
	for _, t := range s.Topics {
		errs = append(errs, a.store.PutTopic(ctx, t))
	}
	for _, ch := range s.Channels {
		errs = append(errs, a.store.PutChannel(ctx, ch))
	}
	errs = append(errs, a.seedPosts(ctx, s.Posts))
	for _, g := range s.Goals {
		errs = append(errs, a.store.PutGoal(ctx, g))
		for _, m := range g.Measures {
			errs = append(errs, a.store.PutMeasure(ctx, g.ID, m))
		}
	}
	return errors.Join(errs...)
}

// seedPosts leaves alone the posts a kept demo has already moved.
func (a *app) seedPosts(ctx context.Context, posts []veille.Post) error {
	for _, p := range posts {
		if _, err := a.store.Post(ctx, p.ID); err == nil {
			continue
		}
		if err := a.store.PutPost(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// invite prints a link for each person of the demo.
func (a *app) invite(w *world, users []veille.User) error {
	for _, u := range users {
		fmt.Fprintf(w.out, "%s (%s): ", u.Name, u.Role)
		if err := a.printLink(w, u); err != nil {
			return err
		}
	}
	return nil
}
