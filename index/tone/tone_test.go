package tone

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veilleur/internal/measure"
)

func TestScore(t *testing.T) {
	t.Parallel()
	const neg, neu, pos = -1, 0, 1
	for name, c := range map[string]struct {
		lang, title, text string
		want              int
	}{
		"praise":                              {"fr", "", "Service excellent, bravo à toute l’équipe!", pos},
		"anger":                               {"fr", "", "Honteux. Deux heures d’attente et personne ne répond.", neg},
		"plain news":                          {"fr", "Le conseil siège mardi", "La séance aura lieu à 19 h à l’hôtel de ville.", neu},
		"ne … pas turns praise":               {"fr", "", "Ce n’est pas une bonne idée.", neg},
		"the dropped ne still turns":          {"fr", "", "C’est pas une bonne idée.", neg},
		"ne … jamais":                         {"fr", "", "On n’est jamais content du résultat.", neg},
		"ne … plus":                           {"fr", "", "Je ne suis plus heureuse ici.", neg},
		"plus alone is more":                  {"fr", "", "Je suis plus heureuse ici.", pos},
		"pas mal is good":                     {"fr", "", "Pas mal, le nouveau comptoir.", pos},
		"pas pire is good in Québec":          {"fr", "", "Pas pire, le nouveau site.", pos},
		"sans doute is nothing":               {"fr", "", "Il viendra sans doute mardi.", neu},
		"fraud that is fought is no bad news": {"fr", "Combattre la fraude", "Un atelier pour prévenir la fraude et le suicide.", neu},
		"fraud is":                            {"fr", "Fraude à la caisse", "Des victimes de fraude ont tout perdu.", neg},
		"intensifiers count":                  {"fr", "", "Une journée vraiment magnifique.", pos},
		"English praise":                      {"en", "", "What a wonderful evening, thanks to all the volunteers!", pos},
		"English anger":                       {"en", "", "Terrible service and nobody cares.", neg},
		"English negation":                    {"en", "", "The new branch is not good.", neg},
		"nothing":                             {"fr", "", "", neu},
		"another language":                    {"", "", "Sitzung am Montag um neun Uhr", neu},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, words := Score(c.lang, c.title, c.text)
			if got := class(s); got != c.want {
				t.Errorf("%v %v, want class %d", s, words, c.want)
			}
			if s < -1 || s > 1 || s != 0 && len(words) == 0 {
				t.Errorf("score %v with words %v", s, words)
			}
			for _, w := range words {
				if !strings.Contains(c.title+"\n"+c.text, w.Word) {
					t.Errorf("%q is not as written", w.Word)
				}
			}
		})
	}
}

func class(s float64) int {
	switch {
	case s <= -.15:
		return -1
	case s >= .15:
		return 1
	}
	return 0
}

func className(c int) string { return []string{"negative", "neutral", "positive"}[c+1] }

// f1 gives the F1 of each class and their mean.
func f1(m *measure.Classes) (each [3]float64, macro float64) {
	for c := range each {
		each[c] = m.Of(className(c - 1)).F1
	}
	return each, m.Macro("negative", "neutral", "positive")
}

func FuzzScore(f *testing.F) {
	f.Add("fr", "Pas mal", "n’est plus très très bon, sans doute")
	f.Fuzz(func(t *testing.T, lang, title, body string) {
		if s, _ := Score(lang, title, body); s < -1 || s > 1 {
			t.Fatal(s)
		}
	})
}

func sharedFile(t *testing.T, path string) *os.File {
	t.Helper()
	dir, _ := os.Getwd()
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", path))
	if err != nil {
		t.Skip("skipped: no " + path + " in ../shared")
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestTweetsOnShared(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"fr-train", "fr-val", "en-train", "en-val"} {
		f := sharedFile(t, "data/tone/umsab-"+file+".jsonl")
		var m measure.Classes
		sc := bufio.NewScanner(f)
		for sc.Scan() {
			var d struct{ Text, Label string }
			if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
				t.Fatal(err)
			}
			s, _ := Score(file[:2], "", d.Text)
			m.Add(d.Label, className(class(s)))
		}
		each, macro := f1(&m)
		t.Logf("umsab %s: macro-F1 %.1f (negative %.1f neutral %.1f positive %.1f)", file, 100*macro, 100*each[0], 100*each[1], 100*each[2])
		if macro < .60 || file[:2] == "fr" && macro < .63 {
			t.Errorf("%s: macro-F1 %.3f is under the floor", file, macro)
		}
	}
}

func TestNewsOnShared(t *testing.T) {
	t.Parallel()
	f := sharedFile(t, "data/tone/newsmtsc-en-train.jsonl")
	var m measure.Classes
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var d struct {
			Text    string `json:"sentence_normalized"`
			Targets []struct{ Polarity float64 }
		}
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		s, _ := Score("en", "", d.Text)
		for _, x := range d.Targets {
			m.Add(className(int(x.Polarity)/2-2), className(class(s)))
		}
	}
	each, macro := f1(&m)
	t.Logf("newsmtsc, which the model learned from: macro-F1 %.1f (negative %.1f neutral %.1f positive %.1f)", 100*macro, 100*each[0], 100*each[1], 100*each[2])
}

func BenchmarkScore(b *testing.B) {
	body := strings.Repeat("La direction de la caisse dit comprendre la colère des membres, mais ne recule pas devant la pétition. ", 24)
	b.ReportAllocs()
	for b.Loop() {
		Score("fr", "Fermeture : la grogne monte", body)
	}
}
