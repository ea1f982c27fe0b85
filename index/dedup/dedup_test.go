package dedup

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veilleur/internal/measure"
	"veilleur/internal/veille"
)

var day0 = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const wire = "Le Mouvement Desrivières annonce le regroupement de ses équipes aux entreprises sous une seule direction à compter de janvier. " +
	"Aucun poste n’est supprimé. Nos membres auront un interlocuteur unique, affirme la vice-présidente. La coopérative sert 48 000 entreprises et précise que les centres actuels demeurent ouverts."

func TestWindow(t *testing.T) {
	t.Parallel()
	other := "La mairesse de Sainte-Rivière inaugure la nouvelle patinoire avec deux cents enfants du village, sous une neige fine. Le chocolat chaud était offert par les bénévoles de la popote."
	for name, c := range map[string]struct {
		doc  Doc
		want veille.EntryID
	}{
		"the same text":                 {Doc{ID: "b", Text: wire, At: day0}, "a"},
		"the same text, another title":  {Doc{ID: "b", Title: "Autre titre", Text: wire, At: day0}, "a"},
		"a first line added":            {Doc{ID: "b", Text: "Par la rédaction, à Montréal. " + wire, At: day0}, "a"},
		"cut after two thirds":          {Doc{ID: "b", Text: wire[:2*len(wire)/3], At: day0}, "a"},
		"another text":                  {Doc{ID: "b", Text: other, At: day0}, ""},
		"too late to be a reprint":      {Doc{ID: "b", Text: wire, At: day0.Add(30 * 24 * time.Hour)}, ""},
		"of unknown date":               {Doc{ID: "b", Text: wire}, "a"},
		"nothing is no reprint":         {Doc{ID: "b", At: day0}, ""},
		"a headline alone, the same":    {Doc{ID: "b", Title: "La caisse ferme son comptoir de Saint-Rémi", At: day0}, "h"},
		"a headline alone, nearly same": {Doc{ID: "b", Title: "La caisse ferme son bureau de Sainte-Anne", At: day0}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(Config{})
			w.Add(Doc{ID: "a", Title: "Un titre", Text: wire, At: day0})
			w.Add(Doc{ID: "h", Title: "La caisse ferme son comptoir de Saint-Rémi", At: day0})
			if of, ok := w.Add(c.doc); of != c.want || ok != (c.want != "") {
				t.Errorf("Add = %q, %v, want %q", of, ok, c.want)
			}
			if of, _ := w.Add(c.doc); of != c.want {
				t.Errorf("Add again = %q, want %q", of, c.want)
			}
		})
	}
}

func TestChainsLeadToTheFirst(t *testing.T) {
	t.Parallel()
	w := New(Config{})
	w.Add(Doc{ID: "a", Text: wire, At: day0})
	w.Add(Doc{ID: "b", Text: "En bref. " + wire, At: day0})
	if of, _ := w.Add(Doc{ID: "c", Text: "En bref. " + wire, At: day0}); of != "a" {
		t.Errorf("reprint of a reprint: %q", of)
	}
}

func TestRestoreGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	w := New(Config{})
	w.Restore(Doc{ID: "a", Text: wire, At: day0}, "")
	w.Restore(Doc{ID: "b", Text: wire, At: day0}, "a")
	if of, _ := w.Add(Doc{ID: "c", Text: wire, At: day0}); of != "a" {
		t.Errorf("after Restore: %q", of)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	w := New(Config{Max: 10})
	for i := range 100 {
		w.Add(Doc{ID: veille.EntryID(fmt.Sprint(i)), Text: fmt.Sprintf("%d %s %d %d", i, "mots tous différents", i*7, i*13), At: day0})
	}
	if w.Len() != 10 || len(w.kept) > 12 {
		t.Errorf("holds %d, %d", w.Len(), len(w.kept))
	}
	w.Add(Doc{ID: "late", Text: "bien plus tard dans le mois", At: day0.Add(60 * 24 * time.Hour)})
	for i := range w.band {
		if w.Len() != 1 || len(w.band[i]) != 1 {
			t.Fatalf("old entries are held: %d, band %d", w.Len(), len(w.band[i]))
		}
	}
}

func sharedFile(t testing.TB, path string) string {
	t.Helper()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	p := filepath.Join(dir, "..", "shared", path)
	if _, err := os.Stat(p); err != nil {
		t.Skip("skipped: no " + path + " in ../shared")
	}
	return p
}

// TestPairsOnShared scores the pairs of the edited reprints: two texts are a
// pair when they end under one original.
func TestPairsOnShared(t *testing.T) {
	t.Parallel()
	f, err := os.Open(sharedFile(t, "data/stories/neardup-fr-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := New(Config{})
	var gold, got []string
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 0; sc.Scan(); n++ {
		var d struct{ Group, Text string }
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		id := veille.EntryID(fmt.Sprint(n))
		of, ok := w.Add(Doc{ID: id, Text: d.Text, At: day0})
		if !ok {
			of = id
		}
		gold, got = append(gold, d.Group), append(got, string(of))
	}
	pairs := measure.Pairs(got, gold, nil)
	t.Logf("near-duplicate pairs: precision %.4f, recall %.4f (%d texts)", pairs.Precision, pairs.Recall, len(gold))
	if pairs.Precision < .99 || pairs.Recall < .97 {
		t.Error("under the floor of .99 / .97")
	}
}

func BenchmarkAdd(b *testing.B) {
	w := New(Config{})
	words := strings.Fields(strings.Repeat(wire+" ", 12))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		words[i%len(words)] = fmt.Sprint(i)
		w.Add(Doc{ID: veille.EntryID(fmt.Sprint(i)), Text: strings.Join(words[:400], " ") + fmt.Sprint(i), At: day0.Add(time.Duration(i) * time.Hour)})
	}
}

func TestTheShareOfLongTextsIsKnownFromASample(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		all := make([]uint32, 2000)
		for i := range all {
			all[i] = r.Uint32()
		}
		long, short := slices.Clone(all[:1000+r.IntN(1000)]), slices.Clone(all[:300+r.IntN(600)])
		strange := r.IntN(len(short))
		for i := range strange { // so many of the short are not in the long
			short[i] = r.Uint32()
		}
		slices.Sort(long)
		slices.Sort(short)
		n, of := common(sketch(short), sketch(long))
		want := 1 - float64(strange)/float64(len(short))
		if got := float64(n) / float64(of); math.Abs(got-want) > .25 || of < 30 {
			t.Errorf("%d of %d: %.2f, want %.2f", n, of, got, want)
		}
	}
}

func TestAFormulaIsFoundAfterItsFirstsAreForgotten(t *testing.T) {
	t.Parallel()
	w := New(Config{Max: 10})
	for i := range 500 {
		of, ok := w.Add(Doc{ID: veille.EntryID(fmt.Sprint(i)), Text: wire, At: day0.Add(time.Duration(i) * time.Minute)})
		if ok != (i > 0) || ok && of != "0" {
			t.Fatalf("%d: reprints %q", i, of)
		}
	}
}
