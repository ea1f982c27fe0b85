package web

import (
	"cmp"
	"slices"
	"strings"

	"veilleur/index/query"
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
	q, err := query.Parse(m.Topic.Query)
	if err != nil {
		q = query.Query{} // a topic saved with a query no longer read finds nothing
	}
	for _, p := range posts {
		m.Posts = append(m.Posts, touchedPost{Post: p, Touches: touches(p, m.Incident, q, v.Branch.Locale)})
	}
	slices.SortStableFunc(m.Posts, func(a, b touchedPost) int {
		return cmp.Or(boolOrder(!a.Touches, !b.Touches), a.At.Compare(b.At))
	})
	m.Posts = m.Posts[:min(mostPosts, len(m.Posts))]
	return nil
}

// touches tells whether a post speaks of what the incident is about: it comes
// from its story, or the topic's own query finds it.
func touches(p veille.Post, i veille.Incident, q query.Query, lang string) bool {
	if p.StoryID != "" && p.StoryID == i.StoryID {
		return true
	}
	doc := query.Doc{Entry: veille.Entry{Title: p.Title, Text: p.Text, Published: p.CreatedAt, Reading: veille.Reading{Lang: lang}}}
	return !q.Empty() && query.Matches(q, doc)
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
