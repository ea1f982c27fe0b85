package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"veilleur/index"
	"veilleur/internal/veille"
)

// words are met often enough, in several forms, for random queries to find
// some entries and not others.
var words = strings.Fields(`caisse caisses Caisse comptoir comptoirs fermeture ferme fermer fermée fermés journal
	journaux national nationale nationaux travail travaux rivière Rivière Saint-Rémi Saint Rémi l’eau d'eau eau
	qu’il aujourd’hui O’Brien branch branches company companies party parties closing closed status tax taxes 1,5
	1.5 97,3 2026 S.Q. SQ é éte été cœur coeur sérieux sérieuse québécoise québécois première premier
	employée employé le la de des the of and et ou bank's bank banks membre membres 15M$ Desrivières emploi
	emplois Anne année Paris pari ceux-ci a-t-il lock-out n’est c’est vol vols fraude fraudes`)

// sources are the media entries come from.
var sources = []index.Row{
	{SourceID: "s1", Source: "La Voix de la Rivière", Tier: 3, BranchID: "movement"},
	{SourceID: "s2", Source: "Le Quotidien national", Tier: 1, BranchID: "movement"},
	{SourceID: "s3", Source: "Riverside Voice", Tier: 2, BranchID: "caisse"},
	{SourceID: "s4", Source: "Blogue d’Anne", Tier: 4, BranchID: "caisse"},
	{SourceID: "s5", Source: "Sans palier", BranchID: "other"},
}

// Day0 is the day the made-up entries begin.
var Day0 = time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)

// Documents makes n entries from a seed, always the same.
func Documents(seed uint64, n int) []index.Document {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]index.Document, n)
	for i := range out {
		row := sources[r.IntN(len(sources))]
		row.ID = veille.EntryID(fmt.Sprintf("%032x", r.Uint64()))
		row.Lang = []string{"fr", "fr", "en", ""}[r.IntN(4)]
		row.Tone = []float64{-0.8, -0.15, 0, 0.1, 0.15, 0.9}[r.IntN(6)]
		row.Published = Day0.Add(time.Duration(r.IntN(40*24*60)) * time.Minute)
		if r.IntN(3) > 0 {
			row.StoryID = veille.StoryID(fmt.Sprintf("story%d", r.IntN(n/3+1)))
		}
		if r.IntN(5) == 0 {
			row.DuplicateOf = "another"
		}
		for k := range 4 {
			if r.IntN(4) == 0 {
				row.Topics = append(row.Topics, veille.TopicID(fmt.Sprintf("topic%d", k)))
			}
		}
		out[i] = index.Document{Row: row, Title: phrase(r, 1+r.IntN(6)), Text: phrase(r, r.IntN(40)), Author: phrase(r, r.IntN(3))}
	}
	return out
}

func phrase(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString([]string{" ", " ", " ", ", ", ". ", " « ", " » "}[r.IntN(7)])
	}
	return b.String()
}

// Query makes a random query in the language of index/query. It may be refused
// by query.Parse, seldom.
func Query(r *rand.Rand) string { return ask(r, 3) }

func ask(r *rand.Rand, depth int) string {
	if depth > 0 {
		a, b := "", ""
		switch r.IntN(5) {
		case 0, 1:
			a, b = ask(r, depth-1), ask(r, depth-1)
			return []string{a + " " + b, a + " AND " + b, "(" + a + ") SAUF " + b}[r.IntN(3)]
		case 2:
			a, b = ask(r, depth-1), ask(r, depth-1)
			return "(" + a + " OU " + b + ")"
		case 3:
			return "-(" + ask(r, depth-1) + ")"
		}
	}
	return leaf(r)
}

func leaf(r *rand.Rand) string {
	w := func() string { return strings.Trim(words[r.IntN(len(words))], "$") }
	switch r.IntN(14) {
	case 0:
		return "titre:" + w()
	case 1:
		return `"` + w() + " " + w() + `"`
	case 2:
		return fmt.Sprintf(`"%s %s"~%d`, w(), w(), 1+r.IntN(6))
	case 3:
		s := []rune(w())
		return string(s[:min(len(s), 2+r.IntN(3))]) + "*"
	case 4:
		return fmt.Sprintf(`"%s %s*"`, w(), string([]rune(w() + "xx")[:2]))
	case 5:
		return []string{"source:voix", `source:"la voix"`, "source:s5", "source:anne", "source:riv*"}[r.IntN(5)]
	case 6:
		return []string{"lang:fr", "lang:en", "lang:other", "tier:1-2", "tier:3", "palier:4"}[r.IntN(6)]
	case 7:
		day := Day0.AddDate(0, 0, r.IntN(40)).Format(time.DateOnly)
		return []string{"after:", "avant:"}[r.IntN(2)] + day
	case 8:
		return "auteur:" + w()
	case 9:
		return `title:"` + w() + " " + w() + `"`
	}
	return w()
}
