package main

import (
	"cmp"

	"veilleur/index/keyphrase"
	"veilleur/index/lang"
	"veilleur/index/tone"
	"veilleur/internal/veille"
)

type evalToneCmd struct {
	evalFile `embed:""`
}

type tonedIn struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

type tonedOut struct {
	Label   string            `json:"label"` // negative, neutral or positive
	Score   float64           `json:"score"` // in [-1,1]
	Because []veille.ToneWord `json:"because"`
}

// Run tells the tone of each text.
func (e evalToneCmd) Run(w *world) error {
	return stream(w, e.evalFile, func(in tonedIn) (tonedOut, error) {
		r := veille.Reading{Lang: in.Lang}
		if r.Lang == "" {
			r.Lang, _ = lang.Detect(in.Text)
		}
		r.Tone, r.ToneWords = tone.Score(r.Lang, "", in.Text)
		return tonedOut{r.ToneClass(), r.Tone, append([]veille.ToneWord{}, r.ToneWords...)}, nil
	})
}

type evalLangCmd struct {
	evalFile `embed:""`
}

type langOut struct {
	Lang       string  `json:"lang"` // fr, en, or "" for another
	Confidence float64 `json:"confidence"`
}

// Run tells the language of each text.
func (e evalLangCmd) Run(w *world) error {
	return stream(w, e.evalFile, func(in tonedIn) (out langOut, err error) {
		out.Lang, out.Confidence = lang.Detect(in.Text)
		return out, nil
	})
}

type evalKeyphrasesCmd struct {
	evalFile `embed:""`
	N        int `default:"10" help:"Most phrases a text."`
}

type phrasesOut struct {
	Phrases []string `json:"phrases"`
}

// Run tells the keyphrases of each text.
func (e evalKeyphrasesCmd) Run(w *world) error {
	type keyed struct {
		Lang  string `json:"lang"`
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	return stream(w, e.evalFile, func(in keyed) (phrasesOut, error) {
		said, _ := lang.Detect(in.Title + ". " + in.Text)
		return phrasesOut{append([]string{}, keyphrase.Extract(cmp.Or(in.Lang, said), in.Title, in.Text, e.N)...)}, nil
	})
}
