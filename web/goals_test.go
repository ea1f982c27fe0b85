package web

import (
	"context"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/goal"
	"veilleur/internal/veille"
)

// A fakeGoal keeps goals in memory.
type fakeGoal struct{ goals map[veille.GoalID]veille.Goal }

func (f *fakeGoal) deps() GoalsDeps { return GoalsDeps{Goals: f, Measures: f} }

func newFakeGoals() *fakeGoal {
	start := morning.AddDate(0, 0, -36)
	g := veille.Goal{
		ID: "g1", BranchID: "b1", Name: "200 abonnés d’ici la fin de l’année", Unit: "abonnés", Start: 160, StartAt: start,
		Target: 200, DueAt: time.Date(2027, 1, 1, 4, 59, 0, 0, time.UTC), CreatedAt: start,
	}
	for week, value := range []float64{163, 165, 169, 172, 178} {
		g.Measures = append(g.Measures, veille.Measure{At: start.AddDate(0, 0, 7*(week+1)), Value: value})
	}
	return &fakeGoal{goals: map[veille.GoalID]veille.Goal{"g1": g, "g9": {ID: "g9", BranchID: "b9", Name: "Ailleurs"}}}
}

func (f *fakeGoal) Goals(_ context.Context, branch veille.BranchID) ([]veille.Goal, error) {
	var out []veille.Goal
	for _, g := range f.goals {
		if g.BranchID == branch {
			out = append(out, g)
		}
	}
	return out, nil
}

func (f *fakeGoal) Goal(_ context.Context, id veille.GoalID) (veille.Goal, error) {
	if g, ok := f.goals[id]; ok {
		return g, nil
	}
	return veille.Goal{}, veille.ErrNotFound
}

func (f *fakeGoal) PutGoal(_ context.Context, g veille.Goal) error {
	f.goals[g.ID] = g
	return nil
}

func (f *fakeGoal) PutMeasure(_ context.Context, id veille.GoalID, m veille.Measure) error {
	g := f.goals[id]
	g.Measures = append(g.Measures, m)
	f.goals[id] = g
	return nil
}

func (f *fakeGoal) DeleteGoal(_ context.Context, id veille.GoalID) error {
	delete(f.goals, id)
	return nil
}

func goalBrowser(t *testing.T, f *fakeGoal, locale string) *browser {
	t.Helper()
	deps := testDeps(ana(locale))
	deps.Goals = f.deps()
	return signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
}

func TestGoalsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			w := goalBrowser(t, newFakeGoals(), locale).get("/objectifs")
			golden(t, "goals_"+locale, w.Body.String())
			if strings.Contains(w.Body.String(), "Ailleurs") {
				t.Error("the page shows a goal of another branch")
			}
		})
	}
}

func TestAGoalIsMadeMeasuredAndDeleted(t *testing.T) {
	t.Parallel()
	f := &fakeGoal{goals: map[veille.GoalID]veille.Goal{}}
	b := goalBrowser(t, f, "fr")
	wantStatus(t, b.get("/objectifs"), http.StatusOK, "Aucun objectif encore")
	page := b.follow(b.post("/objectifs", "name", "Plus <b>", "unit", "abonnés", "start", "1 160", "target", "1 200,5", "due", "2026-12-31"), "/objectifs")
	wantStatus(t, page, http.StatusOK, "Plus &lt;b&gt;", "1\u00a0200,5", "Pas assez de données")
	var id veille.GoalID
	for id = range f.goals {
		if g := f.goals[id]; g.BranchID != "b1" || g.Start != 1160 || !g.DueAt.Equal(time.Date(2027, 1, 1, 4, 59, 0, 0, time.UTC)) {
			t.Errorf("%+v", g)
		}
	}
	at := "/objectifs#" + goalAnchor(id)
	wantStatus(t, b.lands(b.post("/objectifs/"+string(id)+"/mesure", "value", "1165"), at), http.StatusOK, "C’est noté\u00a0: 1\u00a0165 abonnés")
	if diff := cmp.Diff([]veille.Measure{{At: morning, Value: 1165}}, f.goals[id].Measures); diff != "" {
		t.Error(diff)
	}
	wantStatus(t, b.follow(b.post("/objectifs/"+string(id)+"/supprimer"), "/objectifs"), http.StatusOK, "est supprimé")
	if len(f.goals) != 0 {
		t.Error("the goal is still there")
	}
}

func TestARefusedGoalKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := goalBrowser(t, newFakeGoals(), "fr")
	wantStatus(t, b.post("/objectifs", "name", "", "unit", "clics", "start", "x", "target", "9", "due", "2026-11-01"), http.StatusBadRequest,
		"Donnez un nom court", `value="clics"`, "Écrivez un nombre", "Choisissez une date après demain")
	wantStatus(t, b.post("/objectifs/g1/mesure", "value", "beaucoup"), http.StatusBadRequest, `value="beaucoup"`, "Écrivez un nombre")
	wantStatus(t, b.post("/objectifs/g1/mesure", "value", "5", "day", "2026-12-01"), http.StatusBadRequest, "Choisissez un jour entre")
	wantStatus(t, b.post("/objectifs/g1/mesure", "value", "5", "day", "2026-01-01"), http.StatusBadRequest, "Choisissez un jour entre")
}

func TestANumberOfAnotherDayIsOfItsNoon(t *testing.T) {
	t.Parallel()
	f := newFakeGoals()
	b := goalBrowser(t, f, "fr")
	b.lands(b.post("/objectifs/g1/mesure", "value", "177", "day", "2026-11-20"), "/objectifs#objectif-g1")
	got := f.goals["g1"].Measures
	if diff := cmp.Diff(veille.Measure{At: time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC), Value: 177}, got[len(got)-1]); diff != "" {
		t.Error(diff)
	}
}

func TestAGoalOfAnotherBranchIsNotFound(t *testing.T) {
	t.Parallel()
	f := newFakeGoals()
	b := goalBrowser(t, f, "fr")
	wantStatus(t, b.post("/objectifs/g9/mesure", "value", "1"), http.StatusNotFound)
	wantStatus(t, b.post("/objectifs/g9/supprimer"), http.StatusNotFound)
	if len(f.goals) != 2 || len(f.goals["g9"].Measures) > 0 {
		t.Error("a goal of another branch changed")
	}
}

func TestAGoalSaysHowItGoes(t *testing.T) {
	t.Parallel()
	v := testVisit("fr")
	base := newFakeGoals().goals["g1"]
	for name, c := range map[string]struct {
		edit func(*veille.Goal)
		want string
	}{
		"on pace":          {func(g *veille.Goal) { g.Target = 190 }, "dans les temps"},
		"behind":           {func(g *veille.Goal) { g.Target = 260 }, "en retard"},
		"too few numbers":  {func(g *veille.Goal) { g.Measures = g.Measures[:1] }, "Pas assez de données"},
		"reached":          {func(g *veille.Goal) { g.Target = 170 }, "est atteint"},
		"its day is past":  {func(g *veille.Goal) { g.DueAt = morning.Add(-time.Hour) }, "La date est passée"},
		"nothing measured": {func(g *veille.Goal) { g.Measures = nil }, "Rien de tapé encore"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeGoals()
			g := base
			c.edit(&g)
			f.goals["g1"] = g
			wantStatus(t, goalBrowser(t, f, "fr").get("/objectifs"), http.StatusOK, c.want)
		})
	}
	if got := signed(v, -0.04); got != "0" {
		t.Errorf("a rate that rounds to nothing is %q", got)
	}
}

func TestReadNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, locale string
		want         float64
		ok           bool
	}{
		{"178", "fr", 178, true}, {"1 204,5", "fr", 1204.5, true}, {"1\u00a0204", "fr", 1204, true}, {"1,204.5", "en", 1204.5, true},
		{"-3.5", "fr", -3.5, true}, {"+2", "en", 2, true}, {"", "fr", 0, false}, {"NaN", "fr", 0, false}, {"1e9", "fr", 0, false},
		{"0x10", "en", 0, false}, {"1,2,3", "fr", 0, false}, {"99999999999999", "fr", 0, false}, {"12 abonnés", "fr", 0, false},
	} {
		t.Run(c.locale+" "+c.text, func(t *testing.T) {
			t.Parallel()
			got, ok := readNumber(c.text, c.locale)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("%v %v, want %v %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func FuzzReadNumber(f *testing.F) {
	f.Add("1 204,5", "fr")
	f.Add("1,204.5", "en")
	f.Fuzz(func(t *testing.T, text, locale string) {
		if x, ok := readNumber(text, locale); ok && (math.IsNaN(x) || math.Abs(x) > mostNumber) {
			t.Errorf("%q is %v", text, x)
		}
	})
}

func TestAGoalIsDrawnWithinItsBox(t *testing.T) {
	t.Parallel()
	v := testVisit("fr")
	g := newFakeGoals().goals["g1"]
	d := goalCard{Goal: g, Pace: goal.PaceOf(g, morning)}.drawn(v)
	if len(d.Dots) != 5 || !strings.HasPrefix(d.Line, "6,108 ") || !strings.HasPrefix(d.Forecast, d.Dots[4].X+","+d.Dots[4].Y+" 314,") {
		t.Errorf("%+v", d)
	}
	flat := goalCard{Goal: veille.Goal{Start: 5, Target: 5, StartAt: morning, DueAt: morning}, Pace: goal.Pace{Short: true}}.drawn(v)
	if flat.Line != "6,108" {
		t.Errorf("a goal without length or height: %+v", flat)
	}
}
