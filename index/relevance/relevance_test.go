package relevance

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

func TestGoldOnShared(t *testing.T) {
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
	g := New(names)
	var right, said, gold, exact, ours, weak, sponsored int
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var d struct{ ID, Title, Text, About, Note string }
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		v := g.Judge(d.Title, d.Text)
		is, want := v.About != Neither, d.About != "neither"
		if is {
			said++
		}
		if want {
			gold++
			ours++
			if string(v.About) == d.About {
				exact++
			}
		}
		if is && want {
			right++
		}
		if d.Note == "commandite" {
			sponsored++
			if v.Weak {
				weak++
			}
		}
		if is != want {
			t.Logf("%s is %s, said %s because %v: %s | %s", d.ID, d.About, v.About, v.Because, d.Title, d.Text)
		}
	}
	p, r := float64(right)/float64(said), float64(right)/float64(gold)
	t.Logf("relevance: precision %.3f, recall %.3f; movement and branch told apart %d of %d; weak mentions marked %d of %d", p, r, exact, ours, weak, sponsored)
	if p < .90 || r < .95 {
		t.Error("under the floor of .90 / .95")
	}
}
