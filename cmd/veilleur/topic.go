package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"veilleur/internal/veille"
)

type topicCmd struct {
	Add  topicAddCmd  `cmd:"" help:"Add a topic."`
	List topicListCmd `cmd:"" help:"List topics and their mentions of the last 30 days."`
}

type topicAddCmd struct {
	Name    string `arg:"" help:"What it is called."`
	Query   string `arg:"" help:"What finds it, e.g. '\"Caisse de la Rivière\" OR caisse AND Saint-Rémi'."`
	Subject string `enum:"branch,movement,theme" default:"theme" help:"branch, movement or theme."`
	Branch  string `help:"Name or id of the branch."`
}

// Run adds a topic and finds its mentions in the archive at once.
func (t topicAddCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, t.Branch)
		if err != nil {
			return err
		}
		id, err := a.watch.Save(w.ctx, veille.Topic{BranchID: b.ID, Name: t.Name, Query: t.Query, Subject: veille.Subject(t.Subject)})
		if err != nil {
			return err
		}
		if err := a.watch.BackfillNow(w.ctx, id); err != nil {
			return err
		}
		n, err := a.store.CountMentions(w.ctx, id, time.Time{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "added %s: %d mentions in the archive\n", t.Name, n)
		return nil
	})
}

type topicListCmd struct{}

// Run lists topics.
func (topicListCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		topics, err := a.store.Topics(w.ctx, nil)
		if err != nil {
			return err
		}
		tw := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
		for _, t := range topics {
			n, err := a.store.CountMentions(w.ctx, t.ID, time.Now().AddDate(0, 0, -30))
			if err != nil {
				return err
			}
			fmt.Fprintf(tw, "%s\t%s\t%d\t%s\n", t.Name, t.Subject, n, t.Query)
		}
		return tw.Flush()
	})
}
