package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"veilleur/internal/measure"
	"veilleur/internal/replay"
	"veilleur/internal/veille"
)

// spikes scores the counts of mentions of the brands that are given.
func spikes(b bench) ([]row, error) {
	var windows map[string][][2]string
	labels, err := os.ReadFile(b.path("spikes/nab/labels/combined_windows.json"))
	if err == nil {
		err = json.Unmarshal(labels, &windows)
	}
	if err != nil {
		return nil, err
	}
	files, _ := filepath.Glob(b.path("spikes/nab/data/realTweets/*.csv"))
	if len(files) == 0 {
		return nil, b.missing("spikes/nab/data/realTweets")
	}
	var all []measure.Series
	weeks := 0.0
	for _, f := range files {
		s, err := b.series(f, windows["realTweets/"+filepath.Base(f)])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
		weeks += s.Weeks()
	}
	score, wrong := measure.NAB(all...)
	return []row{
		{what: "NAB score", data: fmt.Sprintf("NAB, %d brands", len(all)), floor: 60, goal: 74, seen: score, note: "then over 80"},
		{what: "false alerts a topic a week", data: fmt.Sprintf("NAB, %d brands", len(all)), goal: .3, seen: float64(wrong) / weeks, low: true},
	}, nil
}

func (b bench) series(file string, windows [][2]string) (s measure.Series, err error) {
	for _, w := range windows {
		from, err1 := nabTime(w[0])
		to, err2 := nabTime(w[1])
		if err1 != nil || err2 != nil {
			return s, fmt.Errorf("window %v of %s is no time", w, file)
		}
		s.Windows = append(s.Windows, [2]time.Time{from, to})
	}
	answer, err := b.run(nil, "spikes", file)
	if err != nil {
		return s, err
	}
	rows, err := csv.NewReader(bytes.NewReader(answer)).ReadAll()
	if err != nil {
		return s, err
	}
	for _, r := range rows[1:] {
		at, err := nabTime(r[0])
		if err != nil {
			return s, err
		}
		score, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			return s, err
		}
		s.At, s.Score = append(s.At, at), append(s.Score, score)
	}
	return s, nil
}

func nabTime(s string) (time.Time, error) {
	return time.Parse(time.DateTime, strings.TrimSuffix(s, ".000000"))
}

// A labelled is a replay with its labels; the program is shown neither them
// nor ids that tell a crisis from a look-alike.
type labelled struct {
	replay.Replay
	Truth measure.Truth `json:"truth"`
}

// crises scores the replays.
func crises(b bench) ([]row, error) {
	files, _ := filepath.Glob(b.path("crisis-replay/*.json"))
	if len(files) == 0 {
		return nil, b.missing("crisis-replay")
	}
	var y measure.Replays
	for _, f := range files {
		if err := b.play(f, &y); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
	}
	data := fmt.Sprintf("%d replays", len(files))
	return []row{
		{what: "recall", data: data, floor: .9, goal: .95, seen: y.Recall(), note: fmt.Sprintf("%d of %d, %d late; reviewed in time %d of %d", y.Caught, y.Crises, y.Late, y.Reviewed, y.Reviews)},
		{what: "median delay", data: data, floor: 2, goal: 1, seen: y.Delay().Hours(), unit: " h", low: true},
		{what: "false flags a topic a month", data: data, floor: .3, goal: .1, seen: y.FalseFlagsAMonth(), low: true, note: fmt.Sprintf("%d in %.0f topic-months", y.FalseFlags, y.Months())},
		{what: "over the level allowed", data: data, seen: float64(y.Over), low: true, unit: " ×"},
		{what: "evidence a click away", data: data, seen: float64(y.Shown) / float64(max(y.Evidence, 1)), note: fmt.Sprintf("%d of %d", y.Shown, y.Evidence)},
	}, nil
}

func (b bench) play(file string, y *measure.Replays) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var r labelled
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if len(r.Entries) == 0 {
		return nil
	}
	for i := range r.Entries {
		r.Entries[i].ID = strconv.Itoa(i)
	}
	said, err := eval[levelChange](b, []replay.Replay{r.Replay}, "crisis")
	if err != nil {
		return err
	}
	m := measure.Replay{From: r.Entries[0].T, To: r.Entries[0].T.Add(r.Span()), Truth: r.Truth}
	for _, t := range r.Topics {
		m.Topics = append(m.Topics, t.ID)
	}
	changes := make([]measure.Change, len(said))
	for i, s := range said {
		changes[i] = s.change(r.Entries)
	}
	y.Add(m, changes)
	return nil
}

type levelChange struct {
	T       time.Time    `json:"t"`
	Topic   string       `json:"topic"`
	Level   veille.Level `json:"level"`
	Because []struct {
		Reason  string
		Entries []string
	} `json:"because"`
}

// change is a change of level with what explains it: its reasons, and the
// entries they open.
func (l levelChange) change(entries []replay.Entry) measure.Change {
	var words strings.Builder
	for _, b := range l.Because {
		words.WriteString(b.Reason + "\n")
		for _, id := range b.Entries {
			if n, err := strconv.Atoi(id); err == nil && n < len(entries) {
				words.WriteString(entries[n].Title + "\n" + entries[n].Text + "\n")
			}
		}
	}
	return measure.Change{At: l.T, Topic: l.Topic, Level: l.Level, Said: words.String()}
}
