package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"veilleur/internal/veille"
)

var update = flag.Bool("update", false, "rewrite what the corpus wants")

func TestTheCorpusOfOurOwn(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(a.Files[0].Data, Meta{URL: "http://echo.test/feed/"})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(f); err != nil {
				t.Fatal(err)
			}
			if *update {
				a.Files[1].Data = b.Bytes()
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(string(a.Files[1].Data), b.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestWhatIsNoFeedIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "empty",
		" \n\t ":                       "empty",
		"<!doctype html><html></html>": "page",
		"<html><body><rss/></body>":    "page",
		"<?xml version='1.0'?><opml version='2.0'/>":                    "opml",
		"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>": "sitemap",
		"<svg xmlns='http://www.w3.org/2000/svg'/>":                     "image",
		"<note><to>x</to></note>":                                       "xml",
		`{"error":{"code":190}}`:                                        "json",
		`[1,2]`:                                                         "json",
		`{`:                                                             "json",
		"%PDF-1.7":                                                      "pdf",
		"\x89PNG\r\n":                                                   "image",
		"\x1f\x8b\x08":                                                  "archive",
		"ID3\x04":                                                       "media",
		"Bonjour":                                                       "text",
		"<":                                                             "text",
	} {
		_, err := Parse([]byte(in), Meta{})
		var not *NotFeedError
		if !errors.As(err, &not) || not.Is != want || !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("Parse(%.30q) = %v, want %s", in, err, want)
		}
	}
}

// bomb nests n elements of an extension.
func bomb(n int) []byte {
	return []byte(`<rss xmlns:m="u"><channel><item>` + strings.Repeat("<m:a>", n) + "</item></channel></rss>")
}

func TestH21H22WhatWouldHurtAParserIsRefusedAtOnce(t *testing.T) { // alone: it is timed
	var nested, flat strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&nested, `<p%d:a xmlns:p%d="u">`, i, i)
		fmt.Fprintf(&flat, ` xmlns:p%d="u"`, i)
	}
	tests := map[string][]byte{
		"two million levels":            bomb(2_000_000),
		"257 levels":                    bomb(257),
		"two million levels of HTML":    []byte("<rss><channel><item><description>" + strings.Repeat("<b>", 2_000_000)),
		"8,000 nested namespaces":       []byte("<rss><channel>" + nested.String()),
		"8,000 namespaces on one":       []byte("<rss><channel" + flat.String() + "><item/></channel></rss>"),
		"257 attributes":                []byte("<rss><channel" + strings.Repeat(" a='1'", 257) + "></channel></rss>"),
		"100,000 levels of JSON arrays": []byte(`{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 100_000)),
	}
	for name, b := range tests {
		began := time.Now()
		_, err := Parse(b, Meta{})
		if took := time.Since(began); !errors.Is(err, veille.ErrInvalid) || took > 2*time.Second {
			t.Errorf("%s: %v in %v, want a refusal at once", name, err, took)
		}
	}
	if f, err := Parse(bomb(200), Meta{}); err != nil || len(f.Entries) != 1 {
		t.Errorf("200 levels are only odd: %v", err)
	}
}

func TestH20EntitiesNeitherGrowNorReadFiles(t *testing.T) { // alone: it is timed
	var b strings.Builder
	b.WriteString(`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://evil.test/">]><rss><channel><item><title>`)
	b.WriteString("&b;&f;</title><description>" + strings.Repeat("&a;", 500_000))
	b.WriteString("</description></item></channel></rss>")
	began := time.Now()
	f, err := Parse([]byte(b.String()), Meta{})
	if err != nil || f.Entries[0].Title != "&b;&f;" || len(f.Entries[0].Text) > 3<<20 {
		t.Errorf("title %.40q, text of %d bytes, %v", f.Entries[0].Title, len(f.Entries[0].Text), err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestH23H24FeedsAndFieldsAreKeptUpToTheirLimits(t *testing.T) {
	t.Parallel()
	items := strings.Repeat("<item><title>x</title></item>", 5100)
	f, err := Parse([]byte("<rss><channel>"+items+"</channel></rss>"), Meta{})
	if err != nil || len(f.Entries) != maxEntries || f.Broken == nil || f.Broken.Key != "crawler.feed.many" {
		t.Errorf("%d entries, %v, %v", len(f.Entries), f.Broken, err)
	}
	j := strings.Repeat(`{"id":"x"},`, 5100)
	f, err = Parse([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[`+j+`{"id":"y"}]}`), Meta{})
	if err != nil || len(f.Entries) != maxEntries || f.Broken == nil {
		t.Errorf("JSON: %d entries, %v, %v", len(f.Entries), f.Broken, err)
	}
	long := strings.Repeat("é", maxContent)
	f, err = Parse([]byte("<rss><channel><item><title>"+long+"</title><link>http://a.test/"+long+"</link><description>"+long+"</description></item></channel></rss>"), Meta{})
	if e := f.Entries[0]; err != nil || len(e.Title) > maxTitle || len(e.Summary) > maxSummary || e.URL != "" {
		t.Errorf("H24: title %d, summary %d, url %d bytes, %v", len(e.Title), len(e.Summary), len(e.URL), err)
	}
}

func TestH25ALongPrologIsNoReasonToRefuse(t *testing.T) {
	t.Parallel()
	for name, prolog := range map[string]string{
		"a comment of 64 KB": "<!-- " + strings.Repeat("licence ", 8<<10) + "-->",
		"white space":        strings.Repeat(" \n", 32<<10),
		"instructions":       strings.Repeat("<?xml-stylesheet href='a.xsl'?>", 2<<10),
	} {
		f, err := Parse([]byte(prolog+"<rss><channel><item><title>Un</title></item></channel></rss>"), Meta{})
		if err != nil || len(f.Entries) != 1 || f.Entries[0].Title != "Un" {
			t.Errorf("%s: %d entries, %v", name, len(f.Entries), err)
		}
	}
}

func TestH26EveryEncodingIsRead(t *testing.T) {
	t.Parallel()
	const want = "Été à Montréal – « œuvre »"
	doc := func(decl, s string) string {
		return decl + "<rss><channel><item><title>" + s + "</title></item></channel></rss>"
	}
	utf16 := func(s string, order [2]int) string {
		var b []byte
		for _, r := range s {
			pair := [2]byte{byte(r >> 8), byte(r)}
			b = append(b, pair[order[0]], pair[order[1]])
		}
		return string(b)
	}
	const cp1252 = "\xc9t\xe9 \xe0 Montr\xe9al \x96 \xab \x9cuvre \xbb"
	tests := map[string]struct{ body, contentType string }{
		"UTF-8, nothing said":               {doc("", want), ""},
		"UTF-8 with a mark":                 {"\ufeff" + doc("", want), ""},
		"UTF-8 labelled latin-1":            {doc(`<?xml version="1.0" encoding="iso-8859-1"?>`, want), "text/xml; charset=iso-8859-1"},
		"UTF-16 big-endian with a mark":     {utf16("\ufeff"+doc("", want), [2]int{0, 1}), ""},
		"UTF-16 little-endian with a mark":  {utf16("\ufeff"+doc("", want), [2]int{1, 0}), ""},
		"UTF-16 little-endian without":      {utf16(doc("", want), [2]int{1, 0}), ""},
		"UTF-16 big-endian without":         {utf16(doc(`<?xml version="1.0" encoding="UTF-16"?>`, want), [2]int{0, 1}), ""},
		"Windows-1252 declared":             {doc(`<?xml version='1.0' encoding='windows-1252'?>`, cp1252), "text/xml"},
		"Windows-1252 said by the server":   {doc("", cp1252), "application/rss+xml; charset=windows-1252"},
		"Windows-1252, nothing said":        {doc("", cp1252), ""},
		"Windows-1252 labelled UTF-8":       {doc(`<?xml version="1.0" encoding="utf-8"?>`, cp1252), "text/xml; charset=utf-8"},
		"UTF-8 with one stray byte":         {doc("", strings.Replace(want, "à", "\xe0", 1)), "text/xml; charset=utf-8"},
		"an unknown label":                  {doc(`<?xml version="1.0" encoding="klingon"?>`, want), ""},
		"ASCII declared UTF-16, with refs":  {doc(`<?xml version="1.0" encoding="UTF-16"?>`, "&#201;t&eacute; &agrave; Montr&#xE9;al &#150; &laquo; &oelig;uvre &raquo;"), ""},
		"controls and zero bytes are noise": {doc("", "\x01"+want+"\x00"), ""},
	}
	for name, tt := range tests {
		f, err := Parse([]byte(tt.body), Meta{ContentType: tt.contentType})
		if err != nil || len(f.Entries) != 1 || f.Entries[0].Title != want {
			t.Errorf("%s: %+v, %v", name, f.Entries, err)
		}
	}
}

// TestH27 cuts feeds at every byte: whatever whole entry stands before the cut
// is kept, and nothing panics.
func TestH27ACutKeepsEveryWholeEntry(t *testing.T) {
	t.Parallel()
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b := a.Files[0].Data
		for i := range b {
			f, err := Parse(b[:i], Meta{})
			if err != nil && !errors.Is(err, veille.ErrInvalid) {
				t.Fatalf("%s cut at %d: %v", name, i, err)
			}
			whole := bytes.Count(b[:i], []byte("</item>")) + bytes.Count(b[:i], []byte("</entry>"))
			if err == nil && f.Kind != "json" && len(f.Entries) < whole {
				t.Fatalf("%s cut at %d: %d entries of %d whole", name, i, len(f.Entries), whole)
			}
		}
	}
}

func TestDatesAreReadAsFeedsWriteThem(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		d, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return d.UTC()
	}
	for in, want := range map[string]string{
		"2026-11-23T10:00:00-05:00":             "2026-11-23T15:00:00Z",
		"2026-11-23T10:00:00.123Z":              "2026-11-23T10:00:00.123Z",
		"2026-11-23t10:00:00z":                  "2026-11-23T10:00:00Z",
		"2026-11-23":                            "2026-11-23T00:00:00Z",
		"2026-11":                               "2026-11-01T00:00:00Z",
		"2026-11-23 10:00:00":                   "2026-11-23T10:00:00Z",
		"20261123T100000":                       "2026-11-23T10:00:00Z",
		"Mon, 23 Nov 2026 10:00:00 GMT":         "2026-11-23T10:00:00Z",
		"Mon, 23 Nov 2026 10:00:00 EST":         "2026-11-23T15:00:00Z",
		"Mon, 23 Nov 26 10:00 -0500":            "2026-11-23T15:00:00Z",
		"23 Nov 2026 10:00:00":                  "2026-11-23T10:00:00Z",
		"Monday, November 23, 2026 10:00:00 AM": "2026-11-23T10:00:00Z",
		"Nov 23, 2026, 10:05 pm":                "2026-11-23T22:05:00Z",
		"Mon Nov 23 10:00:00 2026":              "2026-11-23T10:00:00Z",
		"Mon Nov 23 10:00:00 EST 2026":          "2026-11-23T15:00:00Z",
		"lundi 23 novembre 2026 10:00":          "2026-11-23T10:00:00Z",
		"mardi 3 mars 2026, 10:00 HNE":          "2026-03-03T15:00:00Z",
		"1er août 2026":                         "2026-08-01T00:00:00Z",
		"23/11/2026 10:00":                      "2026-11-23T10:00:00Z",
		"23 Nov 2026 10:00:00 GMT+2":            "2026-11-23T08:00:00Z",
		"Mon, 23 Nov 2026 10:00:00 +0000 (UTC)": "2026-11-23T10:00:00Z",
	} {
		if got := date(in); !got.Equal(at(want)) {
			t.Errorf("date(%q) = %v, want %v", in, got, want)
		}
	}
	for _, in := range []string{"", "hier", "soon", "32 Nov 2026", "31 Feb 2026", "Mon, 23 Nov 2026 45:99:00 GMT"} {
		if got := date(in); !got.IsZero() {
			t.Errorf("date(%q) = %v, want none", in, got)
		}
	}
}

func TestTextKeepsParagraphsAndDropsTheRest(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>Un</p><p>Deux<br>trois</p>":                  "Un\n\nDeux\ntrois",
		"Un  \n deux":                                    "Un deux",
		"<div>Un<span> deux</span></div>trois":           "Un deux\n\ntrois",
		"<ul><li>un<li>deux</ul>":                        "un\ndeux",
		"<td>a</td><td>b</td>":                           "a b",
		"a<script>x<b>y</b></script>b<style>p{}</style>": "ab",
		"10&nbsp;$ &amp;amp; l&#39;eau":                  "10\u00a0$ &amp; l'eau",
		"<p>mot<wbr>long\u00adtiret\u200b\u202e</p>":     "motlongtiret",
		"a &lt;b&gt; c":                                  "a <b> c",
		"<p>ouvert<p>encore":                             "ouvert\n\nencore",
		"<svg><svg></svg>x</svg>y":                       "y",
		"":                                               "",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		if a, err := txtar.ParseFile(name); err == nil {
			f.Add(a.Files[0].Data)
		}
	}
	f.Add(bomb(300))
	f.Add([]byte("<rss><channel><item><title><![CDATA["))
	if _, err := os.Stat("../../../shared/data/feeds"); err == nil {
		for _, b := range files(f, "../../../shared/data/feeds") {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Parse(b, Meta{URL: "http://echo.test/feed/"})
		if err != nil {
			if !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%v is of no kind", err)
			}
			return
		}
		for _, e := range got.Entries {
			if len(e.Title) > maxTitle || strings.Contains(e.Title, "\n") || strings.Contains(strings.ToLower(e.Content), "<script") {
				t.Errorf("entry %+v", e)
			}
			if e.URL != "" && !strings.HasPrefix(strings.ToLower(e.URL), "http") {
				t.Errorf("address %q", e.URL)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00r\x00"), "text/xml; charset=utf-16")
	f.Add([]byte("<?xml version='1.0' encoding='iso-2022-jp'?>\x1b$B%F\x1b(B"), "")
	f.Add([]byte("\xc9t\xe9"), "text/xml; charset=windows-1252")
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		got, lost := decode(b, contentType)
		if !utf8.Valid(got) || lost < 0 || len(got) > 4*len(b)+64 {
			t.Errorf("%d bytes, valid %v, %d lost, of %d", len(got), utf8.Valid(got), lost, len(b))
		}
	})
}

func FuzzSanitise(f *testing.F) {
	f.Add(`<p onclick=x>a<script>b</script><a href="javascript:1">c</a><img src=/d>`)
	f.Add(`<svg><style><img src=x onerror=alert(1)>`)
	f.Fuzz(func(t *testing.T, s string) {
		once := sanitise(s, "http://echo.test/", maxContent)
		if bad := dangerous(once); bad != "" {
			t.Errorf("%q leaves %s", s, bad)
		}
		if again := sanitise(once, "http://echo.test/", maxContent); again != once && utf8.ValidString(s) && len(s) < maxContent/2 {
			t.Errorf("%q is not stable: %q then %q", s, once, again)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-11-23T10:00:00Z", "Mon, 23 Nov 2026 10:00:00 EST", "23/11/2026", "GMT+-"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) { date(s) })
}
