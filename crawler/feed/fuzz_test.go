package feed

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"veilleur/internal/veille"
)

// corpus is our own samples, and the shared ones where they are.
func corpus(f *testing.F) (out [][]byte) {
	for _, b := range own(f) {
		out = append(out, b)
	}
	if _, err := os.Stat("../../../shared/data"); err == nil {
		for _, set := range []string{"feeds", "hostile"} {
			for _, b := range files(f, "../../../shared/data/"+set) {
				if len(b) < 64<<10 {
					out = append(out, b)
				}
			}
		}
	}
	return out
}

// sound says what is wrong with a parsed feed, whatever it was made of; ""
// when nothing.
func sound(f Feed, err error) string {
	if err != nil {
		if !errors.Is(err, veille.ErrInvalid) {
			return "error of no kind: " + err.Error()
		}
		return ""
	}
	if bad := dangerousFeed(f); bad != "" {
		return bad
	}
	if over := unbounded(f); over != "" {
		return over
	}
	if f.Lost > 0 && f.Broken == nil {
		return "characters are lost without a word"
	}
	for _, e := range f.Entries {
		if strings.ContainsAny(e.Title, "\n\r") || !utf8.ValidString(e.Title) || !utf8.ValidString(e.Text) || strings.ContainsRune(e.Text, 0) {
			return "not plain text: " + e.Title
		}
		if repeats(e.Links) || repeats(e.Categories) || repeats(e.Enclosures) || repeats(e.Authors) {
			return "something is listed twice"
		}
	}
	return ""
}

func repeats[T comparable](list []T) bool {
	seen := map[T]bool{}
	for _, v := range list {
		if seen[v] {
			return true
		}
		seen[v] = true
	}
	return false
}

func FuzzParse(f *testing.F) {
	for _, b := range corpus(f) {
		f.Add(b)
	}
	f.Add(bomb(300))
	f.Add([]byte("<rss><channel><item><title><![CDATA["))
	f.Fuzz(func(t *testing.T, b []byte) {
		if bad := sound(Parse(b, Meta{URL: "http://echo.test/feed/"})); bad != "" {
			t.Error(bad)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, b := range corpus(f) {
		if firstByte(b) == '{' {
			f.Add(b)
		}
	}
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1},{"id":"a","attachments":[{}]},null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if bad := sound(parseJSONOf(b)); bad != "" {
			t.Error(bad)
		}
	})
}

// parseJSONOf parses as Parse does what begins as JSON.
func parseJSONOf(b []byte) (Feed, error) {
	return Parse(append([]byte("{"), b[min(len(b), 1):]...), Meta{URL: "http://echo.test/"})
}

func FuzzDecode(f *testing.F) {
	for _, b := range corpus(f) {
		if len(b) < 2<<10 && !isASCII(b) {
			f.Add(b, header(b, "Content-type"))
		}
	}
	f.Add([]byte("\xff\xfe<\x00r\x00"), "text/xml; charset=utf-16")
	f.Add([]byte("<?xml version='1.0' encoding='iso-2022-jp'?>\x1b$B%F\x1b(B"), "")
	f.Add([]byte("\xc9t\xe9"), "text/xml; charset=windows-1252")
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		got, lost := decode(b, contentType)
		if !utf8.Valid(got) || lost < 0 || lost > len(b) || len(got) > 4*len(b)+64 {
			t.Errorf("%d bytes, valid %v, %d lost, of %d", len(got), utf8.Valid(got), lost, len(b))
		}
		if again, _ := decode(got, ""); string(again) != string(got) && len(got) > 0 && got[0] == '<' {
			t.Errorf("%q, then %q", got, again)
		}
	})
}

func FuzzSanitise(f *testing.F) {
	f.Add(`<p onclick=x>a<script>b</script><a href="javascript:1">c</a><img src=/d>`)
	f.Add(`<svg><style><img src=x onerror=alert(1)>`)
	f.Add(`<span style="color: rgb(1, 2); background: url(x) red; border: 1px !important">a</span><td style='x'>`)
	f.Add(`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`)
	if _, err := os.Stat("../../../shared/data"); err == nil {
		for _, b := range files(f, "../../../shared/data/hostile/text") {
			n := 0
			for payload := range strings.Lines(string(b)) {
				if n++; n%7 == 0 {
					f.Add(payload)
				}
			}
		}
	}
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

func FuzzResolve(f *testing.F) {
	f.Add("http://a/b/c/d;p?q", "../../g?y#s")
	f.Add("dir/", "./..")
	f.Fuzz(func(t *testing.T, base, ref string) {
		got := resolve(base, ref)
		if len(got) > len(base)+len(ref)+1 {
			t.Errorf("%q of %q and %q", got, base, ref)
		}
		if u := link(base, ref); u != "" && (link(base, u) != u || len(u) > maxURL || !strings.HasPrefix(strings.ToLower(u), "http")) {
			t.Errorf("link(%q, %q) = %q, then %q", base, ref, u, link(base, u))
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-11-23T10:00:00Z", "Mon, 23 Nov 2026 10:00:00 EST", "23/11/2026", "GMT+-", "1er août 2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := date(s)
		if !d.IsZero() && (d.Year() < 0 || d.Year() > 10_000 || d.Location().String() != "UTC") {
			t.Errorf("date(%q) = %v", s, d)
		}
		if _, err := d.MarshalJSON(); err != nil {
			t.Errorf("date(%q) = %v: %v", s, d, err)
		}
	})
}
