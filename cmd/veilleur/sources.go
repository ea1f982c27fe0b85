package main

import (
	"cmp"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

type sourceListCmd struct{}

// Run lists sources, those that ask something of a person first: name, kind,
// tier, how it goes, since when, its usual gap, entries read, and its address.
func (sourceListCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		all, err := a.store.Sources(w.ctx, nil)
		if err != nil {
			return err
		}
		now := time.Now()
		rank := func(s veille.Source) int { return slices.Index(veille.Conditions(), s.Condition(now).Is) }
		slices.SortStableFunc(all, func(a, b veille.Source) int { return cmp.Compare(rank(a), rank(b)) })
		t := tabwriter.NewWriter(w.out, 0, 4, 2, ' ', 0)
		for _, s := range all {
			fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%d\t%s\n", oneLine(s.Name()), s.Kind, s.Tier, conditionOf(s, now),
				rhythmOf(s.Health), s.Health.Entries, s.URL)
		}
		return t.Flush()
	})
}

// conditionOf says how a source goes, with since when and what is wrong.
func conditionOf(s veille.Source, now time.Time) string {
	c := s.Condition(now)
	out := string(c.Is)
	if !c.Since.IsZero() {
		out += " since " + c.Since.Local().Format(time.DateOnly)
	}
	if s.Health.Problem != nil {
		out += " (" + s.Health.Problem.Key + ")"
	}
	return out
}

// rhythmOf says the usual gap between two new entries; "?" when unknown.
func rhythmOf(h veille.Health) string {
	switch m := h.Rhythm; {
	case m == 0:
		return "?"
	case m < 2*60:
		return fmt.Sprintf("every %d min", m)
	case m < 2*24*60:
		return fmt.Sprintf("every %d h", (m+30)/60)
	default:
		return fmt.Sprintf("every %d days", (m+12*60)/(24*60))
	}
}

type sourceExportCmd struct {
	Branch  string `help:"Name or id of the branch."`
	Secrets bool   `help:"Also alerts and mailboxes, whose addresses are secrets. No password is ever exported."`
}

// Run prints the sources of a branch as OPML.
func (s sourceExportCmd) Run(w *world, c *Config) error {
	return withStore(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, s.Branch)
		if err != nil {
			return err
		}
		all, err := a.store.Sources(w.ctx, []veille.BranchID{b.ID})
		if err != nil {
			return err
		}
		list := opml.Of(all, s.Secrets)
		if n := len(all) - len(list); n > 0 {
			fmt.Fprintf(w.err, "%d sources left out: alerts and mailboxes (--secrets), and archives, which have no address\n", n)
		}
		_, err = w.out.Write(opml.Write(b.Name, list))
		return err
	})
}
