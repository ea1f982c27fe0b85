package idea

import (
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// angleOf chooses how a post takes a story; "" when no way suits it.
//
// News that is sour is only told when it is useful. A headline that answers a
// question is answered; prevention is reminded; good news of the branch itself
// is celebrated; what others did that could be done here is transposed; useful
// news is told; the rest is asked about.
func angleOf(w *words, d draft) veille.Angle {
	tone := d.Story.Story.Tone
	practical := isPractical(w, d)
	switch {
	case tone <= sour && !d.theme.useful:
		return ""
	case d.theme.name == "fraud" || d.theme.name == "weather":
		return veille.AngleRemind
	case practical && d.theme.useful:
		return veille.AngleAnswer
	case d.topic.Subject == veille.SubjectBranch && (tone > -sour || isProject(w, d)):
		return veille.AngleCelebrate
	case isTransposable(w, d):
		return veille.AngleTranspose
	case d.theme.useful:
		return veille.AngleInform
	case d.theme.name == "other" && (d.topic.Subject == veille.SubjectTheme || tone <= -sour):
		return "" // nothing says why it would interest anyone here
	case practical || d.theme.name == "other":
		return veille.AngleInform
	case tone < 0:
		return "" // a light question about what is not
	}
	return veille.AngleAsk
}

func isPractical(w *words, d draft) bool {
	title := d.Story.Story.Title
	return strings.Contains(title, "?") || w.practic.in(folded(title))
}

// isTransposable tells whether the story is a project of others that a branch
// could take up: an act of giving or making, on a theme of community life, in
// a tone that is not sour, and not our own.
func isTransposable(w *words, d draft) bool {
	return d.topic.Subject != veille.SubjectBranch && isCommunity(d.theme.name) && isProject(w, d)
}

func isProject(w *words, d draft) bool {
	return w.project.in(folded(d.Story.Story.Title)) || w.project.count(folded(begin(d.Lead.Text, 600))) >= 2
}

// isCommunity tells whether a theme is one where a branch does projects.
func isCommunity(theme string) bool {
	return slices.Contains([]string{"food", "youth", "business", "green", "culture", "health", "farm", "coop", "work", "housing"}, theme)
}
