package indextest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"veilleur/index"
	"veilleur/index/query"
	"veilleur/internal/veille"
)

// doc makes a French entry of one source.
func doc(id veille.EntryID, title, body string) index.Document {
	return index.Document{
		Row: index.Row{
			ID: id, BranchID: "movement", SourceID: "s1", Source: "La Voix de la Rivière", Tier: 3, Lang: "fr", Published: Day0,
		},
		Title: title, Text: body,
	}
}

func putAgain(t *testing.T, ix index.Index) {
	put(t, ix, doc("a", "La caisse ferme", ""))
	put(t, ix, doc("a", "La banque ouvre", ""), doc("a", "La banque rouvre", ""))
	same(t, "old words", len(found(t, ix, "caisse")), 0)
	same(t, "new words", found(t, ix, "banque rouvre"), []veille.EntryID{"a"})
	same(t, "how many", search(t, ix, "", index.Request{}).Entries, 1)
}

func deleted(t *testing.T, ix index.Index) {
	put(t, ix, doc("a", "La caisse ferme", ""), doc("b", "La caisse ouvre", ""))
	if err := ix.Delete(t.Context(), []veille.EntryID{"a", "unknown"}); err != nil {
		t.Fatal(err)
	}
	same(t, "by a word", found(t, ix, "caisse"), []veille.EntryID{"b"})
	same(t, "by its absence", found(t, ix, "-banque"), []veille.EntryID{"b"})
	same(t, "all", found(t, ix, ""), []veille.EntryID{"b"})
	put(t, ix, doc("a", "La caisse revient", ""))
	same(t, "put back", found(t, ix, "revient"), []veille.EntryID{"a"})
}

func marked(t *testing.T, ix index.Index) {
	put(t, ix, doc("a", "La caisse ferme", ""))
	row := doc("a", "", "").Row
	row.StoryID, row.Topics, row.Tone = "story", []veille.TopicID{"topic"}, -1
	ghost := row
	ghost.ID = "ghost"
	if err := ix.Mark(t.Context(), []index.Row{row, ghost}); err != nil {
		t.Fatal(err)
	}
	res := search(t, ix, "caisse", index.Request{Topics: row.Topics, Tones: []string{"negative"}, Limit: 1})
	same(t, "hits", res.Hits, []index.Hit{{ID: "a", StoryID: "story"}})
	same(t, "how many inside", ix.Len(), 1)
}

func inside(t *testing.T, ix index.Index) {
	same(t, "empty", ix.Len(), 0)
	put(t, ix, doc("a", "x1", ""), doc("b", "x2", ""))
	put(t, ix)
	same(t, "two", ix.Len(), 2)
	same(t, "which", ix.Has([]veille.EntryID{"a", "c", "b"}), []bool{true, false, true})
}

// agree checks that the index finds the documents query.Matches says.
func agree(t *testing.T, ix index.Index, docs []index.Document, q string) {
	t.Helper()
	parsed, err := query.Parse(q)
	if err != nil {
		return
	}
	var want []veille.EntryID
	for _, d := range docs {
		if query.Matches(parsed, MatchDoc(d)) {
			want = append(want, d.ID)
		}
	}
	got := found(t, ix, q)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s, that is %s: found %d, want %d", q, parsed, len(got), len(want))
	}
}

func language(t *testing.T, ix index.Index) {
	docs := []index.Document{
		doc("a", "La Caisse de la Rivière ferme deux comptoirs à Saint-Rémi", "L’Hôpital perd 1,5 M$ de dons."),
		doc("b", "Des journaux nationaux", "La caisse et la rivière. On parle d'un comptoir fermé à Saint Rémi."),
		doc("c", "A branch closes", "The company’s branches; the parties and a part of 1.5 million"),
		doc("d", "", "Rivière, caisse"),
	}
	docs[2].Lang = "en"
	docs[3].Lang = ""
	docs[1].Author = "Anne Côté"
	put(t, ix, docs...)
	for _, q := range []string{
		"caisses", "CAISSE", "comptoir", `"caisse de la rivière"`, `"caisses rivière"~2`, "ferm*", "fermer", "ferme",
		"l’hôpital", "hopital", "d'hôpital", "1,5", "1.5", "Saint-Rémi", `"saint rémi"`, "saint-rem*", "journal national",
		"company", "companies", "party", "part", "branch*", "-caisse", "caisse -comptoir", "titre:caisse", "title:rivière",
		"lang:fr caisse", "lang:other", "auteur:côté", "cote", `"dons des"`, "source:voix", "source:voi", "source:voi*",
		"after:2026-10-20", "before:2026-10-20", "before:2026-10-21 -(caisse OU branch)", "xyz", "xyz OU caisse",
		`"la caisse" SAUF (fermer OU fermé)`, "apostrophe’s", "« caisse »",
	} {
		agree(t, ix, docs, q)
	}
	same(t, "elision", len(found(t, ix, "l'hôpital")), 1)
	same(t, "a hyphen is a space", len(found(t, ix, `"saint rémi"`)), 2)
	same(t, "a plural is its singular", len(found(t, ix, "comptoir")), 2)
}

func random(t *testing.T, ix index.Index) {
	docs := Documents(7, 300)
	for i := 0; i < len(docs); i += 60 { // several segments
		put(t, ix, docs[i:i+60]...)
	}
	put(t, ix, docs[:40]...) // and replaced documents
	gone := docs[290:]
	for _, d := range gone {
		if err := ix.Delete(t.Context(), []veille.EntryID{d.ID}); err != nil {
			t.Fatal(err)
		}
	}
	docs = docs[:290]
	r := rand.New(rand.NewPCG(11, 2))
	for range 600 {
		agree(t, ix, docs, Query(r))
	}
}

func hostile(t *testing.T, ix index.Index) {
	put(t, ix, Documents(3, 500)...)
	for _, q := range Hostile() {
		began := time.Now()
		if parsed, err := query.Parse(q); err == nil {
			_, err := ix.Search(t.Context(), index.Request{Query: parsed, Limit: 10, Facets: true, Days: 90})
			if err != nil && !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%.60s: %v", q, err)
			}
		}
		if took := time.Since(began); took > 5*time.Second { // far above what is wanted, for slow machines
			t.Errorf("%.60s took %v", q, took)
		}
	}
	if _, err := ix.Search(ended(), index.Request{Query: query.Query{Root: query.Text{Text: "caisse", Words: []string{"caisse"}}}}); err == nil {
		t.Error("a search goes on after its context ended")
	}
}
