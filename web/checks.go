package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"veilleur/index/dedup"
	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// liveReader reads what runs now.
type liveReader interface {
	Incidents(ctx context.Context, f veille.IncidentFilter) ([]veille.Incident, error)
	Topic(ctx context.Context, id veille.TopicID) (veille.Topic, error)
}

// twinSpan is how long the same words must not be said twice.
const twinSpan = 60 * 24 * time.Hour

// A warning is something she should know before a post leaves. It forbids
// nothing: she may have good reasons.
type warning struct {
	Key   string // the same while what it says is the same; no spaces
	Title string
	Says  string
	Path  string // where the evidence is; "" for none
	Link  string // the words of that link
}

// A candidate is a post as it is being written.
type candidate struct {
	ID       veille.PostID // "" while it is new
	Batch    string
	Title    string
	Text     string
	Channels []veille.Channel
	At       time.Time // zero: no hour yet
	Story    veille.StoryID
}

// warnings tells all that is to be known of a candidate, gravest first.
func (s *Server) warnings(v *visit, c candidate) ([]warning, error) {
	var out []warning
	for _, check := range []func(*visit, candidate) ([]warning, error){
		s.incidentWarnings, s.newsWarnings, s.twinWarnings,
	} {
		found, err := check(v, c)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return append(out, lengthWarnings(v, c)...), nil
}

func (s *Server) incidentWarnings(v *visit, c candidate) ([]warning, error) {
	watched, err := s.liveTopics(v)
	if err != nil {
		return nil, err
	}
	var out []warning
	for _, w := range touched(watched, c.Story, c.Title, c.Text) {
		out = append(out, warning{
			Key: "incident-" + string(w.Incident.ID), Title: v.T("compose.touches", "topic", w.Topic.Name),
			Says: v.T("compose.touches_says", "title", w.Incident.Title),
			Path: "/crises/" + string(w.Incident.ID), Link: v.T("compose.touches_link"),
		})
	}
	return out, nil
}

// twinWarnings looks for the same words said less than twinSpan ago or about
// to be said, and for another post at the same hour on the same channel.
func (s *Server) twinWarnings(v *visit, c candidate) ([]warning, error) {
	posts, err := s.deps.Calendar.Posts.Posts(v.ctx(), veille.PostFilter{Branch: v.Branch.ID, From: v.Now.Add(-twinSpan)})
	if err != nil {
		return nil, err
	}
	posts = slices.DeleteFunc(posts, func(p veille.Post) bool {
		return p.ID == c.ID || c.Batch != "" && p.Batch == c.Batch || p.State == veille.PostFailed || p.State == veille.PostDraft
	})
	var out []warning
	if twin, ok := twinOf(posts, c.Text, v.Now); ok {
		out = append(out, warning{
			Key: "twin-" + string(twin.ID), Title: v.T("compose.twin"),
			Says: v.T("compose.twin_says", "title", publish.Headline(twin), "when", v.DateTime(twin.At)),
			Path: onePostPath(twin.ID), Link: v.T("compose.twin_link"),
		})
	}
	for _, ch := range c.Channels {
		if p, ok := clashOf(posts, ch.ID, c.At); ok {
			out = append(out, warning{
				Key: "clash-" + string(p.ID), Title: v.T("compose.clash", "channel", ch.Name),
				Says: v.T("compose.clash_says", "title", publish.Headline(p), "time", v.Time(p.At)),
				Path: onePostPath(p.ID), Link: v.T("compose.twin_link"),
			})
		}
	}
	return out, nil
}

// twinOf finds the post that says nearly what body says: the same words when
// it is short, else half of its runs of four words.
func twinOf(posts []veille.Post, body string, now time.Time) (veille.Post, bool) {
	said := wordsFolded(body)
	if said == "" {
		return veille.Post{}, false
	}
	w := dedup.New(dedup.Config{Span: 2 * twinSpan})
	byID := make(map[veille.EntryID]veille.Post, len(posts))
	for _, p := range posts {
		if wordsFolded(p.Text) == said {
			return p, true
		}
		id := veille.EntryID(p.ID)
		byID[id] = p
		w.Restore(dedup.Doc{ID: id, Text: p.Text, At: p.At}, "")
	}
	of, ok := w.Add(dedup.Doc{ID: "new", Text: body, At: now})
	return byID[of], ok
}

// clashOf finds a post of the channel within a quarter of an hour of at.
func clashOf(posts []veille.Post, id veille.ChannelID, at time.Time) (veille.Post, bool) {
	for _, p := range posts {
		if p.ChannelID == id && !at.IsZero() && !p.At.IsZero() && p.At.Sub(at).Abs() < 15*time.Minute {
			return p, true
		}
	}
	return veille.Post{}, false
}

func lengthWarnings(v *visit, c candidate) []warning {
	var out []warning
	for _, ch := range c.Channels {
		if n, most := publish.Length(ch, c.Text); most > 0 && n > most {
			out = append(out, warning{
				Key: "long-" + string(ch.ID), Title: v.T("compose.long", "channel", ch.Name),
				Says: v.T("compose.long_says", "n", n, "most", most),
			})
		}
	}
	return out
}

// keysOf joins the keys of warnings, to know which ones she has seen.
func keysOf(ws []warning) string {
	keys := make([]string, len(ws))
	for i, w := range ws {
		keys[i] = w.Key
	}
	return strings.Join(keys, " ")
}

// unseen tells whether one of the warnings is not among the keys she saw.
func unseen(ws []warning, seen string) bool {
	known := strings.Fields(seen)
	return slices.ContainsFunc(ws, func(w warning) bool { return !slices.Contains(known, w.Key) })
}
