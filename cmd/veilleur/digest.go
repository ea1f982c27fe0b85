package main

import (
	"fmt"
	"strings"
	"time"
)

type digestCmd struct {
	To     string `required:"" placeholder:"ADDRESS" help:"The person, by her address."`
	DryRun bool   `help:"Print the mail instead of sending it."`
	HTML   bool   `name:"html" help:"With --dry-run, print the HTML part."`
}

// Run sends one digest now, whatever the hour; it does not count as the one of
// the day.
func (d digestCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		if err := a.drain(w); err != nil {
			return err
		}
		u, err := a.store.UserByEmail(w.ctx, strings.ToLower(d.To))
		if err != nil {
			return err
		}
		m, err := a.digests.Compose(w.ctx, u, time.Now())
		if err != nil {
			return err
		}
		if d.DryRun {
			body := m.Text
			if d.HTML {
				body = m.HTML
			}
			_, err := fmt.Fprintf(w.out, "Subject: %s\nTo: %s\n\n%s\n", m.Subject, m.To, body)
			return err
		}
		if err := a.mail.Send(w.ctx, m); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "sent to %s\n", m.To)
		return nil
	})
}
