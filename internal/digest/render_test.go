package digest_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"veilleur/internal/digest"
	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t *testing.T, in digest.Input, locale string) digest.Rendered {
	t.Helper()
	r, err := digest.Render(digest.Compose(in, monday), i18n.For(locale))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]digest.Input{"calm": full(), "crisis": crisis(), "nothing": {Branch: branch, BaseURL: "https://veilleur.example"}} {
		for _, locale := range []string{"fr", "en"} {
			t.Run(name+" "+locale, func(t *testing.T) {
				t.Parallel()
				r := render(t, in, locale)
				golden(t, name+"-"+locale+".txt", "Subject: "+r.Subject+"\n\n"+r.Text)
				golden(t, name+"-"+locale+".html", r.HTML)
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestTheMailIsSmallAndFetchesNothing(t *testing.T) {
	t.Parallel()
	r := render(t, crisis(), "fr")
	if len(r.HTML) > 100<<10 {
		t.Errorf("%d bytes", len(r.HTML))
	}
	for _, bad := range []string{"<img", "<link", "<script", "url(", "@import", "cid:"} {
		if strings.Contains(r.HTML, bad) {
			t.Errorf("the mail holds %s", bad)
		}
	}
	if !strings.Contains(r.HTML, "prefers-color-scheme: dark") || !strings.Contains(r.HTML, "background:#1f3a56") {
		t.Error("the CSS is not inlined, or its dark half is lost")
	}
}

// A missing key prints itself, and every key has a dot inside a word.
func TestEveryTextIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(digest|crisis)\.[a-z_]+`)
	in := crisis()
	more := []digest.Input{in, full(), {Branch: branch}, {Branch: branch, Sources: []veille.Source{{State: veille.SourceActive, CreatedAt: monday}}}}
	stale := full()
	stale.Sources = []veille.Source{source("A", -30, 0)}
	for n := 1; n <= 4; n++ {
		for day := range 2 {
			each := digest.Input{Branch: branch}
			for range n {
				each.Sources = append(each.Sources, mute("A", -90), source("B", -6.5-24*float64(day), 4))
			}
			more = append(more, each)
		}
	}
	more = append(more, digest.Input{Branch: branch, Sources: []veille.Source{{State: veille.SourcePaused}}})
	for _, change := range []func(*digest.Goal){
		func(g *digest.Goal) { g.Reached = true }, func(g *digest.Goal) { g.Over = true }, func(g *digest.Goal) { g.Short = true },
	} {
		each := stale
		each.Goals = []digest.Goal{stale.Goals[0]}
		change(&each.Goals[0])
		more = append(more, each)
	}
	for _, state := range []veille.PostState{veille.PostUnknown, veille.PostFailed, veille.PostHeld, veille.PostAwaiting, veille.PostScheduled} {
		for n := range 2 {
			each := digest.Input{Branch: branch, Channels: in.Channels, Stories: []digest.Story{story("s", "x", 1, 0.5, "bravo"), story("t", "x", 1, -0.5)}, Entries: 5 * n}
			for range n + 1 {
				each.Posts = append(each.Posts, veille.Post{State: state, ChannelID: "fb", Title: "Titre", At: monday})
			}
			more = append(more, each)
		}
	}
	for _, locale := range i18n.Locales() {
		for _, in := range more {
			r := render(t, in, locale)
			if found := key.FindString(r.Subject + r.Text + r.HTML); found != "" {
				t.Errorf("%s: %s is not said", locale, found)
			}
			if strings.Contains(r.Text, "{") || strings.Contains(r.Text, "  ") {
				t.Errorf("%s: a hole in\n%s", locale, r.Text)
			}
		}
	}
}

func TestMarkupInTextsStaysText(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>`, `{{.}} ${7*7}`, "<a href=\"javascript:alert(1)\">x", "a\r\nBcc: x@evil.example", "a\u2028b", "]]><svg onload=alert(1)>",
	} {
		in := crisis()
		in.Branch.Name, in.Branch.Address = bad, bad
		in.Incidents[1].Title = bad
		in.Stories = []digest.Story{story("s", bad, 3, -0.4, bad)}
		in.Sources = append(in.Sources, mute(bad, -90), source(bad, -10, 4))
		in.Posts[0].Title = bad
		in.Ideas[0].Title = veille.Say("digest.own", "text", bad)
		r := render(t, in, "fr")
		if strings.ContainsAny(r.Subject, "\r\n\u2028") {
			t.Errorf("the subject of %q breaks its line: %q", bad, r.Subject)
		}
		for line := range strings.SplitSeq(r.Text, "\n") {
			if strings.HasPrefix(line, "Bcc:") {
				t.Errorf("%q makes a line of its own", bad)
			}
		}
		if danger := dangers(t, r.HTML); len(danger) > 0 {
			t.Errorf("%q becomes %v", bad, danger)
		}
	}
}

// dangers gives the nodes and attributes no mail may hold.
func dangers(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		switch n.Data {
		case "script", "img", "svg", "iframe", "object", "form":
			if n.Type == html.ElementNode {
				out = append(out, n.Data)
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "https://veilleur.example") {
				out = append(out, a.Key+"="+a.Val)
			}
		}
	}
	return out
}

func TestBothPartsSayTheSame(t *testing.T) {
	t.Parallel()
	r := render(t, crisis(), "fr")
	root, err := html.Parse(strings.NewReader(r.HTML))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "h3" && n.Data != "a" {
			continue
		}
		said := n.FirstChild.Data
		if !strings.Contains(r.Text, said) {
			t.Errorf("the text lacks %q", said)
		}
	}
}

func TestTheFootSaysWhoWhyAndHowToStop(t *testing.T) {
	t.Parallel()
	r := render(t, full(), "fr")
	for _, want := range []string{"Caisse de la Rivière, 12, rue du Quai, Saint-Rémi", "/reglages/courriel", "/desabonnement?u=u&s=abc", "178 sur 200 abonnés", "39 de vos 41 sources vont bien, la dernière lue à 6\u00a0h\u00a052. Muette\u00a0: Écho du Piémont depuis 4 jours. À réparer\u00a0: Radio 101 depuis hier.", "20 articles en 3 nouvelles, 64 dans le reste de la veille"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, r.Text)
		}
	}
}

func TestHoursAreThoseOfHerZone(t *testing.T) {
	t.Parallel()
	in := full()
	in.Person.Digest.Zone = "America/Vancouver"
	in.Free = []time.Time{after(5.2)}
	if r := render(t, in, "fr"); !strings.Contains(r.Text, "Lundi 9") {
		t.Errorf("17 h 04 UTC is not 9 h 04 in Vancouver:\n%s", r.Text)
	}
}
