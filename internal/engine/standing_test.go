package engine

import (
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// standings gives how a topic's mentions stand, by title, with the first clue.
func (h *house) standings(id veille.TopicID) map[string]string {
	h.Helper()
	all := append(must(h.MentionsOf(h.Context(), id, time.Time{}))(h), must(h.HiddenMentions(h.Context(), id, time.Time{}))(h)...)
	out := map[string]string{}
	for _, m := range all {
		says := string(m.Standing)
		if len(m.Clues) > 0 {
			c := m.Clues[0]
			says += ": " + c.Kind + " " + c.Word
			if c.Passage.Text != "" && c.Passage.Text[c.Passage.Marks[0][0]:c.Passage.Marks[0][1]] != c.Word {
				h.Errorf("%v does not open to its sentence", c)
			}
		}
		out[must(h.Entry(h.Context(), m.EntryID))(h).Title] = says
	}
	return out
}

func homonyms() []veille.Entry {
	return []veille.Entry{
		news("quotidien", "juge", 900, "Le juge Desrivières prend sa retraite", "Après 27 ans, le juge Normand Desrivières quitte la chambre."),
		news("quotidien", "taux", 800, "Desrivières revoit ses taux", "Le Mouvement Desrivières revoit ses taux. Desrivières dit vouloir aider ses membres."),
		news("hebdo", "aréna", 700, "Tournoi ce soir", "La finale se joue au Centre Desrivières, à 20 h."),
		news("hebdo", "pelle", 600, "Un chantier rue des Ormes", "Une pelle de la compagnie Excavation Desrivières creuse devant l’église. Le chantier finit vendredi."),
		news("quotidien", "caisse", 500, "Une caisse de pommes", "Une caisse de pommes est tombée sur la route à Saint-Rémi."),
		news("hebdo", "guichet", 400, "Un guichet de moins", "La caisse de Saint-Rémi ferme un guichet, déplorent des membres."),
	}
}

func TestAMentionStandsAsItsTextSays(t *testing.T) {
	h := build(t)
	whole := h.topic(movement, veille.SubjectMovement, "Mouvement", `"Mouvement Desrivières" OR Desrivières`)
	branch := h.topic(river, veille.SubjectBranch, "Caisse", `"Caisse de la Rivière" OR (caisse "Saint-Rémi")`)
	fruit := h.topic(river, veille.SubjectBranch, "Pommes", `caisse tomb*`)
	theme := h.topic(movement, veille.SubjectTheme, "Taux", `taux OR tournoi`)
	gone := h.topic(movement, veille.SubjectTheme, "Caisses", `caisse`)
	h.read(homonyms()...)
	want := map[string]string{
		"Le juge Desrivières prend sa retraite": "homonym: person Normand Desrivières",
		"Desrivières revoit ses taux":           "named",
	}
	h.same("of the movement, in its sources", h.standings(whole), want)
	h.same("of a branch, by the place its query gives it", h.standings(branch), map[string]string{
		"Une caisse de pommes": "homonym: sense caisse de", "Un guichet de moins": "named"})
	h.same("what a topic asks for beside the name is heard", h.standings(fruit), map[string]string{
		"Une caisse de pommes": "weak: sense caisse de"})
	h.same("of a theme, not asked", h.standings(theme), map[string]string{"Desrivières revoit ses taux": ""})
	h.same("nor of a common word", h.standings(gone), map[string]string{"Une caisse de pommes": ""})

	h.same("what is hidden counts nowhere", h.mentioned(whole), []string{"Desrivières revoit ses taux"})
	h.same("nor is found by its topic", h.found(movement, "", whole), []string{"Desrivières revoit ses taux"})
	h.same("though the archive has it", h.found(movement, "juge"), []string{"Le juge Desrivières prend sa retraite"})
	h.ok(h.watch.BackfillNow(t.Context(), whole))
	h.same("the job says what the stage said", h.standings(whole), want)
}

func TestANameLentIsWeak(t *testing.T) {
	h := build(t)
	id := h.topic(river, veille.SubjectMovement, "Mouvement", `Desrivières`)
	h.read(homonyms()...)
	got := h.standings(id)
	h.same("an arena", got["Tournoi ce soir"], "weak: sponsor Centre Desrivières")
	h.same("weak, it counts", h.mentioned(id), []string{"Desrivières revoit ses taux", "Tournoi ce soir"})
	var n News
	topics := map[veille.TopicID]veille.Topic{id: {ID: id, Subject: veille.SubjectMovement}}
	weak, firm := veille.Mention{TopicID: id, Standing: veille.StandingWeak}, veille.Mention{TopicID: id}
	n.explain([]veille.Mention{weak}, topics)
	little := n.weight(morning)
	n.explain([]veille.Mention{weak, firm}, topics)
	if much := n.weight(morning); little >= 1+n.weight(morning)-8 || much-little < 7 {
		t.Errorf("a weak mention weighs %v, a firm one %v", little, much)
	}
}

func TestTheNamesOfAHouse(t *testing.T) {
	h := build(t)
	h.topic(movement, veille.SubjectMovement, "Mouvement", `"Mouvement Desrivières" OR (MDR -banque) OR (Rivard taux)`)
	h.topic(river, veille.SubjectBranch, "Caisse", `"Caisse de la Rivière" OR ((caisse OR caisses) AND ("Saint-Rémi" OR Ormes))`)
	h.read(homonyms()[0])
	g := h.match.sieve.guards[movement]
	h.same("movement", strings.Join(g.names.Movement, "; "), "Desrivières; MDR; Mouvement Desrivières")
	h.same("branches", strings.Join(g.names.Branches, "; "), "Caisse de la Colline; Caisse de la Rivière; caisse de Ormes; caisse de Saint-Rémi")
	lone := namesOf(veille.Branch{Name: "Caisse du Val"}, nil, nil)
	h.same("alone, a caisse is no movement", [2]int{len(lone.Movement), len(lone.Branches)}, [2]int{0, 1})
}
