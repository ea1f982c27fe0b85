package query

import (
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"

	"github.com/google/go-cmp/cmp"
)

func sample() Doc {
	return Doc{
		Entry: veille.Entry{
			SourceID: "s1",
			Title:    "La Caisse de la Rivière ferme deux comptoirs à Saint-Rémi",
			Author:   "Anne Côté",
			Text: "Les membres sont inquiets. L’Hôpital perd 1,5 M$ de dons, dit-on. " +
				"La coopérative des employées garde les journaux nationaux.",
			Published: time.Date(2026, 11, 1, 3, 30, 0, 0, time.UTC), // still October in Québec
			Reading:   veille.Reading{Lang: "fr"},
		},
		SourceName: "La Voix de la Rivière", Tier: 2,
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Toronto")
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]bool{
		"":                              true,
		"caisses":                       true,
		"CAISSE comptoir":               true,
		"banque":                        false,
		"ferme":                         true,
		"fermer":                        false,
		"fermeture":                     false,
		"ferm*":                         true,
		"journal national":              true,
		`"journal national"`:            true,
		`"national journal"`:            false,
		`"caisse rivière"`:              false,
		`"caisse rivière"~2`:            true,
		`"rivière caisse"~2`:            true,
		`"caisse comptoir"~2`:           false,
		`"caisses de la rivière"`:       true,
		"Saint-Rémi":                    true,
		`"saint remi"`:                  true,
		"Saint-Rém*":                    true,
		"d'hôpital":                     true,
		"1,5":                           true,
		"1.5":                           true,
		`"Saint-Rémi les membres"`:      false,
		"title:membres":                 false,
		"titre:comptoir":                true,
		"membres title:caisse":          true,
		"caisse -vol":                   true,
		"caisse -membres":               false,
		"-vol":                          true,
		"author:cote":                   true,
		"cote":                          false,
		"source:voix":                   true,
		`source:"voix de la riv*"`:      true,
		`source:"voix rivière"`:         false,
		"source:s1":                     true,
		"lang:fr":                       true,
		"lang:other OR lang:en":         false,
		"tier:1-2":                      true,
		"tier:3":                        false,
		"after:2026-11-01":              false,
		"before:2026-11-01":             true,
		"after:2026-10-31":              true,
		"(vol OR comptoir) -(vol OR a)": false,
	} {
		q, err := Parse(in)
		if err != nil {
			t.Fatalf("Parse(%q): %v", in, err)
		}
		d := sample()
		d.Zone = zone
		if got := Matches(q, d); got != want {
			t.Errorf("Matches(%s) = %v", in, got)
		}
	}
}

func TestPassages(t *testing.T) {
	t.Parallel()
	q, err := Parse(`("caisse de la rivière" OR membre OR journal OR nationaux) -vol lang:fr`)
	if err != nil {
		t.Fatal(err)
	}
	d := sample().Entry
	var got []string
	for _, p := range Passages(q, "fr", d.Title, d.Text, 3) {
		s := p.Text
		for i := len(p.Marks) - 1; i >= 0; i-- {
			m := p.Marks[i]
			s = s[:m[0]] + "[" + s[m[0]:m[1]] + "]" + s[m[1]:]
		}
		got = append(got, p.Field+": "+s)
	}
	want := []string{
		"title: La [Caisse de la Rivière] ferme deux comptoirs à Saint-Rémi",
		"text: La coopérative des employées garde les [journaux] [nationaux].",
		"text: Les [membres] sont inquiets.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALongSentenceIsCutAroundItsMark(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("un mot é ", 200) + "la caisse " + strings.Repeat("à voir ", 200)
	q, _ := Parse("caisse")
	got := Passages(q, "fr", "", body, 5)
	if len(got) != 1 || len(got[0].Text) > maxPassage || len(got[0].Marks) != 1 {
		t.Fatalf("%+v", got)
	}
	m := got[0].Marks[0]
	if got[0].Text[m[0]:m[1]] != "caisse" || strings.HasPrefix(got[0].Text, " ") {
		t.Errorf("%+v", got[0])
	}
}
