package storetest

import (
	"fmt"
	"time"

	"veilleur/internal/veille"
)

func storyID(s veille.Story) veille.StoryID { return s.ID }

func entryIDs(entries []veille.Entry) []string {
	return idsOf(entries, func(e veille.Entry) veille.EntryID { return e.ID })
}

func (f *fixture) story(id veille.StoryID, last int) veille.Story {
	return veille.Story{ID: id, LeadID: "lead", Title: "Une histoire", Lang: "fr", Entries: 3, Sources: 2, Independent: 1,
		Tone: 0.25, First: f.at(last - 1), Last: f.at(last)}
}

// group puts entries in a story.
func (f *fixture) group(id veille.StoryID, entries ...veille.EntryID) {
	f.Helper()
	readings := map[veille.EntryID]veille.Reading{}
	for _, e := range entries {
		readings[e] = veille.Reading{Lang: "fr", StoryID: id}
	}
	f.ok(f.PutReadings(f.Context(), readings))
}

func testStories(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutSource(ctx, f.source("s2", movement, "https://quotidien.example/rss")))
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	ours, theirs := f.putEntries("s1", 1, 3), f.putEntries("s2", 4, 5)
	a, b, c, empty := f.story("a", 10), f.story("b", 30), f.story("c", 20), f.story("empty", 40)
	f.ok(f.PutStories(ctx, []veille.Story{a, b, c, empty}))
	b.Title, b.Entries = "Une autre", 2
	f.ok(f.PutStories(ctx, []veille.Story{b}))
	f.group("a", ours[1], ours[0], theirs[0])
	f.group("b", ours[2])
	f.group("c", theirs[1])
	f.ok(f.PutMentions(ctx, []veille.Mention{f.mention("t1", f.entry("s1", 2)), f.mention("t1", f.entry("s2", 5))}))

	f.same("one", must(f.Story(ctx, "b"))(f), b)
	_, err := f.Story(ctx, "none")
	f.is(err, veille.ErrNotFound)
	f.same("several", must(f.Stories(ctx, []veille.StoryID{"c", "none", "a", "c"}))(f), []veille.Story{c, a})
	f.same("its entries", guids(must(f.EntriesOfStory(ctx, "a"))(f)), []string{"guid-1", "guid-2", "guid-4"})
	heads := must(f.HeadsOfStories(ctx, []veille.StoryID{"a", "none"}))(f)
	f.same("their heads", entryIDs(heads["a"]), entryIDs(must(f.EntriesOfStory(ctx, "a"))(f)))
	if len(heads) != 1 || heads["a"][0].Title == "" || heads["a"][0].Text != "" {
		f.Errorf("heads: %+v", heads)
	}
	f.same("entries without a story are in none", len(must(f.EntriesOfStory(ctx, ""))(f)), 0)

	for name, c := range map[string]struct {
		filter veille.StoryFilter
		want   []string
	}{
		"all with an entry, newest first": {veille.StoryFilter{}, []string{"b", "c", "a"}},
		"n at most":                       {veille.StoryFilter{Limit: 1}, []string{"b"}},
		"of a scope":                      {veille.StoryFilter{Scope: []veille.BranchID{movement}}, []string{"c", "a"}},
		"of an empty scope":               {veille.StoryFilter{Scope: []veille.BranchID{}}, nil},
		"since":                           {veille.StoryFilter{Since: f.at(20)}, []string{"b", "c"}},
		"until":                           {veille.StoryFilter{Until: f.at(20)}, []string{"a"}},
		"of a topic":                      {veille.StoryFilter{Topics: []veille.TopicID{"t1", "t2"}}, []string{"c", "a"}},
		"of a topic in a scope": {veille.StoryFilter{Topics: []veille.TopicID{"t1"}, Scope: []veille.BranchID{river}},
			[]string{"a"}},
	} {
		f.same(name, idsOf(must(f.StoriesOf(ctx, c.filter))(f), storyID), c.want)
	}
}

func testAliases(f *fixture) {
	ctx := f.Context()
	ids := f.putEntries("s1", 1, 4)
	var stories []veille.Story
	for i, id := range ids {
		st := f.story(veille.StoryID(fmt.Sprint("st", i)), i)
		stories = append(stories, st)
		f.group(st.ID, id)
	}
	f.ok(f.PutStories(ctx, stories))
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "st0", New: "st1"}, {Old: "st1", New: "st2"}}))
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "st3", New: "st0"}})) // st0 is st2 by now
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "st2", New: "st0"}})) // no circle
	for _, id := range []veille.StoryID{"st0", "st1", "st2", "st3"} {
		f.same("leads to", must(f.Story(ctx, id))(f).ID, veille.StoryID("st2"))
		f.same("entries moved", len(must(f.EntriesOfStory(ctx, id))(f)), 4)
	}
	f.same("each one step from its story", must(f.Aliases(ctx))(f),
		[]veille.StoryAlias{{Old: "st0", New: "st2"}, {Old: "st1", New: "st2"}, {Old: "st3", New: "st2"}})
	f.same("each once", idsOf(must(f.Stories(ctx, []veille.StoryID{"st3", "st2", "st0"}))(f), storyID), []string{"st2"})
	f.same("one is left", idsOf(must(f.StoriesOf(ctx, veille.StoryFilter{}))(f), storyID), []string{"st2"})
}

func testClearDerived(f *fixture) {
	ctx := f.Context()
	ids := f.putEntries("s1", 1, 2)
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	f.ok(f.PutMentions(ctx, []veille.Mention{f.mention("t1", f.entry("s1", 1))}))
	f.ok(f.PutStories(ctx, []veille.Story{f.story("a", 1), f.story("b", 1)}))
	f.group("a", ids...)
	f.ok(f.PutAliases(ctx, []veille.StoryAlias{{Old: "b", New: "a"}}))
	f.ok(f.SetCursor(ctx, "group", 2))
	f.ok(f.Park(ctx, "match", ids[0], "why", f.now))
	f.ok(f.ClearDerived(ctx))
	_, err := f.Story(ctx, "b")
	f.is(err, veille.ErrNotFound)
	f.same("mentions", must(f.CountMentions(ctx, "t1", time.Time{}))(f), 0)
	f.same("cursor", must(f.Cursor(ctx, "group"))(f), int64(0))
	f.same("parked", len(must(f.Parked(ctx))(f)), 0)
	f.same("the log stays", must(f.LastSeq(ctx))(f), int64(2))
	f.same("readings but for the story", must(f.Entry(ctx, ids[0]))(f).Reading, veille.Reading{Lang: "fr"})
}

func testTopicsAndMentions(f *fixture) {
	ctx := f.Context()
	topic := f.topic("t1", river)
	f.ok(f.PutTopic(ctx, topic))
	f.same("as put", must(f.Topic(ctx, "t1"))(f), topic)
	topic.Query, topic.UpdatedAt = "rivière", f.at(5)
	f.ok(f.PutTopic(ctx, topic))
	f.same("as changed", must(f.Topic(ctx, "t1"))(f), topic)
	f.ok(f.PutTopic(ctx, f.topic("t2", movement)))
	f.is(f.PutTopic(ctx, f.topic("t3", "none")), veille.ErrInvalid)
	topicID := func(t veille.Topic) veille.TopicID { return t.ID }
	f.same("of a scope", idsOf(must(f.Topics(ctx, []veille.BranchID{movement}))(f), topicID), []string{"t2"})
	f.same("of all", idsOf(must(f.Topics(ctx, nil))(f), topicID), []string{"t1", "t2"})

	ids := f.putEntries("s1", 1, 3)
	m1, m2, m3 := f.mention("t1", f.entry("s1", 1)), f.mention("t1", f.entry("s1", 2)), f.mention("t2", f.entry("s1", 3))
	gone := f.mention("t1", f.entry("s1", 99))
	f.ok(f.PutMentions(ctx, []veille.Mention{m2, m1, m3, gone, m1}))
	m2.InTitle, m2.Passages = false, nil
	f.ok(f.PutMentions(ctx, []veille.Mention{m2}))
	f.same("of a topic, as published", must(f.MentionsOf(ctx, "t1", time.Time{}))(f), []veille.Mention{m1, m2})
	f.same("since", must(f.MentionsOf(ctx, "t1", f.at(2)))(f), []veille.Mention{m2})
	f.same("of entries", must(f.MentionsOfEntries(ctx, ids))(f), []veille.Mention{m1, m2, m3})
	f.same("count", must(f.CountMentions(ctx, "t1", time.Time{}))(f), 2)
	f.same("count since", must(f.CountMentions(ctx, "t1", f.at(2)))(f), 1)
	m3.TopicID = "t1"
	f.ok(f.ReplaceMentions(ctx, "t1", []veille.Mention{m3}))
	f.same("replaced", must(f.MentionsOf(ctx, "t1", time.Time{}))(f), []veille.Mention{m3})
	f.same("no other topic's", must(f.CountMentions(ctx, "t2", time.Time{}))(f), 1)
	f.ok(f.DeleteTopic(ctx, "t1"))
	f.is(f.DeleteTopic(ctx, "t1"), veille.ErrNotFound)
	_, err := f.Topic(ctx, "t1")
	f.is(err, veille.ErrNotFound)
}

func testJudgedMentions(f *fixture) {
	ctx := f.Context()
	f.ok(f.PutSource(ctx, f.source("s2", movement, "https://quotidien.example/rss")))
	f.ok(f.PutTopic(ctx, f.topic("t1", river)))
	f.putEntries("s1", 1, 3)
	late := f.entry("s2", 0) // published first, seen last
	late.Seen = f.at(50)
	must(f.PutEntries(ctx, []veille.Entry{late}))(f)
	f.ok(f.PutMentions(ctx, []veille.Mention{f.mention("t1", late), f.mention("t1", f.entry("s1", 2)),
		f.mention("t1", f.entry("s1", 1))}))
	got := must(f.JudgedMentions(ctx, "t1", f.at(3)))(f)
	if len(got) != 2 {
		f.Fatalf("%d judged mentions, want 2", len(got))
	}
	f.same("as they were seen", []string{got[0].Entry.GUID, got[1].Entry.GUID}, []string{"guid-2", "guid-0"})
	f.same("with the entry", got[1].Entry, must(f.Entry(ctx, late.ID))(f))
	f.same("with the source", got[1].Source, must(f.Source(ctx, "s2"))(f))
	f.same("and what matched", got[1].Mention, f.mention("t1", late))
}

func testCursorsAndParked(f *fixture) {
	ctx := f.Context()
	f.same("a new cursor", must(f.Cursor(ctx, "match"))(f), int64(0))
	f.ok(f.SetCursor(ctx, "match", 7))
	f.ok(f.SetCursor(ctx, "match", 5)) // it may go back
	f.same("a cursor", must(f.Cursor(ctx, "match"))(f), int64(5))
	ids := f.putEntries("s1", 1, 2)
	f.ok(f.Park(ctx, "match", ids[0], "no", f.now))
	f.ok(f.Park(ctx, "match", ids[1], "no", f.at(1)))
	f.ok(f.Park(ctx, "match", ids[0], "why", f.at(2)))
	f.ok(f.Park(ctx, "match", "none", "gone", f.now))
	f.same("parked, latest first", must(f.Parked(ctx))(f), []veille.Parked{
		{Stage: "match", EntryID: ids[0], Reason: "why", At: f.at(2)},
		{Stage: "match", EntryID: ids[1], Reason: "no", At: f.at(1)}})
}

func testSearches(f *fixture) {
	ctx := f.Context()
	q := veille.SavedSearch{ID: "q1", BranchID: river, Name: "Taux", Query: "taux ET hypothécaire", SeenAt: f.at(1), CreatedAt: f.now}
	f.ok(f.PutSearch(ctx, q))
	q.SeenAt = f.at(2)
	f.ok(f.PutSearch(ctx, q))
	f.same("as changed", must(f.Search(ctx, "q1"))(f), q)
	f.same("of a scope", must(f.Searches(ctx, []veille.BranchID{river}))(f), []veille.SavedSearch{q})
	f.same("of another", len(must(f.Searches(ctx, []veille.BranchID{hill}))(f)), 0)
	f.ok(f.DeleteSearch(ctx, "q1"))
	f.is(f.DeleteSearch(ctx, "q1"), veille.ErrNotFound)
	_, err := f.Search(ctx, "q1")
	f.is(err, veille.ErrNotFound)
}
