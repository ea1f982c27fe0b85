package relevance

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

// What a few refusals teach, alone: the reader of names is not asked, a topic
// finds "Desrivières", some homonyms are refused, and the others are looked
// at. Those of the institution that have a full name were kept.
func TestLearningOnShared(t *testing.T) {
	t.Parallel()
	dir := "../../../shared/data/gold-qc/"
	b, err := os.ReadFile(dir + "names.json")
	if err != nil {
		t.Skip("skipped: no data/gold-qc in ../shared")
	}
	var names Names
	if err := json.Unmarshal(b, &names); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(dir + "relevance-dev.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	q, err := query.Parse("Desrivières")
	if err != nil {
		t.Fatal(err)
	}
	g := New(names)
	var theirs, ours []Example
	settled := map[veille.EntryID]bool{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var d struct{ ID, Lang, Title, Text, About string }
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		ps := query.Passages(q, d.Lang, d.Title, d.Text, 5)
		if len(ps) == 0 {
			continue
		}
		e := Example{Family: veille.EntryID(d.ID), Passages: ps}
		if d.About == "neither" {
			theirs = append(theirs, e)
			continue
		}
		ours = append(ours, e)
		for _, r := range g.Judge(d.Title, d.Text).Because {
			settled[e.Family] = settled[e.Family] || r.What == "name" || r.What == "place"
		}
	}
	var kept, bare []Example
	for _, e := range ours {
		if settled[e.Family] {
			kept = append(kept, e)
		} else {
			bare = append(bare, e)
		}
	}
	const rounds = 50
	for _, n := range []int{1, 5, 10, 20} {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		marked, left, wrong := 0, 0, 0
		for range rounds {
			r.Shuffle(len(theirs), func(i, j int) { theirs[i], theirs[j] = theirs[j], theirs[i] })
			lessons := Learn(theirs[:n], kept)
			for _, e := range theirs[n:] {
				left++
				if _, _, ok := Known(lessons, e.Passages); ok {
					marked++
				}
			}
			for _, e := range bare {
				if _, _, ok := Known(lessons, e.Passages); ok {
					wrong++
				}
			}
		}
		right, bad := float64(marked)/float64(left), float64(wrong)/float64(rounds*len(bare))
		t.Logf("learned from %d refusals: marks %.1f %% of the %d other homonyms, and %.1f %% of the %d bare mentions that are ours",
			n, 100*right, len(theirs)-n, 100*bad, len(bare))
		if bad > .05 {
			t.Error("hides what is ours")
		}
	}
}
