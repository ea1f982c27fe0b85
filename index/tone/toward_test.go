package tone

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

// naming makes a passage of a sentence whose name stands between brackets.
func naming(sentence string) veille.Passage {
	from, to := strings.Index(sentence, "["), strings.Index(sentence, "]")-1
	return veille.Passage{Field: "text", Text: strings.NewReplacer("[", "", "]", "").Replace(sentence), Marks: [][2]int{{from, to}}}
}

func TestTheToneIsTowardTheSubject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lang     string
		passages []string
		class    string
		from     string
		word     string // marked in the passage
	}{
		"its clause, not the other":                 {"fr", []string{"La banque voisine scandalise ses clients, mais la [Caisse de la Rivière] est félicitée pour son excellent service."}, "positive", veille.ToneClause, "excellent"},
		"nor the one after":                         {"en", []string{"The [caisse] did excellent work, while the bank is accused of terrible fraud."}, "positive", veille.ToneClause, "excellent"},
		"the sentence when its clause says nothing": {"fr", []string{"La [Caisse] était là; les membres sont en colère et dénoncent une honte."}, "negative", veille.ToneSentence, "colère"},
		"nothing where no word has a tone":          {"fr", []string{"La [Caisse] est rue des Ormes."}, "neutral", "", ""},
	} {
		var ps []veille.Passage
		for _, s := range c.passages {
			ps = append(ps, naming(s))
		}
		got := Toward(c.lang, ps)
		var words []string
		for _, m := range got.Passage.Marks {
			words = append(words, got.Passage.Text[m[0]:m[1]])
		}
		if class := (veille.Reading{Tone: got.Tone}).ToneClass(); class != c.class || got.From != c.from || !strings.Contains(strings.Join(words, " "), c.word) {
			t.Errorf("%s: %s %v (%s) by %q in %q", name, class, got.Tone, got.From, words, got.Passage.Text)
		}
	}
	if got := Toward("fr", []veille.Passage{{Text: "Une honte."}}); got.From != "" {
		t.Errorf("a passage without a name is toward nothing: %+v", got)
	}
}

type target struct {
	From, To int
	Polarity float64
}

// In sentences that turn, and whose targets were labelled differently, the
// clause must tell the tone toward each better than the sentence does. The
// model learned from these sentences, as wholes: where the labels of one agree
// it knows it by heart, so those say nothing.
func TestTowardTargetsOnShared(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../../shared/data/tone/newsmtsc-en-train.jsonl")
	if err != nil {
		t.Skip("skipped: no data/tone in ../shared")
	}
	defer f.Close()
	var whole, clause [3][3]int
	cut := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var d struct {
			S       string `json:"sentence_normalized"`
			Targets []target
		}
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		runes := []rune(d.S)
		if !slices.ContainsFunc(d.Targets, func(x target) bool { return x.Polarity != d.Targets[0].Polarity }) {
			continue
		}
		for _, x := range d.Targets {
			if x.To > len(runes) {
				continue
			}
			p := veille.Passage{Text: d.S, Marks: [][2]int{{len(string(runes[:x.From])), len(string(runes[:x.To]))}}}
			if c := clauseOf(p); len(c.Text) == len(strings.TrimSpace(d.S)) {
				continue
			}
			cut++
			gold := int(x.Polarity-2) / 2
			score, _ := Score("en", "", d.S)
			whole[gold][classOf(score)]++
			toward := Toward("en", []veille.Passage{p})
			if toward.From == "" {
				toward.Tone = score
			}
			clause[gold][classOf(toward.Tone)]++
		}
	}
	w, c := macro(whole), macro(clause)
	t.Logf("toward: of %d targets whose sentence turns, macro-F1 %.1f by the sentence, %.1f by the clause", cut, w, c)
	if c < w {
		t.Error("the clause tells less than the sentence")
	}
}

func classOf(tone float64) int {
	switch (veille.Reading{Tone: tone}).ToneClass() {
	case "negative":
		return 0
	case "positive":
		return 2
	}
	return 1
}

func macro(m [3][3]int) float64 {
	sum := 0.0
	for k := range m {
		hit, said, gold := float64(m[k][k]), 0, 0
		for j := range m {
			said += m[j][k]
			gold += m[k][j]
		}
		if hit > 0 {
			sum += 2 * hit / float64(said+gold)
		}
	}
	return 100 * sum / 3
}
