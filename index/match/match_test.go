package match_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"veilleur/index/indextest"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/veille"

	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, s string) query.Query {
	t.Helper()
	q, err := query.Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return q
}

func entry(lang, title, body string) match.Doc {
	return match.Doc{Entry: veille.Entry{Title: title, Text: body, Reading: veille.Reading{Lang: lang}}}
}

func topics(hits []match.Hit) []veille.TopicID {
	var out []veille.TopicID
	for _, h := range hits {
		out = append(out, h.TopicID)
	}
	return out
}

func TestMatch(t *testing.T) {
	t.Parallel()
	m := match.New()
	for id, q := range map[veille.TopicID]string{
		"caisse": `"Caisse de la Rivière" -hockey`, "taux": "taux hypothécaire OU mortgage", "debut": "hypoth*",
		"titre": "titre:rivière", "tout": "-hockey", "auteur": "auteur:roy",
	} {
		m.Set(id, parse(t, q))
	}
	m.Set("rien", query.Query{})
	hits := m.Match(entry("fr", "La Caisse de la Rivière", "Les taux hypothécaires montent. La caisse de la Rivière suit."))
	want := []match.Hit{
		{TopicID: "caisse", InTitle: true, Passages: []veille.Passage{
			{Field: "title", Text: "La Caisse de la Rivière", Marks: [][2]int{{3, 24}}},
			{Field: "text", Text: "La caisse de la Rivière suit.", Marks: [][2]int{{3, 24}}},
		}},
		{TopicID: "debut", Passages: []veille.Passage{
			{Field: "text", Text: "Les taux hypothécaires montent.", Marks: [][2]int{{9, 23}}},
		}},
		{TopicID: "taux", Passages: []veille.Passage{
			{Field: "text", Text: "Les taux hypothécaires montent.", Marks: [][2]int{{4, 8}, {9, 23}}},
		}},
		{TopicID: "titre", InTitle: true, Passages: []veille.Passage{
			{Field: "title", Text: "La Caisse de la Rivière", Marks: [][2]int{{16, 24}}},
		}},
		{TopicID: "tout"},
	}
	if diff := cmp.Diff(want, hits); diff != "" {
		t.Error(diff)
	}
}

func TestATopicChangedOrRemovedMatchesOtherwise(t *testing.T) {
	t.Parallel()
	m := match.New()
	d := entry("fr", "caisse", "vol")
	for _, c := range []struct {
		q    string
		want []veille.TopicID
	}{{"caisse", []veille.TopicID{"a"}}, {"banque", nil}, {"-banque", []veille.TopicID{"a"}}, {"vol", []veille.TopicID{"a"}}} {
		m.Set("a", parse(t, c.q))
		if got := topics(m.Match(d)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.q, got, c.want)
		}
	}
	m.Remove("a")
	m.Remove("a")
	if got := m.Match(d); got != nil || m.Len() != 0 {
		t.Errorf("after removal: %v", got)
	}
}

// Also past the moments when topics are filed anew.
func TestRandomTopicsMatchAsTheQuerySays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	m := match.New()
	queries := map[veille.TopicID]query.Query{}
	for i := range 300 {
		q, err := query.Parse(indextest.Query(r))
		if err != nil || q.Empty() {
			continue
		}
		id := veille.TopicID(fmt.Sprint(i % 200)) // some are replaced
		queries[id] = q
		m.Set(id, q)
		if i%7 == 0 {
			m.Remove(id)
			delete(queries, id)
		}
	}
	hits := 0
	for _, d := range indextest.Documents(4, 600) {
		doc := indextest.MatchDoc(d)
		got := topics(m.Match(doc))
		var want []veille.TopicID
		for id, q := range queries {
			if query.Matches(q, doc) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		hits += len(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %v, want %v", d.ID, got, want)
		}
	}
	if hits < 1000 {
		t.Errorf("only %d hits: the topics show nothing", hits)
	}
}

func TestTopicsMayChangeWhileEntriesAreMatched(t *testing.T) {
	t.Parallel()
	m := match.New()
	docs := indextest.Documents(8, 200)
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for i := range 200 {
				if w == 0 {
					if q, err := query.Parse(indextest.Query(r)); err == nil {
						m.Set(veille.TopicID(fmt.Sprint(i%40)), q)
					}
					m.Remove(veille.TopicID(fmt.Sprint((i + 20) % 40)))
					continue
				}
				m.Match(indextest.MatchDoc(docs[i]))
			}
		})
	}
	wg.Wait()
}

// BenchmarkMatch matches entries of 400 words against topics named after
// invented places, as a movement's caisses would be.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		for _, cut := range []bool{false, true} {
			name := fmt.Sprintf("topics=%d/cut=%v", n, cut)
			b.Run(name, func(b *testing.B) { benchmark(b, n, cut) })
		}
	}
}

func benchmark(b *testing.B, n int, cut bool) {
	r := rand.New(rand.NewPCG(1, 1))
	vocabulary := make([]string, 30_000)
	for i := range vocabulary {
		w := make([]byte, 3+r.IntN(9))
		for k := range w {
			w[k] = byte('a' + r.IntN(26))
		}
		vocabulary[i] = string(w)
	}
	zipf := rand.NewZipf(r, 1.07, 4, uint64(len(vocabulary)-1))
	word := func() string { return vocabulary[zipf.Uint64()] }
	m := match.New()
	for i := range n {
		place := vocabulary[r.IntN(len(vocabulary))]
		other := vocabulary[r.IntN(len(vocabulary))]
		q := []string{
			`"caisse de %s" OU "caisse populaire %s" -hockey`, `caisse %s (vol OU fraude OU %s)`, `titre:%s OU "%s rivière"`,
		}[i%3]
		m.Set(veille.TopicID(fmt.Sprint(i)), parse(b, fmt.Sprintf(q, place, other)))
	}
	docs := make([]match.Doc, 300)
	for i := range docs {
		body := []byte("La caisse de la rivière. ")
		for range 400 {
			body = append(append(body, word()...), ' ')
		}
		docs[i] = entry("fr", "Un titre de "+word()+" et de "+word(), string(body))
		if cut {
			docs[i].Cut()
		}
	}
	for range 4 {
		for _, d := range docs {
			m.Match(d) // past the second learning
		}
	}
	b.ReportAllocs()
	i, hits := 0, 0
	for b.Loop() {
		hits += len(m.Match(docs[i%len(docs)]))
		i++
	}
	b.ReportMetric(float64(hits)/float64(i), "hits/op")
}
