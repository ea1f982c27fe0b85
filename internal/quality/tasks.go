package main

import "strings"

// A task is one line of the table of goals, of one or more figures.
type task struct {
	name    string
	measure func(bench) ([]row, error)
}

// tasks are those whose name begins so, in the order of the specification.
func tasks(prefix string) (out []task) {
	for _, t := range []task{
		{"stories, headlines EN", shuffled("stories/uci-dev.jsonl", row{data: "UCI, 5 orders", floor: .78, goal: .84})},
		{"stories, full text EN", shuffled("stories/ecbplus-dev.jsonl", row{data: "ECB+, 5 orders", floor: .82, goal: .87})},
		{"stories", inOrder},
		{"near-duplicates", reprints},
		{"relevance", homonyms},
		{"mention spikes", spikes},
		{"crisis", crises},
		{"tone FR", tweets("fr", row{what: "macro-F1", data: "UMSAB, validation", floor: 58, goal: 64}, row{what: "negative F1", data: "UMSAB, validation", goal: 70})},
		{"tone EN, tweets", tweets("en", row{data: "UMSAB, validation", floor: 58, goal: 62})},
		{"tone EN, news", unseenNews},
		{"language", language},
		{"keyphrases FR", keyphrases},
	} {
		if strings.HasPrefix(t.name, prefix) {
			out = append(out, t)
		}
	}
	return out
}
