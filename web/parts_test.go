package web

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

func testVisit(locale string) *visit {
	return &visit{Printer: i18n.For(locale), Now: morning, Zone: time.UTC}
}

func html(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParts(t *testing.T) {
	t.Parallel()
	v := testVisit("fr")
	p := veille.Passage{Text: "la Caisse <b>ferme</b>", Marks: [][2]int{{3, 9}, {2, 5}, {90, 99}, {13, 18}}}
	for _, c := range []struct {
		name string
		part templ.Component
		want string
	}{
		{"a passage marks the words that count and escapes the rest", passage(p),
			"la <mark>Caisse</mark> &lt;b&gt;<mark>ferme</mark>&lt;/b&gt;"},
		{"a quotation has its marks", quoted(v, veille.Passage{Text: "oui"}), "«\u00a0oui\u00a0»"},
		{"an icon is silent", icon("siren"), `<span class="icon icon-siren" aria-hidden="true"></span>`},
		{"a tone says why", toneMark(v, "negative", []veille.ToneWord{{Word: "fermer", Weight: -1}, {Word: "belle", Weight: 1}}),
			`<span class="tone negative"><i aria-hidden="true"></i> négatif` + "\u00a0: «\u00a0fermer\u00a0»</span>"},
		{"a neutral tone says no more", toneMark(v, "neutral", []veille.ToneWord{{Word: "x"}}),
			`<span class="tone neutral"><i aria-hidden="true"></i> neutre</span>`},
		{"a level has its word", levelBadge(v, veille.LevelEscalate),
			`<span class="badge bad"><span class="icon icon-siren" aria-hidden="true"></span>escalade</span>`},
		{"a time is spoken", ago(v, morning.Add(-72*time.Hour)),
			`<time datetime="2026-11-20T11:52:00Z" title="20 novembre 2026 à 11` + "\u00a0h\u00a0" + `52">il y a 3 jours</time>`},
		{"no time is nothing", ago(v, time.Time{}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, html(t, c.part)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestColumnsFillTheChart(t *testing.T) {
	t.Parallel()
	got := columns([]bar{{N: 0}, {N: 5}, {N: 10}}, pageWide)
	if got[0].H != "2" || got[1].H != "35" || got[2].H != "70" || got[2].Y != "0" {
		t.Errorf("%+v", got)
	}
	if len(columns(nil, cardWide)) != 0 {
		t.Error("no bars drew something")
	}
}

func TestASparkIsDrawnToItsForecastAndGoal(t *testing.T) {
	t.Parallel()
	got := spark{Values: []float64{160, 178}, Forecast: 181, Goal: 200}.drawn()
	want := sparkLine{Line: "4,80 226,49.4", Dashes: "226,49.4 276,44.3", GoalY: "12", EndX: "226", EndY: "49.4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	flat := spark{Values: []float64{5}, Forecast: math.NaN(), Goal: math.NaN()}.drawn()
	if flat.Line != "4,80" || flat.Dashes != "" || flat.GoalY != "" {
		t.Errorf("%+v", flat)
	}
	if (spark{}).drawn().Line != "" {
		t.Error("no values drew a line")
	}
}

func TestAShareStaysWithinItsWhole(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{"0": share(1, 0), "50": share(2, 4), "100": share(9, 4)} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
