package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

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
