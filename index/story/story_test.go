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

	"veilleur/index/dedup"
	"veilleur/internal/measure"
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

// group groups entries as the engine does, reprints folded.
func group(docs []goldDoc, timed bool) (got, gold []string) {
	g, dups := New(Config{}), dedup.New(dedup.Config{})
	for _, d := range docs {
		doc := Doc{ID: veille.EntryID(d.ID + "----------------"), Lang: d.Lang, Title: d.Title, Text: d.Text}
		if timed {
			doc.Published = d.Published
		}
		doc.DuplicateOf, _ = dups.Add(dedup.Doc{ID: doc.ID, Title: doc.Title, Text: doc.Text, At: doc.Published})
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
		b := measure.BCubed(got, gold)
		p, r, f = p+b.Precision/float64(seeds), r+b.Recall/float64(seeds), f+b.F1/float64(seeds)
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
	b := measure.BCubed(got, gold)
	t.Logf("gold-qc in order: BCubed P %.3f R %.3f F1 %.3f", b.Precision, b.Recall, b.F1)
	floor(t, b.F1, .80)
	for _, lang := range []string{"fr", "en"} {
		var ds []goldDoc
		for _, d := range docs {
			if d.Lang == lang {
				ds = append(ds, d)
			}
		}
		b := measure.BCubed(group(ds, true))
		t.Logf("gold-qc %s alone: P %.3f R %.3f F1 %.3f", lang, b.Precision, b.Recall, b.F1)
		if lang == "en" {
			floor(t, b.F1, .92)
		}
	}
	pairs := measure.Pairs(got, gold, func(i, j int) bool { return docs[i].Lang != docs[j].Lang })
	t.Logf("gold-qc pairs across languages: P %.3f R %.3f F1 %.3f", pairs.Precision, pairs.Recall, pairs.F1)
	floor(t, pairs.F1, .55)
}

func floor(t *testing.T, got, want float64) {
	t.Helper()
	if got < want {
		t.Errorf("%.3f is under the floor of %.2f", got, want)
	}
}
