package api

import (
	"net/http"
	"strings"
	"testing"
)

func TestH40NoPathLeadsOutOfTheStreams(t *testing.T) {
	t.Parallel()
	door := newHouse().door().handler()
	for _, path := range []string{
		"/flux/../healthz", "/flux/..%2f..%2fetc%2fpasswd", "/flux/%2e%2e%2fapi", "/flux/..%5c..%5cwindows.ics", "/flux/%2fetc%2fpasswd.rss",
		"/flux/recherche-..%2f..%2fetc.rss", "/flux/calendrier-riv%00.ics", "/flux/..%252fhealthz", "/flux/recherche-sea-riv.rss/../../healthz",
	} {
		a := ask(t, door, "", "GET", path, "")
		if a.Code == http.StatusOK || strings.Contains(a.Body.String(), "root:") {
			t.Errorf("%s: %d", path, a.Code)
		}
		if to := a.Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
			t.Errorf("%s leads to %s", path, to)
		}
	}
}
