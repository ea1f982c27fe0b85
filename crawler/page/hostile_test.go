//go:build unix

package page

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"veilleur/internal/veille"
)

// numbered repeats a form with a number in it, up to a page's size.
func numbered(form string) string {
	var b strings.Builder
	for i := 0; b.Len() < maxBytes-100; i++ {
		fmt.Fprintf(&b, form, i)
	}
	return b.String()
}

// monsters are pages that a reader by the standard takes minutes or gigabytes
// for: the builder of golang.org/x/net/html took 18 s for 249 KB of "repeated
// html tags" and 72 s for "open bold multiplied".
func monsters() map[string]string {
	var open strings.Builder
	for i := range 400 {
		fmt.Fprintf(&open, "<p><i c=%d>", i)
	}
	return map[string]string{
		"a million nested div":       strings.Repeat("<div>", 1_000_000),
		"as many as a page may hold": strings.Repeat("<div>", maxBytes/5),
		"nested, then text":          strings.Repeat("<div>", 300_000) + strings.Repeat("Un texte sans fin. ", 70_000),
		"deep bold":                  strings.Repeat("<b><p>", maxBytes/6),
		"wide":                       strings.Repeat("<p>x</p>", maxBytes/8),
		"wide prose":                 strings.Repeat("<p>Une phrase assez longue pour compter, vraiment.</p>", maxBytes/56),
		"repeated html tags":         numbered("<html a%d>"),
		"repeated body tags":         numbered("<body a%d>"),
		"open bold multiplied":       open.String() + strings.Repeat("</p><p>x", 300_000),
		"attributes without end":     "<div" + strings.Repeat(" a=1", maxBytes/5) + ">",
		"classes without end":        `<div class="` + strings.Repeat("a-b ", maxBytes/5) + `"><p>x`,
		"many classes":               numbered(`<p class="related-%d share nav">x`),
		"nested tables":              strings.Repeat("<table><tr><td>", maxBytes/16),
		"text thrown out of tables":  "<table>" + strings.Repeat("x<b>y</b>", maxBytes/10),
		"links in links":             strings.Repeat("<a href=/>x", maxBytes/12),
		"ends without beginnings":    strings.Repeat("<div>", 500) + strings.Repeat("</span>", maxBytes/8),
		"nested linked data":         `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 90_000),
		"many dates":                 strings.Repeat(`<time datetime="2026-13-45">le 45 novembre 2026</time>`, maxBytes/60),
		"authors in authors":         strings.Repeat(`<div class="author date">x`, maxBytes/30),
		"microdata in microdata":     strings.Repeat(`<p itemprop="datePublished">x`, maxBytes/32),
		"unfinished":                 "<p>" + strings.Repeat("<", maxBytes/2),
		"labels for the careful one": strings.Repeat("<div><p>a, b</p></div>", 24_000),
		"breaks for the careful one": strings.Repeat("a<br> <br>", 24_000),
		"depth for the careful one":  strings.Repeat("<div>", 500) + strings.Repeat("<p>a, b, c</p>", 48_000),
		"spans for the careful one":  "<div>" + strings.Repeat("<span>a, </span><a href=x>b</a>", 24_000),
		"styles":                     numbered(`<p style="display:block;a:%d">x`),
	}
}

// resident is what the heap has from the system, in bytes: after an extraction,
// about its peak.
func resident() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapSys) - int64(m.HeapReleased)
}

func TestH29MonstrousPagesEndInTwoSecondsAnd256MB(t *testing.T) {
	for name, page := range monsters() {
		t.Run(name, func(t *testing.T) {
			debug.FreeOSMemory()
			held, began := resident(), cpu()
			a, err := Extract([]byte(page), "https://echo.test/a")
			took, grown := cpu()-began, resident()-held
			t.Logf("%v, %d MB, %v", took.Round(time.Millisecond), grown>>20, err)
			if took > 2*time.Second || grown > 256<<20 {
				t.Errorf("took %v and %d MB, want at most 2 s and 256 MB", took, grown>>20)
			}
			if err != nil && !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%v is of no kind", err)
			}
			if len(a.Text) > len(page) {
				t.Errorf("%d bytes of text from %d", len(a.Text), len(page))
			}
		})
	}
}

func TestH29NoElementIsDeeperThan512(t *testing.T) {
	t.Parallel()
	doc, err := parse([]byte(strings.Repeat("<div>", 5000) + "<p>Le fond du puits." + strings.Repeat("</div>", 5000) + "<p>Dehors."))
	if err != nil {
		t.Fatal(err)
	}
	deepest, outside := 0, 0
	for n := range doc.Descendants() {
		depth := 0
		for p := n.Parent; p != nil; p = p.Parent {
			depth++
		}
		deepest = max(deepest, depth)
		if n.Type == html.TextNode && n.Data == "Dehors." {
			outside = depth
		}
	}
	if deepest > maxDepth+4 || outside != 4 { // document, html, body, p
		t.Errorf("deepest %d, the text outside at %d", deepest, outside)
	}
}

func TestH13APageOverThreeMegabytesIsAnErrorNotATruncation(t *testing.T) {
	t.Parallel()
	long := "<p>" + strings.Repeat("Un mot de plus. ", maxBytes/16)
	if _, err := Extract([]byte(long), "https://echo.test/"); !errors.Is(err, veille.ErrInvalid) {
		t.Errorf("%d bytes: %v", len(long), err)
	}
	fits := long[:maxBytes]
	a, err := Extract([]byte(fits), "https://echo.test/")
	if err != nil || len(a.Text) < maxBytes-100 {
		t.Errorf("%d bytes gave %d, %v", len(fits), len(a.Text), err)
	}
}

func TestH41WhatTurnsTheOrderOfTextIsNotKept(t *testing.T) {
	t.Parallel()
	const bad = "\u202e\u2066\u2069\u200b\ufeff\u200f\u2060\u00ad"
	page := `<title>a</title><meta property="og:title" content="Un` + bad + ` titre"><meta name="author" content="Ana` + bad + ` Exemple"><meta property="og:site_name" content="` + bad + `Écho">` +
		`<p>` + strings.Repeat("Une phrase "+bad+"assez longue pour être lue. ", 30)
	a, err := Extract([]byte(page), "https://echo.test/")
	if err != nil || a.Title != "Un titre" || a.Author != "Ana Exemple" || a.Site != "Écho" {
		t.Errorf("%q %q %q %v", a.Title, a.Author, a.Site, err)
	}
	if strings.ContainsAny(a.Text, bad) || !strings.Contains(a.Text, "phrase assez longue") {
		t.Errorf("text %.80q", a.Text)
	}
	if kept := oneLine("می\u200cخواهم 👩\u200d🌾"); !strings.Contains(kept, "\u200c") || !strings.Contains(kept, "\u200d") {
		t.Errorf("the joiners of %q are gone", kept)
	}
}
