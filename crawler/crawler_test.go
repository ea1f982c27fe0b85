package crawler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/crawler/fetch"
	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

func TestAFeedIsReadOnceAndThenOnlyAskedAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("echo", "http://echo.test/rss.xml")
	if r := w.once(t, false); r != (Report{Sources: 1, New: 2}) {
		t.Errorf("first round: %+v", r)
	}
	got := w.of("echo")
	if len(got) != 2 {
		t.Fatalf("%d entries, want 2", len(got))
	}
	want := veille.Entry{
		ID: veille.NewEntryID("echo", "2"), SourceID: "echo", GUID: "2", URL: w.at("http://echo.test/articles/2"),
		Title: "La Caisse de la Rivière ferme un comptoir", Text: "Le comptoir fermera.",
		Published: time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC), Seen: w.now,
	}
	if d := cmp.Diff(want, got[1]); d != "" {
		t.Errorf("entry (-want +got):\n%s", d)
	}
	h := w.source("echo").Health
	if h.ETag != `"v1"` || h.Entries != 2 || !h.OKAt.Equal(w.now) || !h.EntryAt.Equal(w.now) || h.Problem != nil {
		t.Errorf("health %+v", h)
	}
	if d := h.DueAt.Sub(w.now); d != 2*time.Hour {
		t.Errorf("due in %v, want the two hours its server asks for", d)
	}
	if r := w.once(t, false); r.Sources != 0 {
		t.Errorf("nothing was due, yet %+v", r)
	}
	w.now = w.now.Add(2 * time.Hour)
	if r := w.once(t, false); r != (Report{Sources: 1, Unchanged: 1}) {
		t.Errorf("second round: %+v", r)
	}
	if f := w.puts[len(w.puts)-1]; len(f.Entries) != 0 {
		t.Errorf("F06: a 304 wrote %d entries", len(f.Entries))
	}
	w.now = w.now.Add(time.Second)
	if r := w.once(t, true); r != (Report{Sources: 1, Unchanged: 1}) {
		t.Errorf("forced round: %+v", r)
	}
}

func TestAnEditedItemIsChangedAndTheOthersAreNotWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("echo", "http://echo.test/rss.xml")
	w.once(t, false)
	page := w.web.pages["/echo.test/rss.xml"]
	w.web.pages["/echo.test/rss.xml"] = strings.NewReplacer(`"v1"`, `"v2"`, "Une bourse</title>", "Une grande bourse</title>").Replace(page)
	w.now = w.now.Add(3 * time.Hour)
	if r := w.once(t, false); r != (Report{Sources: 1, Changed: 1}) {
		t.Errorf("round: %+v", r)
	}
	if f := w.puts[len(w.puts)-1]; len(f.Entries) != 1 || f.Entries[0].Title != "Une grande bourse" {
		t.Errorf("stored %+v", f.Entries)
	}
}

func TestLinkedArticlesAreReadForNewEntriesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.add("echo", "http://echo.test/rss.xml")
	s.ReadPages = true
	w.sources["echo"] = s
	w.once(t, false)
	got := w.of("echo")
	if len(got) != 2 {
		t.Fatalf("%d entries", len(got))
	}
	if !strings.HasPrefix(got[0].Text, "Une bourse de la Caisse") || !strings.Contains(got[0].Text, "ristournes") || strings.Contains(got[0].Text, "témoins") || strings.Contains(got[0].Text, "Nécrologie") {
		t.Errorf("text of the article: %q", got[0].Text)
	}
	if !strings.HasSuffix(got[0].Image, "/photo.jpg") {
		t.Errorf("image %q", got[0].Image)
	}
	if got[1].Text != "Le comptoir fermera." {
		t.Errorf("an article that is missing leaves the feed's text, got %q", got[1].Text)
	}
	w.web.pages["/echo.test/rss.xml"] = strings.ReplaceAll(w.web.pages["/echo.test/rss.xml"], `"v1"`, `"v2"`)
	w.now = w.now.Add(3 * time.Hour)
	if r := w.once(t, false); r.New+r.Changed != 0 {
		t.Errorf("a repeat: %+v", r)
	}
	if n := w.count("http://echo.test/articles/1"); n != 1 {
		t.Errorf("the article was fetched %d times, want once", n)
	}
}

func TestAnArticleForSubscribersIsMarkedAsItsBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := func(n int, text string) string {
		return fmt.Sprintf(`<item><guid>%d</guid><title>Une crue %d</title><link>%s</link><description>%s</description></item>`, n, n, w.at("http://hebdo.test/1"), text)
	}
	w.put("http://hebdo.test/rss", "Content-Type: application/rss+xml\n\n<rss version=\"2.0\"><channel><title>L’Hebdo</title>"+
		item(1, "La rivière déborde.")+item(2, strings.Repeat("La rivière a débordé ce matin dans le bas du village. ", 40))+"</channel></rss>")
	w.put("http://hebdo.test/1", asHTML+`
<html><head><title>Une crue</title><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script></head><body><article><h1>Une crue</h1><p>La rivière a débordé ce matin dans le bas du village, où une trentaine de maisons ont été évacuées par les pompiers.</p><p>La caisse a ouvert sa salle aux sinistrés, qui peuvent y passer la nuit, y manger et y téléphoner à leurs proches.</p></article></body></html>`)
	s := w.add("hebdo", "http://hebdo.test/rss")
	s.ReadPages = true
	w.sources[s.ID] = s
	w.once(t, false)
	got := map[string]bool{}
	for _, e := range w.of("hebdo") {
		got[e.Title] = e.Partial
	}
	if want := map[string]bool{"Une crue 1": true, "Une crue 2": false}; !maps.Equal(got, want) {
		t.Errorf("partial: %v, want %v: the feed gives the second whole", got, want)
	}
}

func TestPagesARobotsFileForbidsAreNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// The rules stand at the root of the host.
	w.web.pages["/robots.txt"] = "Content-Type: text/plain\n\nUser-agent: *\nDisallow: /echo.test/\n"
	s := w.add("echo", "http://echo.test/rss.xml")
	s.ReadPages = true
	w.sources["echo"] = s
	if r := w.once(t, false); r.New != 2 {
		t.Errorf("F30: the feed itself is read: %+v", r)
	}
	if n := w.count("http://echo.test/articles/1"); n != 0 {
		t.Errorf("F30: the article was fetched %d times", n)
	}
}

func TestAnAlertIsUnwrapped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.c.Add(t.Context(), veille.Branch{ID: "b"}, w.at("http://alert.test/feed"), AddOptions{})
	if err != nil || r.Source.Kind != veille.SourceAlert {
		t.Fatalf("Add = %+v, %v", r, err)
	}
	w.once(t, false)
	got := w.of(r.Source.ID)
	if len(got) != 1 {
		t.Fatalf("%d entries", len(got))
	}
	e := got[0]
	if e.URL != "https://www.echo.example/a?p=1" || e.Title != "La caisse aide" || e.Publisher != "L'Écho" || e.Text != "La caisse remet 10\u00a0$…" {
		t.Errorf("entry %+v", e)
	}
	if d := w.source(r.Source.ID).Health.DueAt.Sub(w.now); d != 15*time.Minute {
		t.Errorf("an alert is due again in %v", d)
	}
}

func TestFailuresAreToldAndBackedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("cut", "http://cut.test/rss")
	w.add("gone", "http://gone.test/rss")
	w.add("busy", "http://busy.test/rss")
	w.add("html", "http://html.test/rss")
	w.add("missing", "http://missing.test/rss")
	if r := w.once(t, false); r != (Report{Sources: 5, New: 1, Failed: 4}) {
		t.Errorf("round: %+v", r)
	}
	for id, want := range map[veille.SourceID]struct {
		key   string
		in    time.Duration
		state veille.SourceState
		fails int
	}{
		"cut":     {"crawler.feed.cut", day, veille.SourceActive, 0},
		"gone":    {"crawler.fetch.gone", time.Hour, veille.SourceEnded, 1},
		"busy":    {"crawler.fetch.slow_down", 2 * time.Hour, veille.SourceActive, 1},
		"html":    {"crawler.feed.not.page", time.Hour, veille.SourceActive, 1},
		"missing": {"crawler.fetch.missing", time.Hour, veille.SourceActive, 1},
	} {
		s := w.source(id)
		if s.Health.Problem == nil || s.Health.Problem.Key != want.key || s.State != want.state || s.Health.Failures != want.fails || s.Health.DueAt.Sub(w.now) != want.in {
			t.Errorf("%s: %s, due in %v, %+v", id, s.State, s.Health.DueAt.Sub(w.now), s.Health)
		}
	}
	if e := w.of("cut"); len(e) != 1 || e[0].Title != "Entier" {
		t.Errorf("kept of the cut feed: %+v", e)
	}
	// It mends: one success resets.
	w.web.pages["/html.test/rss"] = w.web.pages["/echo.test/rss.xml"]
	w.now = w.now.Add(time.Hour)
	w.once(t, false)
	if h := w.source("html").Health; h.Failures != 0 || h.Problem != nil {
		t.Errorf("after mending: %+v", h)
	}
}

func TestAMoveIsFollowedAfterThreeConfirmations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("moved", "http://moved.test/rss")
	for i := range 3 {
		if got := w.source("moved").URL; got != w.at("http://moved.test/rss") {
			t.Fatalf("F21: after %d observations the address is %s", i, got)
		}
		w.once(t, true)
		w.web.pages["/echo.test/rss.xml"] = strings.Replace(w.web.pages["/echo.test/rss.xml"], `"v`, `"vv`, 1)
		w.now = w.now.Add(25 * time.Hour)
	}
	if got := w.source("moved").URL; got != w.at("http://echo.test/rss.xml") {
		t.Errorf("F21: the address is %s", got)
	}
}

func TestAnyAddressIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := map[string]struct {
		address, kind, found string
	}{
		"a feed":                          {w.at("http://echo.test/rss.xml"), "feed", ""},
		"a feed with feed:":               {"feed:" + w.at("http://echo.test/rss.xml"), "feed", ""},
		"no scheme, with spaces":          {"  " + strings.TrimPrefix(w.at("http://echo.test/rss.xml"), "http://") + " ", "feed", ""},
		"a page that announces its feeds": {w.at("http://echo.test/"), "page", w.at("http://echo.test/rss.xml")},
		"a page that does not":            {w.at("http://quiet.test/"), "page", w.at("http://quiet.test/feed.xml")},
		"a page without any":              {w.at("http://bare.test/"), "page", ""},
		"a list of feeds":                 {w.at("http://opml.test/"), "opml", ""},
	}
	for name, tt := range tests {
		p, err := w.c.Probe(t.Context(), tt.address)
		found := ""
		if len(p.Found) > 0 {
			found = p.Found[0].URL
		}
		if err != nil || p.Kind != tt.kind || found != tt.found {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		r, err := w.c.Add(t.Context(), veille.Branch{ID: veille.BranchID(name)}, tt.address, AddOptions{Tier: 3})
		if (tt.kind == "feed") != (err == nil) || (err == nil) != (r.Source.ID != "") {
			t.Errorf("%s: Add = %+v, %v", name, r, err)
		}
		if _, ok := veille.SaysOf(err); err != nil && !ok {
			t.Errorf("%s: %v says nothing to a person", name, err)
		}
	}
	for _, bad := range []string{"", "bonjour", "gestionnaire@exemple.ca", "ftp://exemple.ca/rss", "http://", "file:///etc/passwd", "http://192.168.0.1/rss"} {
		if p, err := w.c.Probe(t.Context(), bad); !errors.Is(err, veille.ErrInvalid) && !errors.Is(err, veille.ErrDenied) {
			t.Errorf("Probe(%q) = %+v, %v", bad, p, err)
		}
	}
}

func TestAListIsImportedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := []opml.Outline{
		{Title: "L’Écho", XMLURL: w.at("http://echo.test/rss.xml"), Folder: "Locaux", Tier: 3},
		{Title: "Alerte", XMLURL: "https://www.google.com/alerts/feeds/1/2"},
		{Title: "Rien", XMLURL: "::"},
	}
	for i, want := range []int{2, 0} {
		if n, err := w.c.Import(t.Context(), veille.Branch{ID: "b"}, list); n != want || err != nil {
			t.Errorf("import %d: %d, %v", i, n, err)
		}
	}
	kinds := map[veille.SourceKind]int{}
	for _, s := range w.sources {
		kinds[s.Kind]++
	}
	if kinds[veille.SourceFeed] != 1 || kinds[veille.SourceAlert] != 1 {
		t.Errorf("kinds %v", kinds)
	}
}

func TestSourcesExportedAndImportedAreTheSame(t *testing.T) {
	t.Parallel()
	one := veille.Source{Kind: veille.SourceFeed, URL: "https://a.test/rss_(fr)", Title: "A & b", State: veille.SourceActive}
	all := []veille.Source{one}
	add := func(url string, change func(*veille.Source)) {
		s := one
		s.URL = url
		change(&s)
		all = append(all, s)
	}
	add("https://b.test/?a=1&b=2;", func(s *veille.Source) { s.Folder, s.Tier, s.Group = "Médias / Locaux", 3, "Groupe Rives" })
	add("https://www.google.com/alerts/feeds/1/2", func(s *veille.Source) { s.Kind, s.Every = veille.SourceAlert, 15 })
	add("https://p.test/", func(s *veille.Source) { s.Kind, s.Watch.Item, s.ReadPages = veille.SourcePage, "li > a", true })
	add("imaps://una@courriel.test:993/INBOX", func(s *veille.Source) { s.Kind, s.State = veille.SourceMailbox, veille.SourcePaused })
	list, err := opml.Parse(opml.Write("x", opml.Of(all, true)))
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	c := New(discard(), m, fetch.New(fetch.Config{}), Config{})
	if n, err := c.Import(t.Context(), veille.Branch{ID: "vide"}, list); n != len(all) || err != nil {
		t.Fatalf("%d imported, %v", n, err)
	}
	for _, want := range all {
		found := false
		for _, got := range m.sources {
			if got.URL != want.URL {
				continue
			}
			found = true
			if got.BranchID != "vide" || got.ID == "" || got.CreatedAt.IsZero() || got.Health.DueAt.IsZero() {
				t.Errorf("%s is stored as %+v", got.URL, got)
			}
			got.ID, got.BranchID, got.CreatedAt, got.Health = "", "", time.Time{}, veille.Health{}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		}
		if !found {
			t.Errorf("%s is lost", want.URL)
		}
	}
}

func TestAListOfOthersIsCompleted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in         veille.Source
		url, title string
	}{
		"no scheme":                      {veille.Source{URL: "www.a.test/rss", Title: "www.a.test/rss"}, "https://www.a.test/rss", "a.test"},
		"no title":                       {veille.Source{URL: "https://a.test/rss", Title: "https://a.test/rss"}, "https://a.test/rss", "a.test"},
		"spaces around, and feed:":       {veille.Source{URL: " feed://a.test/rss ", Title: "A"}, "https://a.test/rss", "A"},
		"an address ending in a bracket": {veille.Source{URL: "https://a.test/b_(c)", Title: "A"}, "https://a.test/b_(c)", "A"},
	} {
		if !listed(&tt.in) || tt.in.URL != tt.url || tt.in.Title != tt.title {
			t.Errorf("%s: %q %q", name, tt.in.URL, tt.in.Title)
		}
	}
}

func TestRunWakesWhenSourcesFallDueAndEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		c := New(discard(), m, fetch.New(fetch.Config{}), Config{})
		began := time.Now()
		// An address the guard refuses needs no network to be read.
		for id, in := range map[veille.SourceID]time.Duration{"now": 0, "soon": 10 * time.Second, "later": 50 * time.Minute} {
			m.sources[id] = veille.Source{ID: id, URL: "ftp://nulle.part/", State: veille.SourceActive, Health: veille.Health{DueAt: began.Add(in)}}
		}
		m.sources["paused"] = veille.Source{ID: "paused", State: veille.SourcePaused}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		go func() {
			time.Sleep(5 * time.Second)
			s := veille.Source{ID: "added", URL: "ftp://nulle.part/autre", State: veille.SourceActive, Health: veille.Health{DueAt: time.Now()}}
			if err := m.PutSource(ctx, s); err != nil {
				t.Error(err)
			}
			c.Wake()
		}()
		if err := c.Run(ctx); err != nil {
			t.Errorf("Run = %v", err)
		}
		for id, want := range map[veille.SourceID]time.Duration{"now": 0, "added": 5 * time.Second, "soon": 10 * time.Second, "later": 50 * time.Minute} {
			if got := m.source(id).Health.FetchedAt.Sub(began); got != want {
				t.Errorf("%s was read after %v, want %v", id, got, want)
			}
		}
		if !m.source("paused").Health.FetchedAt.IsZero() {
			t.Error("a paused source was read")
		}
	})
}

func TestASourceIsGivenBackWhenTheProgramStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.add("echo", "http://echo.test/rss.xml")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.leases["echo"] = w.now.Add(time.Hour)
	if r := w.c.visit(ctx, s); r != (Report{}) {
		t.Errorf("visit = %+v", r)
	}
	if _, leased := w.leases["echo"]; leased || w.source("echo").Health.Failures != 0 {
		t.Errorf("still leased, or blamed: %+v", w.source("echo").Health)
	}
}
