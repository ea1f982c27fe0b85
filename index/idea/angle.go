package idea

import (
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// anglesOf gives the ways a post may take a story, the best first; none when
// no way suits it. A second way is for news that lasts: what is told or
// reminded may also be answered, and what others did may also be asked about.
// It waits until the day after the first, so that a morning has one a story.
func anglesOf(w *words, d draft) []veille.Angle {
	first := angleOf(w, d)
	switch first {
	case "":
		return nil
	case veille.AngleInform, veille.AngleRemind:
		if d.theme.useful {
			return []veille.Angle{first, veille.AngleAnswer}
		}
	case veille.AngleTranspose, veille.AngleCelebrate, veille.AngleAnswer:
		return []veille.Angle{first, veille.AngleAsk}
	}
	return []veille.Angle{first}
}

// angleOf chooses how a post takes a story; "" when no way suits it.
//
// News that is sour is only told when it is useful. Prevention is reminded; a
// headline that answers a question is answered; good news of the branch itself,
// and prizes and records of others, are celebrated; what others did that could
// be done here is transposed; useful news is told; the rest is asked about,
// when its title says what it is about.
func angleOf(w *words, d draft) veille.Angle {
	tone := d.Story.Story.Tone
	practical := isPractical(w, d)
	switch {
	case tone <= sour && !d.theme.useful && !isAward(w, d):
		return ""
	case d.theme.name == "fraud" || d.theme.name == "weather":
		return veille.AngleRemind
	case practical && d.theme.useful:
		return veille.AngleAnswer
	case d.topic.Subject == veille.SubjectBranch && (tone > -sour || isProject(w, d)):
		return veille.AngleCelebrate
	case !d.theme.useful && isAward(w, d):
		return veille.AngleCelebrate
	case isTransposable(w, d):
		return veille.AngleTranspose
	case d.theme.useful:
		return veille.AngleInform
	case d.theme.name == "other" && (d.topic.Subject == veille.SubjectTheme || tone <= -sour):
		return "" // nothing says why it would interest anyone here
	case practical || d.theme.name == "other":
		return veille.AngleInform
	case tone < cool || !d.theme.in(folded(d.Story.Story.Title)):
		return "" // a light question about what is not, or about a word of the text
	}
	return veille.AngleAsk
}

func isPractical(w *words, d draft) bool {
	title := d.Story.Story.Title
	return strings.Contains(title, "?") || w.practic.in(folded(title))
}

// isTransposable tells whether the story is a project of others that a branch
// could take up: an act of giving or making, of the movement or on a theme of
// community life, in a tone that is not sour, and not our own.
func isTransposable(w *words, d draft) bool {
	return d.topic.Subject == veille.SubjectMovement && doing(w, d) >= 2 || d.topic.Subject == veille.SubjectTheme && isCommunity(d.theme.name) && isProject(w, d)
}

func isProject(w *words, d draft) bool {
	return doing(w, d) >= 3
}

// doing counts the words of giving and making of a story: one of its title
// says as much as three of its text.
func doing(w *words, d draft) int {
	return 3*w.project.count(folded(d.Story.Story.Title)) + w.project.count(folded(begin(d.Lead.Text, 600)))
}

// isAward tells whether the title is of a prize or a record: its words ("lost",
// "fight") may weigh on the tone.
func isAward(w *words, d draft) bool { return w.award.in(folded(d.Story.Story.Title)) }

// isCommunity tells whether a theme is one where a branch does projects.
func isCommunity(theme string) bool {
	return slices.Contains([]string{"food", "school", "youth", "business", "green", "culture", "health", "farm", "coop", "work", "housing"}, theme)
}
