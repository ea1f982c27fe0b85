package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"veilleur/internal/veille"
)

// A proof is an incident as it is kept for the record: what was judged, why,
// from which entries, and what people did. It names sources but not their
// addresses, which may hold a secret.
type proof struct {
	ExportedAt time.Time       `json:"exported_at"`
	Branch     string          `json:"branch"`
	Topic      veille.Topic    `json:"topic"`
	Incident   veille.Incident `json:"incident"` // its signals hold the passages
	Events     []proofEvent    `json:"events"`
	Entries    []proofEntry    `json:"entries"` // those the signals and the volume stand on, the latest first
}

type proofEvent struct {
	veille.IncidentEvent
	ByName string `json:"by_name,omitempty"`
}

type proofEntry struct {
	ID        veille.EntryID   `json:"id"`
	Title     string           `json:"title"`
	URL       string           `json:"url"`
	Author    string           `json:"author,omitempty"`
	Source    string           `json:"source"`
	Tier      veille.Tier      `json:"tier"`
	Lang      string           `json:"lang"`
	Tone      float64          `json:"tone"` // in [-1,1]
	StoryID   veille.StoryID   `json:"story_id,omitempty"`
	Published time.Time        `json:"published"`
	Seen      time.Time        `json:"seen"`
	Passages  []veille.Passage `json:"passages,omitempty"` // in which the topic stands
}

// incidentProof gives the evidence of an incident as one JSON file.
func (s *Server) incidentProof(v *visit) error {
	i, err := v.visibleIncident()
	if err != nil {
		return err
	}
	m := incidentModel{Incident: i, People: map[veille.UserID]string{}, Cited: map[veille.EntryID]citation{}}
	for _, read := range []func(*incidentModel) error{v.readJudged, v.readHistory, v.readMentions, v.readCited} {
		if err := read(&m); err != nil {
			return fmt.Errorf("web: evidence of incident %s: %w", i.ID, err)
		}
	}
	body, err := json.MarshalIndent(v.proofOf(m), "", "  ")
	if err != nil {
		return fmt.Errorf("web: evidence of incident %s: %w", i.ID, err)
	}
	v.Response().Header().Set("Content-Disposition", `attachment; filename="preuves-`+fileName(string(i.ID))+`.json"`)
	return v.Blob(http.StatusOK, "application/json; charset=utf-8", body)
}

func (v *visit) proofOf(m incidentModel) proof {
	p := proof{ExportedAt: v.Now.UTC(), Branch: v.Branch.Name, Topic: m.Topic, Incident: m.Incident}
	for _, e := range m.Events {
		p.Events = append(p.Events, proofEvent{IncidentEvent: e, ByName: m.People[e.By]})
	}
	passages := map[veille.EntryID][]veille.Passage{}
	for _, n := range m.Mentions {
		passages[n.EntryID] = n.Passages
	}
	for id, c := range m.Cited {
		p.Entries = append(p.Entries, proofEntry{
			ID: id, Title: c.Entry.Title, URL: c.Entry.URL, Author: c.Entry.Author, Source: c.voice(), Tier: c.Source.Tier,
			Lang: c.Entry.Reading.Lang, Tone: c.Entry.Reading.Tone, StoryID: c.Entry.Reading.StoryID,
			Published: c.Entry.Published, Seen: c.Entry.Seen, Passages: passages[id],
		})
	}
	slices.SortFunc(p.Entries, func(a, b proofEntry) int {
		if a.Published.Equal(b.Published) {
			return strings.Compare(string(a.ID), string(b.ID))
		}
		return b.Published.Compare(a.Published)
	})
	return p
}

// fileName keeps the letters and figures of an id.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, id)
}
