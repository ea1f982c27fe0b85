package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"veilleur/index/story"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// storySorter does what a person decides of stories; engine.Sorter is one.
type storySorter interface {
	Merge(ctx context.Context, by veille.User, from, into veille.StoryID) (veille.StoryChange, error)
	TakeOut(ctx context.Context, by veille.User, from veille.StoryID, entries []veille.EntryID, into veille.StoryID) (veille.StoryChange, error)
	Undo(ctx context.Context, by veille.User, id veille.StoryChangeID) (veille.StoryChange, error)
}

// storyChangeReader reads what people decided of a story, the latest first.
type storyChangeReader interface {
	StoryChanges(ctx context.Context, id veille.StoryID) ([]veille.StoryChange, error)
}

// A near story is one that she may have meant.
type nearStory struct {
	ID          veille.StoryID
	Title       string // of its article she sees
	Lang        string
	Medium      string
	First, Last time.Time
	Entries     int
}

// nearest is how many near stories are offered, and nearDays how far before
// and after a story they are looked for.
const (
	nearest  = 8
	nearDays = 30
)

// A changeModel is the page where a person corrects a story.
type changeModel struct {
	Story   veille.Story
	Told    []told
	Near    []nearStory
	Asked   string // the words she looks for another story by; "" for those of this one
	Mistake string // in those words
}

func changePath(id veille.StoryID) string { return storyPath(id) + "/corriger" }

// storyChange shows what can be put right in a story.
func (s *Server) storyChange(v *visit) error {
	seen, err := s.storySeen(v, veille.StoryID(v.Param("id")))
	if err != nil {
		return err
	}
	full, err := s.storyOf(v, seen)
	if err != nil {
		return err
	}
	m := changeModel{Story: full.Story, Told: full.Told, Asked: v.line("q")}
	if m.Near, err = s.nearStories(v, seen.scene, m); err != nil {
		if m.Mistake = v.problem(err); !errors.Is(err, veille.ErrInvalid) || m.Mistake == "" {
			return err
		}
	}
	return v.page(http.StatusOK, page{Title: v.T("story.change"), Nav: "watch"}, storyChangePage(v, m))
}

// nearStories gives the stories that share most words with a story around its
// time, or those that the words she asks for find, at any time.
func (s *Server) nearStories(v *visit, sc scene, m changeModel) ([]nearStory, error) {
	r := engine.SearchRequest{Query: m.Asked, ByStory: true, Limit: nearest + 1, Zone: v.Zone}
	if m.Asked == "" {
		r.Query, r.Sort = wordsOfStory(m.Told), "relevant"
		r.After, r.Before = m.Story.First.AddDate(0, 0, -nearDays), m.Story.Last.AddDate(0, 0, nearDays)
	}
	if r.Query == "" {
		return nil, nil
	}
	found, err := s.deps.News.Finder.Search(v.ctx(), v.Branch.ID, r)
	if err != nil {
		return nil, err
	}
	var out []nearStory
	for _, f := range found.Found {
		if st := f.Story; st.ID != "" && st.ID != m.Story.ID && len(out) < nearest {
			out = append(out, nearStory{ID: st.ID, Title: titleOfEntry(f.Entry), Lang: f.Entry.Reading.Lang, Medium: mediumOf(f.Entry, sc.Sources),
				First: st.First, Last: st.Last, Entries: st.Entries})
		}
	}
	return out, nil
}

// wordsOfStory asks for any of the telling words of a story: those of its
// titles and its key phrases, two dozen at most.
func wordsOfStory(entries []told) string {
	const most, short = 24, 4
	var words []string
	add := func(w string) {
		if q := quotedWords(w); len([]rune(w)) >= short && len(words) < most && !slices.Contains(words, q) {
			words = append(words, q)
		}
	}
	for _, t := range entries {
		for _, w := range strings.FieldsFunc(t.Entry.Title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			add(w)
		}
	}
	for _, t := range entries {
		for _, k := range t.Entry.Reading.Keyphrases {
			add(k)
		}
	}
	return strings.Join(words, " OR ")
}

// mergeStory puts all of a story into another she sees.
func (s *Server) mergeStory(v *visit) error {
	from, err := s.storySeen(v, veille.StoryID(v.Param("id")))
	if err != nil {
		return err
	}
	if v.value("dans") == "" {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("story.merge_none"), nil)
	}
	into, err := s.storySeen(v, veille.StoryID(v.value("dans")))
	if err != nil {
		return err
	}
	if _, err := s.deps.News.Sorter.Merge(v.ctx(), v.User, from.Story.ID, into.Story.ID); err != nil {
		return err
	}
	return v.done(storyPath(into.Story.ID), veille.Say("story.merged_done"))
}

// takeOut puts some entries of a story in another she sees, or in one of their
// own.
func (s *Server) takeOut(v *visit) error {
	from, err := s.storySeen(v, veille.StoryID(v.Param("id")))
	if err != nil {
		return err
	}
	var into storySight
	if to := v.value("dans"); to != "" {
		if into, err = s.storySeen(v, veille.StoryID(to)); err != nil {
			return err
		}
	}
	if err := v.Request().ParseForm(); err != nil {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("story.take_none"), err)
	}
	var ids []veille.EntryID
	for _, e := range from.Entries { // none that she does not see
		if slices.Contains(v.Request().Form["article"], string(e.ID)) {
			ids = append(ids, e.ID)
		}
	}
	c, err := s.deps.News.Sorter.TakeOut(v.ctx(), v.User, from.Story.ID, ids, into.Story.ID)
	if err != nil {
		return err
	}
	return v.done(storyPath(c.Into), veille.Say("story.taken_done", "n", len(ids)))
}

// undoChange undoes a change of a story she sees.
func (s *Server) undoChange(v *visit) error {
	seen, err := s.storySeen(v, veille.StoryID(v.Param("id")))
	if err != nil {
		return err
	}
	id := veille.StoryChangeID(v.value("changement"))
	changes, err := s.deps.News.Changes.StoryChanges(v.ctx(), seen.Story.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(changes, func(c veille.StoryChange) bool { return c.ID == id }) {
		return veille.NewProblem(veille.ErrNotFound, veille.Say("story.change_stale"), nil)
	}
	c, err := s.deps.News.Sorter.Undo(v.ctx(), v.User, id)
	if err != nil {
		return err
	}
	return v.done(storyPath(c.From), veille.Say("story.undone_done"))
}

// A changeLine is one change as the story it touched tells it.
type changeLine struct {
	veille.StoryChange
	Who, Undoer string
	N           int            // entries that moved
	Other       veille.StoryID // the other story; "" when it is this one by now, or not hers to see
	OtherTitle  string
	Says        string // key of the sentence
	Last        bool   // none that holds came after it: it can be undone
}

// changesOf reads what people decided of a story. The other story is called by
// what she sees of it: another branch's own sources are not hers to read.
func (s *Server) changesOf(v *visit, seen storySight) ([]changeLine, error) {
	id := seen.Story.ID
	changes, err := s.deps.News.Changes.StoryChanges(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	out := make([]changeLine, len(changes))
	held := false
	for i, c := range changes {
		l := changeLine{StoryChange: c, N: len(c.Moved()), Says: "story.log_in"}
		switch {
		case c.Whole:
			l.Says = "story.log_merged"
		case c.From == id:
			l.Says = "story.log_out"
		}
		if err := s.nameOther(v, seen, &l); err != nil {
			return nil, err
		}
		if l.Who, err = s.named(v, c.By); err != nil {
			return nil, err
		}
		if c.UndoneAt.IsZero() {
			l.Last, held = !held, true
		} else if l.Undoer, err = s.named(v, c.UndoneBy); err != nil {
			return nil, err
		}
		out[i] = l
	}
	return out, nil
}

// nameOther finds the other story of a change and what she reads of it: what
// came from it, when all of it did, else the story itself.
func (s *Server) nameOther(v *visit, seen storySight, l *changeLine) error {
	other := l.From
	if l.From == seen.Story.ID {
		other = l.Into
	}
	o, err := s.storySeen(v, other)
	switch {
	case errors.Is(err, veille.ErrNotFound):
		return nil
	case err != nil:
		return err
	case o.Story.ID != seen.Story.ID:
		l.Other, l.OtherTitle = o.Story.ID, story.Summarise(o.Entries, o.Sources).Title
		return nil
	}
	moved := l.Moved()
	came := slices.DeleteFunc(o.Entries, func(e veille.Entry) bool { return !slices.Contains(moved, e.ID) })
	l.OtherTitle = story.Summarise(came, o.Sources).Title
	return nil
}

// named is what she calls a person; someone deleted since is "someone".
func (s *Server) named(v *visit, id veille.UserID) (string, error) {
	if id == v.User.ID {
		return v.T("incident.you"), nil
	}
	u, err := s.deps.Accounts.User(v.ctx(), id)
	if errors.Is(err, veille.ErrNotFound) || err == nil && u.Name == "" {
		return v.T("incident.someone"), nil
	}
	return u.Name, err
}

// nearWords tells when a near story was told, by whom, and how often.
func nearWords(v *visit, n nearStory) string {
	if v.Date(n.First) == v.Date(n.Last) {
		return v.T("story.near_day", "medium", n.Medium, "day", v.Date(n.First), "n", n.Entries)
	}
	return v.T("story.near_days", "medium", n.Medium, "first", v.Date(n.First), "last", v.Date(n.Last), "n", n.Entries)
}
