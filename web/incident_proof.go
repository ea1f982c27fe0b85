package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// A proof is an incident as it is kept for the record: what was judged, why, by
// what, from which entries, and what people did. It names sources but not their
// addresses, which may hold a secret. Times are in the zone of who exports it.
type proof struct {
	ExportedAt time.Time          `json:"exported_at"`
	ExportedBy string             `json:"exported_by"`
	Zone       string             `json:"zone"` // of every time below, and its offset in each
	Program    string             `json:"program"`
	Judge      string             `json:"judge"` // fingerprint of the judge's words: same words, same judgement
	Branch     string             `json:"branch"`
	Topic      veille.Topic       `json:"topic"` // with its query
	Thresholds map[string]float64 `json:"thresholds"`
	Incident   veille.Incident    `json:"incident"` // its signals hold the points and the passages
	Tuning     *veille.Tuning     `json:"tuning,omitempty"`
	Events     []proofEvent       `json:"events"`
	Entries    []proofEntry       `json:"entries"` // all those the signals and the volume stand on, the latest first
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
	p, err := v.readProof()
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("web: evidence of incident %s: %w", p.Incident.ID, err)
	}
	return v.attach(p, "json", "application/json; charset=utf-8", body)
}

// incidentProofPage gives the same evidence as one HTML file, which stands
// alone: to read, to print and to send.
func (s *Server) incidentProofPage(v *visit) error {
	p, err := v.readProof()
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := proofDocument(v, p).Render(v.ctx(), &body); err != nil {
		return fmt.Errorf("web: evidence of incident %s: %w", p.Incident.ID, err)
	}
	return v.attach(p, "html", "text/html; charset=utf-8", body.Bytes())
}

func (v *visit) attach(p proof, ext, kind string, body []byte) error {
	v.Response().Header().Set("Content-Disposition", `attachment; filename="preuves-`+fileName(string(p.Incident.ID))+`.`+ext+`"`)
	return v.Blob(http.StatusOK, kind, body)
}

// readProof gathers the evidence of the incident of the address.
func (v *visit) readProof() (proof, error) {
	i, err := v.visibleIncident()
	if err != nil {
		return proof{}, err
	}
	m := incidentModel{Incident: i, All: true, People: map[veille.UserID]string{}, Cited: map[veille.EntryID]citation{}}
	for _, read := range []func(*incidentModel) error{v.readJudged, v.readHistory, v.readMentions, v.readCited, v.readOutlook} {
		if err := read(&m); err != nil {
			return proof{}, fmt.Errorf("web: evidence of incident %s: %w", i.ID, err)
		}
	}
	return v.proofOf(m), nil
}

// inZone gives the incident with its times in her zone.
func inZone(i veille.Incident, zone *time.Location) veille.Incident {
	for _, t := range []*time.Time{&i.LevelAt, &i.OpenedAt, &i.JudgedAt, &i.AckedAt, &i.ClosedAt, &i.SilencedUntil, &i.NotifiedAt} {
		if !t.IsZero() {
			*t = t.In(zone)
		}
	}
	return i
}

func (v *visit) proofOf(m incidentModel) proof {
	p := proof{ExportedAt: v.Now.In(v.Zone), ExportedBy: v.User.Name, Zone: v.Zone.String(), Program: "Veilleur " + v.server.conf.Version, Judge: crisis.Words(),
		Branch: v.Branch.Name, Topic: m.Topic, Thresholds: map[string]float64{}, Incident: inZone(m.Incident, v.Zone), Tuning: m.Tuning}
	p.Topic.CreatedAt, p.Topic.UpdatedAt = p.Topic.CreatedAt.In(v.Zone), p.Topic.UpdatedAt.In(v.Zone)
	for _, l := range []veille.Level{veille.LevelWatch, veille.LevelReview, veille.LevelEscalate, veille.LevelCrisis} {
		p.Thresholds[string(l)] = crisis.Threshold(l, m.Topic.Sensitivity) + m.Lift
	}
	for _, e := range m.Events {
		e.At = e.At.In(v.Zone)
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
			Published: c.Entry.Published.In(v.Zone), Seen: c.Entry.Seen.In(v.Zone), Passages: passages[id],
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
