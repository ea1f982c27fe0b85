package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"veilleur/index/crisis"
	"veilleur/internal/veille"
)

func f29(l *lab) {
	zipped := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	l.says(echo, reply{head: map[string]string{"Content-Encoding": "gzip", "Etag": tag}, body: zipped(rss("", "1"))})
	l.says("http://bomb.example/", reply{head: map[string]string{"Content-Encoding": "gzip"}, body: zipped(rss("", strings.Repeat("x", 6<<20)))})
	l.source("echo", echo)
	l.source("bomb", "http://bomb.example/")
	if h := l.visit("echo"); h.Problem != nil || h.Entries != 1 {
		l.Errorf("gzip: %+v", h)
	}
	if h := l.visit("bomb"); h.Problem == nil || h.Problem.Key != "crawler.fetch.too_large" {
		l.Errorf("over the limit: %+v", h.Problem)
	}
	for _, h := range l.seen("http://*") {
		if h.head.Get("Accept-Encoding") != "gzip" {
			l.Errorf("%s: Accept-Encoding %q", h.url, h.head.Get("Accept-Encoding"))
		}
	}
}

// reading tells whether an article of a host with such a robots.txt is read.
func (l *lab) reading(host string, robots reply, path string) bool {
	l.Helper()
	base := "http://" + host
	l.says(base+"/robots.txt", robots)
	l.on(base+"/rss", func(n int, _ *http.Request) reply {
		return reply{head: map[string]string{"Etag": fmt.Sprint(n)}, body: fmt.Sprintf(
			`<rss version="2.0"><channel><item><guid>%d</guid><link>%s%s?%d</link><title>t</title></item></channel></rss>`, n, base, path, n)}
	})
	l.says(base+path, reply{head: map[string]string{"Content-Type": "text/html"}, body: "<p>texte</p>"})
	if !l.has(host) {
		l.source(host, base+"/rss", func(s *veille.Source) { s.ReadPages = true })
	}
	before := len(l.seen(base + path + "*"))
	l.visit(host)
	return len(l.seen(base+path+"*")) > before
}

func (l *lab) has(id string) bool {
	all, err := l.Sources(l.Context(), nil)
	if err != nil {
		l.Fatal(err)
	}
	for _, s := range all {
		if s.ID == veille.SourceID(id) {
			return true
		}
	}
	return false
}

func f30(l *lab) {
	everyone := "User-agent: *\nDisallow: /prive\nAllow: /prive/ouvert\n"
	for i, tt := range []struct {
		robots reply
		path   string
		read   bool
	}{
		{reply{body: everyone}, "/public/1", true},
		{reply{body: everyone}, "/prive/1", false},
		{reply{body: everyone}, "/prive/ouvert/1", true},
		{reply{body: "User-agent: *\nDisallow: /*.php$"}, "/a.php", true}, // the address has a query
		{reply{body: "User-agent: *\nDisallow: /*?"}, "/a", false},
		{reply{body: everyone + "User-agent: Veilleur\nDisallow: /autre"}, "/prive/1", true},
		{reply{code: 404}, "/prive/1", true},
		{reply{code: 403}, "/prive/1", true},
		{reply{code: 500}, "/public/1", false},
		{reply{wait: time.Hour}, "/public/1", false},
		{reply{body: strings.Repeat("#\n", 300<<10) + everyone}, "/prive/1", true}, // over 500 KiB: the rest is not read
		{reply{body: strings.Repeat("#\n", 200<<10) + everyone}, "/prive/1", false},
		{reply{code: 301, head: map[string]string{"Location": "/robots2.txt"}}, "/prive/1", false},
	} {
		host := fmt.Sprintf("r%d.example", i)
		l.says("http://"+host+"/robots2.txt", reply{body: everyone})
		if got := l.reading(host, tt.robots, tt.path); got != tt.read {
			l.Errorf("case %d: %s was read: %v, want %v", i, tt.path, got, tt.read)
		}
	}
	// Silence forbids until thirty days have passed, and an answer is kept a day.
	began := time.Now()
	for l.reading("silent.example", reply{code: 503}, "/a") == false {
		if time.Since(began) > 40*day {
			l.Fatal("never read")
		}
	}
	if d := time.Since(began); d < 30*day || d > 31*day {
		l.Errorf("a robots.txt that cannot be reached forbade for %v", d)
	}
	for range 30 {
		l.reading("kept.example", reply{body: everyone}, "/a")
	}
	if hits := l.seen("http://kept.example/robots.txt"); len(hits) < 2 || gaps(hits)[0] > 26*hour || gaps(hits)[0] < 20*hour {
		l.Errorf("robots.txt was asked %d times, %v apart", len(hits), gaps(hits))
	}
	// A feed is read unless the file names us.
	for host, want := range map[string]bool{"User-agent: *\nDisallow: /": true, "User-agent: Veilleur\nDisallow: /": false} {
		id := fmt.Sprint("feed", len(host))
		l.says("http://"+id+".example/robots.txt", reply{body: host})
		l.on("http://"+id+".example/rss", tagged(tag, rss("", "1")))
		l.source(id, "http://"+id+".example/rss")
		h := l.visit(id)
		if got := len(l.seen("http://"+id+".example/rss")) == 1; got != want || want != (h.Problem == nil) {
			l.Errorf("%q: the feed was read: %v, want %v; %+v", host, got, want, h.Problem)
		}
	}
}

func f31(l *lab) {
	const utf8, latin, cp = "\u00e9t\u00e9 \u0153", "\xe9t\xe9", "\xe9t\xe9 \x9c"
	utf16 := func(s string, bom bool) string {
		b := []byte{}
		if bom {
			b = append(b, 0xfe, 0xff)
		}
		for _, r := range s {
			b = append(b, byte(r>>8), byte(r))
		}
		return string(b)
	}
	doc := func(declared, title string) string {
		if declared != "" {
			declared = ` encoding="` + declared + `"`
		}
		return `<?xml version="1.0"` + declared + `?><rss version="2.0"><channel><item><guid>1</guid><title>` + title + `</title></item></channel></rss>`
	}
	for i, tt := range []struct{ contentType, body, want string }{
		{"application/rss+xml", doc("", utf8), utf8},
		{"application/rss+xml", doc("utf-8", utf8), utf8},
		{"application/rss+xml", doc("iso-8859-1", latin), "été"},
		{"application/rss+xml", doc("windows-1252", cp), utf8},
		{"application/rss+xml; charset=utf-8", doc("iso-8859-1", utf8), utf8},              // HTTP over the declaration
		{"application/rss+xml; charset=iso-8859-1", doc("utf-8", latin), "été"},            // likewise
		{"text/xml; charset=\"ISO-8859-1\"", doc("", latin), "été"},                        // quoted
		{"text/xml", doc("", utf8), utf8},                                                  // not US-ASCII
		{"text/xml; charset=iso-8859-1", "\xef\xbb\xbf" + doc("utf-8", utf8), utf8},        // the mark over HTTP
		{"application/rss+xml; charset=windows-1251", doc("iso-8859-1", "\xcf\xf0"), "Пр"}, // only HTTP says it
		{"application/xml", utf16(doc("utf-16", utf8), true), utf8},
		{"application/xml", utf16(doc("utf-16", utf8), false), utf8},
		{"application/xml; charset=nonsense", doc("utf-8", utf8), utf8},
		{"application/xml", doc("", cp), utf8}, // not declared, not UTF-8
	} {
		id := fmt.Sprint("s", i)
		l.says("http://"+id+".example/", reply{head: map[string]string{"Content-Type": tt.contentType, "Etag": tag}, body: tt.body})
		l.source(id, "http://"+id+".example/")
		l.visit(id)
		if got := l.titles(id, "1"); len(got) != 1 || got[0] != tt.want {
			l.Errorf("case %d, %s: title %q, want %q", i, tt.contentType, got, tt.want)
		}
	}
}

// titles gives the titles of stored entries of a source, by guid.
func (l *lab) titles(source string, guids ...string) []string {
	l.Helper()
	var ids []veille.EntryID
	for _, g := range guids {
		ids = append(ids, veille.NewEntryID(veille.SourceID(source), g))
	}
	var out []string
	for _, id := range ids {
		es, err := l.EntriesByID(l.Context(), []veille.EntryID{id})
		if err != nil {
			l.Fatal(err)
		}
		for _, e := range es {
			out = append(out, e.Title)
		}
	}
	return out
}

func f32(l *lab) {
	l.says("http://html.example/rss", reply{head: map[string]string{"Content-Type": "text/html; charset=utf-8", "Etag": tag}, body: rss("", "1")})
	l.source("html", "http://html.example/rss")
	if h := l.visit("html"); h.Problem != nil || h.Entries != 1 {
		l.Errorf("a feed called HTML: %+v", h)
	}
	// A page that says it has a feed, which is itself, and another page.
	self := `<html><head><link rel="alternate" type="application/rss+xml" href="/page"><link rel="alternate" type="application/rss+xml" href="/other"></head></html>`
	l.says("http://page.example/page", reply{head: map[string]string{"Content-Type": "text/html"}, body: self})
	l.says("http://page.example/other", reply{head: map[string]string{"Content-Type": "text/html"}, body: self})
	r, err := l.c.Add(l.Context(), veille.Branch{ID: "b"}, "http://page.example/page", AddOptions{})
	if !errors.Is(err, veille.ErrInvalid) || len(r.Probed.Found) == 0 {
		l.Errorf("Add = %+v, %v", r, err)
	}
	if n := len(l.seen("http://page.example/page")); n != 1 {
		l.Errorf("the page was asked %d times", n)
	}
	// A page that says nothing is searched once, at a bounded list of places.
	l.says("http://mute.example/", reply{head: map[string]string{"Content-Type": "text/html"}, body: "<html></html>"})
	if _, err := l.c.Add(l.Context(), veille.Branch{ID: "b"}, "http://mute.example/", AddOptions{}); !errors.Is(err, veille.ErrInvalid) {
		l.Errorf("Add = %v", err)
	}
	if n := len(l.seen("http://mute.example/*")); n > 20 {
		l.Errorf("%d requests for one page", n)
	}
	// A source that became a page is asked once a visit, no more.
	l.source("became", "http://page.example/page?s")
	l.says("http://page.example/page", reply{head: map[string]string{"Content-Type": "text/html"}, body: self})
	if h := l.visit("became"); h.Problem == nil || h.Problem.Key != "crawler.feed.not.page" || len(l.seen("http://page.example/page?s")) != 1 {
		l.Errorf("%+v after %d requests", h.Problem, len(l.seen("http://page.example/page?s")))
	}
}

func f33(l *lab) {
	item := func(guid, link, title, text string) string {
		if guid != "" {
			guid = "<guid>" + guid + "</guid>"
		}
		return "<item>" + guid + "<link>" + link + "</link><title>" + title + "</title><description>" + text + "</description><pubDate>Mon, 23 Nov 2015 10:00:00 GMT</pubDate></item>"
	}
	one, two, linked, bare := item("g1", "http://a.example/1", "Un", "x"), item("g2", "http://a.example/2", "Deux", "x"), item("", "http://a.example/3", "Trois", "x"), item("", "", "Quatre", "x")
	edited := item("g1", "http://a.example/1", "Un, corrigé", "x")
	docs := []struct {
		items        string
		new, changed int
	}{
		{one + two + linked + bare, 4, 0}, {one + one + two + linked + bare, 0, 0}, {bare + linked + two + one, 0, 0},
		{edited + two + linked + bare, 0, 1}, {edited + two + linked + bare, 0, 0}, {edited + one + two, 0, 0},
	}
	l.on(echo, func(n int, _ *http.Request) reply {
		return reply{head: map[string]string{"Etag": fmt.Sprint(n)}, body: `<rss version="2.0"><channel>` + docs[min(n, len(docs)-1)].items + "</channel></rss>"}
	})
	l.source("echo", echo)
	for i, d := range docs {
		time.Sleep(time.Until(l.get("echo").Health.DueAt))
		r, err := l.c.Once(l.Context(), false)
		if err != nil || r.Sources != 1 || r.New != d.new || r.Changed != d.changed {
			l.Errorf("reading %d: %+v, %v; want %d new and %d changed", i, r, err, d.new, d.changed)
		}
	}
	if got := l.titles("echo", "g1", "g2", "http://a.example/3"); len(got) != 3 || got[0] != "Un, corrigé" {
		l.Errorf("stored %q", got)
	}
}

func f34(l *lab) {
	topic := veille.Topic{ID: "t", BranchID: "b", Name: "Caisse de la Rivière", Subject: veille.SubjectBranch}
	grave := func(n int, dated bool) string {
		var b strings.Builder
		b.WriteString(`<rss version="2.0"><channel>`)
		for i := range n {
			fmt.Fprintf(&b, "<item><guid>%d</guid><title>Vol de données à la Caisse de la Rivière : %d plaintes</title>"+
				"<description>Une enquête policière est ouverte sur le vol de données de membres de la Caisse de la Rivière. Des membres en colère parlent d’un scandale.</description>", i, i)
			if dated {
				fmt.Fprintf(&b, "<pubDate>%s</pubDate>", time.Now().Add(-30*day-time.Duration(i)*7*hour).UTC().Format(time.RFC1123Z))
			}
			b.WriteString("</item>")
		}
		b.WriteString("</channel></rss>")
		return b.String()
	}
	for i, dated := range []bool{true, false} {
		id := fmt.Sprint("s", i)
		address := "http://" + id + ".example/"
		l.on(address, tagged(tag, grave(5000, dated)))
		log := &recorder{Store: l.Store}
		l.Store = log
		l.restart(Config{})
		l.source(id, address)
		if h := l.visit(id); h.Entries != 5000 {
			l.Fatalf("%d entries", h.Entries)
		}
		judged := func() crisis.Verdict {
			var ms []veille.JudgedMention
			for _, e := range log.entries {
				ms = append(ms, veille.JudgedMention{Mention: veille.Mention{TopicID: "t", EntryID: e.ID, InTitle: true, At: e.Published}, Entry: e,
					Source: veille.Source{ID: e.SourceID, Title: string(e.SourceID) + e.GUID[:1], Tier: 2}})
			}
			return crisis.Judge(crisis.Input{Topic: topic, Mentions: ms, Since: time.Now().Add(-180 * day)}, time.Now())
		}
		if v := judged(); v.Level != veille.LevelNone {
			l.Errorf("dated: %v; a first fetch is told as %s, score %.0f, %v", dated, v.Level, v.Score, v.Signals)
		}
		// The same ones as news would be told: the check can fail.
		for j := range log.entries {
			log.entries[j].Published = time.Now()
		}
		if v := judged(); v.Level == veille.LevelNone {
			l.Error("5,000 grave entries of today are not told")
		}
		l.Store = log.Store
	}
}

// recorder is a Store that remembers the entries it stored.
type recorder struct {
	Store
	entries []veille.Entry
}

func (r *recorder) PutFetch(ctx context.Context, f veille.Fetched) (veille.PutCount, error) {
	r.entries = append(r.entries, f.Entries...)
	return r.Store.PutFetch(ctx, f)
}
