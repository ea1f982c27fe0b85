package api

import (
	"errors"
	"strings"
	"testing"
)

func TestHealthTellsWhetherTheStoreAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse()
	if a := ask(t, h.door().handler(), "", "GET", "/healthz", ""); a.Code != 200 || !strings.Contains(a.Body.String(), `"status":"ok"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	h.fail = errors.New(canary)
	if a := ask(t, h.door().handler(), "", "GET", "/healthz", ""); a.Code != 503 || strings.Contains(a.Body.String(), canary) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestMetricsCountWhatTheStoreHolds(t *testing.T) {
	t.Parallel()
	h := newHouse()
	told := ask(t, h.door().handler(), "", "GET", "/metrics", "").Body.String()
	for _, want := range []string{
		"veilleur_entries 312", `veilleur_stage_lag{stage="group"} 0`, `veilleur_stage_lag{stage="match"} 12`, `veilleur_stage_lag{stage="search"} 300`,
		`veilleur_sources{state="active"} 3`, `veilleur_sources{state="failing"} 3`, `veilleur_incidents_live{level="watch"} 2`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%s is missing in\n%s", want, told)
		}
	}
	if strings.Contains(told, canary) {
		t.Error("an address is told")
	}
	h.fail = errors.New("down")
	if a := ask(t, h.door().handler(), "", "GET", "/metrics", ""); a.Code != 200 {
		t.Errorf("a store that does not answer: %d", a.Code)
	}
}
