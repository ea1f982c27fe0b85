package main

import (
	"encoding/json"
	"slices"
	"time"

	"veilleur/internal/i18n"
	"veilleur/internal/replay"
	"veilleur/internal/veille"
)

type evalCrisisCmd struct {
	evalFile `embed:""`
	Locale   string `enum:"fr,en" default:"fr" help:"Language of the reasons."`
}

// Run plays a replay and prints every change of level.
func (e evalCrisisCmd) Run(w *world) error {
	in, err := e.open(w)
	if err != nil {
		return err
	}
	defer in.Close()
	var r replay.Replay
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return wrong("read the replay: %v", err)
	}
	if len(r.Entries) == 0 {
		return wrong("the replay has no entries")
	}
	names := map[veille.EntryID]string{}
	for _, x := range r.Entries {
		names[replay.EntryID(x)] = x.ID
	}
	enc, say := json.NewEncoder(w.out), i18n.For(e.Locale)
	enc.SetEscapeHTML(false)
	return replay.Play(r, func(j replay.Judgement) error {
		if !j.Changed {
			return nil
		}
		return enc.Encode(changeOf(j, names, say))
	})
}

type levelChange struct {
	T       time.Time    `json:"t"`
	Topic   string       `json:"topic"`
	Level   veille.Level `json:"level"`
	Score   float64      `json:"score"`
	Because []levelPoint `json:"because"`
}

type levelPoint struct {
	Points  float64  `json:"points"`
	Reason  string   `json:"reason"`
	Entries []string `json:"entries"`
}

// changeOf tells a judgement in the names of the replay.
func changeOf(j replay.Judgement, names map[veille.EntryID]string, say *i18n.Printer) levelChange {
	c := levelChange{T: j.At, Topic: string(j.Topic.ID), Level: j.Level, Score: j.Verdict.Score, Because: []levelPoint{}}
	for _, s := range j.Verdict.Signals {
		pt := levelPoint{Points: s.Points, Reason: say.Say(s.Reason), Entries: []string{}}
		for _, e := range s.Evidence {
			if id := names[e.EntryID]; id != "" && !slices.Contains(pt.Entries, id) {
				pt.Entries = append(pt.Entries, id)
			}
		}
		c.Because = append(c.Because, pt)
	}
	return c
}
