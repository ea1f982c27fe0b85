package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"veilleur/internal/i18n"
)

type judgeCmd struct {
	At      time.Time `placeholder:"TIME" help:"As of this time (RFC 3339), instead of now."`
	Explain bool      `help:"Also print each part of the score."`
}

// Run judges every topic once and keeps the incidents.
func (j judgeCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		if err := a.drain(w); err != nil {
			return err
		}
		at := j.At
		if at.IsZero() {
			at = time.Now()
		}
		judged, err := a.judge.JudgeAll(w.ctx, at)
		if err != nil {
			return err
		}
		p := i18n.For(locale())
		t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
		for _, v := range judged {
			fmt.Fprintf(t, "%s\t%s\t%.0f\t%d entries\t%d voices\n", v.Topic.Name, v.Verdict.Level, v.Verdict.Score, v.Verdict.Entries, v.Verdict.Independent)
			if !j.Explain {
				continue
			}
			for _, s := range v.Verdict.Signals {
				fmt.Fprintf(t, "  +%.0f\t%s\t\t\t\n", s.Points, p.Say(s.Reason))
			}
		}
		return t.Flush()
	})
}
