package i18n

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

// sample makes a printer from texts written in the test.
func sample(locale string, texts map[string]string) *Printer {
	base, err := read(locales, locale)
	if err != nil {
		panic(err)
	}
	for k, v := range texts {
		base[k] = v
	}
	return &Printer{locale: locale, texts: compile(locale, base)}
}

func TestTextsAreFilled(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 6, 52, 0, 0, time.UTC)
	fr := sample("fr", map[string]string{
		"plain": "Bonjour", "named": "Bonjour {name}!", "twice": "{a}{b}{a}", "brace": "{Not} {} {a",
		"n": "{x}", "when": "{opened_at}", "day": "{due_date}", "key": "{level_key}",
		"one.one": "{n} article", "one.other": "{n} articles",
	})
	en := sample("en", map[string]string{"one.one": "{n} article", "one.other": "{n} articles"})
	cases := []struct {
		name, got, want string
	}{
		{"a text without placeholders prints itself", fr.T("plain"), "Bonjour"},
		{"a missing key prints itself", fr.T("no.such.key"), "no.such.key"},
		{"a name takes its value", fr.T("named", "name", "Ana"), "Bonjour Ana!"},
		{"a value may stand twice", fr.T("twice", "a", "x", "b", "y"), "xyx"},
		{"a missing value prints nothing", fr.T("named"), "Bonjour !"},
		{"a brace that names nothing is text", fr.T("brace"), "{Not} {} {a"},
		{"a number is printed as a number", fr.T("n", "x", 63206), "63\u00a0206"},
		{"a typed number too", fr.T("n", "x", veille.Minutes(10)), "10"},
		{"a typed string is printed", fr.T("n", "x", veille.LevelWatch), "watch"},
		{"a boolean is a word", fr.T("n", "x", true), "oui"},
		{"a list is an enumeration", fr.T("n", "x", []string{"a", "b", "c"}), "a, b et c"},
		{"a sentence is said", fr.T("n", "x", veille.Say("plain")), "Bonjour"},
		{"a missing sentence is nothing", fr.T("n", "x", (*veille.Sentence)(nil)), ""},
		{"a time is a date and an hour", fr.T("when", "opened_at", at), "23 novembre 2026 à 6\u00a0h\u00a052"},
		{"a written time too", fr.T("when", "opened_at", "2026-11-23T06:52:00Z"), "23 novembre 2026 à 6\u00a0h\u00a052"},
		{"under _date it is a day", fr.T("day", "due_date", "2026-11-23T06:52:00Z"), "23 novembre 2026"},
		{"under _key it is another text", fr.T("key", "level_key", "plain"), "Bonjour"},
		{"French counts 0 as one", fr.T("one", "n", 0), "0 article"},
		{"French counts 1,5 as one", fr.T("one", "n", 1.5), "1,5 article"},
		{"French counts 2 as many", fr.T("one", "n", 2), "2 articles"},
		{"English counts 0 as many", en.T("one", "n", 0), "0 articles"},
		{"English counts 1 as one", en.T("one", "n", 1), "1 article"},
		{"without n it is many", en.T("one"), " articles"},
		{"a sentence from JSON counts too", fr.Say(veille.Sentence{Key: "one", Args: map[string]any{"n": 1.0}}), "1 article"},
		{"a quote in French", fr.Quote("oui"), "«\u00a0oui\u00a0»"},
		{"a quote within one in French", fr.Quote("« Le sel » couronné"), "«\u00a0“Le sel” couronné\u00a0»"},
		{"a quote within one in English", en.Quote("“Salt” crowned"), "“‘Salt’ crowned”"},
		{"a quote in English", en.Quote("yes"), "“yes”"},
		{"a list of one", en.List("a"), "a"},
		{"a list of none", en.List(), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLocaleIsFrenchUnlessEnglish(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"": "fr", "fr-CA": "fr", "es": "fr", "en": "en", "en-CA": "en"} {
		if got := For(locale).Locale(); got != want {
			t.Errorf("For(%q): %s, want %s", locale, got, want)
		}
	}
	if got := For("en").Lang(); got != "en-CA" {
		t.Errorf("Lang: %s", got)
	}
}

func TestTypography(t *testing.T) {
	t.Parallel()
	got := typeset("fr", "Trop tard ! L'avez-vous lu ? « Oui » : 5 % de 10 $...")
	want := "Trop tard! L’avez-vous lu? «\u00a0Oui\u00a0»\u00a0: 5\u00a0% de 10\u00a0$…"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestACatalogMayNotSayAKeyTwice(t *testing.T) {
	t.Parallel()
	web := fstest.MapFS{
		"locales/fr/a.yaml": {Data: []byte("k: un")},
		"locales/fr/b.yaml": {Data: []byte("k: deux")},
	}
	if _, err := read(web, "fr"); err == nil {
		t.Error("a key in two files passed")
	}
	broken := fstest.MapFS{"locales/fr/a.yaml": {Data: []byte("k: [")}}
	if _, err := read(broken, "fr"); err == nil {
		t.Error("a broken file passed")
	}
}

func BenchmarkT(b *testing.B) {
	p := For("fr")
	for b.Loop() {
		p.T("i18n.days_ago", "n", 3)
	}
}
