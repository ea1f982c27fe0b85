package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"veilleur/index/text"
	"veilleur/index/tone"
)

// An example is a text of known class.
type example struct {
	text  string
	class int
	times float64 // what it counts
}

// lines calls do for each line of a file.
func lines(file string, do func(string) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if err := do(sc.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", filepath.Base(file), n, err)
		}
	}
	return sc.Err()
}

func tweets(data, lang string) (out []example, err error) {
	of := map[string]int{"negative": tone.Negative, "neutral": tone.Neutral, "positive": tone.Positive}
	return out, lines(filepath.Join(data, "tone/umsab-"+lang+"-train.jsonl"), func(s string) error {
		var d struct{ Text, Label string }
		err := json.Unmarshal([]byte(s), &d)
		out = append(out, example{d.Text, of[d.Label], 1})
		return err
	})
}

// news gives a sentence once for each person or party it names; they may
// differ.
func news(data string) (out []example, err error) {
	return out, lines(filepath.Join(data, "tone/newsmtsc-en-train.jsonl"), func(s string) error {
		var d struct {
			Text    string `json:"sentence_normalized"`
			Targets []struct{ Polarity float64 }
		}
		err := json.Unmarshal([]byte(s), &d)
		for _, x := range d.Targets {
			out = append(out, example{d.Text, int(x.Polarity)/2 - 1, 1})
		}
		return err
	})
}

// dialogue reads XED: joy and trust are good, anger, disgust, fear and sadness
// bad, neither neutral; a line of both is left out.
func dialogue(data string, times float64) (out []example, err error) {
	return out, lines(filepath.Join(data, "tone/xed/en-annotated.tsv"), func(s string) error {
		line, labels, _ := strings.Cut(s, "\t")
		good, bad := strings.ContainsAny(labels, "58"), strings.ContainsAny(labels, "1346")
		switch {
		case good && !bad:
			out = append(out, example{line, tone.Positive, times})
		case bad && !good:
			out = append(out, example{line, tone.Negative, times})
		case !good:
			out = append(out, example{line, tone.Neutral, times})
		}
		return nil
	})
}

// priors averages lexicons of single words, given as word → polarity in [-1,1].
func priors(lexicons ...map[string][]float64) map[uint32]int8 {
	sum, n := map[uint32]float64{}, map[uint32]float64{}
	for _, l := range lexicons {
		for word, vs := range l {
			toks := text.Tokens("", word)
			if len(toks) != 1 {
				continue
			}
			h := tone.Hash(toks[0].Exact)
			for _, v := range vs {
				sum[h] += v / float64(len(vs))
			}
			n[h]++
		}
	}
	out := map[uint32]int8{}
	for h, s := range sum {
		if w := int8(127 * max(-1, min(1, s/n[h]))); w != 0 {
			out[h] = w
		}
	}
	return out
}

// tabbed reads "word<TAB>number" lines, numbers divided by most.
func tabbed(file string, most float64) (map[string][]float64, error) {
	out := map[string][]float64{}
	return out, lines(file, func(s string) error {
		f := strings.Split(s, "\t")
		if len(f) < 2 {
			return nil
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(f[1]), 64)
		out[f[0]] = append(out[f[0]], v/most)
		return err
	})
}

// adjectives reads the lexicon of pattern.fr.
func adjectives(file string) (map[string][]float64, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var d struct {
		Words []struct {
			Form     string  `xml:"form,attr"`
			Polarity float64 `xml:"polarity,attr"`
		} `xml:"word"`
	}
	if err := xml.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	out := map[string][]float64{}
	for _, w := range d.Words {
		out[w.Form] = append(out[w.Form], w.Polarity)
	}
	return out, nil
}
