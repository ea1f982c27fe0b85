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

// shingles counts runs of four words; of fewer words, the run they make. A
// text without words has none.
func shingles(s string) map[string]int {
	words := tokens.FindAllString(s, -1)
	out := map[string]int{}
	if len(words) == 0 {
		return out
	}
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

// benchmark are the pages of the public benchmark, when they are here.
func benchmark(t testing.TB) []sample {
	t.Helper()
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
	var out []sample
	for id, want := range truth {
		f, err := os.Open(filepath.Join(dir, "html", id+".html.gz"))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(z)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sample{name: want.URL, address: want.URL, page: page, text: want.ArticleBody})
	}
	return out
}

func TestExtractionOfTheBenchmark(t *testing.T) {
	samples := benchmark(t)
	got, halves := judge(t, samples)
	t.Logf("%v; halves F1 %.3f and %.3f; %.0f pages/CPU-s", got, halves[0].f1(), halves[1].f1(), perSecond(samples, 3))
	if got.f1() < 0.955 {
		t.Errorf("F1 %.3f, want at least 0.955", got.f1())
	}
}
