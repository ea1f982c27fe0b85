package indextest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/internal/veille"
)

func scoped(t *testing.T, ix index.Index) {
	a, b := doc("a", "caisse", ""), doc("b", "caisse", "")
	b.BranchID = "caisse"
	put(t, ix, a, b)
	for _, c := range []struct {
		name  string
		scope []veille.BranchID
		want  int
	}{
		{"every branch", nil, 2},
		{"one branch", []veille.BranchID{"caisse"}, 1},
		{"a branch and its parent", []veille.BranchID{"caisse", "movement"}, 2},
		{"a branch unknown here", []veille.BranchID{"nowhere"}, 0},
		{"no branch", []veille.BranchID{}, 0},
	} {
		for _, q := range []string{"", "caisse", "-vol"} {
			r := search(t, ix, q, index.Request{Scope: c.scope, Facets: true, Limit: 10})
			same(t, c.name+": entries", r.Entries, c.want)
			same(t, c.name+": hits", len(r.Hits), c.want)
			same(t, c.name+": counted", sum(r.Facets.Sources), c.want)
		}
	}
}

func sum(counts []index.Count) int {
	n := 0
	for _, c := range counts {
		n += c.N
	}
	return n
}

// faceted compares every count with one made by hand.
func faceted(t *testing.T, ix index.Index) {
	docs := Documents(5, 400)
	put(t, ix, docs...)
	base := index.Request{Facets: true, Limit: 1000, After: Day0.AddDate(0, 0, 3), Before: Day0.AddDate(0, 0, 30)}
	ticked := base
	ticked.Topics = []veille.TopicID{"topic1", "topic2"}
	ticked.Tiers = []veille.Tier{1, 3}
	ticked.Tones = []string{"negative", "neutral"}
	ticked.Langs = []string{"fr", ""}
	ticked.Sources = []veille.SourceID{"s1", "s2", "s5", "s9"}
	for _, r := range []index.Request{base, ticked, {Facets: true, Langs: []string{"en"}, Limit: 1000}} {
		got := search(t, ix, "", r)
		want := byHand(docs, r)
		same(t, "entries", got.Entries, want.Entries)
		same(t, "hits", len(got.Hits), want.Entries)
		same(t, "facets", got.Facets, want.Facets)
	}
}

// byHand answers a request without a query, the slow and plain way.
func byHand(docs []index.Document, r index.Request) index.Result {
	counts := [5]map[string]int{{}, {}, {}, {}, {}}
	for k, list := range [][]string{strs(r.Topics), tiers(r.Tiers), r.Tones, r.Langs, strs(r.Sources)} {
		for _, key := range list {
			counts[k][key] = 0
		}
	}
	res := index.Result{}
	for _, d := range docs {
		if !r.After.IsZero() && d.Published.Before(r.After) || !r.Before.IsZero() && !d.Published.Before(r.Before) {
			continue
		}
		keys := [5][]string{
			strs(d.Topics), tiers([]veille.Tier{d.Tier}), {veille.Reading{Tone: d.Tone}.ToneClass()}, {d.Lang}, {string(d.SourceID)},
		}
		fits := [5]bool{
			fit(strs(r.Topics), keys[0]), fit(tiers(r.Tiers), keys[1]), fit(r.Tones, keys[2]),
			fit(r.Langs, keys[3]), fit(strs(r.Sources), keys[4]),
		}
		if !slices.Contains(fits[:], false) {
			res.Entries++
		}
		for k := range fits {
			others := fits
			others[k] = true
			if slices.Contains(others[:], false) {
				continue
			}
			for _, key := range keys[k] {
				counts[k][key]++
			}
		}
	}
	f := &res.Facets
	for k, list := range []*[]index.Count{&f.Topics, &f.Tiers, &f.Tones, &f.Langs, &f.Sources} {
		for key, n := range counts[k] {
			*list = append(*list, index.Count{Key: key, N: n})
		}
		slices.SortFunc(*list, func(a, b index.Count) int {
			if a.N != b.N {
				return b.N - a.N
			}
			return strings.Compare(a.Key, b.Key)
		})
	}
	return res
}

func fit(ticked, keys []string) bool {
	return len(ticked) == 0 || slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(ticked, k) })
}

func strs[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func tiers(list []veille.Tier) []string {
	out := make([]string, len(list))
	for i, x := range list {
		if x == 0 {
			x = 3
		}
		out[i] = fmt.Sprint(int(x))
	}
	return out
}

// dated checks day counts in Québec over 1 November 2026, a day of 25 hours.
func dated(t *testing.T, ix index.Index) {
	zone, err := time.LoadLocation("America/Toronto")
	if err != nil {
		t.Fatal(err)
	}
	at := func(id veille.EntryID, s string) index.Document {
		d := doc(id, "caisse", "")
		if d.Published, err = time.Parse(time.RFC3339, s); err != nil {
			t.Fatal(err)
		}
		return d
	}
	put(t, ix,
		at("a", "2026-10-31T23:59:59-04:00"), at("b", "2026-11-01T00:00:00-04:00"), at("c", "2026-11-01T01:30:00-04:00"),
		at("d", "2026-11-01T01:30:00-05:00"), at("e", "2026-11-01T23:59:59-05:00"), at("f", "2026-11-02T00:00:00-05:00"),
		at("g", "2026-11-03T12:00:00-05:00"))
	last := time.Date(2026, 11, 2, 23, 0, 0, 0, zone)
	r := search(t, ix, "caisse", index.Request{Days: 3, LastDay: last, Zone: zone})
	var got []string
	for _, d := range r.Histogram {
		got = append(got, fmt.Sprint(d.Date.Format(time.RFC3339), " ", d.N))
	}
	same(t, "days", got, []string{"2026-10-31T00:00:00-04:00 1", "2026-11-01T00:00:00-04:00 4", "2026-11-02T00:00:00-05:00 1"})
	r = search(t, ix, "caisse", index.Request{Days: 3, LastDay: last, Zone: zone, After: last, Limit: 9})
	same(t, "the dates asked leave the days alone", r.Histogram[1].N, 4)
	same(t, "and bound the hits", ids(r), []veille.EntryID{"g"})
	for q, want := range map[string]int{"after:2026-11-01": 6, "before:2026-11-02 after:2026-11-01": 4, "before:2026-11": 1} {
		same(t, q, search(t, ix, q, index.Request{Zone: zone}).Entries, want)
	}
	same(t, "no days unless asked", len(search(t, ix, "", index.Request{}).Histogram), 0)
}

func folded(t *testing.T, ix index.Index) {
	at := func(id veille.EntryID, story veille.StoryID, hour int, of veille.EntryID) index.Document {
		d := doc(id, "caisse", "")
		d.StoryID, d.DuplicateOf, d.Published = story, of, Day0.Add(time.Duration(hour)*time.Hour)
		return d
	}
	put(t, ix, at("a", "one", 1, ""), at("b", "one", 5, "a"), at("c", "one", 3, ""), at("d", "two", 4, ""), at("e", "", 2, ""),
		at("f", "", 0, ""))
	other := at("g", "one", 9, "")
	other.Title = "banque"
	put(t, ix, other)
	r := search(t, ix, "caisse", index.Request{ByStory: true, Limit: 10})
	same(t, "entries", r.Entries, 6)
	same(t, "stories", r.Stories, 4)
	same(t, "hits, the newest original for its story", r.Hits, []index.Hit{
		{ID: "c", StoryID: "one", More: 2}, {ID: "d", StoryID: "two"}, {ID: "e"}, {ID: "f"},
	})
	r = search(t, ix, "caisse", index.Request{ByStory: true, Offset: 1, Limit: 2})
	same(t, "a page of stories", ids(r), []veille.EntryID{"d", "e"})
	r = search(t, ix, "caisse", index.Request{Limit: 10})
	same(t, "unfolded", ids(r), []veille.EntryID{"b", "d", "c", "e", "a", "f"})
	same(t, "stories all the same", r.Stories, 4)
}

func ordered(t *testing.T, ix index.Index) {
	at := func(id veille.EntryID, hour int, title, body string) index.Document {
		d := doc(id, title, body)
		d.Published = Day0.Add(time.Duration(hour) * time.Hour)
		return d
	}
	put(t, ix, at("a", 1, "La caisse ferme", "La caisse, la caisse."), at("b", 2, "Autre chose", "La caisse et la caisse."),
		at("c", 3, "Autre chose", "La caisse."), at("d", 4, "Rien", "du tout"))
	for sort, want := range map[string][]veille.EntryID{"": {"c", "b", "a"}, "recent": {"c", "b", "a"}, "relevance": {"a", "b", "c"}} {
		same(t, "sort "+sort, ids(search(t, ix, "caisse", index.Request{Sort: sort, Limit: 9})), want)
	}
	same(t, "a rare word weighs more", ids(search(t, ix, `"autre chose" OR ferme`, index.Request{Sort: "relevance", Limit: 1})),
		[]veille.EntryID{"a"})
}

func paged(t *testing.T, ix index.Index) {
	put(t, ix, Documents(9, 200)...)
	for _, r := range []index.Request{{}, {ByStory: true}, {Sort: "relevance"}, {Sort: "relevance", ByStory: true}} {
		r.Limit = 1000
		want := ids(search(t, ix, "caisse OR -vol", r))
		var got []veille.EntryID
		for r.Limit = 7; r.Offset < len(want)+7; r.Offset += 7 {
			got = append(got, ids(search(t, ix, "caisse OR -vol", r))...)
		}
		same(t, "pages", got, want)
	}
}

func together(t *testing.T, ix index.Index) {
	docs := Documents(13, 200)
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := w * 100; i < (w+1)*100; i += 20 {
				if err := ix.Put(t.Context(), docs[i:i+20]); err != nil {
					t.Error(err)
				}
				if err := ix.Mark(t.Context(), []index.Row{docs[i].Row}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			r := search(t, ix, "caisse OR -caisse", index.Request{ByStory: true, Facets: true, Limit: 5})
			if len(r.Hits) > r.Stories || r.Stories > r.Entries {
				t.Errorf("%d hits of %d stories of %d entries", len(r.Hits), r.Stories, r.Entries)
			}
		}
	})
	wg.Wait()
	same(t, "all inside", search(t, ix, "caisse OR -caisse", index.Request{}).Entries, len(docs))
}
