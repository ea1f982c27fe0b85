package feed

import (
	"testing"
)

// BenchmarkParse reads a feed of 334 KB, as a full-text blog has.
func BenchmarkParse(b *testing.B) {
	text := fullText(500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse(text, Meta{URL: "http://echo.test/"}); err != nil {
			b.Fatal(err)
		}
	}
}
