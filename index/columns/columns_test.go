package columns

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"veilleur/index/query"
	"veilleur/internal/veille"

	"github.com/google/go-cmp/cmp"
)

func row(id string, day int) Row {
	return Row{ID: veille.EntryID(id), BranchID: "b", SourceID: "s", Source: "La Voix", Lang: "fr",
		Published: time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC)}
}

func answer(t *testing.T, table *Table, ask Ask) Answer {
	t.Helper()
	var a Answer
	if err := table.View(func(v View) error { a = v.Answer(v.Rows(), nil, ask); return nil }); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRowsLiveFromSetToDelete(t *testing.T) {
	t.Parallel()
	table := New()
	table.Reserve([]veille.EntryID{"a"})
	table.Mark([]Row{row("a", 1)})
	if table.Len() != 0 {
		t.Error("a reserved row lives")
	}
	table.Load([]Row{row("b", 2)})
	table.Set([]Row{row("a", 1)})
	if got := table.Has([]veille.EntryID{"a", "b", "c"}); !slices.Equal(got, []bool{true, false, false}) {
		t.Error(got)
	}
	table.Revive([]int32{1, 1, -1})
	table.Delete([]veille.EntryID{"a", "a", "z"})
	if table.Len() != 1 {
		t.Errorf("%d live", table.Len())
	}
	table.Set([]Row{row("a", 3)})
	got := answer(t, table, Ask{Limit: 5})
	if diff := cmp.Diff([]Hit{{ID: "a"}, {ID: "b"}}, got.Hits); diff != "" {
		t.Error(diff)
	}
}

func TestARenamedSourceIsRenamedForAllItsRows(t *testing.T) {
	t.Parallel()
	table := New()
	table.Set([]Row{row("a", 1), row("b", 1)})
	r := row("b", 1)
	r.Source = "Le Courrier"
	table.Mark([]Row{r})
	err := table.View(func(v View) error {
		f := v.Filter(query.Source{Text: "courrier", Words: []string{"courrier"}}, nil)
		if !f(0) || !f(1) {
			t.Error("the old name stands")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The k first of a heap are the k first of a sort.
func TestTheFirstAreTheFirst(t *testing.T) {
	t.Parallel()
	table := New()
	var want []veille.EntryID
	for i := range 300 {
		r := row(fmt.Sprintf("%03d", (i*7)%300), 1)
		r.Published = r.Published.Add(time.Duration((i*7)%300/3) * time.Hour) // three at each hour
		table.Set([]Row{r})
	}
	for _, h := range answer(t, table, Ask{Limit: 300}).Hits {
		want = append(want, h.ID)
	}
	for _, k := range []int{1, 7, 299} {
		var got []veille.EntryID
		for _, h := range answer(t, table, Ask{Offset: 1, Limit: k}).Hits {
			got = append(got, h.ID)
		}
		if !slices.Equal(got, want[1:1+k]) {
			t.Errorf("the first %d: %v", k, got)
		}
	}
	if n := len(answer(t, table, Ask{Offset: 400, Limit: 5}).Hits); n != 0 {
		t.Errorf("%d hits past the end", n)
	}
}

func TestAHistogramIsBounded(t *testing.T) {
	t.Parallel()
	if n := len(answer(t, New(), Ask{Days: 1 << 40, LastDay: time.Now()}).Histogram); n != maxDays {
		t.Error(n)
	}
}

func BenchmarkAnswer(b *testing.B) {
	table := New()
	rows := make([]Row, 200_000)
	for i := range rows {
		rows[i] = row(fmt.Sprintf("%032x", i*7919), 1+i%28)
		rows[i].SourceID = veille.SourceID(fmt.Sprint(i % 1000))
		rows[i].StoryID = veille.StoryID(fmt.Sprint(i % 70_000))
		rows[i].Published = rows[i].Published.Add(-time.Duration(i%8760) * time.Hour)
		if i%5 == 0 {
			rows[i].Topics = []veille.TopicID{veille.TopicID(fmt.Sprint(i % 40))}
		}
	}
	table.Set(rows)
	for _, c := range []struct {
		name string
		ask  Ask
	}{
		{"newest", Ask{Limit: 20}},
		{"stories", Ask{Limit: 20, ByStory: true}},
		{"everything", Ask{Limit: 20, ByStory: true, Facets: true, Days: 90, LastDay: rows[0].Published}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				_ = table.View(func(v View) error { v.Answer(v.Rows(), nil, c.ask); return nil })
			}
		})
	}
}
