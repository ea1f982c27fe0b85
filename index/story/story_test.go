package story

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"veilleur/internal/veille"
)

type goldDoc struct {
	ID, Title, Text, Story, Lang, Source string
	Published                            time.Time
	Group                                string `json:"publisher_group"`
	CopyOf                               string `json:"copy_of"`
}

func loadGold(t testing.TB, path string) []goldDoc {
	t.Helper()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	p := filepath.Join(dir, "..", "shared", path)
	f, err := os.Open(p)
	if err != nil {
		t.Skip("skipped: no " + path + " in ../shared")
	}
	defer f.Close()
	var out []goldDoc
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		var d goldDoc
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// bcubed scores a grouping against gold.
//
// Source: Bagga and Baldwin, Entity-based cross-document coreferencing using
// the vector space model, 1998.
func bcubed(got, gold []string) (p, r, f float64) {
	type pair struct{ a, b string }
	g, o, b := map[string]int{}, map[string]int{}, map[pair]int{}
	for i := range got {
		g[got[i]]++
		o[gold[i]]++
		b[pair{got[i], gold[i]}]++
	}
	for i := range got {
		n := float64(b[pair{got[i], gold[i]}])
		p += n / float64(g[got[i]])
		r += n / float64(o[gold[i]])
	}
	n := float64(len(got))
	p, r = p/n, r/n
	return p, r, 2 * p * r / (p + r)
}

func group(docs []goldDoc, timed bool) (got, gold []string) {
	g := New(Config{})
	for _, d := range docs {
		doc := Doc{ID: veille.EntryID(d.ID + "----------------"), Lang: d.Lang, Title: d.Title, Text: d.Text}
		if timed {
			doc.Published = d.Published
		}
		got = append(got, string(g.Add(doc)))
		gold = append(gold, d.Story)
	}
	return got, gold
}

func shuffled(docs []goldDoc, seeds int) (p, r, f float64) {
	for seed := range seeds {
		ds := slices.Clone(docs)
		rand.New(rand.NewPCG(uint64(seed), 1)).Shuffle(len(ds), func(i, j int) { ds[i], ds[j] = ds[j], ds[i] })
		got, gold := group(ds, false)
		a, b, c := bcubed(got, gold)
		p, r, f = p+a/float64(seeds), r+b/float64(seeds), f+c/float64(seeds)
	}
	return p, r, f
}

func TestHeadlinesOnShared(t *testing.T) {
	t.Parallel()
	docs := loadGold(t, "data/stories/uci-dev.jsonl")
	for i := range docs {
		docs[i].Lang = "en"
	}
	p, r, f := shuffled(docs, 5)
	t.Logf("UCI headlines: BCubed P %.3f R %.3f F1 %.3f", p, r, f)
	floor(t, f, .78)
}

func TestFullTextOnShared(t *testing.T) {
	t.Parallel()
	docs := loadGold(t, "data/stories/ecbplus-dev.jsonl")
	for i := range docs {
		docs[i].Lang = "en"
	}
	p, r, f := shuffled(docs, 5)
	t.Logf("ECB+: BCubed P %.3f R %.3f F1 %.3f", p, r, f)
	floor(t, f, .82)
}

func TestStreamOnShared(t *testing.T) {
	t.Parallel()
	docs := loadGold(t, "data/gold-qc/stories-dev.jsonl")
	got, gold := group(docs, true)
	p, r, f := bcubed(got, gold)
	t.Logf("gold-qc in order: BCubed P %.3f R %.3f F1 %.3f", p, r, f)
	floor(t, f, .80)
	for _, lang := range []string{"fr", "en"} {
		var ds []goldDoc
		for _, d := range docs {
			if d.Lang == lang {
				ds = append(ds, d)
			}
		}
		a, b := group(ds, true)
		p, r, f := bcubed(a, b)
		t.Logf("gold-qc %s alone: P %.3f R %.3f F1 %.3f", lang, p, r, f)
	}
	both, ours, theirs := 0, 0, 0
	for i := range docs {
		for j := range i {
			if docs[i].Lang == docs[j].Lang {
				continue
			}
			a, b := got[i] == got[j], gold[i] == gold[j]
			if a && b {
				both++
			}
			if a {
				ours++
			}
			if b {
				theirs++
			}
		}
	}
	pp, rr := float64(both)/float64(ours), float64(both)/float64(theirs)
	t.Logf("gold-qc pairs across languages: P %.3f R %.3f F1 %.3f", pp, rr, 2*pp*rr/(pp+rr))
	floor(t, 2*pp*rr/(pp+rr), .55)
}

func floor(t *testing.T, got, want float64) {
	t.Helper()
	if got < want {
		t.Errorf("%.3f is under the floor of %.2f", got, want)
	}
}
