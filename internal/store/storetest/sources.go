package storetest

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"veilleur/internal/veille"
)

func sourceID(s veille.Source) veille.SourceID { return s.ID }

func testSources(f *fixture) {
	ctx := f.Context()
	problem := veille.Say("feed.gone", "host", "hebdo.example")
	s := f.source("s2", movement, "https://quotidien.example/rss")
	s.Health = veille.Health{ETag: "e", LastModified: "m", Cursor: "c", DueAt: f.at(1), FetchedAt: f.at(2), OKAt: f.at(3),
		EntryAt: f.at(4), Failures: 2, Problem: &problem, Entries: 7}
	s.CreatedAt = f.at(1)
	f.ok(f.PutSource(ctx, s))
	f.same("as put", must(f.Source(ctx, "s2"))(f), s)

	changed := s
	changed.Title, changed.State, changed.Health = "Le Quotidien", veille.SourcePaused, veille.Health{}
	f.ok(f.PutSource(ctx, changed))
	want := changed
	want.Health = s.Health
	f.same("a person's change leaves its health", must(f.Source(ctx, "s2"))(f), want)

	changed.URL = "https://quotidien.example/nouveau"
	f.ok(f.PutSource(ctx, changed))
	got := must(f.Source(ctx, "s2"))(f)
	if got.Health.ETag != "" || got.Health.LastModified != "" || got.Health.Cursor != "" || !got.Health.DueAt.IsZero() {
		f.Errorf("a new address keeps the old one's validators: %+v", got.Health)
	}
	twin := f.source("s3", river, "https://hebdo.example/flux.xml")
	err := f.PutSource(ctx, twin)
	f.is(err, veille.ErrConflict)
	if s, _ := veille.SaysOf(err); s.Key != "store.source_known" {
		f.Errorf("says %v", s)
	}
	twin.BranchID = hill
	f.ok(f.PutSource(ctx, twin)) // another branch may

	f.same("every branch", idsOf(must(f.Sources(ctx, nil))(f), sourceID), []string{"s1", "s3", "s2"})
	f.same("by id, those there are", idsOf(must(f.SourcesByID(ctx, []veille.SourceID{"s3", "nobody", "s1"}))(f), sourceID), []string{"s3", "s1"})
	f.same("a scope", idsOf(must(f.Sources(ctx, []veille.BranchID{river, movement}))(f), sourceID), []string{"s1", "s2"})
	f.same("an empty scope", idsOf(must(f.Sources(ctx, []veille.BranchID{}))(f), sourceID), []string{})
	f.is(f.PutSourceSecret(ctx, "none", "abc"), veille.ErrInvalid)
	_, err = f.SourceSecret(ctx, "s2")
	f.is(err, veille.ErrNotFound)
	f.ok(f.PutSourceSecret(ctx, "s2", "abc"))
	f.ok(f.PutSourceSecret(ctx, "s2", "def ghi"))
	f.same("the secret", must(f.SourceSecret(ctx, "s2"))(f), "def ghi")
	var stored string
	f.ok(f.DB().QueryRow(`SELECT secret FROM source_secret`).Scan(&stored))
	if strings.Contains(stored, "def") || !strings.HasPrefix(stored, "sealed:") {
		f.Errorf("the secret is stored as %q", stored)
	}

	f.ok(f.DeleteSource(ctx, "s2"))
	_, err = f.SourceSecret(ctx, "s2")
	f.is(err, veille.ErrNotFound)
	f.is(f.DeleteSource(ctx, "s2"), veille.ErrNotFound)
	_, err = f.Source(ctx, "s2")
	f.is(err, veille.ErrNotFound)
}

func testClaims(f *fixture) {
	ctx := f.Context()
	for i, state := range []veille.SourceState{veille.SourceActive, veille.SourcePaused, veille.SourceEnded, veille.SourceActive} {
		s := f.source(veille.SourceID(fmt.Sprint("c", i)), river, fmt.Sprint("https://hebdo.example/", i))
		s.State, s.Health.DueAt = state, f.at(i-1)
		f.ok(f.PutSource(ctx, s)) // c0 was due a minute ago, c3 is in two
	}
	claim := func(at int, n int, owner string, force bool) []string {
		f.Helper()
		return idsOf(must(f.ClaimSources(ctx, f.at(at), n, 5*time.Minute, owner, force, nil))(f), sourceID)
	}
	f.same("the longest due first, n at most", claim(0, 1, "a", false), []string{"c0"})
	f.same("the rest that is due", claim(0, 9, "b", false), []string{"s1"})
	f.same("leased by others", claim(0, 9, "a", false), []string{})
	f.same("not of these hosts", idsOf(must(f.ClaimSources(ctx, f.at(2), 9, 0, "a", false, []string{"https://hebdo.example"}))(f), sourceID), []string{})
	f.same("none asked", claim(0, 0, "a", false), []string{})
	f.same("not due, but forced", claim(0, 9, "a", true), []string{"c3"})
	f.same("leases expire", claim(5, 9, "c", false), []string{"c0", "s1", "c3"})

	got := must(f.Source(ctx, "c0"))(f)
	h := got.Health
	h.FetchedAt, h.DueAt = f.at(6), f.at(60)
	must(f.PutFetch(ctx, veille.Fetched{SourceID: "c0", Owner: "c", Health: h}))(f)
	f.same("read in this round already", claim(6, 9, "c", true), []string{})
	f.same("read in an earlier round", claim(7, 9, "c", true), []string{"c0"})

	f.ok(f.MakeSourceDue(ctx, "c3", f.at(20)))
	f.same("due when a person asks", claim(20, 9, "d", false), []string{"s1", "c3"})
	f.is(f.MakeSourceDue(ctx, "none", f.at(20)), veille.ErrNotFound)
}

func testClaimsByTwoOwners(f *fixture) {
	ctx := f.Context()
	for i := range 60 {
		f.ok(f.PutSource(ctx, f.source(veille.SourceID(fmt.Sprint("c", i)), river, fmt.Sprint("https://hebdo.example/", i))))
	}
	var (
		mu     sync.Mutex
		owners = map[veille.SourceID]string{}
		wg     sync.WaitGroup
	)
	for _, owner := range []string{"a", "b", "c", "d"} {
		wg.Go(func() {
			for {
				got, err := f.ClaimSources(ctx, f.now, 3, time.Hour, owner, false, nil)
				if err != nil {
					f.Error(err)
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, s := range got {
					if other, taken := owners[s.ID]; taken {
						f.Errorf("%s was given to %s and to %s", s.ID, other, owner)
					}
					owners[s.ID] = owner
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(owners) != 61 {
		f.Errorf("%d sources claimed, want 61", len(owners))
	}
}

func testFetches(f *fixture) {
	ctx := f.Context()
	health := veille.Health{ETag: "e2", DueAt: f.at(30), FetchedAt: f.now, OKAt: f.now, EntryAt: f.now, Entries: 3}
	fetched := veille.Fetched{SourceID: "s1", Health: health,
		Entries: []veille.Entry{f.entry("s1", 1), f.entry("s1", 2), f.entry("s1", 3)}}
	f.same("first", must(f.PutFetch(ctx, fetched))(f), veille.PutCount{New: 3})
	f.same("health", must(f.Source(ctx, "s1"))(f).Health, health)
	f.same("a repeat writes nothing", must(f.PutFetch(ctx, fetched))(f), veille.PutCount{})
	f.same("nor moves the log", must(f.LastSeq(ctx))(f), int64(3))

	edited := f.entry("s1", 1)
	edited.Title, edited.Seen, edited.Published = "Corrigé", f.at(90), f.at(80)
	fetched.Entries = []veille.Entry{edited, f.entry("s1", 2), f.entry("s1", 4), f.entry("s1", 4)}
	f.same("one edited, one new", must(f.PutFetch(ctx, fetched))(f), veille.PutCount{New: 1, Changed: 1})
	log := must(f.EntriesAfter(ctx, 0, 0))(f)
	var seqs []string
	for _, e := range log {
		seqs = append(seqs, fmt.Sprint(e.Seq, " ", e.GUID))
	}
	f.same("the edited one is at the end", seqs, []string{"2 guid-2", "3 guid-3", "4 guid-1", "5 guid-4"})
	if e := log[2]; e.Title != "Corrigé" || !e.Seen.Equal(f.at(2)) || !e.Published.Equal(f.at(2)) {
		f.Errorf("edited: %q seen %v published %v; want it seen when it first was, published never later", e.Title, e.Seen, e.Published)
	}

	_, err := f.PutFetch(ctx, veille.Fetched{SourceID: "none", Entries: []veille.Entry{f.entry("none", 1)}})
	f.is(err, veille.ErrNotFound)
	other := f.source("s2", river, "https://hebdo.example/2")
	f.ok(f.PutSource(ctx, other))
	must(f.PutFetch(ctx, veille.Fetched{SourceID: "s2", State: veille.SourceEnded, URL: "https://hebdo.example/flux.xml"}))(f)
	got := must(f.Source(ctx, "s2"))(f)
	f.same("ended; an address known already is left out", []string{string(got.State), got.URL},
		[]string{"ended", "https://hebdo.example/2"})
	must(f.PutFetch(ctx, veille.Fetched{SourceID: "s2", URL: "https://hebdo.example/3"}))(f)
	got = must(f.Source(ctx, "s2"))(f)
	f.same("moved", []string{string(got.State), got.URL}, []string{"ended", "https://hebdo.example/3"})
}

// testFetchesTogether ends many fetches at once: those refused, and one the
// database cannot hold, take nobody with them.
func testFetchesTogether(f *fixture) {
	ctx := f.Context()
	const n = 40
	for i := range n {
		f.ok(f.PutSource(ctx, f.source(veille.SourceID(fmt.Sprint("t", i)), river, fmt.Sprint("https://hebdo.example/t", i))))
	}
	must(f.ClaimSources(ctx, f.now, 2*n, time.Hour, "me", false, nil))(f)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		id := veille.SourceID(fmt.Sprint("t", i))
		x := veille.Fetched{SourceID: id, Owner: "me", Health: veille.Health{DueAt: f.at(60), Entries: 2},
			Entries: []veille.Entry{f.entry(id, 10*i+1000), f.entry(id, 10*i+1001)}}
		switch i {
		case 7:
			x.Owner = "another"
		case 8:
			x.SourceID = "gone"
		case 9:
			x.Entries[0].SourceID = "nobody" // no such source: a fault of the database
		}
		wg.Go(func() { _, errs[i] = f.PutFetch(ctx, x) })
	}
	wg.Wait()
	f.is(errs[7], veille.ErrConflict)
	f.is(errs[8], veille.ErrNotFound)
	f.is(errs[9], veille.ErrInvalid)
	for i, err := range errs {
		if err != nil && (i < 7 || i > 9) {
			f.Errorf("fetch %d: %v", i, err)
		}
	}
	f.same("stored", must(f.CountEntries(ctx, nil))(f), 2*(n-3))
}

func testFetchesAndLeases(f *fixture) {
	ctx := f.Context()
	must(f.ClaimSources(ctx, f.now, 1, time.Minute, "slow", false, nil))(f)
	must(f.ClaimSources(ctx, f.at(2), 1, time.Minute, "fast", false, nil))(f)
	late := veille.Fetched{SourceID: "s1", Owner: "slow", Health: veille.Health{DueAt: f.at(99)},
		Entries: []veille.Entry{f.entry("s1", 1)}}
	_, err := f.PutFetch(ctx, late)
	f.is(err, veille.ErrConflict)
	f.same("nothing is stored", must(f.LastSeq(ctx))(f), int64(0))
	late.Owner = "fast"
	f.same("the holder stores", must(f.PutFetch(ctx, late))(f), veille.PutCount{New: 1})
	_, err = f.PutFetch(ctx, late)
	f.is(err, veille.ErrConflict) // the lease ended with the first
	f.same("due again when it says", len(must(f.ClaimSources(ctx, f.at(99), 9, time.Minute, "x", false, nil))(f)), 1)
	moved := must(f.Source(ctx, "s1"))(f)
	moved.URL = "https://hebdo.example/ailleurs"
	f.ok(f.PutSource(ctx, moved))
	late.Owner = "x"
	_, err = f.PutFetch(ctx, late)
	f.is(err, veille.ErrConflict) // what the old address answered is not for the new one
}

func testSourceWeeks(f *fixture) {
	ctx := f.Context()
	week := 7 * 24 * time.Hour
	entry := func(n int, src veille.SourceID, published time.Time) veille.EntryID {
		e := f.entry(src, n)
		e.Published, e.Seen = published, f.at(9*7*24*60)
		must(f.PutEntries(ctx, []veille.Entry{e}))(f)
		return e.ID
	}
	f.ok(f.PutSource(ctx, f.source("s2", river, "https://hebdo.example/2")))
	entry(1, "s1", f.now.Add(-time.Second)) // before
	first := entry(2, "s1", f.now)
	second := entry(3, "s1", f.now.Add(week-time.Second))
	other := entry(4, "s1", f.now.Add(2*week))
	entry(5, "s1", f.now.Add(3*week)) // after
	entry(6, "s2", f.now)             // of another source
	for id, branch := range map[veille.TopicID]veille.BranchID{"t1": river, "t2": river, "t3": hill} {
		f.ok(f.PutTopic(ctx, f.topic(id, branch)))
	}
	f.ok(f.PutMentions(ctx, []veille.Mention{{TopicID: "t1", EntryID: first}, {TopicID: "t2", EntryID: first}, {TopicID: "t3", EntryID: second}, {TopicID: "t3", EntryID: other}}))
	f.same("what her topics found counts once", must(f.SourceWeeks(ctx, "s1", []veille.BranchID{river}, f.now, 3))(f),
		[]veille.SourceWeek{{Entries: 2, Mentions: 1}, {}, {Entries: 1}})
	f.same("of every branch", must(f.SourceWeeks(ctx, "s1", nil, f.now, 3))(f),
		[]veille.SourceWeek{{Entries: 2, Mentions: 2}, {}, {Entries: 1, Mentions: 1}})
	f.same("of a source that is not", must(f.SourceWeeks(ctx, "none", nil, f.now, 2))(f), make([]veille.SourceWeek, 2))
}
