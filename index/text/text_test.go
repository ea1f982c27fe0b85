package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func exacts(s string) string {
	var out []string
	for _, t := range Tokens("", s) {
		out = append(out, t.Exact)
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"accents and capitals fold", "Québec ÉTÉ cœur Œuvre", "quebec ete coeur oeuvre"},
		{"a decomposed accent folds like a composed one", "Que\u0301bec", "quebec"},
		{"elisions drop, with either apostrophe", "l'eau ç’a L’Hôpital d’Amos qu'il Qu’elle jusqu'à", "eau a hopital amos il elle a"},
		{"two elisions drop", "qu'aujourd'hui", "aujourd'hui"},
		{"words with an inner apostrophe stay whole", "aujourd’hui quelqu'un O’Brien", "aujourd'hui quelqu'un o'brien"},
		{"a possessive drops", "the branch's members' McDonald’s", "the branch members mcdonald"},
		{"hyphens cut", "Saint-Rémi a-t-il", "saint remi a t il"},
		{"decimals are one word, comma or point", "1,5 % et 97.3 FM", "1.5 et 97.3 fm"},
		{"a comma after a number is no decimal", "en 2026, 12 personnes", "en 2026 12 personnes"},
		{"acronyms close up", "la S.Q. et les É.-U.", "la sq et les e u"},
		{"an initial is no acronym", "M.Tremblay et J. Roy", "m tremblay et j roy"},
		{"what is invisible is ignored", "co\u00adopé\u200brative", "cooperative"},
		{"quotes are no words", "« caisse » “pop” 'x'", "caisse pop x"},
		{"numbers glued to letters stay", "15M$ 2e 18h30 covid-19", "15m 2e 18h30 covid 19"},
		{"other scripts are words", "Москва 東京", "москва 東京"},
		{"nothing is nothing", " … —  ", ""},
		{"an apostrophe alone is nothing", "l' d’ '", "l d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := exacts(c.in); got != c.want {
				t.Errorf("Tokens(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestTokenOffsets(t *testing.T) {
	t.Parallel()
	s := "À l’Hôpital Saint-Rémi, 1,5 M$"
	var got []string
	for i, tok := range Tokens("fr", s) {
		if tok.Pos != i {
			t.Errorf("token %d has position %d", i, tok.Pos)
		}
		got = append(got, s[tok.Start:tok.End])
	}
	if diff := cmp.Diff([]string{"À", "Hôpital", "Saint", "Rémi", "1,5", "M"}, got); diff != "" {
		t.Error(diff)
	}
}

//nolint:misspell // French
func TestStem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		same bool
		a, b string
	}{
		{"fr", true, "caisses", "caisse"},
		{"fr", true, "comptoirs", "comptoir"},
		{"fr", true, "journaux", "journal"},
		{"fr", true, "travaux", "travail"},
		{"fr", true, "bureaux", "bureau"},
		{"fr", true, "noyaux", "noyau"},
		{"fr", true, "nationales", "nationaux"},
		{"fr", true, "employees", "employe"},
		{"fr", true, "fermee", "fermes"},
		{"fr", true, "clientes", "client"},
		{"fr", true, "actives", "actif"},
		{"fr", true, "serieuse", "serieux"},
		{"fr", true, "quebecoises", "quebecois"},
		{"fr", true, "premieres", "premier"},
		{"fr", true, "canadienne", "canadiens"},
		{"fr", true, "officielles", "officiel"},
		{"fr", true, "emplois", "emploi"},
		{"fr", true, "lois", "loi"},
		{"fr", false, "ferme", "fermer"},
		{"fr", false, "ferme", "fermeture"},
		{"fr", false, "fermer", "fermeture"},
		{"fr", false, "annee", "anne"},
		{"fr", false, "national", "nation"},
		{"fr", false, "andree", "andre"},
		{"fr", false, "louise", "louis"},
		{"fr", false, "francoise", "francois"},
		{"fr", false, "mais", "mai"},
		{"fr", false, "porte", "port"},
		{"fr", false, "banque", "banc"},
		{"fr", false, "entree", "entre"},
		{"fr", false, "taux", "tau"},
		{"en", true, "branches", "branch"},
		{"en", true, "companies", "company"},
		{"en", true, "movies", "movie"},
		{"en", true, "unions", "union"},
		{"en", true, "taxes", "tax"},
		{"en", false, "parties", "part"},
		{"en", false, "counties", "count"},
		{"en", false, "status", "statu"},
		{"en", false, "closed", "closing"},
		{"", true, "caisses", "caisse"},
		{"", true, "unions", "union"},
		{"", false, "class", "clas"},
	} {
		if got := Stem(c.lang, c.a) == Stem(c.lang, c.b); got != c.same {
			t.Errorf("%s: %s → %s, %s → %s: same is %v, want %v",
				c.lang, c.a, Stem(c.lang, c.a), c.b, Stem(c.lang, c.b), got, c.same)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"full stops end", "Un fait. Un autre ! Et ?", []string{"Un fait.", "Un autre !", "Et ?"}},
		{"abbreviations and initials do not", "M. Roy et Mme. Côté. J. Roy aussi.", []string{"M. Roy et Mme. Côté.", "J. Roy aussi."}},
		{"decimals do not", "Un taux de 3.5 pour cent. Fin.", []string{"Un taux de 3.5 pour cent.", "Fin."}},
		{"closing quotes belong", "« On ferme. » Puis rien.", []string{"« On ferme. »", "Puis rien."}},
		{"no-break spaces before a quote too", "«\u00a0On ferme.\u00a0» Puis rien.", []string{"«\u00a0On ferme.\u00a0»", "Puis rien."}},
		{"a line break ends", "Un titre\nUn texte.", []string{"Un titre", "Un texte."}},
		{"a small letter goes on", "L'ex. suivant. fin", []string{"L'ex. suivant. fin"}},
		{"a number sign before a digit goes on", "Voir no. 12. Le vol. Il dort.", []string{"Voir no. 12.", "Le vol.", "Il dort."}},
		{"a space after the last full stop is nothing", "Fin. ", []string{"Fin."}},
		{"nothing is nothing", " \n ", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range Sentences(c.in) {
				got = append(got, c.in[r[0]:r[1]])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

//nolint:misspell // French
func FuzzTokens(f *testing.F) {
	f.Add("L’Hôpital Saint-Rémi, 1,5 M$ d'l'eau qu'S.Q. O'Brien's \u00ad\u0301é")
	f.Add("locaux locale travaux details noyaux actifs fermees serieuses premieres clientes canadiennes officielles")
	f.Add("companies company boxes branches headaches sizes tomatoes movies bus quebecoises feux bateaux genoux")
	f.Add("\xff\xfea.b.c '’s s's ''s")
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, lang := range []string{"fr", "en", ""} {
			end = 0
			for i, tok := range Tokens(lang, s) {
				if tok.Exact == "" || tok.Pos != i || tok.Start < end || tok.End <= tok.Start || tok.End > len(s) {
					t.Fatalf("bad token %+v", tok)
				}
				if !strings.HasPrefix(tok.Exact, Root(tok.Term)) || Stem(lang, tok.Exact) != tok.Term {
					t.Fatalf("stem %q of %q", tok.Term, tok.Exact)
				}
				if !slices.Contains(Forms(lang, tok.Term), tok.Exact) {
					t.Fatalf("%s: %q is no form of %q", lang, tok.Exact, tok.Term)
				}
				end = tok.End
			}
		}
		last := 0
		for _, r := range Sentences(s) {
			if r[0] < last || r[1] <= r[0] || r[1] > len(s) {
				t.Fatalf("bad sentence %v", r)
			}
			last = r[1]
		}
		if utf8.ValidString(s) && !utf8.ValidString(Fold(s)) {
			t.Fatal("fold broke the text")
		}
	})
}

// A word folded once is a word by itself.
func FuzzTokensAgain(f *testing.F) {
	f.Add("Aujourd’hui O'Brien's 97,3 S.Q. Œuvre ﬁn")
	f.Fuzz(func(t *testing.T, s string) {
		for _, tok := range Tokens("", s) {
			again := Tokens("", tok.Exact)
			if len(tok.Exact) < 100 && !strings.Contains(tok.Exact, "'") && (len(again) != 1 || again[0].Exact != tok.Exact) {
				t.Fatalf("%q cuts again into %v", tok.Exact, again)
			}
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	s := strings.Repeat("La caisse de la Rivière a annoncé lundi la fermeture de ses comptoirs, à l’étonnement des membres. ", 30)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	var buf []Token
	for b.Loop() {
		buf = AppendTokens(buf[:0], "fr", s)
	}
}
