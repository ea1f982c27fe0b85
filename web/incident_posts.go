package web

import (
	"cmp"
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// A touchedPost is a post to come, and whether it speaks of the incident.
type touchedPost struct {
	veille.Post
	Touches bool
}

// mostPosts is how many posts to come the page shows.
const mostPosts = 12

// readPosts reads what the branch is about to publish, what touches the
// incident first. A closed incident shows only what is still held.
func (v *visit) readPosts(m *incidentModel) error {
	states := []veille.PostState{veille.PostScheduled, veille.PostHeld}
	if !m.Live() {
		states = states[1:]
	}
	posts, err := v.server.deps.Crises.Posts.Posts(v.ctx(), veille.PostFilter{Branch: v.Branch.ID, States: states})
	if err != nil {
		return err
	}
	w, err := v.server.liveTopic(v, m.Incident, m.Topic)
	if err != nil {
		return err
	}
	for _, p := range posts {
		touches := len(touched([]liveTopic{w}, p.StoryID, p.Title, p.Text)) > 0
		m.Posts = append(m.Posts, touchedPost{Post: p, Touches: touches})
	}
	slices.SortStableFunc(m.Posts, func(a, b touchedPost) int {
		return cmp.Or(boolOrder(!a.Touches, !b.Touches), a.At.Compare(b.At))
	})
	m.Posts = m.Posts[:min(mostPosts, len(m.Posts))]
	return nil
}

// postName is the title of a post, or its first words.
func postName(p veille.Post) string {
	if p.Title != "" {
		return p.Title
	}
	const long = 60
	words := strings.Join(strings.Fields(p.Text), " ")
	if runes := []rune(words); len(runes) > long {
		return strings.TrimRight(string(runes[:long]), " ,;.") + "…"
	}
	return words
}
