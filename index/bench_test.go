package index_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/index/indextest"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

// benchEntries is how many made-up entries the benchmarks index; the figures
// of the specification are for 200,000.
var benchEntries = flag.Int("entries", 5000, "entries in the benchmarks")

// cpu gives the processor time of the whole process.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// newsroom makes entries with the word statistics of news: a Zipf vocabulary,
// 60 % French, bodies of about 3.1 KB.
type newsroom struct {
	r          *rand.Rand
	vocabulary []string
	zipf       *rand.Zipf
}

func newNewsroom() *newsroom {
	r := rand.New(rand.NewPCG(9, 9))
	n := &newsroom{r: r, vocabulary: []string{
		"de", "la", "le", "et", "les", "des", "en", "du", "caisse", "une", "que", "fermeture", "comptoir", "rivière", "hockey"}}
	for len(n.vocabulary) < 120_000 {
		w := make([]rune, 3+r.IntN(8))
		for i := range w {
			w[i] = []rune("aabcdeeefghiijklmnoopqrrsstuvwxyzéè")[r.IntN(35)]
		}
		n.vocabulary = append(n.vocabulary, string(w)+[]string{"", "s", "e", ""}[r.IntN(4)])
	}
	n.zipf = rand.NewZipf(r, 1.1, 8, uint64(len(n.vocabulary)-1))
	return n
}

func (n *newsroom) text(bytes int) string {
	b := make([]byte, 0, bytes+16)
	for len(b) < bytes {
		b = append(append(b, n.vocabulary[n.zipf.Uint64()]...), ' ')
		if n.r.IntN(14) == 0 {
			b = append(b[:len(b)-1], ". "...)
		}
	}
	return string(b)
}

func (n *newsroom) document(i int) index.Document {
	d := indextest.Documents(uint64(i), 1)[0]
	d.Lang = []string{"fr", "fr", "fr", "en", "en"}[n.r.IntN(5)]
	d.SourceID = veille.SourceID(fmt.Sprintf("source%d", n.r.IntN(1000)))
	d.Source = "Source " + string(d.SourceID)
	d.StoryID = veille.StoryID(fmt.Sprintf("story%d", n.r.IntN(*benchEntries/2+1)))
	d.Published = indextest.Day0.Add(time.Duration(n.r.IntN(365*24*60)) * time.Minute)
	d.Title, d.Text = n.text(60), n.text(1500+n.r.IntN(3200))
	return d
}

func BenchmarkIndex(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "index")
	ix, err := index.Create(b.Context(), quiet(), "bleve:"+dir)
	if err != nil {
		b.Fatal(err)
	}
	room, docs := newNewsroom(), []index.Document{}
	var busy time.Duration
	for i := 0; i < *benchEntries; i += 1000 {
		batch := make([]index.Document, 0, 1000)
		for k := i; k < min(i+1000, *benchEntries); k++ {
			batch = append(batch, room.document(k))
		}
		before := cpu()
		if err := ix.Put(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		busy += cpu() - before
		for _, d := range batch {
			docs = append(docs, index.Document{Row: d.Row})
		}
	}
	before := cpu()
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
	busy += cpu() - before
	b.Run("put", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(float64(*benchEntries)/busy.Seconds(), "entries/cpu-s")
		b.ReportMetric(float64(size(dir))/float64(*benchEntries), "B/entry")
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			ix := open(b, dir, docs)
			b.StopTimer()
			_ = ix.Close()
			b.StartTimer()
		}
	})
	ix = open(b, dir, docs)
	defer ix.Close()
	searches(b, ix)
}

func open(b *testing.B, dir string, docs []index.Document) index.Index {
	ix, err := index.Open(b.Context(), quiet(), "bleve:"+dir, rowsOf(docs))
	if err != nil {
		b.Fatal(err)
	}
	return ix
}

func size(dir string) int64 {
	n := int64(0)
	list, _ := os.ReadDir(dir)
	for _, e := range list {
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}

func searches(b *testing.B, ix index.Index) {
	year := index.Request{After: indextest.Day0.AddDate(0, 1, 0), Before: indextest.Day0.AddDate(0, 11, 0),
		LastDay: indextest.Day0.AddDate(0, 11, 0), Limit: 20, ByStory: true}
	all := year
	all.Facets, all.Days = true, 90
	for _, c := range []struct {
		name, q string
		r       index.Request
	}{
		{"boolean+date+facets", "caisse (fermeture OU comptoir) SAUF titre:hockey", all},
		{"histogram", "rivière", index.Request{Days: 90, LastDay: year.LastDay}},
		{"everything+facets+histogram", "", all},
		{"newest", "", index.Request{Limit: 20}},
		{"newest word", "caisse", index.Request{Limit: 20}},
		{"relevance", "caisse fermeture", index.Request{Limit: 20, Sort: "relevance"}},
		{"phrase", `"de la caisse"`, all},
		{"common phrase", `"de la"`, all},
		{"prefix", "ca*", all},
		{"broad prefix", "de* OR re* OR co*", all},
		{"not", "-caisse", all},
		{"filters", "caisse source:source12 tier:1-3 after:2026-11-01 lang:fr", all},
	} {
		q, err := query.Parse(c.q)
		if err != nil {
			b.Fatal(err)
		}
		c.r.Query = q
		b.Run(c.name, func(b *testing.B) {
			before, n := cpu(), 0
			var res index.Result
			for b.Loop() {
				if res, err = ix.Search(b.Context(), c.r); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/1000/float64(n), "cpu-ms/op")
			b.ReportMetric(float64(res.Entries), "entries")
		})
	}
	b.Run("hostile", func(b *testing.B) {
		worst := time.Duration(0)
		for b.Loop() {
			for _, s := range indextest.Hostile() {
				began := time.Now()
				if q, err := query.Parse(s); err == nil {
					_, _ = ix.Search(b.Context(), index.Request{Query: q, Limit: 20, Facets: true, Days: 90})
				}
				worst = max(worst, time.Since(began))
			}
		}
		b.ReportMetric(worst.Seconds(), "worst-s")
	})
}
