package main

import (
	"bytes"
	"os"
	"testing"

	"veilleur/index/tone"
	"veilleur/internal/measure"
)

const shared = "../../../shared/data"

func needsShared(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(shared + "/tone"); err != nil {
		t.Skip("skipped: no data/tone in ../shared")
	}
}

func TestTheSameDataGiveTheShippedBytes(t *testing.T) {
	t.Parallel()
	needsShared(t)
	got, err := weights(shared)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../index/tone/weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("index/tone/weights.bin is not what the data give: make train")
	}
}

// TestNewsNotLearnedFromOnShared trains without a fifth of the news and reads
// it: the shipped model has seen all of it.
func TestNewsNotLearnedFromOnShared(t *testing.T) {
	t.Parallel()
	needsShared(t)
	var table measure.Classes
	if err := unseen(shared, func(a answer) error { table.Add(a.Gold, a.Label); return nil }); err != nil {
		t.Fatal(err)
	}
	macro := table.Macro("negative", "neutral", "positive")
	t.Logf("newsmtsc, fifths not learned from: macro-F1 %.1f", 100*macro)
	if macro < .60 {
		t.Errorf("macro-F1 %.3f", macro)
	}
}

func TestARegressionLearnsWhatSeparatesItsRows(t *testing.T) {
	t.Parallel()
	rows := []row{
		{at: []int{0}, x: []float64{1}, class: tone.Negative, times: 1},
		{at: []int{1}, x: []float64{1}, class: tone.Neutral, times: 1},
		{at: []int{2}, x: []float64{1}, class: tone.Positive, times: 1},
	}
	w := fit(rows, 3, 50, 0)
	for i, r := range rows {
		if p := tone.Softmax(r.sum(w)); p[r.class] < .8 {
			t.Errorf("row %d: %.2f", i, p)
		}
	}
}
