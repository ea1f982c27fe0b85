package web

import (
	"time"

	"veilleur/internal/veille"
)

// weeksShown is how many weeks back a source's page tells.
const weeksShown = 8

// A sourceYield is what a source brought in the last weeks.
type sourceYield struct {
	Bars     []bar
	From, To time.Time
	Entries  int
	Mentions int
	Weeks    int
}

// sourceYield counts the weeks of a source, each ending at this hour.
func (s *Server) sourceYield(v *visit, src veille.Source) (sourceYield, error) {
	scope, err := s.deps.Settings.Scope.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return sourceYield{}, err
	}
	const week = 7 * 24 * time.Hour
	y := sourceYield{From: v.Now.Add(-weeksShown * week), To: v.Now, Weeks: weeksShown}
	weeks, err := s.deps.Settings.Sources.SourceWeeks(v.ctx(), src.ID, scope, y.From, weeksShown)
	if err != nil {
		return sourceYield{}, err
	}
	for i, w := range weeks {
		y.Entries += w.Entries
		y.Mentions += w.Mentions
		from := y.From.Add(time.Duration(i) * week)
		y.Bars = append(y.Bars, bar{N: float64(w.Entries), Label: v.T("sources.week_bar", "n", w.Entries, "day", v.DateShort(from))})
	}
	return y, nil
}

// says tells the weeks in words.
func (y sourceYield) says(v *visit) string {
	if y.Entries == 0 {
		return v.T("sources.yield_none", "weeks", y.Weeks)
	}
	share := 100 * y.Mentions / y.Entries
	return v.T("sources.yield", "n", y.Entries, "weeks", y.Weeks, "perweek", perWeek(y.Entries, y.Weeks)) + " " +
		v.T("sources.yield_mentions", "n", y.Mentions, "share", share)
}

// perWeek is a mean to the tenth, and to the whole from ten on.
func perWeek(n, weeks int) float64 {
	mean := float64(n) / float64(weeks)
	if mean >= 10 {
		return float64(int(mean + 0.5))
	}
	return float64(int(mean*10+0.5)) / 10
}
