package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

// A fakeCrisis is the memory and the acts behind the pages of crises: one
// incident of the branch, one of the movement, one of another branch.
type fakeCrisis struct {
	incidents []veille.Incident
	events    []veille.IncidentEvent
	topics    []veille.Topic
	mentions  []veille.Mention
	entries   []veille.Entry
	posts     []veille.Post
	first     time.Time
	acts      []string // what was asked, in order
	refuse    error    // of every act
}

func (f *fakeCrisis) deps() CrisesDeps {
	return CrisesDeps{Incidents: f, Watched: f, Evidence: f, Response: f, Steps: f, Posts: f, Hold: f, Foresight: f, Tunings: f}
}

func newFakeCrises() *fakeCrisis {
	opened := morning.Add(-40 * time.Minute)
	f := &fakeCrisis{
		first: morning.AddDate(0, 0, -26*7-1),
		topics: []veille.Topic{
			{ID: "t1", BranchID: "b1", Name: "Caisse de la Rivière", Query: `"Caisse de la Rivière" OU comptoir`, Subject: veille.SubjectBranch},
			{ID: "t0", BranchID: "b0", Name: "Mouvement Desrivières", Query: `"Mouvement Desrivières"`, Subject: veille.SubjectMovement},
			{ID: "t9", BranchID: "b1", Name: "Taux hypothécaire", Query: "taux", Subject: veille.SubjectTheme},
		},
		incidents: []veille.Incident{
			closureIncident(opened),
			{ID: "i0", BranchID: "b0", TopicID: "t0", Title: "Panne du guichet en ligne", State: veille.IncidentAcknowledged, Level: veille.LevelReview,
				PeakLevel: veille.LevelReview, Score: 44, Peak: 44, OpenedAt: opened, LevelAt: opened, JudgedAt: morning, OwnerID: "u9", AckedAt: opened, Weeks: 26},
			{ID: "i2", BranchID: "b1", TopicID: "t1", Title: "Bourse refusée", State: veille.IncidentFalseAlarm, Level: veille.LevelWatch, PeakLevel: veille.LevelReview,
				Peak: 43, OpenedAt: morning.AddDate(0, 0, -20), ClosedAt: morning.AddDate(0, 0, -19), CloseReason: "un homonyme", JudgedAt: morning, Weeks: 23},
			{ID: "i9", BranchID: "b9", TopicID: "t8", Title: "Ailleurs", State: veille.IncidentOpen, Level: veille.LevelCrisis, OpenedAt: opened},
		},
		events: []veille.IncidentEvent{
			{IncidentID: "i1", At: opened, Kind: "opened", Level: veille.LevelReview, Score: 41},
			{IncidentID: "i1", At: morning.Add(-12 * time.Minute), Kind: "raised", Level: veille.LevelEscalate, Score: 62},
			{IncidentID: "i1", At: morning.Add(-10 * time.Minute), Kind: "step_done", By: "u1", Note: "0"},
			{IncidentID: "i1", At: morning.Add(-9 * time.Minute), Kind: "step_done", By: "u7", Note: "1"},
			{IncidentID: "i1", At: morning.Add(-8 * time.Minute), Kind: "step_undone", By: "u7", Note: "1"},
		},
	}
	f.publish()
	return f
}

func closureIncident(opened time.Time) veille.Incident {
	detail := veille.Say("crisis.usual_odds", "usual", 0.4, "odds", 9000)
	in := veille.Say("crisis.severity_in", "n", 2, "of", 3)
	proof := func(id veille.EntryID, text string, marks ...[2]int) veille.Evidence {
		return veille.Evidence{EntryID: id, Passage: veille.Passage{Field: "text", Text: text, Marks: marks}}
	}
	return veille.Incident{
		ID: "i1", BranchID: "b1", TopicID: "t1", StoryID: "s1", Title: "Fermeture du comptoir de Saint-Rémi <b>",
		State: veille.IncidentOpen, Level: veille.LevelEscalate, PeakLevel: veille.LevelEscalate, LevelAt: morning.Add(-12 * time.Minute),
		Score: 62.5, Peak: 64, Weeks: 26, Entries: 3, Independent: 2, OpenedAt: opened, JudgedAt: morning.Add(-20 * time.Second),
		NotifiedAt: morning.Add(-11 * time.Minute), NotifiedLevel: veille.LevelEscalate,
		Signals: []veille.Signal{
			{Kind: "independence", Points: 24.5, Max: 25, Reason: veille.Say("crisis.independence", "n", 2, "hours", 6), Detail: &detail,
				Evidence: []veille.Evidence{proof("e1", "La Caisse va fermer son comptoir <script>alert(1)</script>", [2]int{13, 19}), proof("e2", "Une pétition circule.", [2]int{4, 13})}},
			{Kind: "severity", Points: 28, Max: 30, Reason: veille.Say("crisis.severity", "words", "fermer, pétition"), Detail: &in,
				Evidence: []veille.Evidence{proof("e1", "La Caisse va fermer son comptoir", [2]int{13, 19}), proof("perdu", "Un texte retiré")}},
			{Kind: "inherited", Points: 10, Max: 30, Reason: veille.Say("crisis.inherited", "title", "Panne du guichet en ligne")},
		},
	}
}

// publish gives the fake its articles and its posts.
func (f *fakeCrisis) publish() {
	for n, title := range []string{"Le comptoir de Saint-Rémi fermera", "Pétition contre la fermeture", "Une assemblée <i>houleuse</i>"} {
		id := veille.EntryID("e" + string(rune('1'+n)))
		at := morning.Add(-time.Duration(3*n+1) * time.Hour)
		f.entries = append(f.entries, veille.Entry{ID: id, SourceID: "src", URL: "https://courrier.example/" + string(id), Title: title,
			Published: at, Seen: at, Reading: veille.Reading{Lang: "fr", StoryID: "s1"}})
		f.mentions = append([]veille.Mention{{TopicID: "t1", EntryID: id, At: at, Passages: []veille.Passage{{Field: "text", Text: "… le comptoir…", Marks: [][2]int{{7, 15}}}}}}, f.mentions...)
	}
	f.mentions = append([]veille.Mention{{TopicID: "t1", EntryID: "e1", At: morning.AddDate(0, 0, -5)}}, f.mentions...)
	f.posts = []veille.Post{
		{ID: "p1", BranchID: "b1", State: veille.PostScheduled, Title: "Portrait : nos bénévoles", Text: "Merci à Luce.", At: morning.Add(26 * time.Hour), Wall: "2026-11-24T09:00", Zone: "America/Toronto"},
		{ID: "p2", BranchID: "b1", State: veille.PostHeld, Text: "L’horaire des Fêtes de chaque comptoir est en ligne, avec tous les détails pour vous.", At: morning.Add(50 * time.Hour), Wall: "2026-11-25T09:00", Zone: "America/Toronto"},
		{ID: "p9", BranchID: "b9", State: veille.PostScheduled, Text: "D’ailleurs", At: morning.Add(time.Hour)},
	}
}

func (f *fakeCrisis) Incidents(_ context.Context, q veille.IncidentFilter) ([]veille.Incident, error) {
	var out []veille.Incident
	for _, i := range f.incidents {
		if slices.Contains(q.Scope, i.BranchID) && (!q.Live || i.Live()) && (i.OpenedAt.After(q.Since) || i.ClosedAt.After(q.Since)) {
			out = append(out, i)
		}
	}
	return out, nil
}

func (f *fakeCrisis) Incident(_ context.Context, id veille.IncidentID) (veille.Incident, error) {
	for _, i := range f.incidents {
		if i.ID == id {
			return i, nil
		}
	}
	return veille.Incident{}, veille.ErrNotFound
}

func (f *fakeCrisis) IncidentEvents(_ context.Context, id veille.IncidentID) ([]veille.IncidentEvent, error) {
	return slices.DeleteFunc(slices.Clone(f.events), func(e veille.IncidentEvent) bool { return e.IncidentID != id }), nil
}

func (f *fakeCrisis) Scope(_ context.Context, id veille.BranchID) ([]veille.BranchID, error) {
	if id == "b1" {
		return []veille.BranchID{"b1", "b0"}, nil
	}
	return []veille.BranchID{id}, nil
}

func (f *fakeCrisis) Topics(_ context.Context, scope []veille.BranchID) ([]veille.Topic, error) {
	return slices.DeleteFunc(slices.Clone(f.topics), func(t veille.Topic) bool { return !slices.Contains(scope, t.BranchID) }), nil
}

func (f *fakeCrisis) FirstPublished(context.Context, []veille.BranchID) (time.Time, error) {
	if f.first.IsZero() {
		return time.Time{}, veille.ErrNotFound
	}
	return f.first, nil
}

func (f *fakeCrisis) MentionsOf(_ context.Context, id veille.TopicID, since time.Time) ([]veille.Mention, error) {
	return slices.DeleteFunc(slices.Clone(f.mentions), func(m veille.Mention) bool { return m.TopicID != id || m.At.Before(since) }), nil
}

func (f *fakeCrisis) EntriesByID(_ context.Context, ids []veille.EntryID) ([]veille.Entry, error) {
	return slices.DeleteFunc(slices.Clone(f.entries), func(e veille.Entry) bool { return !slices.Contains(ids, e.ID) }), nil
}

func (f *fakeCrisis) Sources(context.Context, []veille.BranchID) ([]veille.Source, error) {
	return []veille.Source{{ID: "src", BranchID: "b1", Title: "Le Courrier", Tier: 2, URL: "https://secret.example/key"}}, nil
}

func (f *fakeCrisis) Posts(_ context.Context, q veille.PostFilter) ([]veille.Post, error) {
	return slices.DeleteFunc(slices.Clone(f.posts), func(p veille.Post) bool {
		return p.BranchID != q.Branch || !slices.Contains(q.States, p.State)
	}), nil
}

func (f *fakeCrisis) Outlook(context.Context, veille.Topic) (crisis.Outlook, error) {
	return crisis.Outlook{
		Falls: []crisis.Fall{
			{Kind: "severity", Now: 24, Half: morning.Add(36 * time.Hour), Gone: morning.Add(5 * oneDay)},
			{Kind: "inherited", Now: 20},
		},
		Levels: []crisis.FallTo{{Level: veille.LevelReview, At: morning.Add(30 * time.Hour)}, {Level: veille.LevelNone, At: morning.Add(3 * oneDay)}},
	}, nil
}

func (f *fakeCrisis) Tunings(_ context.Context, id veille.TopicID) ([]veille.Tuning, error) {
	if id != "t1" {
		return nil, nil
	}
	return []veille.Tuning{{IncidentID: "i2", TopicID: "t1", At: morning.AddDate(0, 0, -19), By: "u7", Reason: "un homonyme"}}, nil
}

func (f *fakeCrisis) act(words ...string) error {
	if f.refuse == nil {
		f.acts = append(f.acts, strings.Join(words, " "))
	}
	return f.refuse
}

func crisisBrowser(t *testing.T, f *fakeCrisis, locale string) *browser {
	t.Helper()
	deps := testDeps(ana(locale))
	deps.Crises = f.deps()
	return signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
}

func TestTheListOfCrisesInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			w := crisisBrowser(t, newFakeCrises(), locale).get("/crises")
			golden(t, "crises_"+locale, w.Body.String())
			if strings.Contains(w.Body.String(), "Ailleurs") {
				t.Error("the list shows an incident of another branch")
			}
		})
	}
}

func TestTheGravestIncidentComesFirst(t *testing.T) {
	t.Parallel()
	body := crisisBrowser(t, newFakeCrises(), "fr").get("/crises").Body.String()
	own, above, over := strings.Index(body, "Fermeture du comptoir"), strings.Index(body, "Panne du guichet"), strings.Index(body, "Bourse refusée")
	if own < 0 || above < own || over < above {
		t.Errorf("places: own %d, movement %d, closed %d", own, above, over)
	}
}

func TestACalmListSaysWhenItKnowsTooLittle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first time.Time
		want  string
	}{
		"no article yet":       {time.Time{}, "aucun article n’a encore été lu"},
		"two weeks of history": {morning.AddDate(0, 0, -15), "Pas assez de données\u00a0: 2 semaines d’historique"},
		"ten weeks":            {morning.AddDate(0, 0, -71), "Confiance moyenne\u00a0: 10 semaines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeCrises()
			f.first, f.incidents = c.first, nil
			wantStatus(t, crisisBrowser(t, f, "fr").get("/crises"), http.StatusOK, "Aucun incident en cours", c.want)
		})
	}
}

// lands expects a redirect to path, which may name a place in the page, and
// asks for the page.
func (b *browser) lands(w *httptest.ResponseRecorder, path string) *httptest.ResponseRecorder {
	b.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != path {
		b.t.Fatalf("%d to %q, want 303 to %q", w.Code, got, path)
	}
	page, _, _ := strings.Cut(path, "#")
	return b.get(page)
}
