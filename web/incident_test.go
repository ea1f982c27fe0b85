package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/playbook"
	"veilleur/internal/veille"
)

func (f *fakeCrisis) Acknowledge(_ context.Context, id veille.IncidentID, by veille.UserID) error {
	f.incidents[0].OwnerID, f.incidents[0].AckedAt, f.incidents[0].State = by, morning, veille.IncidentAcknowledged
	return f.act("acknowledge", string(id), string(by))
}

func (f *fakeCrisis) Resolve(_ context.Context, id veille.IncidentID, by veille.UserID) error {
	return f.act("resolve", string(id), string(by))
}

func (f *fakeCrisis) FalseAlarm(_ context.Context, id veille.IncidentID, by veille.UserID, reason string) error {
	if reason == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("incident.reason_needed"), nil)
	}
	return f.act("false alarm", string(id), string(by), reason)
}

func (f *fakeCrisis) Silence(_ context.Context, id veille.IncidentID, by veille.UserID, d time.Duration, reason string) error {
	if d <= 0 {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("incident.silence_length"), nil)
	}
	return f.act("silence", string(id), string(by), d.String(), reason)
}

func (f *fakeCrisis) Step(_ context.Context, id veille.IncidentID, by veille.UserID, step string, done bool) error {
	return f.act("step", string(id), string(by), fmt.Sprint(step, " ", done))
}

func (f *fakeCrisis) Move(_ context.Context, id veille.PostID, to veille.PostState) error {
	return f.act("move", string(id), string(to))
}

func (f *fakeCrisis) Schedule(_ context.Context, id veille.PostID, wall, zone string) (*veille.Sentence, error) {
	return nil, f.act("schedule", string(id), wall, zone)
}

func TestAnIncidentInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b := crisisBrowser(t, newFakeCrises(), locale)
			w := b.get("/crises/i1")
			golden(t, "incident_"+locale, w.Body.String())
			if body := w.Body.String(); strings.Contains(body, "<script>alert") || strings.Contains(body, "<i>houleuse") {
				t.Error("markup in an article is not shown as text")
			}
		})
	}
}

func TestPaperShowsEveryPassage(t *testing.T) {
	t.Parallel()
	body := crisisBrowser(t, newFakeCrises(), "fr").get("/crises/i1?tout=1").Body.String()
	if all, open := strings.Count(body, "<details"), strings.Count(body, "<details open")+strings.Count(body, "fold\" open"); open < 4 {
		t.Errorf("%d of %d folds are open", open, all)
	}
}

// TestActsOnAnIncident presses each button: what is asked of the engine, and
// where she lands.
func TestActsOnAnIncident(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path string
		form []string
		want string // act, then where she lands
		to   string
	}{
		"she takes it":         {"/en-charge", nil, "acknowledge i1 u1", ""},
		"she resolves it":      {"/resolue", nil, "resolve i1 u1", ""},
		"a false alarm":        {"/fausse-alerte", []string{"reason", " un homonyme "}, "false alarm i1 u1 un homonyme", ""},
		"a silence":            {"/silence", []string{"hours", "4", "silence_reason", "réunion"}, "silence i1 u1 4h0m0s réunion", ""},
		"a step done":          {"/etapes", []string{"step", "playbook.step.holding", "done", "yes"}, "step i1 u1 playbook.step.holding true", "#etapes"},
		"a step undone":        {"/etapes", []string{"step", "playbook.step.holding", "done", "no"}, "step i1 u1 playbook.step.holding false", "#etapes"},
		"a post is held":       {"/publications", []string{"post", "p1", "to", "hold"}, "move p1 held", "#publications"},
		"a held post is kept":  {"/publications", []string{"post", "p2", "to", "keep"}, "schedule p2 2026-11-25T09:00 America/Toronto", "#publications"},
		"a kept post stays so": {"/publications", []string{"post", "p1", "to", "keep"}, "", "#publications"},
		"a held post stays so": {"/publications", []string{"post", "p2", "to", "hold"}, "", "#publications"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeCrises()
			b := crisisBrowser(t, f, "fr")
			w := b.post("/crises/i1"+c.path, c.form...)
			wantStatus(t, b.lands(w, "/crises/i1"+c.to), http.StatusOK, "Fermeture du comptoir")
			if got := strings.Join(f.acts, "; "); got != c.want {
				t.Errorf("asked %q, want %q", got, c.want)
			}
		})
	}
}

func TestTakingAnIncidentShowsItIsTaken(t *testing.T) {
	t.Parallel()
	b := crisisBrowser(t, newFakeCrises(), "fr")
	page := b.follow(b.post("/crises/i1/en-charge"), "/crises/i1")
	wantStatus(t, page, http.StatusOK, "L’incident est à vous", "Vous vous en occupez depuis 6\u00a0h\u00a052")
}

func TestARefusedActKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := crisisBrowser(t, newFakeCrises(), "fr")
	wantStatus(t, b.post("/crises/i1/fausse-alerte", "reason", " "), http.StatusBadRequest, "Dites pourquoi en quelques mots", `aria-invalid="true"`)
	wantStatus(t, b.post("/crises/i1/silence", "hours", "zéro", "silence_reason", "réunion du matin"), http.StatusBadRequest,
		"Choisissez une durée", "réunion du matin")
}

func TestAnIncidentClosedMeanwhileIsToldSo(t *testing.T) {
	t.Parallel()
	f := newFakeCrises()
	f.refuse = veille.NewProblem(veille.ErrConflict, veille.Say("incident.already_closed"), nil)
	wantStatus(t, crisisBrowser(t, f, "fr").post("/crises/i1/resolue"), http.StatusConflict, "déjà fermé")
}

func TestWhoMayActOnAnIncident(t *testing.T) {
	t.Parallel()
	f := newFakeCrises()
	b := crisisBrowser(t, f, "fr")
	wantStatus(t, b.get("/crises/i9"), http.StatusNotFound)
	wantStatus(t, b.get("/crises/i9/preuves.json"), http.StatusNotFound)
	wantStatus(t, b.post("/crises/i9/resolue"), http.StatusNotFound)
	wantStatus(t, b.get("/crises/i0"), http.StatusOK, "C’est un incident du mouvement")
	wantStatus(t, b.post("/crises/i0/resolue"), http.StatusForbidden, "Seule son équipe centrale")
	wantStatus(t, b.post("/crises/i1/publications", "post", "p9", "to", "hold"), http.StatusNotFound)
	if body := b.get("/crises/i0").Body.String(); strings.Contains(body, "/crises/i0/resolue") || strings.Contains(body, `role="checkbox"`) {
		t.Error("an incident of the movement offers a caisse what it may not do")
	}
	reader := ana("fr")
	reader.Role = veille.RoleReader
	deps := testDeps(reader)
	deps.Crises = f.deps()
	wantStatus(t, signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca").post("/crises/i1/resolue"), http.StatusForbidden)
	if len(f.acts) > 0 {
		t.Errorf("acts went through: %q", f.acts)
	}
}

func TestAClosedIncidentIsReadOnly(t *testing.T) {
	t.Parallel()
	w := crisisBrowser(t, newFakeCrises(), "fr").get("/crises/i2")
	wantStatus(t, w, http.StatusOK, "fausse alerte", "un homonyme", "revue au plus haut")
	if strings.Contains(w.Body.String(), "/crises/i2/resolue") {
		t.Error("a closed incident may be resolved again")
	}
}

func TestTheEvidenceIsOneFileWithoutSecrets(t *testing.T) {
	t.Parallel()
	w := crisisBrowser(t, newFakeCrises(), "fr").get("/crises/i1/preuves.json")
	wantStatus(t, w, http.StatusOK)
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="preuves-i1.json"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if strings.Contains(w.Body.String(), "secret.example") {
		t.Error("the address of a source leaves")
	}
	var p proof
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Entries) != 3 || p.Entries[0].Source != "Le Courrier" || p.Entries[0].ID != "e1" || p.Events[2].ByName != "Ana" ||
		len(p.Incident.Signals) != 3 || p.Incident.Signals[0].Evidence[0].EntryID != "e1" {
		t.Errorf("%+v", p)
	}
}

func TestTheEvidenceTellsByWhatItWasJudged(t *testing.T) {
	t.Parallel()
	b := crisisBrowser(t, newFakeCrises(), "fr")
	var p proof
	if err := json.Unmarshal(b.get("/crises/i1/preuves.json").Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	_, offset := p.ExportedAt.Zone()
	_, local := morning.In(zoneOf(p.Zone)).Zone()
	if p.Program == "" || len(p.Judge) != 12 || p.ExportedBy != "Ana" || p.Topic.Query == "" || offset != local {
		t.Errorf("by %q, words %q, for %q, query %q, offset %d in %s", p.Program, p.Judge, p.ExportedBy, p.Topic.Query, offset, p.Zone)
	}
	if p.Thresholds["escalate"] != 63 { // one false alarm lifts it
		t.Errorf("thresholds %v", p.Thresholds)
	}
	w := b.get("/crises/i1/preuves.html")
	wantStatus(t, w, http.StatusOK, "Fermeture du comptoir de Saint-Rémi &lt;b&gt;", "Requête", "OU comptoir", p.Judge, "Le Courrier", "Ouvert au niveau", "-05:00")
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="preuves-i1.html"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if strings.Contains(w.Body.String(), "secret.example") || strings.Contains(w.Body.String(), "/assets/") {
		t.Error("the document asks something of a server, or tells the address of a source")
	}
	wantStatus(t, b.get("/crises/i9/preuves.html"), http.StatusNotFound)
}

func TestWhatWouldBringAScoreDown(t *testing.T) {
	t.Parallel()
	b := crisisBrowser(t, newFakeCrises(), "fr")
	wantStatus(t, b.get("/crises/i1"), http.StatusOK, "Ce qui ferait baisser l", "Les mots graves", "pas d’ici neuf jours", "redescendrait à", "se fermerait de lui-même")
	wantStatus(t, b.get("/crises/i2"), http.StatusOK, "Cette fausse alerte règle le sujet", "/reglages/sujets/t1#lecons")
}

func TestStepRows(t *testing.T) {
	t.Parallel()
	steps := []playbook.Step{{Says: veille.Say("a"), Within: time.Hour}, {Says: veille.Say("b"), Within: 3 * time.Hour}, {Says: veille.Say("c")}}
	event := func(kind, note string, at int) veille.IncidentEvent {
		return veille.IncidentEvent{Kind: kind, Note: note, By: "u1", At: morning.Add(time.Duration(at) * time.Minute)}
	}
	events := []veille.IncidentEvent{
		event("step_done", "0", 1), event("step_undone", "0", 2), event("step_done", "b", 3), event("silenced", "2", 4), event("step_done", "77", 5),
	}
	got := stepRows(steps, events, morning, morning.Add(2*time.Hour))
	want := []stepRow{
		{Step: steps[0], N: 0, Due: morning.Add(time.Hour), Late: true},
		{Step: steps[1], N: 1, Due: morning.Add(3 * time.Hour), DoneAt: morning.Add(3 * time.Minute), By: "u1"},
		{Step: steps[2], N: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := stepsDone(got); n != 1 {
		t.Errorf("%d steps done, want 1", n)
	}
}

func TestClocksOfSteps(t *testing.T) {
	t.Parallel()
	v := testVisit("fr")
	for name, c := range map[string]struct {
		step stepRow
		want string
	}{
		"due today":     {stepRow{Due: morning.Add(3 * time.Hour)}, "d’ici 14\u00a0h\u00a052"},
		"due tomorrow":  {stepRow{Due: morning.Add(24 * time.Hour)}, "d’ici demain 11\u00a0h\u00a052"},
		"late today":    {stepRow{Due: morning.Add(-time.Hour), Late: true}, "en retard depuis 10\u00a0h\u00a052"},
		"late for days": {stepRow{Due: morning.AddDate(0, 0, -2), Late: true}, "en retard depuis le 21 nov."},
		"done":          {stepRow{DoneAt: morning.Add(-5 * time.Minute)}, "fait il y a 5 minutes"},
		"without clock": {stepRow{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.step.clock(v); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTheVolumeCountsHerDays(t *testing.T) {
	t.Parallel()
	v := testVisit("fr")
	v.Zone = zoneOf("America/Toronto")
	// 4 h UTC is still the evening before in Montréal.
	m := incidentModel{Incident: veille.Incident{State: veille.IncidentOpen, OpenedAt: morning.Add(-time.Hour)}, Mentions: []veille.Mention{
		{At: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)}, {At: morning}, {At: time.Date(2026, 11, 10, 5, 0, 0, 0, time.UTC)},
	}}
	days := m.volume(v)
	var got []int
	for _, d := range days {
		got = append(got, d.N)
	}
	if diff := cmp.Diff([]int{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, got); diff != "" {
		t.Error(diff)
	}
	if days[12].Hot || !days[13].Hot {
		t.Error("red begins on the day the incident opened, in her zone")
	}
}
