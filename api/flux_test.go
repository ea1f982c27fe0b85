package api

import (
	"encoding/csv"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"veilleur/crawler/feed"
	"veilleur/internal/auth"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// streamed asks the stream of a thing as a feed reader does: no token.
func streamed(t *testing.T, s *server, kind, id, ext string) answer {
	t.Helper()
	u, err := url.Parse(Flux(s.d.Base, s.d.Key, kind, id, ext))
	if err != nil {
		t.Fatal(err)
	}
	return ask(t, s.handler(), "", "GET", u.RequestURI(), "")
}

// awkward are titles that break careless writers.
func awkward() []string {
	return []string{
		`La crue & l’«eau»`, `<script>alert(1)</script>`, `5 < 6 et 7 > 6`, `]]> <![CDATA[ fin`, `&lt;b&gt; tel quel &amp;`,
		`=HYPERLINK("https://mal.example")`, `+1 819`, `-5 °C`, `@tous`, `guillemets " et 'apostrophes'`, `virgule, point; deux\points`,
		`{{.}} ${7*7}`, "émoji 🦫 et Z̸͍͝a", "fin de ligne",
	}
}

func withTitles(h *house) {
	for i, title := range awkward() {
		h.found = append(h.found, engine.Found{
			Entry:    veille.Entry{ID: veille.EntryID(string(rune('a' + i))), Title: title, Text: title + " suite", URL: "https://media.example/a?x=1&y=2", Published: morningOf},
			Source:   veille.Source{Kind: veille.SourceAlert, URL: "https://alertes.example/" + canary, Tier: 2},
			Passages: []veille.Passage{{Field: "title", Text: "non"}, {Field: "text", Text: "avant " + title}},
		})
	}
}

func TestASavedSearchReadsAsRSS(t *testing.T) {
	t.Parallel()
	h := newHouse()
	withTitles(h)
	q := h.searches["sea-riv"]
	q.Name = "Crue & <b>eau</b>"
	h.searches["sea-riv"] = q
	a := streamed(t, h.door(), "recherche", "sea-riv", "rss")
	if a.Code != 200 || a.Header().Get("Content-Type") != "application/rss+xml; charset=utf-8" || strings.Contains(a.Body.String(), canary) {
		t.Fatalf("%d %v %s", a.Code, a.Header(), a.Body)
	}
	ours, err := feed.Parse(a.Body.Bytes(), feed.Meta{URL: "https://veilleur.example/flux/x", ContentType: "application/rss+xml"})
	if err != nil || ours.Broken != nil {
		t.Fatal(err, ours.Broken)
	}
	if ours.Title != "Crue & <b>eau</b>" {
		t.Errorf("title %q", ours.Title)
	}
	var titles []string
	for _, e := range ours.Entries {
		titles = append(titles, e.Title)
	}
	if diff := cmp.Diff(awkward(), titles); diff != "" {
		t.Errorf("our reader (-want +got):\n%s", diff)
	}
	theirs, err := gofeed.NewParser().ParseString(a.Body.String())
	if err != nil || len(theirs.Items) != len(awkward()) {
		t.Fatal(err)
	}
	for i, it := range theirs.Items {
		if it.Title != asHTML(awkward()[i]) || !it.PublishedParsed.Equal(morningOf) || it.Link != "https://media.example/a?x=1&y=2" || it.GUID == "" {
			t.Errorf("gofeed: %q %v %q", it.Title, it.PublishedParsed, it.Link)
		}
		if it.Description != asHTML("avant "+awkward()[i]) || strings.ContainsAny(it.Title+it.Description, "<>") {
			t.Errorf("gofeed: description %q", it.Description)
		}
	}
}

func TestASavedSearchReadsAsATable(t *testing.T) {
	t.Parallel()
	h := newHouse()
	withTitles(h)
	a := streamed(t, h.door(), "recherche", "sea-riv", "csv")
	rows, err := csv.NewReader(a.Body).ReadAll()
	if err != nil || len(rows) != len(awkward())+1 {
		t.Fatal(err, len(rows))
	}
	if a.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%v", a.Header())
	}
	for i, title := range awkward() {
		got := rows[i+1][5]
		if strings.TrimPrefix(got, "'") != title {
			t.Errorf("%q became %q", title, got)
		}
	}
	for _, row := range rows {
		for _, c := range row {
			if c != "" && strings.ContainsRune("=+-@\t\r\n", rune(c[0])) || strings.Contains(c, canary) {
				t.Errorf("cell %q", c)
			}
		}
	}
	if h.request.Limit != csvLimit || h.branch != "riv" {
		t.Errorf("asked %d of %s", h.request.Limit, h.branch)
	}
}

func TestTheCalendarReadsAsICS(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.posts = map[veille.PostID]veille.Post{}
	want := map[string]string{}
	for i, title := range awkward() {
		id := veille.PostID(string(rune('a' + i)))
		text := title + "\nDeuxième ligne, avec ; et \\ et une suite assez longue pour être pliée plus d’une fois par la règle des 75 octets."
		h.posts[id] = veille.Post{ID: id, BranchID: "riv", Title: title, Text: text, State: veille.PostScheduled, At: morningOf.Add(time.Hour), UpdatedAt: morningOf}
		want[string(id)+"@veilleur"] = title + "\x00" + text
	}
	h.posts["sly"] = veille.Post{ID: "sly", BranchID: "riv", Text: "un\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:glissé", State: veille.PostDraft, At: morningOf, UpdatedAt: morningOf}
	want["sly@veilleur"] = "un\x00un\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:glissé"
	a := streamed(t, h.door(), "calendrier", "riv", "ics")
	for _, l := range strings.Split(strings.TrimSuffix(a.Body.String(), "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(l), l)
		}
	}
	if a.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("%v", a.Header())
	}
	cal, err := ics.ParseCalendar(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range cal.Events() {
		got[e.Id()] = e.GetProperty(ics.ComponentPropertySummary).Value + "\x00" + e.GetProperty(ics.ComponentPropertyDescription).Value
		if at, err := e.GetStartAt(); err != nil || at.Before(morningOf) {
			t.Errorf("start %v %v", at, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAStreamWithoutItsSignatureIsNotFound(t *testing.T) {
	t.Parallel()
	s := newHouse().door()
	good, err := url.Parse(Flux(s.d.Base, s.d.Key, "recherche", "sea-riv", "rss"))
	if err != nil {
		t.Fatal(err)
	}
	key := "?" + good.RawQuery
	door := s.handler()
	for _, path := range []string{
		"/flux/recherche-sea-riv.rss", "/flux/recherche-sea-riv.rss?cle=", "/flux/recherche-sea-riv.rss" + key + "x",
		"/flux/recherche-sea-mont.rss" + key, "/flux/calendrier-sea-riv.ics" + key, "/flux/recherche-sea-riv.ics" + key,
		"/flux/recherche-sea-riv.exe" + key, "/flux/recherche.rss" + key, "/flux/" + key, "/flux/..%2fhealthz" + key,
	} {
		if a := ask(t, door, "", "GET", path, ""); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	other := Flux(s.d.Base, [32]byte{2}, "recherche", "sea-riv", "rss")
	if a := ask(t, door, "", "GET", strings.TrimPrefix(other, s.d.Base), ""); a.Code != http.StatusNotFound {
		t.Errorf("another key: %d", a.Code)
	}
	if a := streamed(t, s, "recherche", "gone", "rss"); a.Code != http.StatusNotFound {
		t.Errorf("a search that is gone: %d", a.Code)
	}
}

func TestAStreamIsAskedSixtyTimesAMinute(t *testing.T) {
	t.Parallel()
	s := newHouse().door()
	s.lim = auth.NewLimiter(limit, time.Minute)
	door, path := s.handler(), strings.TrimPrefix(Flux(s.d.Base, s.d.Key, "calendrier", "riv", "ics"), s.d.Base)
	for range limit {
		if a := ask(t, door, "", "GET", path, ""); a.Code != 200 {
			t.Fatal(a.Code)
		}
	}
	if a := ask(t, door, "", "GET", path, ""); a.Code != 429 || a.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
}

func TestAFaultBehindAStreamIsToldByItsIDOnly(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.fail = errors.New(canary)
	for _, ext := range []string{"rss", "csv"} {
		a := streamed(t, h.door(), "recherche", "sea-riv", ext)
		if a.Code != 500 || !strings.Contains(a.Body.String(), "a fault of ours; request ") || strings.Contains(a.Body.String(), canary) {
			t.Errorf("%s: %d %s", ext, a.Code, a.Body)
		}
	}
}
