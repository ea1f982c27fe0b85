package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"veilleur/index/dedup"
	"veilleur/index/lang"
	"veilleur/index/query"
	"veilleur/index/text"
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

// A liveTopic is a live incident with what its topic asks for.
type liveTopic struct {
	Incident veille.Incident
	Topic    veille.Topic
	query    query.Query
}

// liveTopics gives the live incidents her branch sees, gravest first.
func (s *Server) liveTopics(v *visit) ([]liveTopic, error) {
	scope, err := s.deps.Calendar.Reach.Scope(v.ctx(), v.Branch.ID)
	if err != nil {
		return nil, err
	}
	live, err := s.deps.Calendar.Live.Incidents(v.ctx(), veille.IncidentFilter{Scope: scope, Live: true})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(live, func(a, b veille.Incident) int { return b.Level.Rank() - a.Level.Rank() })
	var out []liveTopic
	for _, i := range live {
		t, err := s.deps.Calendar.Live.Topic(v.ctx(), i.TopicID)
		if veille.KindOf(err) == veille.ErrNotFound {
			continue // its topic was deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		if q, err := query.Parse(t.Query); err == nil && query.Positive(q) {
			out = append(out, liveTopic{Incident: i, Topic: t, query: q})
		}
	}
	return out, nil
}

// touched gives the incidents whose topic the words of a post are about.
func touched(watched []liveTopic, title, body string) []liveTopic {
	language, _ := lang.Detect(title + "\n" + body)
	var out []liveTopic
	for _, w := range watched {
		d := query.Doc{Entry: veille.Entry{Title: title, Text: body, Reading: veille.Reading{Lang: language}}}
		if query.Matches(wordsOf(w.query), d) {
			out = append(out, w)
		}
	}
	return out
}

// wordsOf keeps of a query the words it asks for: a post has no source, tier
// or date to be filtered by.
func wordsOf(q query.Query) query.Query {
	root := wordsIn(q.Root)
	if root == nil {
		return q // nothing but filters: a post passes none of them
	}
	return query.Query{Root: root}
}

func wordsIn(n query.Node) query.Node {
	switch n := n.(type) {
	case query.Text:
		return n
	case query.And:
		return joined(n, func(kept []query.Node) query.Node { return query.And(kept) })
	case query.Or:
		return joined(n, func(kept []query.Node) query.Node { return query.Or(kept) })
	case query.Not:
		if of := wordsIn(n.Of); of != nil {
			return query.Not{Of: of}
		}
	}
	return nil
}

func joined(nodes []query.Node, join func([]query.Node) query.Node) query.Node {
	var kept []query.Node
	for _, n := range nodes {
		if words := wordsIn(n); words != nil {
			kept = append(kept, words)
		}
	}
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return join(kept)
}

func (s *Server) incidentWarnings(v *visit, c candidate) ([]warning, error) {
	watched, err := s.liveTopics(v)
	if err != nil {
		return nil, err
	}
	var out []warning
	for _, w := range touched(watched, c.Title, c.Text) {
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
	said := strings.Join(strings.Fields(text.Fold(body)), " ")
	if said == "" {
		return veille.Post{}, false
	}
	w := dedup.New(dedup.Config{Span: 2 * twinSpan})
	byID := make(map[veille.EntryID]veille.Post, len(posts))
	for _, p := range posts {
		if strings.Join(strings.Fields(text.Fold(p.Text)), " ") == said {
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
