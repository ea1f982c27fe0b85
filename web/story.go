package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"veilleur/index/query"
	"veilleur/index/story"
	"veilleur/internal/veille"
)

func (s *Server) storyRoutes() {
	s.get("/nouvelles/:id", s.story)
	s.get("/nouvelles/:id/corriger", s.storyChange)
	s.post("/nouvelles/:id/reunir", s.mergeStory)
	s.post("/nouvelles/:id/sortir", s.takeOut)
	s.post("/nouvelles/:id/annuler", s.undoChange)
	s.get("/articles/:id", s.article)
}

// A storyModel is one event as its entries tell it.
type storyModel struct {
	Story   veille.Story // of the entries she sees
	Told    []told       // oldest first
	Voices  []voice
	Repeats []repeated
	Media   int // that tell it
	Topics  []veille.Topic
	Words   []veille.ToneWord // heaviest first
	Changes []changeLine      // by hand, the latest first
	Grown   []growth          // none for a story of one article
	ByHour  bool              // Grown goes by the hour, else by the day
}

// told is one entry of a story.
type told struct {
	Entry    veille.Entry
	Source   veille.Source
	Medium   string
	Of       string // the medium whose article it reprints; "" when original
	OfPath   string
	Passages []veille.Passage
	Because  because
}

// A storySight is a story and those of its entries she sees.
type storySight struct {
	scene
	Story   veille.Story // as it is stored
	Entries []veille.Entry
}

// storySeen reads a story by its id, or by that of one merged into it. One of
// which she sees no entry is not found.
func (s *Server) storySeen(v *visit, id veille.StoryID) (storySight, error) {
	var seen storySight
	var err error
	if seen.Story, err = s.deps.News.Archive.Story(v.ctx(), id); err != nil {
		return seen, err
	}
	if seen.scene, err = s.scene(v); err != nil {
		return seen, err
	}
	all, err := s.deps.News.Archive.EntriesOfStory(v.ctx(), seen.Story.ID)
	if err != nil {
		return seen, err
	}
	for _, e := range all {
		if _, ok := seen.Sources[e.SourceID]; ok {
			seen.Entries = append(seen.Entries, e)
		}
	}
	if len(seen.Entries) == 0 {
		return seen, fmt.Errorf("web: story %s: %w", id, veille.ErrNotFound)
	}
	return seen, nil
}

// story tells one event. The id of one merged into another leads there, though
// not for good: what a person merged, she can undo.
func (s *Server) story(v *visit) error {
	id := veille.StoryID(v.Param("id"))
	seen, err := s.storySeen(v, id)
	if err != nil {
		return err
	}
	if seen.Story.ID != id {
		return v.Redirect(http.StatusFound, storyPath(seen.Story.ID))
	}
	m, err := s.storyOf(v, seen)
	if err != nil {
		return err
	}
	if m.Changes, err = s.changesOf(v, seen); err != nil {
		return err
	}
	m.Grown, m.ByHour = grown(v, m.Told)
	s.reasons(v, m.Told, m.Changes)
	return v.page(http.StatusOK, page{Title: m.Story.Title, Nav: "watch"}, storyPage(v, m))
}

// storyOf counts again what she sees: another branch's own sources are not
// hers to count.
func (s *Server) storyOf(v *visit, sight storySight) (storyModel, error) {
	sc, seen := sight.scene, slices.Clone(sight.Entries)
	m := storyModel{Story: story.Summarise(seen, sc.Sources)}
	m.Story.ID = sight.Story.ID
	by, err := s.foundBy(v, sc, each(seen, func(e veille.Entry) veille.EntryID { return e.ID }))
	if err != nil {
		return m, err
	}
	slices.SortStableFunc(seen, func(a, b veille.Entry) int { return a.Published.Compare(b.Published) })
	byID := map[veille.EntryID]veille.Entry{}
	for _, e := range seen {
		byID[e.ID] = e
	}
	for _, e := range seen {
		t := told{Entry: e, Source: sc.Sources[e.SourceID], Medium: mediumOf(e, sc.Sources), Passages: telling(by[e.ID], 2)}
		if of := e.Reading.DuplicateOf; of != "" {
			t.Of = v.T("story.another")
			if first, ok := byID[of]; ok {
				t.Of, t.OfPath = mediumOf(first, sc.Sources), articlePath(first.ID)
			}
		}
		m.Told = append(m.Told, t)
		m.Words = append(m.Words, e.Reading.ToneWords...)
		for _, f := range by[e.ID] {
			if !slices.ContainsFunc(m.Topics, func(t veille.Topic) bool { return t.ID == f.Topic.ID }) {
				m.Topics = append(m.Topics, f.Topic)
			}
		}
	}
	m.Voices, m.Repeats = voicesOf(v, seen, sc.Sources)
	m.Media, m.Words = mediaCount(seen, sc.Sources), heaviest(m.Words, m.Story.Tone)
	return m, nil
}

// telling gives the passages of mentions, those of the text first, each once.
func telling(found []topicMention, most int) []veille.Passage {
	var out []veille.Passage
	for _, field := range []string{"text", "title"} {
		for _, f := range found {
			for _, p := range f.Mention.Passages {
				known := slices.ContainsFunc(out, func(x veille.Passage) bool { return x.Text == p.Text })
				if p.Field == field && !known && len(out) < most {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// heaviest gives the words that pull the way of the tone, each once, heaviest
// first.
func heaviest(words []veille.ToneWord, tone float64) []veille.ToneWord {
	var out []veille.ToneWord
	for _, w := range veille.Pulling(words, tone) {
		if !slices.ContainsFunc(out, func(x veille.ToneWord) bool { return strings.EqualFold(x.Word, w.Word) }) {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b veille.ToneWord) int { return cmp.Compare(b.Weight*tone, a.Weight*tone) })
	return out
}

// An articleModel is our copy of one entry and what was read in it.
type articleModel struct {
	Entry      veille.Entry
	Source     veille.Source
	Medium     string
	Paragraphs []string
	Found      []topicMention
	Hidden     []topicMention                                    // found, and not counted
	Said       map[veille.TopicID]map[veille.CorrectionKind]bool // by people of her branch
	Asked      []veille.Passage                                  // where the words of the search she came from stand
	Of         veille.Entry                                      // the article it reprints; zero when original
	OfMedium   string
}

// article shows one entry. With q, the passages a search found stand first.
func (s *Server) article(v *visit) error {
	sc, err := s.scene(v)
	if err != nil {
		return err
	}
	e, err := s.entrySeen(v, sc, veille.EntryID(v.Param("id")))
	if err != nil {
		return err
	}
	m := articleModel{Entry: e, Source: sc.Sources[e.SourceID], Medium: mediumOf(e, sc.Sources), Paragraphs: paragraphs(e.Text)}
	by, err := s.foundBy(v, sc, []veille.EntryID{e.ID})
	if err != nil {
		return err
	}
	hidden, err := s.hiddenBy(v, sc, []veille.EntryID{e.ID})
	if err != nil {
		return err
	}
	m.Found, m.Hidden = by[e.ID], hidden[e.ID]
	if m.Said, err = s.saidOf(v, e.ID, append(by[e.ID], hidden[e.ID]...)); err != nil {
		return err
	}
	if q, err := query.Parse(v.QueryParam("q")); err == nil {
		m.Asked = query.Passages(q, e.Reading.Lang, e.Title, e.Text, whyPassages)
	}
	if of := e.Reading.DuplicateOf; of != "" {
		if first, err := s.entrySeen(v, sc, of); err == nil {
			m.Of, m.OfMedium = first, mediumOf(first, sc.Sources)
		}
	}
	return v.page(http.StatusOK, page{Title: titleOfEntry(e), Nav: "watch"}, articlePage(v, m))
}

// titleOfEntry is the title of an entry, or how a post begins.
func titleOfEntry(e veille.Entry) string {
	if e.Title == "" {
		return begins(e.Text)
	}
	return e.Title
}

// entrySeen gives an entry of a source her branch reads; any other is not
// found.
func (s *Server) entrySeen(v *visit, sc scene, id veille.EntryID) (veille.Entry, error) {
	found, err := s.deps.News.Archive.EntriesByID(v.ctx(), []veille.EntryID{id})
	if err != nil {
		return veille.Entry{}, err
	}
	if len(found) == 1 {
		if _, ok := sc.Sources[found[0].SourceID]; ok {
			return found[0], nil
		}
	}
	return veille.Entry{}, fmt.Errorf("web: entry %s: %w", id, veille.ErrNotFound)
}

// paragraphs cuts a plain text at its lines.
func paragraphs(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func pullKey(weight float64) string {
	if weight < 0 {
		return "story.pulls_down"
	}
	return "story.pulls_up"
}

func absolute(x float64) float64 { return math.Abs(x) }

// byPull orders the words that made a tone: those that pull its way first, the
// heaviest first.
func byPull(r veille.Reading) []veille.ToneWord {
	way := 1.0
	if r.Tone < 0 {
		way = -1
	}
	out := slices.Clone(r.ToneWords)
	slices.SortStableFunc(out, func(a, b veille.ToneWord) int { return cmp.Compare(b.Weight*way, a.Weight*way) })
	return out
}
