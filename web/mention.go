package web

import (
	"net/http"
	"net/url"
	"time"

	"veilleur/internal/veille"
)

// A hiddenModel is what a topic found and does not count.
type hiddenModel struct {
	Topic veille.Topic
	All   int
	Rows  []hiddenRow // the latest
}

// A hiddenRow is one mention that does not count.
type hiddenRow struct {
	Mention veille.Mention
	Entry   veille.Entry
	Medium  string
}

// hiddenShown is how many hidden mentions a page lists.
const hiddenShown = 100

// hiddenMentions shows what a topic found and does not count, and why.
func (s *Server) hiddenMentions(v *visit) error {
	sc, err := s.scene(v)
	if err != nil {
		return err
	}
	t, ok := sc.topic(veille.TopicID(v.value("sujet")))
	if !ok {
		return veille.ErrNotFound
	}
	m := hiddenModel{Topic: t}
	all, err := s.deps.News.Mentions.HiddenMentions(v.ctx(), t.ID, time.Time{})
	if err != nil {
		return err
	}
	m.All = len(all)
	all = all[:min(len(all), hiddenShown)]
	entries, err := s.deps.News.Archive.EntriesByID(v.ctx(), each(all, func(m veille.Mention) veille.EntryID { return m.EntryID }))
	if err != nil {
		return err
	}
	byID := map[veille.EntryID]veille.Entry{}
	for _, e := range entries {
		byID[e.ID] = e
	}
	for _, x := range all {
		if e, ok := byID[x.EntryID]; ok {
			m.Rows = append(m.Rows, hiddenRow{Mention: x, Entry: e, Medium: mediumOf(e, sc.Sources)})
		}
	}
	return v.page(http.StatusOK, page{Title: v.T("mention.hidden"), Nav: "watch"}, hiddenPage(v, m))
}

func hiddenPath(t veille.TopicID) string {
	return "/veille/cachees?" + url.Values{"sujet": {string(t)}}.Encode()
}

// hiddenBy tells which topics her branch sees hid entries, by entry.
func (s *Server) hiddenBy(v *visit, sc scene, ids []veille.EntryID) (map[veille.EntryID][]topicMention, error) {
	mentions, err := s.deps.News.Mentions.HiddenOfEntries(v.ctx(), ids)
	if err != nil {
		return nil, err
	}
	return byEntry(sc, mentions), nil
}

// A hiddenCount is how many mentions of a ticked topic do not count.
type hiddenCount struct {
	Topic veille.Topic
	N     int
}

// hiddenOf counts what the topics ticked hide.
func (s *Server) hiddenOf(v *visit, a inquiry, sc scene) ([]hiddenCount, error) {
	var out []hiddenCount
	for _, id := range a.Topics {
		t, ok := sc.topic(veille.TopicID(id))
		if !ok {
			continue
		}
		n, err := s.deps.News.Mentions.CountHidden(v.ctx(), t.ID, time.Time{})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, hiddenCount{t, n})
		}
	}
	return out, nil
}

// doubted tells whether there is something to say of a standing.
func doubted(s veille.Standing) bool { return s != "" && s != veille.StandingNamed }

// standingLook is the class of a standing and its drawing.
func standingLook(s veille.Standing) (class, symbol string) {
	switch s {
	case veille.StandingRefused:
		return "", "circle-x"
	case veille.StandingHomonym, veille.StandingLike:
		return "warn", "circle-help"
	case veille.StandingKept:
		return "calm", "circle-check"
	}
	return "", "info"
}

// weak tells whether the topics found the hit only by weak mentions; their
// clues are in the first.
func (h hit) weak() (veille.Mention, bool) {
	for _, t := range h.Topics {
		if t.Mention.Standing != veille.StandingWeak {
			return veille.Mention{}, false
		}
	}
	if len(h.Topics) == 0 {
		return veille.Mention{}, false
	}
	return h.Topics[0].Mention, true
}
