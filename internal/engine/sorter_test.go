package engine

import (
	"path/filepath"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/internal/veille"
)

// una is who decides of stories in these tests.
var una = veille.User{ID: "una", BranchID: river, Name: "Una"}

func (h *house) sorter() *Sorter {
	s := NewSorter(quiet(), h, h, h.group, h.search)
	s.now = func() time.Time {
		h.now = h.now.Add(time.Second) // no two changes at one time
		return h.now
	}
	return s
}

// storyOf gives the story of an entry of the corpus, by source and guid.
func (h *house) storyOf(src veille.SourceID, guid string) veille.StoryID {
	h.Helper()
	return entry(h, src, guid).Reading.StoryID
}

// rebuild derives all again into a new index.
func (h *house) rebuild() {
	h.Helper()
	ix := must(index.Create(h.Context(), quiet(), "bleve:"+filepath.Join(h.TempDir(), "rebuilt")))(h)
	h.Cleanup(func() { h.ok(ix.Close()) })
	h.ix = ix
	h.start()
	h.ok(Rebuild(h.Context(), h, h, h.pipe, h.group, nil))
}

func TestStoriesMergedByHandStayMerged(t *testing.T) {
	h, _, _, _ := town(t)
	from, into := h.storyOf("radio", "fire"), h.storyOf("hebdo", "vol")
	c := must(h.sorter().Merge(t.Context(), una, from, into))(h)
	check := func(when string, entries int) {
		t.Helper()
		st := must(h.Story(t.Context(), from))(h)
		h.same(when+", the old id leads to it", st.ID, into)
		h.same(when+", counted together", st.Entries, entries)
		h.same(when+", found as one", must(NewFinder(h.ix, h).Search(t.Context(), river, SearchRequest{Query: "sucrerie OR mill OR donnees", ByStory: true}))(h).Stories, 1)
	}
	check("at once", 4)
	h.read(news("hebdo", "feu2", 40, "Fire at the old sugar mill: the police have ended their search", "The police have ended their search of the old sugar mill destroyed by fire overnight. Nobody was hurt, firefighters said on Monday."))
	h.same("what is of it later joins it", h.storyOf("hebdo", "feu2"), into)
	h.start()
	h.read(news("quotidien", "feu3", 30, "The old sugar mill destroyed by fire in the valley", "Police and firefighters say the fire that destroyed the old sugar mill in the valley overnight hurt nobody."))
	h.same("after a start too", h.storyOf("quotidien", "feu3"), into)
	h.rebuild()
	check("rebuilt", 6)

	must(h.sorter().Undo(t.Context(), una, c.ID))(h)
	h.same("undone, what came before is as it was", h.storyOf("radio", "fire"), from)
	h.same("and what joined later stays", h.storyOf("hebdo", "feu2"), into)
}

func TestEntriesTakenOutByHandStayOut(t *testing.T) {
	h, _, _, _ := town(t)
	from := h.storyOf("hebdo", "vol")
	first := entry(h, "hebdo", "vol") // the story is named after it
	before := h.derived()
	c := must(h.sorter().TakeOut(t.Context(), una, from, []veille.EntryID{first.ID}, ""))(h)
	own := c.Into
	check := func(when string) {
		t.Helper()
		h.same(when+", out", h.storyOf("hebdo", "vol"), own)
		h.same(when+", the others stay", []veille.StoryID{h.storyOf("radio", "vol"), h.storyOf("quotidien", "vol")}, []veille.StoryID{from, from})
		h.same(when+", counted", [2]int{must(h.Story(t.Context(), own))(h).Entries, must(h.Story(t.Context(), from))(h).Entries}, [2]int{1, 2})
	}
	check("at once")
	h.rebuild()
	check("rebuilt")
	h.start()
	for _, s := range h.pipe.stages {
		h.ok(h.SetCursor(t.Context(), s.Name(), 0))
	}
	h.drain()
	check("read twice")

	elsewhere := must(h.sorter().TakeOut(t.Context(), una, from, []veille.EntryID{entry(h, "radio", "vol").ID}, own))(h)
	h.same("into another story", h.storyOf("radio", "vol"), own)
	_, err := h.sorter().Undo(t.Context(), una, c.ID)
	h.says(err, "story.change_later")
	must(h.sorter().Undo(t.Context(), una, elsewhere.ID))(h)
	must(h.sorter().Undo(t.Context(), una, c.ID))(h)
	h.same("undone", h.derived(), before)
	h.same("the id it had leads back", must(h.Story(t.Context(), own))(h).ID, from)
	h.rebuild()
	h.same("undone and rebuilt", h.derived(), before)
}

func TestAChangeThatMeansNothingIsRefused(t *testing.T) {
	h, _, _, _ := town(t)
	s, from := h.sorter(), h.storyOf("hebdo", "vol")
	all := []veille.EntryID{entry(h, "hebdo", "vol").ID, entry(h, "radio", "vol").ID, entry(h, "quotidien", "vol").ID}
	_, err := s.Merge(t.Context(), una, from, from)
	h.says(err, "story.merge_self")
	_, err = s.Merge(t.Context(), una, from, "none")
	h.is(err, veille.ErrNotFound)
	_, err = s.TakeOut(t.Context(), una, from, nil, "")
	h.says(err, "story.take_none")
	_, err = s.TakeOut(t.Context(), una, from, all, "")
	h.says(err, "story.take_all")
	_, err = s.TakeOut(t.Context(), una, from, []veille.EntryID{entry(h, "radio", "fire").ID}, "")
	h.says(err, "story.change_stale")
	h.same("nothing is kept of them", len(must(h.StoryChanges(t.Context(), from))(h)), 0)
}
