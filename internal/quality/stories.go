package main

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"veilleur/internal/measure"
)

// A news is one entry, given to be grouped.
type news struct {
	ID        string `json:"id"`
	Published string `json:"published,omitempty"`
	Source    string `json:"source,omitempty"`
	Lang      string `json:"lang,omitempty"`
	Title     string `json:"title,omitempty"`
	Text      string `json:"text"`
}

// A labelledNews is an entry with its story.
type labelledNews struct {
	news
	Story string `json:"story"`
}

// A place is what was said of an entry.
type place struct {
	Story       string `json:"story"`
	DuplicateOf string `json:"duplicate_of"`
}

// grouped asks for the stories of entries in the order given.
func grouped(b bench, all []labelledNews) (got, gold []string, err error) {
	in := make([]news, len(all))
	for i, d := range all {
		in[i] = d.news
		gold = append(gold, d.Story)
	}
	out, err := evalEach[place](b, in, "stories")
	for _, o := range out {
		got = append(got, o.Story)
	}
	return got, gold, err
}

// shuffles is how many orders a corpus is read in.
const shuffles = 5

// shuffled scores a corpus whose times say nothing (UCI's leak the label): the
// mean of five orders, with no time given.
func shuffled(file string, r row) func(bench) ([]row, error) {
	return func(b bench) ([]row, error) {
		all, err := read[labelledNews](b, file)
		if err != nil {
			return nil, err
		}
		for seed := range uint64(shuffles) {
			some := slices.Clone(all)
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			for i := range some {
				some[i].Published, some[i].Source, some[i].Lang = "", "", "en"
			}
			got, gold, err := grouped(b, some)
			if err != nil {
				return nil, err
			}
			r.seen += measure.BCubed(got, gold).F1 / shuffles
		}
		return []row{r}, nil
	}
}

// inOrder scores the stream in two languages, then each language by itself.
func inOrder(b bench) ([]row, error) {
	all, err := read[labelledNews](b, "gold-qc/stories-dev.jsonl")
	if err != nil {
		return nil, err
	}
	got, gold, err := grouped(b, all)
	if err != nil {
		return nil, err
	}
	across := measure.Pairs(got, gold, func(i, j int) bool { return all[i].Lang != all[j].Lang })
	rows := []row{
		{what: "FR+EN in order", data: "gold-qc", floor: .80, goal: .92, seen: measure.BCubed(got, gold).F1},
		{what: "French alone", data: "gold-qc", floor: .88, goal: .93},
		{what: "English alone", data: "gold-qc", floor: .92, goal: .95},
		{what: "pairs across languages", data: "gold-qc", floor: .55, goal: .75, seen: across.F1},
	}
	for n, lang := range map[int]string{1: "fr", 2: "en"} {
		some := slices.DeleteFunc(slices.Clone(all), func(d labelledNews) bool { return d.Lang != lang })
		got, gold, err := grouped(b, some)
		if err != nil {
			return nil, err
		}
		rows[n].seen = measure.BCubed(got, gold).F1
	}
	return rows, nil
}

// reprints scores pairs of texts that end under one original.
func reprints(b bench) ([]row, error) {
	type edited struct{ Group, Text string }
	all, err := read[edited](b, "stories/neardup-fr-dev.jsonl")
	if err != nil {
		return nil, err
	}
	in := make([]news, len(all))
	gold := make([]string, len(all))
	for i, d := range all {
		in[i], gold[i] = news{ID: strconv.Itoa(i), Lang: "fr", Text: d.Text}, d.Group
	}
	out, err := evalEach[place](b, in, "stories")
	if err != nil {
		return nil, err
	}
	got := make([]string, len(all))
	for i, o := range out {
		got[i] = in[i].ID
		if o.DuplicateOf != "" {
			got[i] = o.DuplicateOf
		}
	}
	f := measure.Pairs(got, gold, nil)
	return []row{{what: "precision", data: "Wikinews edits", floor: .99, goal: .995, seen: f.Precision},
		{what: "recall", data: "Wikinews edits", floor: .97, goal: .99, seen: f.Recall}}, nil
}
