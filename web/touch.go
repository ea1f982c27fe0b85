package web

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"veilleur/index/lang"
	"veilleur/index/query"
	"veilleur/index/text"
	"veilleur/internal/veille"
)

// A liveTopic is a live incident with what its topic asks for.
type liveTopic struct {
	Incident veille.Incident
	Topic    veille.Topic
	query    query.Query
	phrases  []string // folded; what its story says again and again, besides the topic itself
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
		if errors.Is(err, veille.ErrNotFound) {
			continue // its topic was deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		w, err := s.liveTopic(v, i, t)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// liveTopic reads what an incident's topic and story say.
func (s *Server) liveTopic(v *visit, i veille.Incident, t veille.Topic) (liveTopic, error) {
	w := liveTopic{Incident: i, Topic: t}
	if q, err := query.Parse(t.Query); err == nil && query.Positive(q) {
		w.query = wordsOf(q)
	}
	var err error
	w.phrases, err = s.storyPhrases(v, i.StoryID, w.query)
	return w, err
}

// storyPhrases gives what the articles of a story say again and again: the
// keyphrases of a third of them, two at least, that the topic does not ask for.
func (s *Server) storyPhrases(v *visit, id veille.StoryID, topic query.Query) ([]string, error) {
	if id == "" {
		return nil, nil
	}
	entries, err := s.deps.Calendar.Cites.EntriesOfStory(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	in := map[string]int{}
	for _, e := range entries {
		for _, phrase := range e.Reading.Keyphrases {
			in[" "+wordsFolded(phrase)+" "]++
		}
	}
	var out []string
	for phrase, n := range in {
		of := query.Doc{Entry: veille.Entry{Text: phrase}}
		if n >= max(2, len(entries)/3) && len(phrase) > 5 && (topic.Empty() || !query.Matches(topic, of)) {
			out = append(out, phrase)
		}
	}
	slices.Sort(out)
	return out, nil
}

// touched gives the incidents that a post is about: it comes from the same
// story, its words are those of the topic, or it says two of the things that
// the story says again and again.
func touched(watched []liveTopic, story veille.StoryID, title, body string) []liveTopic {
	language, _ := lang.Detect(title + "\n" + body)
	d := query.Doc{Entry: veille.Entry{Title: title, Text: body, Reading: veille.Reading{Lang: language}}}
	said := " " + wordsFolded(title+"\n"+body) + " "
	var out []liveTopic
	for _, w := range watched {
		same := story != "" && story == w.Incident.StoryID
		if same || !w.query.Empty() && query.Matches(w.query, d) || saysTwo(said, w.phrases) {
			out = append(out, w)
		}
	}
	return out
}

// saysTwo tells whether two of the phrases, neither a part of the other, are
// said.
func saysTwo(said string, phrases []string) bool {
	var found []string
	for _, p := range phrases {
		if !strings.Contains(said, p) {
			continue
		}
		for _, other := range found {
			if !strings.Contains(p, strings.TrimSpace(other)) && !strings.Contains(other, strings.TrimSpace(p)) {
				return true
			}
		}
		found = append(found, p)
	}
	return false
}

// wordsFolded is the words of a text without case, accents and punctuation, one
// space between them.
func wordsFolded(s string) string {
	return strings.Join(strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
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
