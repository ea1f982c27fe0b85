package query

import (
	"errors"
	"strings"
	"testing"

	"veilleur/internal/veille"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"words side by side are AND", "caisse fermeture", "caisse fermeture"},
		{"AND binds tighter than OR", "caisse AND vol OR fraude", "(caisse vol) OR fraude"},
		{"French operators are the same", "caisse ET (vol OU fraude) SAUF emploi", "caisse (vol OR fraude) -emploi"},
		{"operators in small letters are words", "caisse et banque ou fonds", "caisse et banque ou fonds"},
		{"a minus excludes", "caisse -emploi -(vol fraude)", "caisse -emploi -(vol fraude)"},
		{"a minus inside a word is a hyphen", "Saint-Rémi", `"Saint-Rémi"`},
		{"a dash alone is nothing", "caisse - emploi", "caisse emploi"},
		{"two exclusions cancel out", "NOT NOT caisse", "caisse"},
		{"all quotes quote", "«\u00a0caisse de la Rivière\u00a0» “caisse pop” \"x y\"", `"caisse de la Rivière" "caisse pop" "x y"`},
		{"an elision is left out of a word", "l’Estrie", "Estrie"},
		{"a star makes a beginning", `ferm* "caisse desriv*" "caisse pop"*`, `ferm* "caisse desriv*" "caisse pop*"`},
		{"a star alone is nothing", "* caisse", "caisse"},
		{"nearness", `"caisse comptoir"~5`, `"caisse comptoir"~5`},
		{"fields in both languages", "titre:caisse auteur:Roy langue:français palier:2 apres:2026-11-01 avant:2026-12",
			"title:caisse author:Roy lang:fr tier:2 after:2026-11-01 before:2026-12-01"},
		{"a space may follow a field", "titre: caisse", "title:caisse"},
		{"a field may hold a group", "title:(caisse OR banque)", "title:caisse OR title:banque"},
		{"a source by its words", `source:"La Voix"`, `source:"La Voix"`},
		{"tiers in a range", "palier:1-2", "tier:1-2"},
		{"an hour and an address are words", "12:30 https://exemple.test", `"12:30" "https://exemple.test"`},
		{"punctuation is nothing", "Caisse & Cie, !", "Caisse Cie"},
		{"groups of one kind melt together", "(a1 (b1 c1)) d1", "a1 b1 c1 d1"},
		{"a word that looks like an operator is quoted", `"OR"`, `"OR"`},
		{"nothing", "  \t", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			q, err := Parse(c.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", c.in, err)
			}
			if got := q.String(); got != c.want {
				t.Errorf("Parse(%q) = %s, want %s", c.in, got, c.want)
			}
			for _, locale := range []string{"fr", "en"} {
				again, err := Parse(q.Format(locale))
				if diff := cmp.Diff(q, again); err != nil || diff != "" {
					t.Errorf("%s does not read back: %v %s", q.Format(locale), err, diff)
				}
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, key string
		at            int
		mend          string
	}{
		{"a bracket not closed", "(caisse OR vol", "query.error.open", 14, "(caisse OR vol)"},
		{"two brackets not closed", "((caisse", "query.error.open", 8, "((caisse))"},
		{"a bracket that opens nothing", "caisse (", "query.error.open", 7, "caisse "},
		{"a bracket too many", "caisse) vol", "query.error.close", 6, "caisse vol"},
		{"brackets around nothing", "caisse ()", "query.error.empty", 7, "caisse "},
		{"a quote not closed", `caisse "de la`, "query.error.quote", 7, `caisse "de la"`},
		{"a French quote not closed", "« caisse", "query.error.quote", 0, "« caisse\u00a0»"},
		{"an operator at the end", "caisse AND", "query.error.after", 7, "caisse "},
		{"an operator at the beginning", "OR caisse", "query.error.before", 0, " caisse"},
		{"two operators", "caisse AND OR vol", "query.error.twice", 11, "caisse AND  vol"},
		{"an operator in brackets", "(caisse OU) vol", "query.error.after", 8, "(caisse ) vol"},
		{"an unknown field near a known one", "titel:caisse", "query.error.field", 0, "title:caisse"},
		{"an unknown field", "Urgent:caisse", "query.error.field", 0, "Urgent caisse"},
		{"a field without a value", "caisse title:", "query.error.value", 7, "caisse "},
		{"a star inside a word", "un*fié", "query.error.star", 2, "un*"},
		{"a star before a word", "*caisse", "query.error.star", 0, "caisse"},
		{"a star after one letter", "a*", "query.error.short", 1, "a"},
		{"an unknown language", "lang:de", "query.error.lang", 5, "lang:fr"},
		{"an unknown tier", "tier:9", "query.error.tier", 5, "tier:1-4"},
		{"a date the other way round", "after:1/11/2026", "query.error.day", 6, "after:2026-11-01"},
		{"a date that is none", "after:hier", "query.error.day", 6, ""},
		{"two mistakes at once", `(caisse AND "vol`, "query.error.quote", 12, `(caisse AND "vol")`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.in)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, veille.ErrInvalid) {
				t.Fatalf("Parse(%q): %v is no query error", c.in, err)
			}
			if says, ok := veille.SaysOf(err); !ok || says.Key != c.key || e.At != c.at || e.Mend != c.mend {
				t.Errorf("Parse(%q): %s at %d, mend %q; want %s at %d, mend %q",
					c.in, says.Key, e.At, e.Mend, c.key, c.at, c.mend)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, key string }{
		{"too long", strings.Repeat("caisse ", 2000), "query.error.long"},
		{"too deep", strings.Repeat("(", 70) + "caisse" + strings.Repeat(")", 70), "query.error.deep"},
		{"too deep in exclusions", strings.Repeat("NOT ", 70) + "caisse", "query.error.deep"},
		{"too many words", strings.Repeat("vol OR ", 1000) + "vol", "query.error.many"},
		{"too long a phrase", `"` + strings.Repeat("vol ", 65) + `"`, "query.error.phrase"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.in)
			if says, _ := veille.SaysOf(err); says.Key != c.key {
				t.Errorf("%v, want %s", err, c.key)
			}
		})
	}
}

func TestPositive(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"caisse": true, "-caisse": false, "caisse -vol": true, "caisse OR -vol": false,
		"lang:fr": false, "source:Voix": true, "lang:fr caisse": true, "": false, "-(-caisse vol)": false,
	} {
		q, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := Positive(q); got != want {
			t.Errorf("Positive(%s) = %v", in, got)
		}
	}
}

func TestExceptShowsWhatAnExclusionMakes(t *testing.T) {
	t.Parallel()
	q, _ := Parse("caisse OR banque")
	no, _ := Parse(`"caisse de son"`)
	if got := Except(q, no).String(); got != `(caisse OR banque) -"caisse de son"` {
		t.Error(got)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	q, err := Parse(`caisse (vol OR "fonds perdus") -(title:sport lang:en) after:2026-11-01`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{
		{0, veille.Say("query.says.word", "text", "caisse")},
		{0, veille.Say("query.says.any", "words", `vol, "fonds perdus"`)},
		{0, veille.Say("query.says.all_of.not")},
		{1, veille.Say("query.says.title", "text", "sport")},
		{1, veille.Say("query.says.lang.en")},
		{0, veille.Say("query.says.after", "day_date", "2026-11-01T00:00:00Z")},
	}
	if diff := cmp.Diff(want, Explain(q)); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`titre:(caisse OU "banque x"*) -vol ET (a1 b1)~3 source:la* langue:fr palier:1-2 apres:2026-11`,
		`"a b"~5 «d’où S.Q.» -(-x) NOT lang:other before:2026/1/2 "a*b" "a" ~ | ||`,
		"(caisse OR", `"`, ")", "a:b:c", "*a*", "-", "title:", "\xff(\"", "/(a+)+$/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.At < 0 || e.At > len(s) {
				t.Fatalf("bad error %#v", err)
			}
			if e.Mend != "" {
				if _, err := Parse(e.Mend); err != nil {
					t.Fatalf("the mend %q of %q: %v", e.Mend, s, err)
				}
			}
			return
		}
		Explain(q)
		for _, locale := range []string{"fr", "en"} {
			again, err := Parse(q.Format(locale))
			if err != nil && len(q.Format(locale)) > MaxBytes {
				continue
			}
			if diff := cmp.Diff(q, again); err != nil || diff != "" {
				t.Fatalf("%q prints as %q, which reads %v %s", s, q.Format(locale), err, diff)
			}
		}
	})
}
