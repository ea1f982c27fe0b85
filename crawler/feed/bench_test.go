package feed

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParse reads a feed of 334 KB, as a full-text blog has.
func BenchmarkParse(b *testing.B) {
	var doc strings.Builder
	doc.WriteString(`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Fil</title>`)
	body := strings.Repeat(`<p>Le comptoir de la Caisse de la Rivière fermera ses portes, dit <a href="/suite">la direction</a>.</p>`, 60)
	for i := 0; doc.Len() < 334<<10; i++ {
		fmt.Fprintf(&doc, `<item><guid>%d</guid><title>Article %d</title><link>/a/%d</link><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><content:encoded><![CDATA[%s]]></content:encoded></item>`, i, i, i, body)
	}
	doc.WriteString("</channel></rss>")
	text := []byte(doc.String())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse(text, Meta{URL: "http://echo.test/"}); err != nil {
			b.Fatal(err)
		}
	}
}
