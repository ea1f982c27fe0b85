package engine

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/internal/veille"
)

// town is a house that has read the corpus with three topics.
func town(t *testing.T) (h *house, branch, whole, neighbour veille.TopicID) {
	h = build(t)
	branch = h.topic(river, veille.SubjectBranch, "Caisse de la Rivière", `"Caisse de la Rivière"`)
	whole = h.topic(movement, veille.SubjectMovement, "Mouvement", `"Mouvement Desrivières"`)
	neighbour = h.topic(hill, veille.SubjectBranch, "Caisse de la Colline", `caisse guichet OR "Caisse de la Rivière"`)
	h.read(corpus()...)
	return h, branch, whole, neighbour
}

func entry(h *house, src veille.SourceID, guid string) veille.Entry {
	h.Helper()
	es := must(h.EntriesByID(h.Context(), []veille.EntryID{veille.NewEntryID(src, guid)}))(h)
	if len(es) == 0 {
		h.Fatalf("no entry %s of %s", guid, src)
	}
	return es[0]
}

func TestEntriesGetLanguageToneStoryAndMentionsAndAreFound(t *testing.T) {
	h, branch, whole, _ := town(t)
	first, second, reprint := entry(h, "hebdo", "vol"), entry(h, "radio", "vol"), entry(h, "quotidien", "vol")
	if r := first.Reading; r.Lang != "fr" || r.Tone >= 0 || len(r.ToneWords) == 0 || len(r.Keyphrases) == 0 {
		t.Errorf("first reads %+v", r)
	}
	if r := entry(h, "radio", "fire").Reading; r.Lang != "en" {
		t.Errorf("the English one is in %q", r.Lang)
	}
	if second.Reading.StoryID != first.Reading.StoryID || reprint.Reading.StoryID != first.Reading.StoryID {
		t.Errorf("one event in stories %s, %s and %s", first.Reading.StoryID, second.Reading.StoryID, reprint.Reading.StoryID)
	}
	h.same("reprint of", reprint.Reading.DuplicateOf, first.ID)
	st := must(h.Story(t.Context(), first.Reading.StoryID))(h)
	h.same("counted", [3]int{st.Entries, st.Sources, st.Independent}, [3]int{3, 3, 2})
	h.same("mentions of the caisse", h.mentioned(branch), []string{"Le taux hypothécaire recule encore", first.Title, second.Title, reprint.Title})
	h.same("mentions of the movement", h.mentioned(whole), []string{"Mouvement Desrivières : des résultats en hausse"})
	h.same("found", h.found(river, "donnees"), []string{reprint.Title, second.Title, first.Title})
	h.same("found by topic", h.found(river, "taux", branch), []string{"Le taux hypothécaire recule encore"})
}

func TestATopicSeesOnlyItsBranchAndThoseAbove(t *testing.T) {
	h, branch, _, neighbour := town(t)
	h.same("the hill sees its own and the movement's", h.mentioned(neighbour), []string{
		"Le taux hypothécaire recule encore", "Vol de données : la Caisse de la Rivière confirme", "La caisse de la Colline inaugure un guichet accessible"})
	want := h.mentioned(neighbour)
	h.ok(h.watch.BackfillNow(t.Context(), neighbour))
	h.same("and its archive says the same", h.mentioned(neighbour), want)
	h.same("the river does not find the hill's", len(h.found(river, "guichet")), 0)
	h.same("nor by another's topic", len(h.found(river, "guichet", neighbour)), 0)
	h.same("the movement sees its own alone", len(h.found(movement, "")), 3)
	if slices.ContainsFunc(h.mentioned(branch), func(s string) bool { return strings.Contains(s, "Colline") }) {
		t.Error("the river mentions the hill's source")
	}
}

func TestRunningAStageTwiceChangesNothing(t *testing.T) {
	h, _, _, _ := town(t)
	want := h.derived()
	for _, s := range h.pipe.stages {
		h.ok(h.SetCursor(t.Context(), s.Name(), 0))
		h.drain()
		h.same("after "+s.Name(), h.derived(), want)
	}
	h.now = h.now.AddDate(0, 1, 0) // nothing is restored
	h.start()
	h.ok(h.SetCursor(t.Context(), "group", 0))
	h.drain()
	h.same("with an empty memory", h.derived(), want)
}

func TestAnEditedEntry(t *testing.T) {
	h, branch, _, _ := town(t)
	was := entry(h, "radio", "vol")
	edited := was
	edited.Title, edited.Text = "Un vol de données en région", "La police enquête sur un vol de données. Elle ne dit pas encore où il a eu lieu, ni combien de personnes il touche."
	h.read(edited)
	now := entry(h, "radio", "vol")
	h.same("loses the mentions its new text no longer makes", slices.Contains(h.mentioned(branch), edited.Title), false)
	h.same("keeps its story", now.Reading.StoryID, was.Reading.StoryID)
	h.same("is found by its new words", h.found(river, "region"), []string{edited.Title})
	h.same("and not by the old ones", slices.Contains(h.found(river, "colere"), edited.Title), false)
	h.same("nor under the topic", slices.Contains(h.found(river, "", branch), edited.Title), false)

	h.now = h.now.AddDate(0, 1, 0) // long after its story left the memory
	h.start()
	edited.Title = "Vol de données : ce que l’on sait"
	h.read(edited)
	h.same("however late", entry(h, "radio", "vol").Reading.StoryID, was.Reading.StoryID)
}

func TestARestartGoesOnAsIfItHadNotStopped(t *testing.T) {
	whole, _, _, _ := town(t)
	for cut := 1; cut < len(corpus()); cut += 3 {
		t.Run("", func(t *testing.T) {
			h := build(t)
			for _, b := range must(whole.Topics(t.Context(), nil))(h) { // the same ids in both houses
				h.ok(h.PutTopic(t.Context(), b))
			}
			h.read(corpus()[:cut]...)
			h.start()
			h.read(corpus()[cut:]...)
			h.same("derived", h.derived(), whole.derived())
		})
	}
}

func TestAnIndexOpenedAgainAnswersTheSame(t *testing.T) {
	h, branch, _, _ := town(t)
	want := append(h.found(river, "donnees"), h.found(river, "", branch)...)
	dir := filepath.Join(t.TempDir(), "index")
	ix := must(index.Create(t.Context(), quiet(), "bleve:"+dir))(h)
	h.ix = ix
	h.start()
	h.ok(h.SetCursor(t.Context(), "search", 0))
	h.drain()
	h.ok(ix.Close())
	h.ix = must(index.Open(t.Context(), quiet(), "bleve:"+dir, IndexRows(t.Context(), h, h)))(h)
	defer func() { h.ok(h.ix.Close()) }()
	h.same("rows", h.ix.Len(), 8)
	h.same("answers", append(h.found(river, "donnees"), h.found(river, "", branch)...), want)
}

func TestMatchFollowsTheTopicsAsTheyAre(t *testing.T) {
	h := build(t)
	kept := h.topic(river, veille.SubjectTheme, "Parc", "patinoire")
	gone := h.topic(river, veille.SubjectTheme, "Taux", "taux")
	h.read(corpus()[:2]...)
	h.same("both", []int{len(h.mentioned(kept)), len(h.mentioned(gone))}, []int{1, 1})
	broken := must(h.Topic(t.Context(), kept))(h)
	broken.Query, broken.UpdatedAt = "((", h.now.Add(time.Minute) // written by a hand other than ours
	h.ok(h.PutTopic(t.Context(), broken))
	h.ok(h.DeleteTopic(t.Context(), gone))
	added := h.topic(river, veille.SubjectTheme, "Vols", "vol*")
	h.read(corpus()[2:]...)
	h.same("a broken query finds nothing and stops nobody", []int{len(h.mentioned(kept)), len(h.mentioned(added))}, []int{1, 3})
	h.same("nothing is set aside", len(must(h.Parked(t.Context()))(h)), 0)
}

func TestARebuildGivesTheSameAgain(t *testing.T) {
	h, branch, _, _ := town(t)
	want := h.derived()
	rebuild := func() {
		h.open()
		h.ok(Rebuild(t.Context(), h, h, h.pipe, h.group, nil))
	}
	rebuild()
	h.same("derived", h.derived(), want)

	// Editing the first entry of a story sends it to the end of the log, so that
	// a rebuild names the story after another.
	old := entry(h, "hebdo", "vol").Reading.StoryID
	edited := corpus()[2]
	edited.Text += " La caisse s’excuse."
	h.read(edited)
	for range 2 {
		rebuild()
		st := must(h.Story(t.Context(), old))(h)
		if st.ID == old || st.Entries != 3 {
			t.Fatalf("the old name leads to %+v", st)
		}
	}
	h.same("mentions", len(h.mentioned(branch)), 4)
}

func TestAnIndexThatLostEntriesIsCaughtUp(t *testing.T) {
	h, _, _, _ := town(t)
	want := h.derived()
	gone := []veille.EntryID{veille.NewEntryID("hebdo", "vol"), veille.NewEntryID("radio", "fire")}
	h.ok(h.ix.Delete(t.Context(), gone))
	h.ok(CatchUp(t.Context(), h, h, h.ix))
	h.same("before the first one lost", must(h.Cursor(t.Context(), "search"))(h), int64(2))
	h.drain()
	h.same("derived", h.derived(), want)
	h.ok(CatchUp(t.Context(), h, h, h.ix))
	h.same("a whole index is left alone", must(h.Cursor(t.Context(), "search"))(h), int64(8))

	h.ok(h.ix.Delete(t.Context(), gone))
	for _, id := range gone {
		h.ok(h.Park(t.Context(), "search", id, "refused", h.now))
	}
	h.ok(CatchUp(t.Context(), h, h, h.ix))
	h.same("what was set aside is not lost", must(h.Cursor(t.Context(), "search"))(h), int64(8))
}

func TestAForgottenSourceLeavesNothing(t *testing.T) {
	h, branch, _, _ := town(t)
	f := NewForgetting(h, h, h.group, h.search)
	id := entry(h, "hebdo", "vol").Reading.StoryID
	h.ok(f.DeleteSource(t.Context(), "hebdo"))
	h.is(f.DeleteSource(t.Context(), "hebdo"), veille.ErrNotFound)
	h.same("in the index", len(h.found(river, "patinoire")), 0)
	h.same("in its length", h.ix.Len(), 6)
	h.same("in the mentions", len(h.mentioned(branch)), 3)
	st := must(h.Story(t.Context(), id))(h)
	h.same("in the story", [3]int{st.Entries, st.Sources, st.Independent}, [3]int{2, 2, 2})
	h.same("its reprint is an original now", entry(h, "quotidien", "vol").Reading.DuplicateOf, veille.EntryID(""))

	again := corpus()[2]
	again.SourceID, again.GUID = "radio", "reprise"
	again.ID = veille.NewEntryID("radio", "reprise")
	again.Published, again.Seen = morning, morning
	h.read(again)
	e := entry(h, "radio", "reprise")
	h.same("a new reprint is of one that is known", e.Reading.DuplicateOf, veille.NewEntryID("quotidien", "vol"))
	h.same("and joins the story", e.Reading.StoryID, id)
	if _, err := h.Story(t.Context(), "s"+veille.StoryID(veille.NewEntryID("hebdo", "patinoire"))[:16]); err == nil {
		t.Error("a story without entries is left")
	}
}

func TestProgressTellsHowFarTheFirstReadingHasCome(t *testing.T) {
	h := build(t)
	h.topic(river, veille.SubjectBranch, "Caisse", `"Caisse de la Rivière"`)
	progress := func() Progress { return must(ProgressOf(t.Context(), h, h, h, h, river))(h) }
	h.same("nothing yet", progress(), Progress{Sources: 3})
	for _, s := range must(h.Sources(t.Context(), nil))(h) {
		health := veille.Health{FetchedAt: h.now, OKAt: h.now}
		if s.ID == "radio" {
			problem := veille.Say("fetch.timeout")
			health.OKAt, health.Problem = time.Time{}, &problem
		}
		must(h.PutFetch(t.Context(), veille.Fetched{SourceID: s.ID, Health: health}))(h)
	}
	must(h.PutEntries(t.Context(), corpus()))(h)
	h.same("read, not yet grouped", progress(), Progress{Sources: 3, Read: 2, Failed: 1, Entries: 7})
	h.drain()
	h.same("all the way", progress(), Progress{Sources: 3, Read: 2, Failed: 1, Entries: 7, Stories: 5, Mentions: 4, Done: true})

	last := news("colline", "fin", 1, "Dernière", "Un dernier article de la colline.")
	must(h.PutEntries(t.Context(), []veille.Entry{last}))(h)
	h.same("more came", progress().Done, false)
	h.ok(h.DeleteSource(t.Context(), "colline"))
	h.same("and went before it was read", progress().Done, true)
}
