package main

import (
	"math"
	"path/filepath"
	"slices"

	"veilleur/index/tone"
)

// weights trains both languages.
func weights(data string) ([]byte, error) {
	en, err := english(data)
	if err != nil {
		return nil, err
	}
	fr, err := french(data)
	if err != nil {
		return nil, err
	}
	b, err := en.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	return fr.AppendBinary(b)
}

// french has no grams: what free French data there is (dialogue) taught
// nothing that the lexicons did not know (63.9 with it, 65.4 without).
func french(data string) (*tone.Model, error) {
	dir := filepath.Join(data, "tone/lexicons")
	a, err := tabbed(filepath.Join(dir, "AFINN-fr-165.txt"), 5)
	if err != nil {
		return nil, err
	}
	p, err := adjectives(filepath.Join(dir, "pattern-fr-sentiment.xml"))
	if err != nil {
		return nil, err
	}
	t, err := tweets(data, "fr")
	if err != nil {
		return nil, err
	}
	m := &tone.Model{Priors: priors(a, p)}
	stack(m, read(m, "fr", t), nil)
	return m, nil
}

// speech is what a line of dialogue counts against a sentence of the news.
const speech = .05

// trust is what a tweet counts against a sentence of the news in the second
// regression, so that comments and news weigh about the same.
const trust = 4

func english(data string) (*tone.Model, error) {
	m, n, x, t, err := englishLessons(data)
	if err != nil {
		return nil, err
	}
	return school(m, n, x, t), nil
}

// englishLessons gives a model with its priors, and what it learns from.
func englishLessons(data string) (m *tone.Model, sentences, lines, comments []lesson, err error) {
	dir := filepath.Join(data, "tone/lexicons")
	a, err := tabbed(filepath.Join(dir, "AFINN-en-165.txt"), 5)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	v, err := tabbed(filepath.Join(dir, "vader_lexicon.txt"), 4)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	n, err := news(data)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	x, err := dialogue(data, speech)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	t, err := tweets(data, "en")
	if err != nil {
		return nil, nil, nil, nil, err
	}
	for i := range t {
		t[i].times = trust
	}
	m = &tone.Model{Priors: priors(a, v)}
	return m, read(m, "en", n), read(m, "en", x), read(m, "en", t), nil
}

// school sets the grams and the second regression of a model with priors.
func school(m *tone.Model, news, dialogue, tweets []lesson) *tone.Model {
	unseen := crossed(news, dialogue)
	teach(m, slices.Concat(news, dialogue))
	stack(m, slices.Concat(news, tweets), unseen)
	return m
}

// A lesson is an example as the model reads it.
type lesson struct {
	f tone.Features
	example
}

func read(m *tone.Model, lang string, list []example) []lesson {
	out := make([]lesson, len(list))
	for i, e := range list {
		out[i] = lesson{tone.FeaturesOf(m, lang, e.text), e}
	}
	return out
}

const (
	rare   = 2    // a gram read less often teaches nothing
	rounds = 12   // readings of all lessons
	decay  = 2e-5 // of gram weights
)

// teach sets the grams of a model.
func teach(m *tone.Model, lessons []lesson) {
	count := map[uint32]int{}
	for _, l := range lessons {
		for _, g := range l.f.Grams {
			count[g]++
		}
	}
	at, names := map[uint32]int{}, []uint32{}
	rows := make([]row, len(lessons))
	for i, l := range lessons {
		rows[i] = row{class: l.class, times: l.times}
		x := 1 / math.Sqrt(float64(len(l.f.Grams)))
		for _, g := range l.f.Grams {
			if count[g] < rare {
				continue
			}
			k, ok := at[g]
			if !ok {
				k = len(names)
				at[g], names = k, append(names, g)
			}
			rows[i].at, rows[i].x = append(rows[i].at, k), append(rows[i].x, x)
		}
	}
	pack(m, names, fit(rows, len(names), rounds, decay))
}

// pack keeps the weights in a byte each, without those that round to nothing.
func pack(m *tone.Model, names []uint32, w [][classes]float64) {
	var sizes []float64
	for _, ws := range w {
		for _, v := range ws {
			sizes = append(sizes, math.Abs(v))
		}
	}
	slices.Sort(sizes)
	m.Unit = float32(sizes[len(sizes)*999/1000] / 127) // the few beyond are cut
	m.Grams = map[uint32][classes]int8{}
	for i, ws := range w {
		var q [classes]int8
		for c, v := range ws {
			q[c] = int8(max(-127, min(127, math.Round(v/float64(m.Unit)))))
		}
		if q != [classes]int8{} {
			m.Grams[names[i]] = q
		}
	}
}

// folds are the parts of the news that are read by a model that did not learn
// from them.
const folds = 5

// crossed gives, for each lesson of the news, what grams taught by the others
// say of it: what the second regression will meet.
func crossed(news, rest []lesson) [][classes]float64 {
	out := make([][classes]float64, len(news))
	for k := range uint32(folds) {
		m := &tone.Model{}
		learn := slices.Clone(rest)
		for _, l := range news {
			if tone.Hash(l.text)%folds != k {
				learn = append(learn, l)
			}
		}
		teach(m, learn)
		for i, l := range news {
			if tone.Hash(l.text)%folds == k {
				out[i] = m.Sum(l.f.Grams)
			}
		}
	}
	return out
}

// stack sets the second regression of a model. sums replaces what the grams
// say of the first lessons.
func stack(m *tone.Model, lessons []lesson, sums [][classes]float64) {
	rows := make([]row, len(lessons))
	for i, l := range lessons {
		sum := m.Sum(l.f.Grams)
		if i < len(sums) {
			sum = sums[i]
		}
		x := tone.Inputs(&l.f, sum)
		rows[i] = row{class: l.class, times: l.times, x: x[:]}
		for k := range x {
			rows[i].at = append(rows[i].at, k)
		}
	}
	for i, ws := range fit(rows, tone.Dense+classes+1, 60, 1e-4) {
		for c, v := range ws {
			m.Final[c][i] = float32(v)
		}
	}
}
