package storetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"veilleur/internal/veille"
)

func guids(entries []veille.Entry) []string {
	return idsOf(entries, func(e veille.Entry) string { return e.GUID })
}

func testEntries(f *fixture) {
	ctx := f.Context()
	f.same("an empty log", must(f.LastSeq(ctx))(f), int64(0))
	f.ok(f.PutSource(ctx, f.source("s2", movement, "https://quotidien.example/rss")))
	ids := f.putEntries("s1", 1, 3)
	f.putEntries("s2", 4, 5)

	want := f.entry("s1", 1)
	want.Seq = 1
	f.same("as put", must(f.Entry(ctx, ids[0]))(f), want)
	_, err := f.Entry(ctx, "none")
	f.is(err, veille.ErrNotFound)
	f.same("after a position, n at most", guids(must(f.EntriesAfter(ctx, 1, 2))(f)), []string{"guid-2", "guid-3"})
	f.same("in the order asked", guids(must(f.EntriesByID(ctx, []veille.EntryID{ids[2], "none", ids[0]}))(f)),
		[]string{"guid-3", "guid-1"})
	f.same("none asked", len(must(f.EntriesByID(ctx, nil))(f)), 0)
	f.same("seen since, newest first", guids(must(f.EntriesSince(ctx, f.at(4), nil, 0))(f)),
		[]string{"guid-5", "guid-4", "guid-3"})
	f.same("of a scope", guids(must(f.EntriesSince(ctx, f.at(4), []veille.BranchID{river}, 5))(f)), []string{"guid-3"})
	f.same("n at most", guids(must(f.EntriesSince(ctx, time.Time{}, nil, 1))(f)), []string{"guid-5"})
	f.same("count", must(f.CountEntries(ctx, nil))(f), 5)
	f.same("count of a scope", must(f.CountEntries(ctx, []veille.BranchID{movement}))(f), 2)
	f.same("count of none", must(f.CountEntries(ctx, []veille.BranchID{}))(f), 0)
	f.same("last position", must(f.LastSeq(ctx))(f), int64(5))

	f.ok(f.DeleteSource(ctx, "s2"))
	f.putEntries("s1", 6, 6)
	f.same("positions are never given twice", must(f.EntriesAfter(ctx, 3, 0))(f)[0].Seq, int64(6))
	_, err = f.PutEntries(ctx, []veille.Entry{f.entry("none", 1)})
	f.is(err, veille.ErrInvalid)
}

func testHeads(f *fixture) {
	ctx := f.Context()
	_, err := f.FirstPublished(ctx, nil)
	f.is(err, veille.ErrNotFound)
	f.ok(f.PutSource(ctx, f.source("s2", movement, "https://quotidien.example/rss")))
	ids := append(f.putEntries("s1", 4, 6), f.putEntries("s2", 1, 1)...)
	f.same("the first of all", must(f.FirstPublished(ctx, nil))(f), f.at(1))
	f.same("the first of a scope", must(f.FirstPublished(ctx, []veille.BranchID{river}))(f), f.at(4))
	_, err = f.FirstPublished(ctx, []veille.BranchID{hill})
	f.is(err, veille.ErrNotFound)

	want := f.entry("s1", 5)
	f.same("without texts", must(f.HeadsAfter(ctx, 1, 1))(f), []veille.Entry{{ID: want.ID, Seq: 2, SourceID: "s1",
		Published: want.Published, Seen: want.Seen}})
	for _, t := range []veille.TopicID{"t1", "t2"} {
		f.ok(f.PutTopic(ctx, f.topic(t, river)))
	}
	m := func(t veille.TopicID, n int) veille.Mention { return f.mention(t, f.entry("s1", n)) }
	f.ok(f.PutMentions(ctx, []veille.Mention{m("t1", 4), m("t2", 4), m("t1", 5)}))
	f.same("topics of entries", must(f.TopicsOfEntries(ctx, ids))(f), map[veille.EntryID][]veille.TopicID{
		ids[0]: {"t1", "t2"}, ids[1]: {"t1"}})
	f.ok(f.ReplaceEntryMentions(ctx, []veille.EntryID{ids[0], ids[2]}, []veille.Mention{m("t2", 4), m("t2", 6)}))
	f.same("replaced, the others' kept", must(f.TopicsOfEntries(ctx, ids))(f), map[veille.EntryID][]veille.TopicID{
		ids[0]: {"t2"}, ids[1]: {"t1"}, ids[2]: {"t2"}})
}

// A slow transaction took its position first and commits last. Meanwhile no
// cursor may see a later position, or it would pass the slow one for good.
func testCommitOrder(f *fixture) {
	ctx := f.Context()
	slow, err := f.DB().BeginTx(ctx, nil)
	f.ok(err)
	defer func() { _ = slow.Rollback() }() // already committed when all went well
	_, err = slow.ExecContext(ctx, `UPDATE entry_log SET last = last + 1 WHERE id = 1`)
	f.ok(err)
	_, err = slow.ExecContext(ctx, `INSERT INTO entry (id, seq, source_id, story_id, duplicate_of, published, seen,
		lang, tone, content_hash, guid, url, title, author, publisher, image, tone_words, keyphrases, body)
		VALUES ('slow', 1, 's1', '', '', 1, 1, '', 0, '', 'slow', '', '', '', '', '', '[]', '[]', '')`)
	f.ok(err)

	done := make(chan error, 1)
	go func() {
		_, err := f.PutEntries(context.WithoutCancel(ctx), []veille.Entry{f.entry("s1", 1)})
		done <- err
	}()
	select {
	case err := <-done:
		f.Errorf("a second writer did not wait for the first (%v)", err)
	case <-time.After(300 * time.Millisecond): // it waits
	}
	f.same("seen meanwhile", guids(must(f.EntriesAfter(ctx, 0, 0))(f)), []string{})
	f.ok(slow.Commit())
	f.ok(<-done)
	f.same("seen after", guids(must(f.EntriesAfter(ctx, 0, 0))(f)), []string{"slow", "guid-1"})
}

func testManyWriters(f *fixture) {
	const writers, each = 4, 15
	ctx := f.Context()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := f.PutEntries(ctx, []veille.Entry{f.entry("s1", w*1000+2*i), f.entry("s1", w*1000+2*i+1)}); err != nil {
					f.Error(err)
				}
			}
		})
	}
	stop := make(chan bool)
	go func() { wg.Wait(); close(stop) }()
	var cursor int64
	seen := 0
	read := func() {
		for _, e := range must(f.EntriesAfter(ctx, cursor, 7))(f) {
			cursor = e.Seq
			seen++
		}
	}
	for running := true; running; {
		select {
		case <-stop:
			running = false
		default:
		}
		read()
	}
	for before := -1; before != seen; {
		before = seen
		read()
	}
	if seen != 2*writers*each {
		f.Errorf("a cursor saw %d entries, want %d", seen, 2*writers*each)
	}
}

func testReadings(f *fixture) {
	ctx := f.Context()
	ids := f.putEntries("s1", 1, 260)
	readings := map[veille.EntryID]veille.Reading{"none": {Lang: "fr"}}
	for i, id := range ids {
		readings[id] = veille.Reading{Lang: "fr", Tone: -0.5, Keyphrases: []string{fmt.Sprint("mot clé ", i), "l’été"},
			ToneWords: []veille.ToneWord{{Word: "fraude", Weight: -1}}, StoryID: "st", DuplicateOf: ids[0]}
	}
	readings[ids[1]] = veille.Reading{}
	f.ok(f.PutReadings(ctx, readings))
	f.ok(f.PutReadings(ctx, nil))
	for _, i := range []int{0, 1, 259} {
		f.same("reading", must(f.Entry(ctx, ids[i]))(f).Reading, readings[ids[i]])
	}
	f.same("the log does not move", must(f.LastSeq(ctx))(f), int64(260))
	edited := f.entry("s1", 1)
	edited.Text = "Corrigé."
	must(f.PutEntries(ctx, []veille.Entry{edited}))(f)
	f.same("an edit keeps the reading until it is read again", must(f.Entry(ctx, ids[0]))(f).Reading, readings[ids[0]])
}
