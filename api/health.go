package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"veilleur/internal/veille"
)

// vitals is what tells whether the house is well.
type vitals interface {
	Ping(ctx context.Context) error
	CountEntries(ctx context.Context, scope []veille.BranchID) (int, error)
	LastSeq(ctx context.Context) (int64, error)
	Cursor(ctx context.Context, name string) (int64, error)
	Sources(ctx context.Context, scope []veille.BranchID) ([]veille.Source, error)
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
}

// health answers 200 when the store answers, else 503.
func (s *server) health(c echo.Context) error {
	if err := s.d.Vitals.Ping(c.Request().Context()); err != nil {
		s.lg.Error("store does not answer", "err", err)
		return c.JSON(http.StatusServiceUnavailable, map[string]string{"status": "store does not answer"})
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "version": s.d.Version})
}

func metrics(r *prometheus.Registry) echo.HandlerFunc {
	return echo.WrapHandler(promhttp.HandlerFor(r, promhttp.HandlerOpts{}))
}

// vitalSigns reads the store when scraped, so that nothing counts twice.
type vitalSigns struct {
	from    vitals
	entries *prometheus.Desc
	lag     *prometheus.Desc
	sources *prometheus.Desc
	live    *prometheus.Desc
}

func newVitals(v vitals) *vitalSigns {
	return &vitalSigns{from: v,
		entries: prometheus.NewDesc("veilleur_entries", "Entries stored.", nil, nil),
		lag:     prometheus.NewDesc("veilleur_stage_lag", "Positions between the end of the log and a stage's cursor.", []string{"stage"}, nil),
		sources: prometheus.NewDesc("veilleur_sources", "Sources by state; failing ones are active too.", []string{"state"}, nil),
		live:    prometheus.NewDesc("veilleur_incidents_live", "Open and acknowledged incidents by level.", []string{"level"}, nil),
	}
}

// Describe names the metrics.
func (v *vitalSigns) Describe(ch chan<- *prometheus.Desc) {
	ch <- v.entries
	ch <- v.lag
	ch <- v.sources
	ch <- v.live
}

// Collect reads them. One that cannot be read is left out of this scrape.
func (v *vitalSigns) Collect(ch chan<- prometheus.Metric) {
	ctx := context.Background() // a scrape has no request of its own here
	gauge := func(d *prometheus.Desc, x float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, x, labels...)
	}
	if n, err := v.from.CountEntries(ctx, nil); err == nil {
		gauge(v.entries, float64(n))
	}
	if last, err := v.from.LastSeq(ctx); err == nil {
		for _, stage := range []string{"group", "match", "search"} {
			if at, err := v.from.Cursor(ctx, stage); err == nil {
				gauge(v.lag, float64(last-at), stage)
			}
		}
	}
	if all, err := v.from.Sources(ctx, nil); err == nil {
		for state, n := range countSources(all) {
			gauge(v.sources, float64(n), state)
		}
	}
	if live, err := v.from.Incidents(ctx, veille.IncidentFilter{Live: true}); err == nil {
		byLevel := map[veille.Level]int{}
		for _, i := range live {
			byLevel[i.Level]++
		}
		for level, n := range byLevel {
			gauge(v.live, float64(n), string(level))
		}
	}
}

func countSources(all []veille.Source) map[string]int {
	n := map[string]int{"active": 0, "paused": 0, "ended": 0, "failing": 0}
	for _, s := range all {
		n[string(s.State)]++
		if s.State == veille.SourceActive && s.Health.Problem != nil {
			n["failing"]++
		}
	}
	return n
}
