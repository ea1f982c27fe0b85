package main

import (
	"bufio"
	"encoding/json"
	"os"
	"time"

	"veilleur/index/lang"
	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

type matchCmd struct {
	evalFile `embed:""`
	Topics   string `required:"" placeholder:"FILE" help:"JSON Lines, one topic a line: {id, query}."`
}

type matchIn struct {
	ID        string    `json:"id"`
	Lang      string    `json:"lang"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Author    string    `json:"author"`
	Source    string    `json:"source"`
	Tier      int       `json:"tier"`
	Published time.Time `json:"published"`
}

type matchOut struct {
	ID     string   `json:"id"`
	Topics []string `json:"topics"`
}

// Run tells which topics each entry belongs to.
func (c matchCmd) Run(w *world) error {
	m, err := loadTopics(c.Topics)
	if err != nil {
		return err
	}
	return stream(w, c.evalFile, func(in matchIn) (matchOut, error) {
		e := veille.Entry{Title: in.Title, Text: in.Text, Author: in.Author, Published: in.Published}
		if e.Reading.Lang = in.Lang; in.Lang == "" {
			e.Reading.Lang, _ = lang.Detect(in.Title + ". " + in.Text)
		}
		out := matchOut{ID: in.ID, Topics: []string{}}
		for _, h := range m.Match(match.Doc{Entry: e, SourceName: in.Source, Tier: veille.Tier(in.Tier)}) {
			out.Topics = append(out.Topics, string(h.TopicID))
		}
		return out, nil
	})
}

func loadTopics(file string) (*match.Matcher, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, wrong("read %s: %v", file, err)
	}
	defer f.Close()
	m := match.New()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, evalLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var t struct{ ID, Query string }
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, wrong("%s, line %d: %v", file, n, err)
		}
		q, err := query.Parse(t.Query)
		if err != nil {
			return nil, wrong("%s, line %d: %v", file, n, err)
		}
		m.Set(veille.TopicID(t.ID), q)
	}
	if err := lines.Err(); err != nil {
		return nil, wrong("read %s: %v", file, err)
	}
	return m, nil
}
