package lang

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a French headline":                 {"La caisse de Sainte-Rivière ferme ses portes en janvier", "fr"},
		"an English headline":               {"Members angry over the closing of their credit union", "en"},
		"Québec speech without accents":     {"chu ben tanne dattendre au guichet pis personne repond", "fr"},
		"French that names an English song": {"Elle a chanté « The Long Road » devant une salle comble à Saint-Rémi", "fr"},
		"English that names a caisse":       {"A cheque from the Caisse de la Rivière will cover the ice rental", "en"},
		"an address says nothing":           {"https://exemple.test/le/la/les", ""},
		"no letters":                        {"1234 !!! 56 %", ""},
		"nothing":                           {"", ""},
		"Spanish is refused":                {"El presidente dijo que no hay más dinero para los hospitales del país", ""},
		"German is refused":                 {"Die Regierung hat das Gesetz nicht geändert und wird es auch nicht tun", ""},
		"another script is refused":         {"Правительство объявило о новых мерах", ""},
		"one name alone is unsure":          {"Desrivières", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, conf := Detect(c.text)
			if got != c.want {
				t.Errorf("Detect(%q) = %q (%.2f), want %q", c.text, got, conf, c.want)
			}
			if conf < 0 || conf > 1 {
				t.Errorf("confidence %v out of [0,1]", conf)
			}
		})
	}
}

// shared finds the shared data beside the repository, or skips.
func shared(t *testing.T, path string) string {
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

func TestAccuracyOnShared(t *testing.T) {
	t.Parallel()
	dir := shared(t, "data/langid/cmd/language-testdata/sentences")
	right, all := 0, 0
	for _, code := range []string{"fr", "en"} {
		f, err := os.Open(filepath.Join(dir, code+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for sc := bufio.NewScanner(f); sc.Scan(); {
			if len(strings.Fields(sc.Text())) < 4 {
				continue
			}
			all++
			got, _ := Detect(sc.Text())
			if got == code {
				right++
			} else if testing.Verbose() {
				t.Logf("%s said %q: %.100s", code, got, sc.Text())
			}
		}
	}
	acc := float64(right) / float64(all)
	t.Logf("accuracy on FR/EN sentences of at least 4 words: %.4f (%d)", acc, all)
	if acc < .99 {
		t.Errorf("accuracy %.4f is under the floor of .99", acc)
	}
	for _, code := range []string{"es", "pt", "it", "de", "nl", "ca", "ro", "la"} {
		b, err := os.ReadFile(filepath.Join(dir, code+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		said, n := 0, 0
		for line := range strings.Lines(string(b)) {
			n++
			if got, _ := Detect(line); got != "" {
				said++
			}
		}
		t.Logf("%s taken for French or English: %d of %d", code, said, n)
	}
}

func BenchmarkDetect(b *testing.B) {
	text := strings.Repeat("La direction de la caisse dit comprendre l’émotion des membres, mais ne recule pas. ", 30)
	b.ReportAllocs()
	for b.Loop() {
		Detect(text)
	}
}
