package crawler

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

const asHTML = "Content-Type: text/html; charset=utf-8\n"

// notices is a page without a feed, made of blocks.
func notices(blocks ...string) string {
	return asHTML + "\n<html><head><title>Avis publics</title></head><body><nav><a href=\"/\">Accueil</a></nav><main><h1>Avis publics</h1><p>Mis à jour le 24 novembre 2026</p><div class=\"liste\">" +
		strings.Join(blocks, "\n") + "</div></main></body></html>"
}

func notice(n int, title, date string) string {
	return fmt.Sprintf(`<div class="avis"><h3><a href="/avis/%d">%s</a></h3><time>%s</time><p>Il y a %d heures</p></div>`, n, title, date, n)
}

func TestAWatchedPageGivesEachNewBlockOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := notice(1, "Vente pour taxes", "2 novembre 2026"), notice(2, "Fermeture de la rue Principale", "23 novembre 2026")
	w.put("http://ville.test/avis", "ETag: \"1\"\n"+notices(second, first))
	r, err := w.c.Add(t.Context(), veille.Branch{ID: "b"}, w.at("http://ville.test/avis"), AddOptions{Watch: veille.Watch{Item: ".avis"}, Every: 60})
	if err != nil || r.Source.Kind != veille.SourcePage || r.Source.Title != "Avis publics" || len(r.Probed.Sample) != 2 {
		t.Fatalf("Add = %+v, %v", r, err)
	}
	id := r.Source.ID
	w.once(t, false)
	got := w.of(id)
	if len(got) != 2 || got[1].Title != "Fermeture de la rue Principale" || got[1].URL != w.at("http://ville.test/avis/2") || got[1].Published.Format(time.DateOnly) != "2026-11-23" {
		t.Fatalf("entries %+v", got)
	}
	if d := w.source(id).Health.DueAt.Sub(w.now); d < time.Hour {
		t.Errorf("a page is due again in %v, want an hour at least", d)
	}
	w.now = w.now.Add(2 * time.Hour)
	if r := w.once(t, false); r.Unchanged != 1 {
		t.Errorf("the page was not asked conditionally: %+v", r)
	}
	// What surrounds the blocks changes, and a new one comes.
	third := notice(3, "Le comptoir de la caisse ferme", "24 novembre 2026")
	w.put("http://ville.test/avis", "ETag: \"2\"\n"+notices(third, strings.Replace(second, "2 heures", "4 heures", 1), first))
	w.now = w.now.Add(2 * time.Hour)
	if r := w.once(t, false); r.New != 1 || r.Changed != 0 {
		t.Errorf("a new block: %+v", r)
	}
	// The page takes another shape: it is told, and nothing is lost.
	w.put("http://ville.test/avis", asHTML+"\n<html><body><p>Nouveau site</p></body></html>")
	w.now = w.now.Add(2 * time.Hour)
	if r := w.once(t, false); r.Failed != 1 {
		t.Errorf("another shape: %+v", r)
	}
	if p := w.source(id).Health.Problem; p == nil || p.Key != "crawler.watch.nothing" {
		t.Errorf("problem %+v", p)
	}
}

func TestAPageWatchedWholeTellsWhatItAdds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(text string) {
		w.put("http://ville.test/horaire", asHTML+"\n<html><title>Horaire</title><body><main>"+text+"</main></body></html>")
	}
	const base = "<h1>Horaire du comptoir</h1><p>Mis à jour le 24 novembre 2026</p><p>Le comptoir est ouvert du lundi au vendredi.</p>"
	put(base)
	r, err := w.c.Add(t.Context(), veille.Branch{ID: "b"}, w.at("http://ville.test/horaire"), AddOptions{Kind: veille.SourcePage, Every: 60})
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		says, page, title string
		news              int
	}{
		{"the first reading only remembers", base, "", 0},
		{"a date that moves is no change", strings.Replace(base, "24 nov", "25 nov", 1), "", 0},
		{"a sentence that comes is one", base + "<p>Le comptoir fermera le 12 décembre.</p>", "Le comptoir fermera le 12 décembre.", 1},
		{"the same text says nothing again", base + "<p>Le comptoir fermera le 12 décembre.</p>", "", 0},
		{"a sentence that goes is told", strings.Replace(base, "<p>Le comptoir est ouvert du lundi au vendredi.</p>", "<p>Le comptoir fermera le 12 décembre.</p>", 1), "− Le comptoir est ouvert du lundi au vendredi.", 1},
	}
	for _, step := range steps {
		put(step.page)
		if got := w.once(t, false); got.New != step.news || got.Failed != 0 {
			t.Errorf("%s: %+v", step.says, got)
		}
		if all := w.of(r.Source.ID); step.title != "" && (len(all) == 0 || all[len(all)-1].Title != step.title) {
			t.Errorf("%s: %+v", step.says, all)
		}
		w.now = w.now.Add(2 * time.Hour)
	}
	// What was stored comes again under the same id: a crash before the end of
	// a fetch tells it once.
	s := w.source(r.Source.ID)
	s.Health.Seen, s.Health.DueAt = pack([]string{"Horaire du comptoir"}), w.now
	w.sources[s.ID] = s
	put(base + "<p>Le comptoir fermera le 12 décembre.</p>")
	before := len(w.of(s.ID))
	w.once(t, false)
	if after := len(w.of(s.ID)); after != before {
		t.Errorf("the same text made %d entries", after-before)
	}
}

func TestARobotsFileKeepsAPageFromBeingWatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.web.pages["/robots.txt"] = "Content-Type: text/plain\n\nUser-agent: *\nDisallow: /ville.test/\n"
	w.put("http://ville.test/avis", notices(notice(1, "Vente pour taxes", "")))
	if _, err := w.c.Add(t.Context(), veille.Branch{ID: "b"}, w.at("http://ville.test/avis"), AddOptions{Kind: veille.SourcePage}); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("Add = %v, want ErrDenied", err)
	}
	s := w.add("ville", "http://ville.test/avis")
	s.Kind = veille.SourcePage
	w.sources[s.ID] = s
	w.once(t, false)
	if p := w.source("ville").Health.Problem; p == nil || p.Key != "crawler.fetch.robots" {
		t.Errorf("problem %+v", p)
	}
	if n := w.count("http://ville.test/avis"); n != 0 {
		t.Errorf("the page was fetched %d times", n)
	}
}

func TestASurveyListsAllThatCanBeFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("http://blogue.test/", asHTML+`
<html><head><title>Le Blogue</title><meta name="generator" content="WordPress 6.8">
<link rel="alternate" type="application/rss+xml" title="Le Blogue » Flux des commentaires" href="/commentaires.xml">
<link rel="alternate" type="application/rss+xml" title="Le Blogue » Flux" href="/flux.xml">
<link rel="alternate" type="application/feed+json" title="JSON" href="/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">
<link rel="alternate" type="application/rss+xml" title="Perdu" href="/perdu.xml"></head>
<body><main><ul class="billets"><li><a href="/1">Le comptoir ferme ses portes</a></li><li><a href="/2">Une bourse pour les étudiants</a></li><li><a href="/3">La caisse rénove son siège</a></li></ul></main></body></html>`)
	w.put("http://blogue.test/flux.xml", "Content-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>Le Blogue</title><item><title>Un billet</title><link>https://blogue.test/1</link><pubDate>Mon, 23 Nov 2026 08:00:00 -0500</pubDate></item></channel></rss>")
	w.put("http://blogue.test/commentaires.xml", "Content-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>Commentaires pour Le Blogue</title><item><title>Par : Ana</title><description>Bravo</description></item></channel></rss>")
	w.put("http://blogue.test/feed.json", "Content-Type: application/feed+json\n\n"+`{"version":"https://jsonfeed.org/version/1.1","title":"Le Blogue (JSON)","items":[{"id":"1","title":"Un billet","url":"https://blogue.test/1"}]}`)
	got, err := w.c.Survey(t.Context(), w.at("http://blogue.test/"))
	if err != nil {
		t.Fatal(err)
	}
	type line struct{ Found, Kind, Title, First string }
	var lines []line
	for _, o := range got {
		first := ""
		if len(o.Titles) > 0 {
			first = o.Titles[0]
		}
		lines = append(lines, line{o.Found, string(o.Kind), o.Title, first})
	}
	want := []line{
		{"announced", "feed", "Le Blogue", "Un billet"},
		{"announced", "feed", "Le Blogue (JSON)", "Un billet"},
		{"announced", "comments", "Commentaires pour Le Blogue", "Par : Ana"},
		{"page", "page", "Le Blogue", "Le comptoir ferme ses portes"},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("offers (-want +got):\n%s", diff)
	}
	if p := got[len(got)-1]; len(p.Blocks) == 0 || p.Blocks[0].Titles[2] != "La caisse rénove son siège" {
		t.Errorf("blocks %+v", p.Blocks)
	}
	added, err := w.c.Add(t.Context(), veille.Branch{ID: "b"}, w.at("http://blogue.test/commentaires.xml"), AddOptions{})
	if err != nil || added.Source.Kind != veille.SourceComments || added.Source.Tier != 4 {
		t.Errorf("a feed of comments: %+v, %v", added.Source, err)
	}
}

func TestASurveyOfOtherAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("http://social.test/@ana.rss", "Content-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>Ana</title><item><guid>1</guid><description>Bonjour</description></item></channel></rss>")
	w.put("http://ailleurs.test/", asHTML+"\n<html><body><p>Rien ici, ni fil ni liste.</p></body></html>")
	w.put("http://ailleurs.test/feed/", "Status: 302\nLocation: http://echo.test/rss.xml\n")
	// A profile is followed at the root of its host, which this small web has as a folder.
	w.web.pages["/@ana.rss"] = w.web.pages["/social.test/@ana.rss"]
	if got, err := w.c.Survey(t.Context(), w.url+"/@ana"); err != nil || len(got) != 1 || got[0].Network != "mastodon" || got[0].Titles[0] != "Bonjour" {
		t.Errorf("a profile of Mastodon: %+v, %v", got, err)
	}
	got, err := w.c.Survey(t.Context(), w.at("http://ailleurs.test/"))
	if err != nil || len(got) != 1 || got[0].Kind != veille.SourcePage {
		t.Errorf("a page without feed is offered to be watched: %+v, %v", got, err)
	}
	if n := w.count("http://echo.test/rss.xml"); n != 0 {
		t.Error("a guess followed a redirect")
	}
	if got, err := w.c.Survey(t.Context(), w.at("http://alert.test/feed")); err != nil || len(got) != 1 || got[0].Kind != veille.SourceAlert || got[0].Titles[0] != "La caisse aide" {
		t.Errorf("an alert: %+v, %v", got, err)
	}
	for _, bad := range []string{"", "bonjour", w.at("http://opml.test/"), w.at("http://nulle.test/")} {
		if got, err := w.c.Survey(t.Context(), bad); err == nil {
			t.Errorf("Survey(%q) = %+v", bad, got)
		} else if _, ok := veille.SaysOf(err); !ok {
			t.Errorf("Survey(%q): %v says nothing", bad, err)
		}
	}
}

// newsFeed is a search of Google News that holds articles as "link title publisher".
func newsFeed(items ...string) string {
	var b strings.Builder
	for _, it := range items {
		p := strings.Split(it, "|")
		fmt.Fprintf(&b, `<item><title>%s - %s</title><link>https://news.google.com/rss/articles/%s?oc=5</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate><source url="https://x.test">%s</source></item>`, p[1], p[2], p[0], p[0], p[3], p[2])
	}
	return "Content-Type: application/xml\n\n<rss version=\"2.0\"><channel><title>caisse - Google Actualités</title><link>https://news.google.com/search?q=caisse</link>" + b.String() + "</channel></rss>"
}

func TestAnArticleOfGoogleNewsIsOneEntryUnderAnyLinkAndInAnySearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const day1, day2 = "Fri, 20 Nov 2026 12:31:00 GMT", "Sat, 21 Nov 2026 12:31:00 GMT"
	alert := func(id, address string, b veille.BranchID) {
		s := w.add(id, address)
		s.Kind, s.BranchID = veille.SourceAlert, b
		w.sources[s.ID] = s
	}
	alert("un", "http://un.test/rss", "b")
	alert("deux", "http://deux.test/rss", "b")
	alert("autre", "http://autre.test/rss", "b2")
	w.put("http://un.test/rss", newsFeed("CBMa|Un don record pour l’école|L’Écho|"+day1))
	w.put("http://deux.test/rss", newsFeed("CBMz|Un don RECORD pour l'école|L’Écho|"+day1, "CBMy|Un don record pour l’école|Le Riverain|"+day1, "CBMx|Un don record pour l’école|L’Écho|"+day2))
	w.put("http://autre.test/rss", newsFeed("CBMq|Un don record pour l’école|L’Écho|"+day1))
	w.once(t, false)
	count := func() (in map[veille.SourceID]int) {
		in = map[veille.SourceID]int{}
		for _, e := range w.entries {
			in[e.SourceID]++
		}
		return in
	}
	got := count()
	// Another publisher and another day are other articles; another branch has its own.
	if got["un"]+got["deux"] != 3 || got["autre"] != 1 {
		t.Fatalf("entries %v", got)
	}
	w.put("http://un.test/rss", newsFeed("CBMother|Un don record pour l’école|L’Écho|"+day1))
	w.now = w.now.Add(3 * time.Hour)
	if r := w.once(t, false); r.New+r.Changed != 0 {
		t.Errorf("another opaque link: %+v", r)
	}
	for _, e := range w.entries {
		if e.Title == "Un don record pour l’école" && !strings.HasPrefix(e.URL, "https://news.google.com/rss/articles/CBM") {
			t.Errorf("the opaque link is not kept: %s", e.URL)
		}
	}
}

func TestAnEditedArticleIsReadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := func(more string) string {
		return asHTML + "\n<html><head><title>Une crue</title></head><body><article><h1>Une crue</h1><p>La rivière a débordé ce matin dans le bas du village, où une trentaine de maisons ont été évacuées par les pompiers.</p><p>La caisse a ouvert sa salle aux sinistrés, qui peuvent y passer la nuit, y manger et y téléphoner à leurs proches.</p><p>" + more + "</p></article></body></html>"
	}
	item := func(summary string) string {
		return "Content-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>L’Hebdo</title><item><guid>1</guid><title>Une crue</title><link>" + w.at("http://hebdo.test/1") + "</link><description>" + summary + "</description><pubDate>Mon, 23 Nov 2026 08:00:00 -0500</pubDate></item></channel></rss>"
	}
	const first, then = "Le maire demande à tous de rester loin des berges jusqu’à demain, car l’eau continue de monter.", "Le maire permet à tous de rentrer chez eux dès ce soir, car l’eau baisse depuis midi."
	w.put("http://hebdo.test/rss", item("La rivière déborde."))
	w.put("http://hebdo.test/1", article(first))
	s := w.add("hebdo", "http://hebdo.test/rss")
	s.ReadPages = true
	w.sources[s.ID] = s
	w.once(t, false)
	if got := w.of("hebdo"); len(got) != 1 || !strings.Contains(got[0].Text, first) {
		t.Fatalf("first reading %+v", got)
	}
	// The article changes and its item does not: it is not read again.
	w.put("http://hebdo.test/1", article(then))
	w.now = w.now.Add(25 * time.Hour)
	w.once(t, true)
	if n := w.count("http://hebdo.test/1"); n != 1 {
		t.Errorf("the article was fetched %d times, want once", n)
	}
	// Its item says that it was edited.
	w.put("http://hebdo.test/rss", item("La rivière se retire."))
	w.now = w.now.Add(25 * time.Hour)
	if r := w.once(t, true); r.Changed != 1 {
		t.Errorf("an edit: %+v", r)
	}
	if got := w.of("hebdo"); !strings.Contains(got[0].Text, then) || strings.Contains(got[0].Text, first) {
		t.Errorf("text after the edit: %q", got[0].Text)
	}
	// The article cannot be read any more: what was read stays.
	w.put("http://hebdo.test/1", "Status: 500\n")
	w.put("http://hebdo.test/rss", item("La rivière s’est retirée."))
	w.now = w.now.Add(25 * time.Hour)
	w.once(t, true)
	if got := w.of("hebdo"); !strings.Contains(got[0].Text, then) {
		t.Errorf("text after a failure: %q", got[0].Text)
	}
}
