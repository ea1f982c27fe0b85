package engine

import (
	"fmt"
	"testing"

	"veilleur/internal/veille"
)

func TestAnAgencysTextCountsOnceHoweverManyPrintIt(t *testing.T) {
	h := build(t)
	h.topic(river, veille.SubjectBranch, "Caisse de la Rivière", `"Caisse de la Rivière"`)
	text := func(s string) string {
		return "MONTRÉAL (La Presse Canadienne) — " + s
	}
	h.read(
		news("hebdo", "a", 90, "La Caisse de la Rivière ferme son comptoir de Saint-Rémi", text("La Caisse de la Rivière fermera son comptoir de Saint-Rémi le 31 janvier, ont appris ses 640 membres par la poste.")),
		news("radio", "a", 80, "Saint-Rémi : la Caisse de la Rivière ferme son comptoir", text("À Saint-Rémi, 640 membres perdent leur comptoir : la Caisse de la Rivière ferme celui du village le 31 janvier prochain.")),
		news("quotidien", "a", 70, "Comptoir fermé à Saint-Rémi : la Caisse de la Rivière s’explique", "La Caisse de la Rivière dit que le comptoir de Saint-Rémi, fermé le 31 janvier, servait trop peu de ses 640 membres."),
	)
	e := entry(h, "hebdo", "a")
	h.same("the agency is known", e.Reading.Agency, "La Presse Canadienne")
	st := must(h.Story(t.Context(), e.Reading.StoryID))(h)
	h.same("three tell it, two speak", [2]int{st.Sources, st.Independent}, [2]int{3, 2})
	ms := must(h.JudgedMentions(t.Context(), must(h.Topics(t.Context(), nil))(h)[0].ID, morning.AddDate(0, 0, -1)))(h)
	voices := map[string]bool{}
	for _, m := range ms {
		voices[veille.Voice(m.Entry, m.Source)] = true
	}
	h.same("the judge hears the same two", len(voices), 2)
}

func TestSourcesThatReprintEachOtherAreFoundToBeOneGroup(t *testing.T) {
	h := build(t)
	for n := range 8 {
		from, to := veille.SourceID("hebdo"), veille.SourceID("radio")
		if n%2 == 1 {
			from, to = to, from
		}
		text := fmt.Sprintf("Nouvelle numéro %d : le club de lecture %d de la rue %d reçoit %d romans et ouvre un local %d pour les familles du quartier.", n, n*7, n*11, n*13, n*17)
		h.read(news(from, fmt.Sprint("x", n), 1000-n*10, fmt.Sprint("Titre ", n), text), news(to, fmt.Sprint("y", n), 995-n*10, fmt.Sprint("Titre ", n), text))
	}
	h.now = h.now.Add(2 * kinEvery)
	h.read(news("quotidien", "z", 10, "Un autre sujet", "Rien de commun avec ce qui précède, et un seul média en parle."))
	kin := map[veille.SourceID]string{}
	for _, s := range must(h.Sources(t.Context(), nil))(h) {
		kin[s.ID] = s.Kin
	}
	h.same("the two and no other", kin, map[veille.SourceID]string{"hebdo": "L’Hebdo de la Rivière", "radio": "L’Hebdo de la Rivière", "quotidien": "", "colline": ""})
}
