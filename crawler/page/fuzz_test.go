package page

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"veilleur/internal/veille"
)

// letters keeps of a text what white space and marks cannot change.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == utf8.RuneError || unseen(r) {
			return -1
		}
		return r
	}, s)
}

// subsequence says whether the runes of a are in b, in order.
func subsequence(a, b string) bool {
	for _, r := range a {
		i := strings.IndexRune(b, r)
		if i < 0 {
			return false
		}
		b = b[i+utf8.RuneLen(r):]
	}
	return true
}

// FuzzExtract holds that a text is no longer than its page, is made of the
// page's own in its order, is valid and plain, and that errors have a kind.
func FuzzExtract(f *testing.F) {
	f.Add([]byte(comptoir))
	for _, s := range ours(f) {
		f.Add(s.page)
	}
	for _, s := range []string{"<base href=':'><link rel=canonical href='http://[::1'>", "<table><tr><td>a<td>b</table>", "<ul><li>a<li>b", "<p>a<div>b</p>c", "</p></br><p", "<svg><title>x</title></svg>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Extract(b, "https://echo.test/a")
		if err != nil {
			if !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%v is of no kind", err)
			}
			return
		}
		doc, err := parse(b)
		if err != nil {
			t.Fatal(err)
		}
		var whole strings.Builder
		for n := range doc.Descendants() {
			if n.Type == html.TextNode {
				whole.WriteString(n.Data)
			}
		}
		if !subsequence(letters(a.Text), letters(whole.String())) {
			t.Errorf("the text %q is not the page's", a.Text)
		}
		for _, s := range []string{a.Title, a.Author, a.Site} {
			if strings.ContainsAny(s, "\n\r\x00\u202e") {
				t.Errorf("%q is no line", s)
			}
		}
		if a.Canonical != "" && site(a.Canonical) != "echo.test" {
			t.Errorf("canonical %q", a.Canonical)
		}
		Discover(b, "https://echo.test/")
	})
}

// FuzzLinkedData holds that JSON-LD of any shape ends and gives no more than
// there is.
func FuzzLinkedData(f *testing.F) {
	f.Add(`{"@graph":[{"@type":"NewsArticle","author":{"@id":"a"}},{"@id":"a","name":"Ana"}]}`)
	f.Add(`[{"@type":["Article"],"image":[{"url":"x"}],"author":[{"name":"a"},"b"],"isAccessibleForFree":"False"}]`)
	f.Add(`{"@type":"Article","@id":"a","author":{"@id":"a"},"publisher":{"@id":"b"},"image":{"@id":"a"}}`)
	f.Add("{\"@type\":\"BlogPosting\",\"headline\":\"a\nb\"};")
	f.Fuzz(func(t *testing.T, s string) {
		ld := linkedData([]string{s, s})
		for _, v := range []string{ld.headline, ld.author, ld.publisher, ld.image, ld.published} {
			if len(v) > 6*len(s)+10 {
				t.Errorf("%d bytes from %d", len(v), len(s))
			}
		}
	})
}

// FuzzDate holds that a date is zero or of a plausible year in UTC.
func FuzzDate(f *testing.F) {
	for s := range dates2026() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := date(s)
		if got.IsZero() {
			return
		}
		if y := got.Year(); y < 1989 || y > 2101 {
			t.Errorf("%q is of %d", s, y)
		}
		if got.Location().String() != "UTC" {
			t.Errorf("%q is in %v", s, got.Location())
		}
	})
}
