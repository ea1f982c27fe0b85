package keyphrase

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"veilleur/index/text"
	"veilleur/internal/measure"
)

func TestExtract(t *testing.T) {
	t.Parallel()
	title := "Fermeture du comptoir de Saint-Rémi : la caisse recule"
	body := "La Caisse de la Rivière suspend la fermeture du comptoir de Saint-Rémi. La fermeture du comptoir avait soulevé une pétition. La mairesse de Saint-Rémi salue la décision de la Caisse de la Rivière."
	got := Extract("fr", title, body, 6)
	if len(got) != 6 {
		t.Fatalf("got %q", got)
	}
	joined := strings.Join(got, "|")
	if !strings.Contains(joined, "Saint-Rémi") || !strings.Contains(joined, "fermeture du comptoir") {
		t.Errorf("got %q", got)
	}
	if slices.Contains(got, "comptoir") && slices.Contains(got, "fermeture du comptoir") {
		t.Errorf("says one thing twice: %q", got)
	}
	for _, p := range got {
		toks := text.Tokens("fr", p)
		if r := appendRoles(nil, p, toks); !r[0].edge || !r[len(r)-1].edge {
			t.Errorf("%q begins or ends with a word of every text", p)
		}
	}
	if again := Extract("fr", title, body, 6); !slices.Equal(got, again) {
		t.Errorf("not the same twice: %q, %q", got, again)
	}
	if e := Extract("fr", "", "", 5); len(e) != 0 {
		t.Errorf("of nothing: %q", e)
	}
	if e := Extract("en", title, body, 0); e != nil {
		t.Errorf("none asked: %q", e)
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("fr", "Un titre", "l’eau de Saint-Rémi, 12 %")
	f.Fuzz(func(t *testing.T, lang, title, body string) {
		if got := Extract(lang, title, body, 5); len(got) > 5 {
			t.Fatal(got)
		}
	})
}

var tag = regexp.MustCompile(`<[^>]*>`)

// stemmed is a phrase as the measure compares it: stems joined.
func stemmed(p string) string {
	var out []string
	for _, t := range text.Tokens("fr", p) {
		out = append(out, t.Term)
	}
	return strings.Join(out, " ")
}

func TestWikinewsOnShared(t *testing.T) {
	t.Parallel()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	dir = filepath.Join(dir, "..", "shared", "data", "keyphrases")
	ref, err := os.ReadFile(filepath.Join(dir, "ref"))
	if err != nil {
		t.Skip("skipped: no data/keyphrases in ../shared")
	}
	var found measure.Phrases
	for line := range strings.Lines(string(ref)) {
		id, list, _ := strings.Cut(strings.TrimSpace(line), "\t")
		b, err := os.ReadFile(filepath.Join(dir, "documents", id))
		if err != nil {
			continue
		}
		page := string(b)
		title := between(page, "<h1>", "</h1>")
		body := html.UnescapeString(tag.ReplaceAllString(between(page, "</h1>", "</body>"), " "))
		var gold, got []string
		for p := range strings.SplitSeq(list, ";") {
			gold = append(gold, stemmed(p))
		}
		for _, p := range Extract("fr", html.UnescapeString(title), body, 10) {
			got = append(got, stemmed(p))
		}
		found.Add(got, gold)
	}
	t.Logf("Wikinews keyphrases: F1@10 %.1f, P@5 %.1f over %d documents", 100*found.F1At10(), 100*found.PrecisionAt5(), found.Texts())
	if found.F1At10() < .36 || found.PrecisionAt5() < .48 {
		t.Error("under the floor of 36 / 48")
	}
}

func between(s, a, b string) string {
	_, s, _ = strings.Cut(s, a)
	s, _, _ = strings.Cut(s, b)
	return s
}

func BenchmarkExtract(b *testing.B) {
	body := strings.Repeat("La direction de la caisse dit comprendre la colère des membres, mais ne recule pas devant la pétition. ", 24)
	b.ReportAllocs()
	for b.Loop() {
		Extract("fr", "Fermeture : la grogne monte", body, 8)
	}
}
