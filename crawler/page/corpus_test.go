package page

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// A sample is a page and the text it should give.
type sample struct {
	name, address, text string
	page                []byte
	facts               Article // what it should say of itself, Text apart
}

// A score is what an extraction of samples is worth: means over pages of the
// precision and recall of runs of four words, as the public benchmark has it.
type score struct {
	pages, careful    int
	precision, recall float64
}

func (s score) f1() float64 {
	p, r := s.precision/float64(s.pages), s.recall/float64(s.pages)
	return 2 * p * r / (p + r)
}

func (s score) String() string {
	n := float64(s.pages)
	return fmt.Sprintf("%d pages, precision %.3f, recall %.3f, F1 %.3f, %.0f %% given to the careful one",
		s.pages, s.precision/n, s.recall/n, s.f1(), 100*float64(s.careful)/n)
}

// add judges one text.
func (s *score) add(got, want string, careful bool) (precision, recall float64) {
	tp, fp, fn := overlap(shingles(got), shingles(want))
	precision, recall = float64(tp)/float64(max(1, tp+fp)), float64(tp)/float64(max(1, tp+fn))
	s.pages++
	s.precision += precision
	s.recall += recall
	if careful {
		s.careful++
	}
	return precision, recall
}

// judge extracts samples, whole and by halves, which a hash of their names
// makes, so that a gain on one half can be looked for in the other.
func judge(t *testing.T, samples []sample) (score, [2]score) {
	t.Helper()
	var all score
	var halves [2]score
	for _, s := range samples {
		a, err := Extract(s.page, s.address)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		doc, err := parse(s.page)
		careful := err == nil && !densest(outlined(doc)).sure
		if p, r := all.add(a.Text, s.text, careful); p < 0.8 || r < 0.8 {
			t.Logf("precision %.2f, recall %.2f: %s", p, r, s.name)
		}
		h := fnv.New32a()
		h.Write([]byte(s.name))
		halves[h.Sum32()%2].add(a.Text, s.text, careful)
	}
	return all, halves
}

// perSecond is how many pages are extracted in a second of processor.
func perSecond(samples []sample, rounds int) float64 {
	began := cpu()
	for range rounds {
		for _, s := range samples {
			_, _ = Extract(s.page, s.address)
		}
	}
	return float64(rounds*len(samples)) / max(time.Millisecond, cpu()-began).Seconds()
}

// ours are the pages in French of testdata.
func ours(t testing.TB) []sample {
	t.Helper()
	files, err := filepath.Glob("testdata/fr/*.txtar")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	var out []sample
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := sample{name: strings.TrimSuffix(filepath.Base(file), ".txtar")}
		for _, f := range a.Files {
			switch f.Name {
			case "page.html":
				s.page = f.Data
			case "text.txt":
				s.text = strings.TrimSpace(string(f.Data))
			case "facts.json":
				var at struct{ Address string }
				if err := json.Unmarshal(f.Data, &at); err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				if err := json.Unmarshal(f.Data, &s.facts); err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				s.address = at.Address
			}
		}
		out = append(out, s)
	}
	return out
}

func TestExtractionOfFrenchPages(t *testing.T) {
	got, halves := judge(t, ours(t))
	t.Logf("%v; halves F1 %.3f and %.3f; %.0f pages/CPU-s", got, halves[0].f1(), halves[1].f1(), perSecond(ours(t), 20))
	if got.f1() < 0.955 {
		t.Errorf("F1 %.3f, want at least 0.955", got.f1())
	}
}

func TestFrenchPagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, s := range ours(t) {
		a, err := Extract(s.page, s.address)
		if err != nil {
			t.Fatal(err)
		}
		a.Text, a.Lang = "", ""
		if s.facts.Canonical == "" && a.Canonical != "" {
			t.Errorf("%s: canonical %s", s.name, a.Canonical)
		}
		if d := cmp.Diff(s.facts, a); d != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, d)
		}
	}
}

func BenchmarkText(b *testing.B) {
	samples := ours(b)
	b.ReportAllocs()
	bytes := 0
	for _, s := range samples {
		bytes += len(s.page)
	}
	b.SetBytes(int64(bytes / len(samples)))
	i := 0
	for b.Loop() {
		s := samples[i%len(samples)]
		if _, err := Extract(s.page, s.address); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
