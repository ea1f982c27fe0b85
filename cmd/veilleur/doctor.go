package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veilleur/internal/veille"
)

type doctorCmd struct{}

// A finding is one line of the doctor.
type finding struct {
	ok   bool
	what string
}

// Run checks the house and says what to do; it returns ErrBusy when something
// needs doing.
func (doctorCmd) Run(w *world, c *Config) error {
	return withApp(w, c, func(a *app) error {
		bad := 0
		for _, f := range a.examine(w) {
			mark := "ok "
			if !f.ok {
				mark, bad = "!! ", bad+1
			}
			fmt.Fprintln(w.out, mark+f.what)
		}
		if bad > 0 {
			return fmt.Errorf("%d to mend, marked !! above%w", bad, invalid{})
		}
		return nil
	})
}

func (a *app) examine(w *world) []finding {
	var out []finding
	add := func(ok bool, format string, args ...any) {
		out = append(out, finding{ok, fmt.Sprintf(format, args...)})
	}
	probe := filepath.Join(a.cfg.Data, ".doctor")
	err := os.WriteFile(probe, []byte("x"), 0o600)
	_ = os.Remove(probe) // left behind, it harms nothing
	add(err == nil, "data folder %s can be written", a.cfg.Data)
	err = a.store.Ping(w.ctx)
	add(err == nil, "store %s answers", maskURL(a.cfg.Store))
	n, err := a.store.CountEntries(w.ctx, nil)
	add(err == nil, "%d entries stored", n)
	add(a.index.Len() == n, "%d entries indexed (veilleur reindex makes them equal)", a.index.Len())
	a.examineSources(w, add)
	parked, err := a.store.Parked(w.ctx)
	add(err == nil && len(parked) == 0, "%d entries set aside because a stage could not digest them", len(parked))
	if a.cfg.Smtp.Host == "" {
		add(true, "no mail server set (smtp-host): no digest leaves until one is")
	} else {
		add(true, "mail leaves by %s", a.cfg.Smtp.Host)
	}
	if a.cfg.Contact == "" {
		add(true, "no contact set: the servers we read are told %s, which they may not reach", a.cfg.Address)
	}
	zone, _ := time.Now().Zone()
	add(true, "clock says %s %s", time.Now().Format(time.DateTime), zone)
	return out
}

func (a *app) examineSources(w *world, add func(bool, string, ...any)) {
	sources, err := a.store.Sources(w.ctx, nil)
	if err != nil {
		add(false, "sources cannot be read: %v", err)
		return
	}
	now := time.Now()
	n := map[veille.ConditionName]int{}
	var ill []string
	for _, s := range sources {
		c := s.Condition(now)
		n[c.Is]++
		if c.NeedsMending() || c.Is == veille.ConditionMute {
			ill = append(ill, oneLine(s.Name())+": "+conditionOf(s, now))
		}
	}
	broken := n[veille.ConditionBroken] + n[veille.ConditionEnded]
	add(broken == 0, "%d sources, %d to mend, %d mute by their own rhythm (veilleur source list)", len(sources), broken, n[veille.ConditionMute])
	add(n[veille.ConditionLate] == 0, "%d sources due for a day or more (veilleur serve, or crawl --once, reads them)", n[veille.ConditionLate])
	for _, line := range ill[:min(len(ill), illShown)] {
		add(true, "  %s", line)
	}
	if more := len(ill) - illShown; more > 0 {
		add(true, "  and %d more", more)
	}
}

// illShown is how many sources in trouble the doctor names.
const illShown = 10
