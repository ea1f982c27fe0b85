package page

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shared gives a folder beside the repository, or skips.
func shared(t testing.TB, folder string) string {
	t.Helper()
	dir, _ := os.Getwd()
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is not here", folder)
	}
	return dir
}

var tokens = regexp.MustCompile(`[\p{L}\p{N}_]+`)

// shingles counts runs of four words.
func shingles(s string) map[string]int {
	words := tokens.FindAllString(s, -1)
	out := map[string]int{}
	for i := range max(1, len(words)-3) {
		out[strings.Join(words[i:min(i+4, len(words))], " ")]++
	}
	return out
}

func overlap(got, want map[string]int) (tp, fp, fn int) {
	for k, n := range got {
		m := want[k]
		tp += min(n, m)
		fp += max(0, n-m)
	}
	for k, m := range want {
		fn += max(0, m-got[k])
	}
	return tp, fp, fn
}

func TestArticlesOfTheBenchmarkAreExtracted(t *testing.T) {
	dir := shared(t, "data/extraction")
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth map[string]struct {
		URL         string `json:"url"`
		ArticleBody string `json:"articleBody"`
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	var precision, recall float64
	var took time.Duration
	sure := 0
	for id, want := range truth {
		f, err := os.Open(filepath.Join(dir, "html", id+".html.gz"))
		if err != nil {
			t.Fatal(err)
		}
		z, _ := gzip.NewReader(f)
		page, err := io.ReadAll(z)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		a, err := Extract(page, want.URL)
		took += time.Since(began)
		if err != nil {
			t.Errorf("%s: %v", want.URL, err)
		}
		if doc, err := parse(page); err == nil {
			if densest(outlined(doc)).sure {
				sure++
			}
		}
		tp, fp, fn := overlap(shingles(a.Text), shingles(want.ArticleBody))
		p, r := float64(tp)/float64(max(1, tp+fp)), float64(tp)/float64(max(1, tp+fn))
		precision += p
		recall += r
		if p < 0.8 || r < 0.8 {
			t.Logf("%.2f %.2f %s", p, r, want.URL)
		}
	}
	n := float64(len(truth))
	precision, recall = precision/n, recall/n
	f1 := 2 * precision * recall / (precision + recall)
	t.Logf("%d pages: precision %.3f, recall %.3f, F1 %.3f, %.0f pages/s, %d sure", len(truth), precision, recall, f1, n/took.Seconds(), sure)
	if f1 < 0.90 {
		t.Errorf("F1 %.3f, want at least 0.90", f1)
	}
}
