package web

import (
	"net/http"
	"net/url"
	"time"

	"veilleur/internal/veille"
)

// A hiddenModel is what a topic found and does not count.
type hiddenModel struct {
	Topic   veille.Topic
	Own     bool // of her branch: she may correct it
	All     int
	Rows    []hiddenRow         // the latest
	Said    []veille.Correction // by people, the latest first
	Learned []lesson
}

// A hiddenRow is one mention, with its entry.
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
	if m.Rows, err = s.mentionRows(v, sc, all); err != nil {
		return err
	}
	m.Own = v.mayWrite() && t.BranchID == v.Branch.ID
	if m.Said, err = s.deps.News.Said.Corrections(v.ctx(), []veille.TopicID{t.ID}); err != nil {
		return err
	}
	if m.Learned, err = s.lessons(v, t.ID); err != nil {
		return err
	}
	return v.page(http.StatusOK, page{Title: v.T("mention.hidden"), Nav: "watch"}, hiddenPage(v, m))
}

// mentionRows reads the entries of mentions; one forgotten since is left out.
func (s *Server) mentionRows(v *visit, sc scene, mentions []veille.Mention) ([]hiddenRow, error) {
	entries, err := s.deps.News.Archive.EntriesByID(v.ctx(), each(mentions, func(m veille.Mention) veille.EntryID { return m.EntryID }))
	if err != nil {
		return nil, err
	}
	byID := map[veille.EntryID]veille.Entry{}
	for _, e := range entries {
		byID[e.ID] = e
	}
	var out []hiddenRow
	for _, m := range mentions {
		if e, ok := byID[m.EntryID]; ok {
			out = append(out, hiddenRow{Mention: m, Entry: e, Medium: mediumOf(e, sc.Sources)})
		}
	}
	return out, nil
}

// entryTitle is what an entry goes by in a list.
func entryTitle(e veille.Entry) string {
	if e.Title == "" {
		return begins(e.Text)
	}
	return e.Title
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
