package main

import (
	"encoding/json"
	"os"

	"veilleur/index/relevance"
)

type evalRelevanceCmd struct {
	evalFile `embed:""`
	Names    string `required:"" placeholder:"FILE" help:"JSON: {movement:[names], branches:[names], homonyms:[words]}."`
}

type relevanceOut struct {
	ID string `json:"id"`
	relevance.Verdict
}

// Run tells what each text is about.
func (e evalRelevanceCmd) Run(w *world) error {
	b, err := os.ReadFile(e.Names)
	if err != nil {
		return wrong("read %s: %v", e.Names, err)
	}
	var names relevance.Names
	if err := json.Unmarshal(b, &names); err != nil {
		return wrong("read %s: %v", e.Names, err)
	}
	g := relevance.New(names)
	type named struct{ ID, Title, Text string }
	return stream(w, e.evalFile, func(in named) (relevanceOut, error) {
		v := g.Judge(in.Title, in.Text)
		v.Because = append([]relevance.Reason{}, v.Because...)
		return relevanceOut{in.ID, v}, nil
	})
}
