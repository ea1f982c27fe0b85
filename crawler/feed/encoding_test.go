package feed

import (
	"strings"
	"testing"
	"unicode/utf8"
)

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
	wide := func(s string, low int) string {
		var b []byte
		for _, r := range s {
			four := [4]byte{}
			four[low], four[low^1] = byte(r), byte(r>>8)
			four[low^3], four[low^2] = byte(r>>24), byte(r>>16)
			b = append(b, four[:]...)
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
		"UTF-32 big-endian with a mark":     {wide("\ufeff"+doc("", want), 3), ""},
		"UTF-32 little-endian without":      {wide(doc("", want), 0), ""},
		"controls and zero bytes are noise": {doc("", "\x01"+want+"\x00"), ""},
	}
	for name, tt := range tests {
		f, err := Parse([]byte(tt.body), Meta{ContentType: tt.contentType})
		if err != nil || len(f.Entries) != 1 || f.Entries[0].Title != want || f.Lost != 0 || f.Broken != nil {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

// What cannot be read is counted, and the feed says so.
func TestH26LostCharactersAreCounted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"replaced by whoever wrote it": {"<rss><channel><item><title>Mont\uFFFDal, \uFFFDt\uFFFD</title></item></channel></rss>", 3},
		"half a pair of UTF-16":        {"\xfe\xff" + twoBytes("<rss><channel><item><title>a") + "\xd8\x00" + twoBytes("b</title></item></channel></rss>"), 1},
	} {
		f, err := Parse([]byte(tt.body), Meta{})
		if err != nil || f.Lost != tt.want || f.Broken == nil || f.Broken.Key != "crawler.feed.lost" {
			t.Errorf("%s: %d lost, %v, %v; want %d", name, f.Lost, f.Broken, err, tt.want)
		}
	}
}

func twoBytes(ascii string) string {
	var b strings.Builder
	for i := range len(ascii) {
		b.WriteByte(0)
		b.WriteByte(ascii[i])
	}
	return b.String()
}

// TestH26OnShared reads feedparser's files of encodings and of broken
// documents: all parse, and what is read is text.
func TestH26OnShared(t *testing.T) {
	for _, set := range []string{"encoding", "illformed", "entities"} {
		n, lost := 0, 0
		for name, b := range files(t, shared(t, "data/feeds/feedparser/"+set)) {
			n++
			f, err := Parse(b, Meta{URL: "http://example.com/", ContentType: header(b, "Content-type")})
			if err != nil || !utf8.ValidString(f.Title) {
				t.Errorf("%s/%s: %v", set, name, err)
			}
			lost += f.Lost
		}
		t.Logf("%s: %d files read, %d characters lost", set, n, lost)
	}
}
