package press

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestAnAgencyIsKnownByItsSignature(t *testing.T) {
	t.Parallel()
	const body = "Le conseil a voté mardi la fermeture du comptoir. Les membres se disent déçus de la décision, annoncée par la poste."
	const wire = "La Presse Canadienne"
	for name, c := range map[string]struct{ medium, author, text, want string }{
		"by its author":                  {"L’Hebdo", "La Presse Canadienne", body, wire},
		"by a person and her agency":     {"L’Hebdo", "Ana Exemple, La Presse canadienne", body, wire},
		"by its short name":              {"L’Hebdo", "AFP", body, "Agence France-Presse"},
		"in English, under one name":     {"The Weekly", "The Canadian Press", body, wire},
		"as the medium itself":           {"Reuters", "", body, "Reuters"},
		"in the opening":                 {"L’Hebdo", "", "MONTRÉAL (La Presse Canadienne) — " + body, wire},
		"between slashes":                {"L’Hebdo", "", "QUÉBEC, le 24 nov. 2026 /CNW/ - " + body, "CNW"},
		"between dashes":                 {"L’Hebdo", "", "OTTAWA — La Presse Canadienne — " + body, wire},
		"on the last line":               {"L’Hebdo", "", body + "\n— La Presse Canadienne", wire},
		"between brackets at the end":    {"L’Hebdo", "", body + " (AFP)", "Agence France-Presse"},
		"by the formula of the end":      {"The Weekly", "", body + " This report by The Canadian Press was first published Nov. 24, 2026.", wire},
		"not when it only helped":        {"L’Hebdo", "Ana Exemple avec La Presse Canadienne", body, ""},
		"not when the article quotes it": {"L’Hebdo", "Ana Exemple", body + " « Selon La Presse Canadienne, la caisse attend. » Le maire se tait.", ""},
		"not by initials in a sentence":  {"L’Hebdo", "", "Le PC et le CP se disputent le rail. " + body, ""},
		"not a newspaper of that name":   {"La Presse", "La Presse", body, ""},
		"of nothing":                     {"", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Agency(c.medium, c.author, c.text); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func source(id, site, group string) veille.Source {
	return veille.Source{ID: veille.SourceID(id), Kind: veille.SourceFeed, Title: "T" + id, URL: "https://" + site + "/rss", Group: group}
}

func TestKinAreOfOneSiteOrLendToEachOther(t *testing.T) {
	t.Parallel()
	alert := source("alert", "nouvelles.quotidien.ca", "")
	alert.Kind = veille.SourceAlert
	sources := []veille.Source{
		source("a", "www.quotidien.ca", ""), source("b", "sports.quotidien.ca", ""), alert,
		source("c", "hebdo.ca", ""), source("d", "radio.ca", "Groupe Rives"), source("e", "agence.ca", ""), source("f", "seul.ca", ""),
		source("g", "www.youtube.com", ""), source("h", "m.youtube.com", ""), source("i", "127.0.0.1:8080", ""), source("j", "127.0.0.1:8080", ""),
		source("k", "un.blogspot.com", ""), source("l", "deux.blogspot.com", ""),
	}
	repeats := []veille.Repeat{{By: "c", Of: "d", N: 9}, {By: "d", Of: "c", N: 3}, {By: "f", Of: "e", N: 40}, {By: "e", Of: "f", N: 4}, {By: "a", Of: "f", N: 2}, {By: "f", Of: "a", N: 2}}
	want := map[veille.SourceID]string{"a": "quotidien.ca", "b": "quotidien.ca", "c": "Groupe Rives", "d": "Groupe Rives"}
	if d := cmp.Diff(want, Kin(sources, repeats)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[veille.SourceID]string{"c": "Tc", "f": "Tc"}, Kin([]veille.Source{sources[3], sources[6]}, []veille.Repeat{{By: "c", Of: "f", N: 3}, {By: "f", Of: "c", N: 3}})); d != "" {
		t.Error(d)
	}
}

func FuzzAgency(f *testing.F) {
	f.Add("L’Hebdo", "A, AFP", "MONTRÉAL (AFP) — x\n(AFP)")
	f.Add("", "", "/CNW/ — é — \xff")
	f.Fuzz(func(t *testing.T, medium, author, text string) {
		if a := Agency(medium, author, text); !utf8.ValidString(a) || a != Agency(medium, author, text) {
			t.Errorf("%q", a)
		}
	})
}
