package main

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/measure"
)

// A said is one text given to be read.
type said struct {
	ID    string `json:"id,omitempty"`
	Lang  string `json:"lang,omitempty"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text"`
}

// A tweet is a text with its tone.
type tweet struct{ Text, Label string }

type toned struct{ Label string }

func classes() []string { return []string{"negative", "neutral", "positive"} }

// tweets scores the tone of one language on the validation part of UMSAB.
func tweets(lang string, rows ...row) func(bench) ([]row, error) {
	return func(b bench) ([]row, error) {
		gold, err := read[tweet](b, "tone/umsab-"+lang+"-val.jsonl")
		if err != nil {
			return nil, err
		}
		var in []said
		for _, g := range gold {
			in = append(in, said{Lang: lang, Text: g.Text})
		}
		out, err := evalEach[toned](b, in, "tone")
		if err != nil {
			return nil, err
		}
		var table measure.Classes
		for i, o := range out {
			table.Add(gold[i].Label, o.Label)
		}
		figures := []float64{100 * table.Macro(classes()...), 100 * table.Of("negative").F1}
		for i := range rows {
			rows[i].seen = figures[i]
		}
		return rows, nil
	}
}

// unseenNews scores the tone of English news not learned from: the shipped
// model has seen all of NewsMTSC, so that models are trained again, each
// without a fifth of it.
func unseenNews(b bench) ([]row, error) {
	if _, err := os.Stat(b.path("tone/newsmtsc-en-train.jsonl")); err != nil {
		return nil, err
	}
	c := exec.Command("go", "run", "./internal/train", "--unseen", "--data", b.data)
	c.Stderr = os.Stderr
	answers, err := c.Output()
	if err != nil {
		return nil, err
	}
	var table measure.Classes
	for dec := json.NewDecoder(bytes.NewReader(answers)); dec.More(); {
		var a struct{ Gold, Label string }
		if err := dec.Decode(&a); err != nil {
			return nil, err
		}
		table.Add(a.Gold, a.Label)
	}
	return []row{{data: "NewsMTSC, fifths not learned from", floor: 57, goal: 62, seen: 100 * table.Macro(classes()...)}}, nil
}

// language scores the sentences of four words or more.
func language(b bench) ([]row, error) {
	var in []said
	var gold []string
	for _, lang := range []string{"fr", "en"} {
		err := b.lines("langid/cmd/language-testdata/sentences/"+lang+".txt", func(line []byte) error {
			if s := string(line); len(strings.Fields(s)) >= 4 {
				in, gold = append(in, said{Text: s}), append(gold, lang)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out, err := evalEach[struct{ Lang string }](b, in, "lang")
	if err != nil {
		return nil, err
	}
	var table measure.Classes
	for i, o := range out {
		table.Add(gold[i], o.Lang)
	}
	return []row{{what: "accuracy", data: "lingua, 4 words or more", floor: .99, goal: .997, seen: table.Accuracy()}}, nil
}

// keyphrases scores phrases compared by their stems.
func keyphrases(b bench) ([]row, error) {
	var in []said
	var gold [][]string
	err := b.lines("keyphrases/ref", func(line []byte) error {
		id, list, _ := strings.Cut(strings.TrimSpace(string(line)), "\t")
		page, err := os.ReadFile(b.path("keyphrases/documents/" + id))
		if os.IsNotExist(err) {
			return nil // the half that is not given
		}
		if err != nil {
			return err
		}
		in = append(in, article(string(page)))
		gold = append(gold, stems(strings.Split(list, ";")))
		return nil
	})
	if err == nil && len(in) == 0 {
		err = b.missing("keyphrases/documents")
	}
	if err != nil {
		return nil, err
	}
	out, err := evalEach[struct{ Phrases []string }](b, in, "keyphrases")
	if err != nil {
		return nil, err
	}
	var p measure.Phrases
	for i, o := range out {
		p.Add(stems(o.Phrases), gold[i])
	}
	return []row{{what: "F1@10", data: "Wikinews", floor: 36, goal: 40, seen: 100 * p.F1At10()}, {what: "P@5", data: "Wikinews", floor: 48, goal: 54, seen: 100 * p.PrecisionAt5()}}, nil
}

// article is the title and text of a page of Wikinews.
func article(page string) said {
	_, page, _ = strings.Cut(page, "<h1>")
	title, body, _ := strings.Cut(page, "</h1>")
	body, _, _ = strings.Cut(body, "</body>")
	body = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")
	return said{Lang: "fr", Title: html.UnescapeString(title), Text: html.UnescapeString(body)}
}

func stems(phrases []string) []string {
	out := make([]string, len(phrases))
	for i, p := range phrases {
		var words []string
		for _, t := range text.Tokens("fr", p) {
			words = append(words, t.Term)
		}
		out[i] = strings.Join(words, " ")
	}
	return out
}

// homonyms scores what is about us against what is not.
func homonyms(b bench) ([]row, error) {
	type about struct {
		said
		About string `json:"about"`
	}
	gold, err := read[about](b, "gold-qc/relevance-dev.jsonl")
	if err != nil {
		return nil, err
	}
	in := make([]said, len(gold))
	for i, g := range gold {
		in[i] = g.said
	}
	out, err := evalEach[struct{ About string }](b, in, "relevance", "--names", b.path("gold-qc/names.json"))
	if err != nil {
		return nil, err
	}
	ours := func(about string) string {
		if about == "neither" {
			return about
		}
		return "ours"
	}
	var table measure.Classes
	for i, o := range out {
		table.Add(ours(gold[i].About), ours(o.About))
	}
	f := table.Of("ours")
	return []row{{what: "precision", data: "gold-qc", floor: .90, goal: .96, seen: f.Precision}, {what: "recall", data: "gold-qc", floor: .95, goal: .97, seen: f.Recall}}, nil
}
