package main

import (
	"fmt"
	"time"

	"veilleur/internal/engine"
)

type reindexCmd struct{}

// Run derives everything again from the log of entries.
func (reindexCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		began := time.Now()
		if err := a.index.Close(); err != nil {
			return err
		}
		ix, err := a.newIndex(w.ctx)
		if err != nil {
			return err
		}
		a.index = ix
		if err := a.wirePaths(w.ctx); err != nil {
			return err
		}
		err = engine.Rebuild(w.ctx, a.store, a.store, a.pipeline, a.group, func(stage string, seq int64) { w.progress("%s: entry %d", stage, seq) })
		w.progress("")
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%d entries indexed in %s\n", a.index.Len(), time.Since(began).Round(time.Millisecond))
		return nil
	})
}
