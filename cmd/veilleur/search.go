package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/i18n"
)

type searchCmd struct {
	Query  []string `arg:"" help:"What to find: AND OR NOT, parentheses, \"phrases\", prefix*, title: source: lang: tier: after: before:"`
	JSON   bool     `name:"json" help:"Print JSON Lines."`
	Limit  int      `default:"20" help:"How many."`
	Branch string   `help:"Name or id of the branch."`
}

// Run searches as the page Veille does.
func (s searchCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		b, err := a.branchNamed(w.ctx, s.Branch)
		if err != nil {
			return err
		}
		res, err := a.finder.Search(w.ctx, b.ID, engine.SearchRequest{Query: strings.Join(s.Query, " "), Limit: s.Limit})
		if err != nil {
			return inWords(err)
		}
		if s.JSON {
			return printFound(w, res)
		}
		for _, f := range res.Found {
			fmt.Fprintf(w.out, "%s  %s  (%s)\n    %s\n", f.Entry.Published.Format("2006-01-02"), oneLine(f.Entry.Title), f.Source.Name(), f.Entry.URL)
		}
		fmt.Fprintf(w.out, "%d entries, %d stories\n", res.Entries, res.Stories)
		return nil
	})
}

func printFound(w *world, res engine.Results) error {
	enc := json.NewEncoder(w.out)
	for _, f := range res.Found {
		if err := enc.Encode(f); err != nil {
			return fmt.Errorf("print results: %w", err)
		}
	}
	return nil
}

// inWords gives a mistake in a query its sentence and its mend.
func inWords(err error) error {
	var q *query.Error
	if !errors.As(err, &q) {
		return err
	}
	says := i18n.For(locale()).Say(q.Says)
	if q.Mend != "" {
		says += " → " + q.Mend
	}
	return wrong("%s", says)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
