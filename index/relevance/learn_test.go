package relevance

import (
	"fmt"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

// around1 makes an example of a sentence whose name stands between brackets.
func example(family, sentence string) Example {
	from := strings.Index(sentence, "[")
	to := strings.Index(sentence, "]") - 1
	p := veille.Passage{Field: "text", Text: strings.NewReplacer("[", "", "]", "").Replace(sentence), Marks: [][2]int{{from, to}}}
	return Example{Family: veille.EntryID(family), Passages: []veille.Passage{p}}
}

func TestWhatIsLearnedFromRefusals(t *testing.T) {
	t.Parallel()
	excavation := example("a", "La compagnie Excavation [Desrivières] creuse la rue.")
	for name, c := range map[string]struct {
		refused, kept []Example
		want          string
	}{
		"a name beside the name, from one refusal": {refused: []Example{excavation}, want: "Excavation beside 1"},
		"but not a word that begins the sentence": {
			refused: []Example{example("a", "Annonce [Desrivières] du jour.")}},
		"nor a common word beside it": {
			refused: []Example{example("a", "Selon des experts, [Desrivières] creuse.")}},
		"a word that two share": {
			refused: []Example{excavation, example("b", "Une pelle de [Desrivières] creuse encore.")}, want: "creuse around 2; Excavation beside 1"},
		"one and its reprint are one": {
			refused: []Example{example("a", "Une pelle de [Desrivières] creuse."), example("a", "Une pelle de [Desrivières] creuse.")}},
		"never what a kept one has": {
			refused: []Example{excavation, example("b", "Une pelle de [Desrivières] creuse encore.")},
			kept:    []Example{example("c", "Le mouvement [Desrivières] creuse l’écart."), example("d", "Un prêt à Excavation [Desrivières] inc.")}},
		"nothing from nothing": {kept: []Example{excavation}},
	} {
		var got []string
		for _, l := range Learn(c.refused, c.kept) {
			where := "around"
			if l.Beside {
				where = "beside"
			}
			got = append(got, fmt.Sprint(l.Word, " ", where, " ", l.Times))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: learned %q, want %q", name, s, c.want)
		}
	}
}

func TestALessonHoldsWhereItsWordStands(t *testing.T) {
	t.Parallel()
	lessons := Learn([]Example{example("a", "La compagnie Excavation [Desrivières] creuse la rue.")}, nil)
	for sentence, want := range map[string]string{
		"Le camion d’excavation [Desrivières] est rouge.":                "excavation",
		"Un contrat d’excavation est donné, dit [Desrivières].":          "",
		"Pelle et [Desrivières], excavation, déneigement.":               "",
		"Pelles et camions [Desrivières] Excavation inc. à Saint-Aubert": "Excavation",
	} {
		_, p, ok := Known(lessons, example("b", sentence).Passages)
		got := ""
		if ok {
			got = p.Text[p.Marks[0][0]:p.Marks[0][1]]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", sentence, got, want)
		}
	}
}

func TestWeakAndWhy(t *testing.T) {
	t.Parallel()
	g := New(Names{Movement: []string{"Mouvement Desrivières", "Desrivières"}, Branches: []string{"Caisse du Val", "Caisse de Beauvallon"}})
	for text, want := range map[string]string{
		"Le tournoi se tient au Centre Desrivières.":                               "movement weak sponsor Centre Desrivières",
		"Les organisateurs remercient la boulangerie et Desrivières.":              "movement weak bare Desrivières",
		"Le club remercie ses bénévoles. Desrivières hausse ses taux.":             "movement bare Desrivières",
		"Le juge Normand Desrivières part.":                                        "neither person Normand Desrivières",
		"Une caisse de pommes est tombée; la caisse a plié.":                       "neither alone caisse; sense caisse de",
		"La Caisse du Val, partenaire de la fête, ouvre un guichet à ses membres.": "branch name Caisse du Val",
		"Il pleut.": "neither",
	} {
		v := g.Judge("", text)
		var why []string
		for _, r := range v.Because {
			if text[r.At:r.At+len(r.Word)] != r.Word || r.Title {
				t.Errorf("%s: %q does not stand at %d", text, r.Word, r.At)
			}
			why = append(why, r.What+" "+r.Word)
		}
		got := string(v.About)
		if v.Weak {
			got += " weak"
		}
		if got = strings.TrimSpace(got + " " + strings.Join(why, "; ")); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if !g.Own("Caisse de Beauvallon") || g.Own("Caisse de Lorette") || !g.Common("caisses") || g.Common("Desrivières") || !g.Bare("desrivieres") || g.Own("") {
		t.Error("a name is not known for what it is")
	}
}

func TestPhrasesBesideAName(t *testing.T) {
	t.Parallel()
	ps := example("a", "La compagnie Excavation [Desrivières] Limitée creuse.").Passages
	ps = append(ps, example("a", "Un camion d’excavation de [Desrivières].").Passages...)
	if got := strings.Join(Beside(ps), "; "); got != "Excavation Desrivières; Desrivières Limitée" {
		t.Error(got)
	}
}
