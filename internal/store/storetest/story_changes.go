package storetest

import (
	"cmp"
	"slices"

	"veilleur/internal/veille"
)

// placedNow reads where people put entries, by id.
func (f *fixture) placedNow(ids ...veille.EntryID) map[veille.EntryID]veille.StoryID {
	f.Helper()
	out := map[veille.EntryID]veille.StoryID{}
	for id, p := range must(f.Placed(f.Context(), ids))(f) {
		out[id] = p.Now
	}
	return out
}

// change is one by the user of the fixture, n minutes on, that puts entries in
// their place.
func (f *fixture) change(id veille.StoryChangeID, n int, from, into veille.StoryID, placed ...veille.Placement) veille.StoryChange {
	return veille.StoryChange{ID: id, BranchID: river, By: "u1", From: from, FromTitle: "De", Into: into, IntoTitle: "Vers",
		At: f.at(n), Placed: placed}
}

func place(id veille.EntryID, was, now veille.StoryID) veille.Placement {
	return veille.Placement{EntryID: id, Was: was, Now: now}
}

// told gives the stories that incidents, ideas and posts of the fixture name.
func (f *fixture) told() []veille.StoryID {
	f.Helper()
	ctx := f.Context()
	return []veille.StoryID{must(f.Incident(ctx, "i1"))(f).StoryID, must(f.Idea(ctx, "d1"))(f).StoryID,
		must(f.Idea(ctx, "d2"))(f).StoryID, must(f.Post(ctx, "p1"))(f).StoryID}
}

// tell has an incident, two ideas and a post name story a, the first idea and
// the post by its entry first, the second by its entry last.
func (f *fixture) tell(first, last veille.EntryID) {
	f.Helper()
	ctx := f.Context()
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	i := f.incident("i1", "t1", 0)
	i.StoryID, i.Signals = "a", []veille.Signal{{Kind: "severity", Evidence: []veille.Evidence{{EntryID: first}}}}
	f.ok(f.PutIncident(ctx, i, nil, nil))
	f.ok(f.PutIdeas(ctx, []veille.Idea{
		{ID: "d1", BranchID: river, StoryID: "a", EntryID: first, State: veille.IdeaNew},
		{ID: "d2", BranchID: river, StoryID: "a", EntryID: last, State: veille.IdeaNew}}))
	f.ok(f.PutChannel(ctx, veille.Channel{ID: "c1", BranchID: river, Network: veille.NetworkManual, Name: "Page"}))
	p := f.post("p1", veille.PostDraft)
	p.StoryID, p.IdeaID = "a", "d1"
	f.ok(f.PutPost(ctx, p))
}

func testStoryChanges(f *fixture) {
	ctx := f.Context()
	ids := f.putEntries("s1", 1, 4)
	f.ok(f.PutStories(ctx, []veille.Story{f.story("a", 1), f.story("b", 2)}))
	f.group("a", ids[0], ids[1])
	f.group("b", ids[2], ids[3])
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "old", New: "a"}}))
	f.tell(ids[0], ids[1])
	before := f.told()
	version := must(f.Incident(ctx, "i1"))(f).Version

	merged := f.change("m1", 1, "a", "b", place(ids[0], "a", "b"), place(ids[1], "a", "b"), place(ids[2], "b", "b"), place(ids[3], "b", "b"))
	merged.Whole = true
	f.ok(f.PutStoryChange(ctx, merged))
	f.same("the entries went", len(must(f.EntriesOfStory(ctx, "b"))(f)), 4)
	for _, id := range []veille.StoryID{"a", "old", "b"} {
		f.same("every id leads to it", must(f.Story(ctx, id))(f).ID, veille.StoryID("b"))
	}
	f.same("so do incidents, ideas and posts", f.told(), []veille.StoryID{"b", "b", "b", "b"})
	f.same("a judge at work sees it moved", must(f.Incident(ctx, "i1"))(f).Version, version+1)
	f.same("those that stayed are placed too", f.placedNow(ids...), map[veille.EntryID]veille.StoryID{ids[0]: "b", ids[1]: "b", ids[2]: "b", ids[3]: "b"})
	slices.SortFunc(merged.Placed, func(a, b veille.Placement) int { return cmp.Compare(a.EntryID, b.EntryID) })
	f.same("told by any id", must(f.StoryChanges(ctx, "old"))(f), []veille.StoryChange{merged})

	taken := f.change("m2", 2, "b", "own", place(ids[0], "b", "own"), place(ids[1], "b", "b"), place(ids[2], "b", "b"), place(ids[3], "b", "b"))
	f.ok(f.PutStoryChange(ctx, taken))
	f.ok(f.PutStories(ctx, []veille.Story{f.story("own", 3)}))
	f.same("one went out", entryIDs(must(f.EntriesOfStory(ctx, "own"))(f)), []string{string(ids[0])})
	f.same("with the idea that cites it, its post, and the incident it is most of", f.told(), []veille.StoryID{"own", "own", "b", "own"})
	f.same("the last change counts", f.placedNow(ids...), map[veille.EntryID]veille.StoryID{ids[0]: "own", ids[1]: "b", ids[2]: "b", ids[3]: "b"})
	f.is(f.PutStoryChange(ctx, f.change("m3", 3, "b", "c", place(ids[0], "b", "c"))), veille.ErrConflict) // no longer in b
	f.same("nothing of it stays", len(must(f.StoryChanges(ctx, "b"))(f)), 2)

	f.ok(f.ClearDerived(ctx))
	f.same("a rebuild keeps what was decided", len(f.placedNow(ids...)), 4)
	f.group("own", ids[0])
	f.group("b", ids[1:]...)
	f.ok(f.PutStories(ctx, []veille.Story{f.story("own", 3), f.story("b", 2)}))
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "a", New: "b"}, {Old: "old", New: "b"}}))

	_, err := f.UndoStoryChange(ctx, "m1", "u1", f.at(4))
	f.is(err, veille.ErrConflict) // the later one first
	_, err = f.UndoStoryChange(ctx, "none", "u1", f.at(4))
	f.is(err, veille.ErrNotFound)
	f.same("undone", must(f.UndoStoryChange(ctx, "m2", "u1", f.at(4)))(f).UndoneAt, f.at(4))
	f.same("a story left empty leads back", must(f.Story(ctx, "own"))(f).ID, veille.StoryID("b"))
	_, err = f.UndoStoryChange(ctx, "m2", "u1", f.at(4))
	f.is(err, veille.ErrConflict)
	must(f.UndoStoryChange(ctx, "m1", "u1", f.at(5)))(f)
	f.ok(f.PutStories(ctx, []veille.Story{f.story("a", 1)}))
	f.same("what named it names it again", f.told(), before)
	f.same("by its older id too", must(f.Story(ctx, "old"))(f).ID, veille.StoryID("a"))
	f.same("each in its own", entryIDs(must(f.EntriesOfStory(ctx, "a"))(f)), []string{string(ids[0]), string(ids[1])})
	f.same("nothing is placed any more", len(f.placedNow(ids...)), 0)
	log := must(f.StoryChanges(ctx, "a"))(f)
	f.same("the log keeps both, the latest first", []veille.UserID{log[0].UndoneBy, log[1].UndoneBy}, []veille.UserID{"u1", "u1"})
}

func testPlacedReprints(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutSource(ctx, f.source("s2", river, "https://quotidien.example/rss")))
	first, copied := f.putEntries("s2", 1, 1)[0], f.putEntries("s1", 2, 2)[0]
	f.group("a", first, copied)
	f.ok(f.PutStoryChange(ctx, f.change("m1", 1, "a", "b", place(first, "a", "a"),
		veille.Placement{EntryID: copied, Was: "a", Now: "b", DuplicateOf: first})))
	f.same("what it reprints", must(f.Placed(ctx, []veille.EntryID{copied}))(f)[copied].DuplicateOf, first)
	f.ok(f.DeleteSource(ctx, "s2"))
	f.same("until that is gone", must(f.Placed(ctx, []veille.EntryID{copied, first}))(f),
		map[veille.EntryID]veille.Placement{copied: place(copied, "a", "b")})
}

func testAgenciesAndKin(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutSource(ctx, f.source("s2", river, "https://quotidien.example/rss")))
	a, b := f.putEntries("s1", 1, 3), f.putEntries("s2", 4, 6)
	f.ok(f.PutReadings(ctx, map[veille.EntryID]veille.Reading{
		a[0]: {StoryID: "a", Agency: "Agence"}, b[0]: {StoryID: "a", DuplicateOf: a[0]}, // an agency's: no repeat
		a[1]: {StoryID: "a"}, b[1]: {StoryID: "a", DuplicateOf: a[1]},
		b[2]: {StoryID: "a"}, a[2]: {StoryID: "a", DuplicateOf: b[2]},
		"gone": {Agency: "Agence"},
	}))
	f.same("one entry", must(f.Entry(ctx, a[0]))(f).Reading.Agency, "Agence")
	f.same("several", must(f.EntriesByID(ctx, a))(f)[0].Reading.Agency, "Agence")
	f.same("of a story", must(f.EntriesOfStory(ctx, "a"))(f)[0].Reading.Agency, "Agence")
	f.same("heads", must(f.HeadsOfStories(ctx, []veille.StoryID{"a"}))(f)["a"][0].Reading.Agency, "Agence")
	f.same("repeats", must(f.Repeats(ctx))(f), []veille.Repeat{{By: "s1", Of: "s2", N: 1}, {By: "s2", Of: "s1", N: 1}})
	f.ok(f.PutReadings(ctx, map[veille.EntryID]veille.Reading{a[0]: {StoryID: "a"}}))
	f.same("no longer", must(f.Entry(ctx, a[0]))(f).Reading.Agency, "")

	f.ok(f.PutKin(ctx, map[veille.SourceID]string{"s1": "Presse du Val", "none": "x"}))
	src := must(f.Source(ctx, "s1"))(f)
	f.same("kin", src.Kin, "Presse du Val")
	src.Title = "Un autre titre"
	f.ok(f.PutSource(ctx, src))
	src.Kin = ""
	f.ok(f.PutSource(ctx, src))
	f.same("is not a person's to say", must(f.Source(ctx, "s1"))(f).Kin, "Presse du Val")
}
