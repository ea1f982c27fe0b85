package demo

import (
	"bytes"
	"context"
	"encoding/xml"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

const host = "demo.test"

// get asks a web for an address, with extra headers as name, value pairs.
func get(t *testing.T, w *Web, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

func TestEveryFeedHoldsWhatItsMediumPublished(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	kinds := map[string]int{}
	for _, m := range w.Media() {
		f := parse(t, get(t, w, m.FeedPath()))
		kinds[m.Feed]++
		as := w.of(m, start)
		if f.Title != m.Name || len(f.Items) != len(as) {
			t.Errorf("%s: title %q, %d entries; want %q, %d", m.Key, f.Title, len(f.Items), m.Name, len(as))
			continue
		}
		for i, e := range f.Items {
			if e.Title != as[i].Title || e.Link != "http://"+host+as[i].Path() || e.PublishedParsed == nil || !e.PublishedParsed.Equal(as[i].At) {
				t.Errorf("%s: entry %d is %q %q %v", m.Key, i, e.Title, e.Link, e.PublishedParsed)
			}
			if e.Description+e.Content == "" {
				t.Errorf("%s: entry %d says nothing", m.Key, i)
			}
		}
	}
	if len(kinds) != 4 {
		t.Errorf("kinds of feed: %v", kinds)
	}
}

func parse(t *testing.T, rec *httptest.ResponseRecorder) *gofeed.Feed {
	t.Helper()
	f, err := gofeed.NewParser().Parse(bytes.NewReader(rec.Body.Bytes()))
	if err != nil {
		t.Fatalf("%v: %s", err, rec.Header().Get("Content-Type"))
	}
	return f
}

func TestLatin1FeedIsLatin1(t *testing.T) {
	t.Parallel()
	rec := get(t, webAt(t, 0), "/tournevent/rss.xml")
	if got := rec.Header().Get("Content-Type"); got != "application/rss+xml; charset=ISO-8859-1" {
		t.Errorf("Content-Type %q", got)
	}
	if b := rec.Body.Bytes(); !bytes.Contains(b, []byte("v\xe9lo")) || bytes.Contains(b, []byte("’")) {
		t.Error("the feed is not in ISO-8859-1")
	}
}

func TestAlertIsShapedAsGoogleAlerts(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	f := parse(t, get(t, w, AlertPath))
	if len(f.Items) < 6 {
		t.Fatalf("%d entries", len(f.Items))
	}
	only := false // an article of a medium nobody follows
	for _, e := range f.Items {
		if !strings.Contains(e.Title+e.Content, "<b>Caisse de la Rivière</b>") {
			t.Errorf("%q does not show what was found", e.Title)
		}
		to := unwrap(t, e.Link)
		only = only || strings.HasPrefix(to, "/babillard/")
		if rec := get(t, w, to); rec.Code != http.StatusOK {
			t.Errorf("%s: %d", to, rec.Code)
		}
	}
	if !only {
		t.Error("the alert finds nothing that the followed media do not have")
	}
}

func unwrap(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host != "www.google.com" || u.Query().Get("usg") == "" {
		t.Fatalf("link %q is not wrapped: %v", link, err)
	}
	to, err := url.Parse(u.Query().Get("url"))
	if err != nil || to.Host != host {
		t.Fatalf("link %q leads out of the demo", link)
	}
	return to.Path
}

var linked = regexp.MustCompile(`(?:href|xmlUrl|htmlUrl)="([^"]+)"|<link>([^<]+)</link>|"url": "([^"]+)"`)

func TestEveryLinkResolvesInsideTheDemo(t *testing.T) {
	t.Parallel()
	w := webAt(t, Loop)
	todo, seen := []string{"/", "/opml.xml", "/robots.txt"}, map[string]bool{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		rec := get(t, w, path)
		if rec.Code != http.StatusOK {
			t.Errorf("%s: %d", path, rec.Code)
		}
		for _, m := range linked.FindAllStringSubmatch(rec.Body.String(), -1) {
			link := html.UnescapeString(m[1] + m[2] + m[3])
			if strings.HasPrefix(link, "https://www.google.com/") {
				link = "http://" + host + unwrap(t, link)
			}
			path, inside := strings.CutPrefix(link, "http://"+host)
			if !inside && !strings.HasPrefix(path, "/") {
				t.Errorf("%s links to %s", rec.Header().Get("Content-Type"), link)
				continue
			}
			todo = append(todo, path)
		}
	}
	for _, a := range w.Articles(start.Add(Loop)) {
		if !seen[a.Path()] {
			t.Errorf("no link leads to %s", a.Path())
		}
	}
}

func TestArticlePageHoldsTheWholeText(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	a := w.of(w.Media()[0], start)[0]
	page := html.UnescapeString(get(t, w, a.Path()).Body.String())
	for _, want := range append(a.Paras, "<nav>", "cookie-banner", "site-footer", `rel="alternate"`) {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

func TestNothingIsShownBeforeItIsPublished(t *testing.T) {
	t.Parallel()
	early, late := webAt(t, 24*time.Second), webAt(t, 25*time.Second)
	live := late.Articles(start.Add(25 * time.Second))[0]
	if !live.Live || get(t, early, live.Path()).Code != http.StatusNotFound || get(t, late, live.Path()).Code != http.StatusOK {
		t.Errorf("%s is not published at its second", live.Path())
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	before, after := webAt(t, 0), webAt(t, time.Minute)
	first := get(t, before, "/radio/atom.xml")
	tag, date := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
	for _, tc := range []struct {
		name    string
		web     *Web
		headers []string
		want    int
	}{
		{"the same feed by its tag is not sent again", before, []string{"If-None-Match", tag}, http.StatusNotModified},
		{"the same feed by its date is not sent again", before, []string{"If-Modified-Since", date}, http.StatusNotModified},
		{"a grown feed is sent, by its tag", after, []string{"If-None-Match", tag}, http.StatusOK},
		{"a grown feed is sent, by its date", after, []string{"If-Modified-Since", date}, http.StatusOK},
		{"the tag wins over the date", after, []string{"If-None-Match", tag, "If-Modified-Since", date}, http.StatusOK},
	} {
		if got := get(t, tc.web, "/radio/atom.xml", tc.headers...).Code; got != tc.want {
			t.Errorf("%s: %d", tc.name, got)
		}
	}
}

func TestSameInstantGivesSameBytes(t *testing.T) {
	t.Parallel()
	a, b := webAt(t, time.Minute), webAt(t, time.Minute)
	paths := []string{"/", "/opml.xml", AlertPath}
	for _, m := range a.Media() {
		paths = append(paths, m.FeedPath(), m.FrontPath())
	}
	for _, p := range paths {
		if !bytes.Equal(get(t, a, p).Body.Bytes(), get(t, b, p).Body.Bytes()) {
			t.Errorf("%s differs", p)
		}
	}
}

func TestOPMLListsEveryMedium(t *testing.T) {
	t.Parallel()
	w := webAt(t, 0)
	var doc opmlDoc
	if err := xml.Unmarshal(get(t, w, "/opml.xml").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range doc.Folders {
		n += len(f.Outlines)
	}
	if n != len(w.Media()) {
		t.Errorf("%d media of %d", n, len(w.Media()))
	}
}

func TestSiteServesUntilItsContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := Listen(ctx, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Base+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := new(http.Client).Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", resp, err)
	}
	resp.Body.Close()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
