package api

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestSourcesTellTheirRhythmAndSinceWhenTheyAreMute(t *testing.T) {
	t.Parallel()
	h := newHouse()
	src := h.sources["src-riv"]
	now := time.Now().UTC().Truncate(time.Second)
	src.State = veille.SourceActive
	src.Health = veille.Health{OKAt: now, DueAt: now, EntryAt: now.AddDate(0, 0, -9), Rhythm: 6 * 60}
	h.sources["src-riv"] = src
	a := ask(t, h.door().handler(), "reader", "GET", "/api/v1/sources/src-riv", "")
	var got struct {
		ID        string    `json:"id"`
		Condition string    `json:"condition"`
		MuteSince time.Time `json:"mute_since"`
		Health    struct {
			Rhythm int `json:"rhythm"`
		} `json:"health"`
	}
	if err := json.Unmarshal(a.Body.Bytes(), &got); err != nil || a.Code != http.StatusOK {
		t.Fatalf("%d %v: %s", a.Code, err, a.Body)
	}
	if got.ID != "src-riv" || got.Condition != "mute" || !got.MuteSince.Equal(src.Health.EntryAt) || got.Health.Rhythm != 360 {
		t.Errorf("told as %s", a.Body)
	}
}
