package feed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// sameAsWhole checks that what ParseNew gives of a document is what Parse
// gives, less the items remembered.
func sameAsWhole(t *testing.T, name string, body []byte, m Meta, past Memory) (cut bool) {
	t.Helper()
	whole, wholeErr := Parse(body, m)
	got, now, err := ParseNew(body, m, past)
	if (err == nil) != (wholeErr == nil) {
		t.Fatalf("%s: %v, whole %v", name, err, wholeErr)
	}
	if err != nil {
		return false
	}
	want := whole
	if len(got.Entries) < len(whole.Entries) {
		parts, ok := itemsOf(body)
		if !ok || len(parts) != len(whole.Entries) {
			t.Fatalf("%s: %d items found of %d", name, len(parts), len(whole.Entries))
		}
		known := past.items()
		want.Entries = nil
		for i, p := range parts {
			if !known[xxhash.Sum64(body[p.start:p.end])] {
				want.Entries = append(want.Entries, whole.Entries[i])
			}
		}
		cut = true
	}
	if len(got.Entries) == 0 {
		got.Entries = nil
	}
	if len(want.Entries) == 0 {
		want.Entries = nil
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: whole - delta +\n%s", name, d)
	}
	if now != nil && len(now) != word*(1+len(mustItems(t, name, body))) {
		t.Errorf("%s: %d bytes remembered", name, len(now))
	}
	return cut
}

func mustItems(t *testing.T, name string, body []byte) []part {
	t.Helper()
	parts, ok := itemsOf(body)
	if !ok {
		t.Fatalf("%s: remembered, though its items were not found", name)
	}
	return parts
}

// changes are what may have become of a feed between two readings.
func changes(body []byte) map[string][]byte {
	out := map[string][]byte{"the same": body, "cut": body[:2*len(body)/3], "cut near its end": body[:len(body)-min(len(body), 12)],
		"another language": bytes.Replace(body, []byte("<channel>"), []byte(`<channel xml:lang="eo">`), 1),
		"another base":     bytes.Replace(body, []byte("<feed "), []byte(`<feed xml:base="http://base.test/x/" `), 1),
		"another title":    bytes.Replace(body, []byte("<title>"), []byte("<title>Autre "), 1),
		"another author":   bytes.Replace(body, []byte("<channel>"), []byte("<channel><managingEditor>Anne</managingEditor>"), 1),
		"a stray item":     bytes.Replace(body, []byte("</description>"), []byte("<!-- <item> --><![CDATA[<item>]]></description>"), 1),
	}
	parts, ok := itemsOf(body)
	if !ok || len(parts) == 0 {
		return out
	}
	first, last := parts[0], parts[len(parts)-1]
	item := body[first.start:first.end]
	edited := bytes.Replace(item, []byte(">"), []byte("> "), 1)
	if body[first.start] == '{' {
		edited = append([]byte("{ "), item[1:]...)
	}
	put := func(at int, what ...[]byte) []byte {
		return slices.Concat(append(append([][]byte{body[:at]}, what...), body[at:])...)
	}
	comma := []byte{}
	if body[first.start] == '{' {
		comma = []byte(",")
	}
	out["an item added"] = put(first.start, edited, comma)
	out["an item edited"] = slices.Concat(body[:first.start], edited, body[first.end:])
	if len(parts) > 1 {
		out["the last removed"] = without(body, parts, parts[:len(parts)-1])
		out["the first removed"] = without(body, parts, parts[1:])
		out["turned round"] = slices.Concat(body[:first.start], body[last.start:last.end], body[first.end:last.start], item, body[last.end:])
	}
	return out
}

func TestWhatIsNewIsWhatTheWholeHasLessWhatWasRead(t *testing.T) {
	t.Parallel()
	own, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(own) == 0 {
		t.Fatal(err)
	}
	all, cuts := 0, 0
	for _, f := range own {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		read, cut := checkChanges(t, filepath.Base(f), a.Files[0].Data)
		all, cuts = all+read, cuts+cut
	}
	if cuts*4 < all {
		t.Errorf("%d of %d documents were read by what changed: too few to prove it", cuts, all)
	}
}

func checkChanges(t *testing.T, name string, body []byte) (read, cut int) {
	t.Helper()
	m := Meta{URL: "http://echo.test/fil/" + name}
	_, past, err := ParseNew(body, m, nil)
	if err != nil {
		return 0, 0
	}
	for what, b := range changes(body) {
		read++
		if sameAsWhole(t, name+", "+what, b, m, past) {
			cut++
		}
	}
	return read, cut
}

func TestWhatIsNewOnShared(t *testing.T) {
	t.Parallel()
	dir := shared(t, "data/feeds")
	read, cut := 0, 0
	for name, body := range files(t, dir) {
		r, c := checkChanges(t, name, body)
		read, cut = read+r, cut+c
	}
	t.Logf("%d documents read again, %d of them without their known items", read, cut)
	if cut < 1000 {
		t.Error("too few were read by what changed to prove it")
	}
}

// fullText is a feed of whole articles, 334 KB, the newest first.
func fullText(newest int) []byte {
	var doc strings.Builder
	doc.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Fil</title>`)
	fmt.Fprintf(&doc, "<lastBuildDate>Mon, 23 Nov 2026 10:%02d:00 GMT</lastBuildDate>", newest%60)
	body := strings.Repeat(`<p>Le comptoir de la Caisse de la Rivière fermera ses portes le 30 juin, a dit mardi <a href="/suite">la direction</a> devant une salle pleine. `+
		`Les membres gardent le guichet et pourront prendre rendez-vous deux jours par semaine à l’hôtel de ville, le temps que le conseil trouve mieux. `+
		`« On nous avait promis le contraire », rappelle une cliente, qui fait signer une pétition à l’épicerie du village depuis dimanche.</p>`, 14)
	for i := newest; doc.Len() < 334<<10; i-- {
		fmt.Fprintf(&doc, `<item><guid>%d</guid><title>Article %d</title><link>/a/%d</link><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><content:encoded><![CDATA[%s]]></content:encoded></item>`, i, i, i, body)
	}
	doc.WriteString("</channel></rss>")
	return []byte(doc.String())
}

func TestAFeedSeenBeforeGivesItsOneNewEntry(t *testing.T) {
	t.Parallel()
	m := Meta{URL: "http://echo.test/"}
	_, past, err := ParseNew(fullText(500), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, now, err := ParseNew(fullText(501), m, past)
	if err != nil || len(f.Entries) != 1 || f.Entries[0].GUID != "501" {
		t.Fatalf("%d entries, %v", len(f.Entries), err)
	}
	if f, _, err = ParseNew(fullText(501), m, now); err != nil || len(f.Entries) != 0 {
		t.Errorf("nothing changed, yet %d entries, %v", len(f.Entries), err)
	}
	if f, _, err = ParseNew(fullText(501), Meta{URL: "http://autre.test/"}, now); err != nil || len(f.Entries) < 50 {
		t.Errorf("at another address, %d entries, %v", len(f.Entries), err)
	}
	for _, n := range []int{0, 1, 8, 9, 16, len(now) - 1} { // a memory cut or altered is never believed to a fault
		if _, _, err := ParseNew(fullText(501), m, now[:n]); err != nil {
			t.Fatal(err)
		}
	}
	binary.LittleEndian.PutUint64(now, 1)
	if f, _, err = ParseNew(fullText(501), m, now); err != nil || len(f.Entries) < 50 {
		t.Errorf("with another head, %d entries, %v", len(f.Entries), err)
	}
}

// BenchmarkParseNew reads a feed of 334 KB seen before, with one new entry.
func BenchmarkParseNew(b *testing.B) {
	m := Meta{URL: "http://echo.test/"}
	_, past, err := ParseNew(fullText(500), m, nil)
	if err != nil {
		b.Fatal(err)
	}
	next := fullText(501)
	b.SetBytes(int64(len(next)))
	b.ReportAllocs()
	for b.Loop() {
		if f, _, err := ParseNew(next, m, past); err != nil || len(f.Entries) != 1 {
			b.Fatal(len(f.Entries), err)
		}
	}
}

func FuzzParseNew(f *testing.F) {
	f.Add([]byte(`<rss><channel><title>a</title><item><guid>1</guid></item><item><guid>2</guid><title><![CDATA[<item>]]></title></item></channel></rss>`), 20, 30)
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1"},{"id":"2","title":"x"}]}`), 10, 4)
	f.Fuzz(func(t *testing.T, body []byte, at, n int) {
		m := Meta{URL: "http://echo.test/"}
		_, past, err := ParseNew(body, m, nil)
		if err != nil || at < 0 || n < 0 || at > len(body) || n > len(body)-at {
			return
		}
		sameAsWhole(t, "shortened", slices.Delete(slices.Clone(body), at, at+n), m, past)
	})
}
