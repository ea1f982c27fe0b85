package demo

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// start is any instant: a winter Friday evening in Québec.
var start = time.Date(2027, 2, 5, 23, 40, 12, 0, time.UTC)

// webAt is the web of a demo begun at start, seen after a while.
func webAt(t *testing.T, after time.Duration) *Web {
	t.Helper()
	w, err := NewWeb(start)
	if err != nil {
		t.Fatal(err)
	}
	w.now = func() time.Time { return start.Add(after) }
	return w
}

func TestNewsIsBroadEnough(t *testing.T) {
	t.Parallel()
	as := webAt(t, 0).Articles(start)
	media, langs, original := map[string]int{}, map[string]int{}, 0
	for _, a := range as {
		media[a.Medium.Name]++
		langs[a.Medium.Lang]++
		if a.CopyOf == "" {
			original++
		}
		if age := start.Sub(a.At); age < 0 || age > 42*24*time.Hour+24*time.Hour {
			t.Errorf("%s is published %v before the start", a.Path(), age)
		}
	}
	t.Logf("%d articles, %d original, by language %v, by medium %v", len(as), original, langs, media)
	if len(media) < 10 || len(as) < 320 || original < 280 {
		t.Errorf("%d media, %d articles, %d original: want 10, 320, 280", len(media), len(as), original)
	}
	if share := float64(langs["en"]) / float64(len(as)); share < .2 || share > .3 {
		t.Errorf("English share %.2f: want about a quarter", share)
	}
	if oldest := as[len(as)-1]; start.Sub(oldest.At) < 40*24*time.Hour {
		t.Errorf("oldest article is of %v: want six weeks", oldest.At)
	}
}

func TestCrisisIsToldByManyVoicesAndGrows(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	n, presses, langs := aboutCrisis(w.Articles(start))
	if n < 7 || n > 10 || len(presses) < 4 || len(langs) != 2 {
		t.Errorf("at the start: %d articles, presses %v, languages %v", n, presses, langs)
	}
	if later, _, _ := aboutCrisis(w.Articles(start.Add(Loop))); later < n+5 {
		t.Errorf("%d articles on the crisis after %v: want 5 more than %d", later, Loop, n)
	}
	for _, a := range w.Articles(start) {
		if a.Crisis {
			if age := start.Sub(a.At); age > time.Hour {
				t.Errorf("latest of the crisis is %v old", age)
			}
			return // newest first
		}
	}
}

func aboutCrisis(as []Article) (n int, presses, langs map[string]bool) {
	presses, langs = map[string]bool{}, map[string]bool{}
	for _, a := range as {
		if a.Crisis {
			n++
			presses[a.Medium.Press()], langs[a.Medium.Lang] = true, true
		}
	}
	return n, presses, langs
}

func TestNewsComesInWhileOneLooksOn(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	last := start
	all := w.Articles(start.Add(Loop))
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		if !a.Live {
			continue
		}
		if gap := a.At.Sub(last); gap < 20*time.Second || gap > 40*time.Second {
			t.Errorf("%s comes %v after the one before", a.Path(), gap)
		}
		last = a.At
	}
	if got := len(w.articles) - len(all); got != 0 {
		t.Errorf("%d articles come after Loop", got)
	}
}

func TestSyndicatedReleaseIsOnSixSites(t *testing.T) {
	t.Parallel()
	sites := map[string]bool{}
	for _, a := range webAt(t, 0).Articles(start) {
		if strings.Contains(a.Title, "regroupe ses centres d’appels") {
			sites[a.Medium.Key] = true
		}
	}
	if len(sites) != 6 {
		t.Errorf("release on %v: want six sites", sites)
	}
}

func TestTextsKeepToTheirRules(t *testing.T) {
	t.Parallel()
	// What would give away the day it was written on, or is not typeset.
	dated := regexp.MustCompile(`(?i)\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|avril|juin|juillet|septembre|octobre|novembre|décembre|monday|tuesday|wednesday|thursday|friday|saturday|sunday|20[0-9][0-9])\b`)
	unset := regexp.MustCompile(`'|"| [:;?!»]|« |\.\.\.|[0-9] [%$]`)
	seen := map[string]string{}
	for _, a := range webAt(t, 0).articles {
		text := a.Title + "\n" + a.plain()
		if at := dated.FindString(text); at != "" {
			t.Errorf("%s: dated by %q", a.Path(), at)
		}
		if at := unset.FindString(text); at != "" {
			t.Errorf("%s: typography at %q", a.Path(), at)
		}
		if n := len(a.plain()); n < 60 || n > 1200 {
			t.Errorf("%s: %d bytes of text", a.Path(), n)
		}
		if a.CopyOf != "" {
			continue
		}
		if other, ok := seen[a.plain()]; ok {
			t.Errorf("%s says the same as %s", a.Path(), other)
		}
		seen[a.plain()] = a.Path()
	}
}

// real are names no text may hold: this world is invented.
var real = []string{
	"Desjardins", "Banque Nationale", "Royal Bank", "Banque Royale", "Laurentian Bank", "Banque Laurentienne",
	"Scotiabank", "Toronto-Dominion", "Banque de Montréal", "Bank of Montreal", "Bank of Canada", "Banque du Canada",
	"Tangerine", "Radio-Canada", "La Presse", "Le Devoir", "Le Soleil", "Le Droit", "La Tribune", "Le Nouvelliste",
	"Journal de Montréal", "Journal de Québec", "The Gazette", "TVA Nouvelles", "Globe and Mail", "Toronto Star",
	"National Post", "Canadian Press", "La Presse canadienne", "Les Affaires", "Noovo Info", "Québecor",
	"François Legault", "Justin Trudeau", "Mark Carney", "Valérie Plante", "Bruno Marchand", "Paul St-Pierre",
	"Éric Girard", "Christine Fréchette", "Pierre Poilievre", "Guy Cormier", "Régis Labeaume",
}

func TestNoRealNameAppears(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := content.ReadFile(name)
		if err != nil {
			return err
		}
		if n := strings.Count(string(b), "\n"); n >= 600 {
			t.Errorf("%s has %d lines: split it", name, n)
		}
		text := strings.Join(strings.Fields(string(b)), " ")
		for _, r := range real {
			if strings.Contains(text, r) {
				t.Errorf("%s names %q", name, r)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSameStartGivesSameArticles(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(webAt(t, 0).articles, webAt(t, 0).articles); diff != "" {
		t.Error(diff)
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2027, 3, 20, 0, 30, 0, 0, loc)
	for _, tc := range []struct{ name, in, want string }{
		{"an age counts from the start", "-30h", "2027-03-18T18:30:00-04:00"},
		{"a plus comes after the start", "+25s", "2027-03-20T00:30:25-04:00"},
		{"a day before keeps its hour", "1 23:59", "2027-03-19T23:59:00-04:00"},
		{"the hour holds across a change of clocks", "12 14:30", "2027-03-08T14:30:00-05:00"},
		{"today is refused, as it may lie ahead", "0 14:30", ""},
		{"a date is refused", "2027-01-02", ""},
	} {
		got, err := moment(tc.in, from)
		if (err != nil) != (tc.want == "") || err == nil && got.Format(time.RFC3339) != tc.want {
			t.Errorf("%s: %v, %v", tc.name, got, err)
		}
	}
}

func TestReprint(t *testing.T) {
	t.Parallel()
	text := []string{"Un pont. Il est neuf. On y passe."}
	for i, want := range []string{text[0], "Un pont. Il est neuf.", "PORT-LANTHIER – " + text[0]} {
		if got := reprint(text, i)[0]; got != want {
			t.Errorf("copy %d: %q, want %q", i, got, want)
		}
	}
	if got := reprint([]string{"Une phrase."}, 1)[0]; got != "Une phrase." {
		t.Errorf("a copy of one sentence is %q", got)
	}
}
