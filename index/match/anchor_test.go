package match

import (
	"testing"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

// The companion of an anchor, taken from its phrase or from another clause, is
// looked for where it stands.
func TestAnAnchorKeepsTheStepOfItsOwnPhrase(t *testing.T) {
	t.Parallel()
	m := New()
	q, err := query.Parse(`des "grande rivière" membre`)
	if err != nil {
		t.Fatal(err)
	}
	m.Set("a", q)
	d := Doc{Entry: veille.Entry{Text: "un membre des bords de la grande rivière"}}
	if len(m.Match(d)) != 1 {
		t.Error("not matched")
	}
}
