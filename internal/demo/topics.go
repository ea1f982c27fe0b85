package demo

import (
	"time"

	"veilleur/internal/veille"
)

// seedTopics gives what the movement and its caisses watch.
func seedTopics(at time.Time) []veille.Topic {
	topic := func(id string, branch veille.BranchID, about veille.Subject, name, query string) veille.Topic {
		return veille.Topic{
			ID: veille.TopicID("demo-topic-" + id), BranchID: branch, Name: name, Query: query,
			Subject: about, Sensitivity: veille.SensitivityNormal, CreatedAt: at, UpdatedAt: at,
		}
	}
	theme := func(id, name, query string) veille.Topic {
		return topic(id, MainID, veille.SubjectTheme, name, query)
	}
	return []veille.Topic{
		topic("mouvement", MovementID, veille.SubjectMovement, "Mouvement Desrivières",
			`"Mouvement Desrivières" OU (Desrivières SAUF "Centre Desrivières")`),
		topic("riviere", MainID, veille.SubjectBranch, "Caisse de la Rivière",
			`"Caisse de la Rivière" OU (caisse ET "Saint-Rémi-des-Saules")`),
		topic("clochers", "demo-clochers", veille.SubjectBranch, "Caisse des Trois-Clochers",
			`"Caisse des Trois-Clochers"`),
		topic("lac", "demo-lac", veille.SubjectBranch, "Caisse du Lac-Tournevent",
			`"Caisse du Lac-Tournevent"`),
		theme("caisses", "Projets des autres caisses",
			`(caisse OU caisses) SAUF "Caisse de la Rivière"`),
		theme("taux", "Taux hypothécaire",
			`(taux ET (hypothécaire* OU hypothèque* OU directeur)) OU (mortgage ET rate*)`),
		theme("fraude", "Fraude", `fraude* OU frauduleux OU hameçonnage OU arnaque* OU scam* OU phishing`),
		theme("logement", "Logement", `logement* OU loyer* OU rents OU tenant* OU housing`),
		theme("cooperation", "Vie locale et coopération",
			`coopérati* OU coop OU bénévole* OU volunteer* OU entraide`),
	}
}
