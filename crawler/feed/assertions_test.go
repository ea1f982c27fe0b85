package feed

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// An assertion is one comparison of a feedparser test file: a path into its
// result and the text expected there.
type assertion struct{ path, want string }

var (
	expectLine = regexp.MustCompile(`(?m)^\s*Expect:\s*(.*)$`)
	comparison = regexp.MustCompile(`(entries\[0\]|feed)((?:\[u?'\w+'\]|\[\d+\]|\.\w+)+)\s*==\s*u?'((?:[^'\\]|\\.)*)'`)
	pathStep   = regexp.MustCompile(`\[u?'(\w+)'\]|\[(\d+)\]|\.(\w+)`)
)

// assertionsOf reads those of a file that compare a field we keep with a text.
func assertionsOf(b []byte) []assertion {
	m := expectLine.FindSubmatch(b)
	if m == nil {
		return nil
	}
	var out []assertion
	for _, c := range comparison.FindAllStringSubmatch(string(m[1]), -1) {
		want, err := strconv.Unquote(`"` + strings.NewReplacer(`"`, `\"`, `\'`, `'`).Replace(c[3]) + `"`)
		if err != nil {
			continue
		}
		path := c[1]
		for _, s := range pathStep.FindAllStringSubmatch(c[2], -1) {
			path += "." + s[1] + s[2] + s[3]
		}
		out = append(out, assertion{path, want})
	}
	return out
}

// holds says whether a parsed feed satisfies an assertion, and whether it is
// about a field we keep at all.
func (a assertion) holds(f Feed) (ok, ours bool) {
	field, isEntry := strings.CutPrefix(a.path, "entries[0].")
	if !isEntry {
		switch strings.TrimPrefix(a.path, "feed.") {
		case "title", "title_detail.value":
			return sameText(f.Title, a.want), true
		case "link", "links.0.href":
			return sameLink(f.Site, a.want), true
		case "id", "guid":
			return f.ID == a.want, true
		case "subtitle", "description", "tagline", "subtitle_detail.value":
			return sameText(f.Description, a.want), true
		case "language":
			return f.Lang == a.want, true
		}
		return false, false
	}
	if len(f.Entries) == 0 {
		return false, true
	}
	e := f.Entries[0]
	switch field {
	case "title", "title_detail.value":
		return sameText(e.Title, a.want), true
	case "link", "links.0.href":
		return sameLink(e.URL, a.want), true
	case "id", "guid":
		return e.GUID == a.want, true
	case "summary", "description", "summary_detail.value":
		return sameHTML(e.Summary, a.want) || sameHTML(e.Content, a.want), true
	case "content.0.value":
		return sameHTML(e.Content, a.want) || sameHTML(e.Summary, a.want), true
	case "author_detail.name", "authors.0.name":
		return slices.Contains(e.Authors, a.want), true
	case "author":
		return slices.ContainsFunc(e.Authors, func(s string) bool { return strings.Contains(a.want, s) }), true
	case "published", "issued", "date":
		return e.Published.Equal(date(a.want)), true
	case "updated", "modified":
		return e.Updated.Equal(date(a.want)) || e.Published.Equal(date(a.want)), true
	case "tags.0.term", "category":
		return slices.Contains(e.Categories, a.want), true
	case "tags.1.term":
		return slices.Contains(e.Categories, a.want), true
	case "enclosures.0.href", "enclosures.0.url":
		return len(e.Enclosures) > 0 && sameLink(e.Enclosures[0].URL, a.want), true
	case "rights", "rights_detail.value", "copyright":
		return sameText(e.Rights, a.want), true
	}
	return false, false
}

func sameText(got, want string) bool { return got == line(want, maxTitle) || got == want }

// sameLink takes an address that we refuse for a satisfied expectation of one
// that is not of the web.
func sameLink(got, want string) bool { return got == want || got == link("", want) }

// sameHTML compares what is seen: elements, text, and where links lead.
func sameHTML(got, want string) bool { return seen(got) == seen(want) }

func seen(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.WriteString(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			b.WriteString("<" + t.Data)
			for _, a := range t.Attr {
				if a.Key == "href" || a.Key == "src" || a.Key == "alt" || a.Key == "title" {
					b.WriteString(" " + a.Key + "=" + a.Val)
				}
			}
			b.WriteString(">")
		case html.EndTagToken:
			b.WriteString("</>")
		}
	}
}

// TestFeedparsersAssertions measures how many of feedparser's assertions about
// fields we keep hold, by folder; floors keep what was reached.
func TestFeedparsersAssertions(t *testing.T) {
	dir := shared(t, "data/feeds/feedparser/wellformed")
	total, good := map[string]int{}, map[string]int{}
	for name, b := range files(t, dir) {
		folder, _, _ := strings.Cut(name, "/")
		if !feedLike("/"+name, b) {
			continue
		}
		f, err := Parse(b, Meta{URL: "http://127.0.0.1:8097/tests/wellformed/" + name, ContentLocation: header(b, "Content-Location"), ContentType: header(b, "Content-type")})
		for _, a := range assertionsOf(b) {
			ok, ours := a.holds(f)
			if !ours || err != nil {
				continue
			}
			total[folder]++
			if ok {
				good[folder]++
			} else if testing.Verbose() {
				t.Logf("%s: %s want %q", name, a.path, a.want)
			}
		}
	}
	all, held := 0, 0
	for folder, n := range total {
		t.Logf("%s: %d of %d", folder, good[folder], n)
		if folder != "sanitize" {
			all += n
			held += good[folder]
		}
	}
	t.Logf("outside sanitize: %d of %d, %.1f %%", held, all, 100*float64(held)/float64(all))
	if held*100 < all*88 || good["sanitize"]*100 < total["sanitize"]*86 {
		t.Error("fewer hold than once did")
	}
}

// header reads a header that a test file asks its server to send.
func header(b []byte, name string) string {
	m := regexp.MustCompile(`(?im)^\s*(?:Header:\s*)?` + name + `:\s*(.*?)\s*$`).FindSubmatch(b)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// TestNothingDangerousIsLeftInHTML sanitises what every corpus holds.
func TestNothingDangerousIsLeftInHTML(t *testing.T) {
	dir := shared(t, "data/feeds")
	n := 0
	for name, b := range files(t, dir) {
		f, err := Parse(b, Meta{URL: "http://example.com/"})
		if err != nil {
			continue
		}
		for _, e := range f.Entries {
			for _, s := range []string{e.Summary, e.Content} {
				n++
				if bad := dangerous(s); bad != "" {
					t.Errorf("%s: %s in %q", name, bad, s)
				}
			}
		}
	}
	t.Logf("%d texts", n)
}

// dangerous is what in HTML could act, not only be seen; "" when nothing.
func dangerous(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "script", "iframe", "frame", "object", "embed", "applet", "style", "link", "meta", "base", "form", "input", "button", "svg", "math":
				return t.Data
			}
			for _, a := range t.Attr {
				v := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:") {
					return a.Key + "=" + a.Val
				}
			}
		}
	}
}

func TestNoPayloadSurvivesSanitising(t *testing.T) {
	dir := shared(t, "data/hostile/text")
	n := 0
	for name, b := range files(t, dir) {
		for payload := range strings.Lines(string(b)) {
			n++
			once := sanitise(payload, "http://example.com/", maxContent)
			if bad := dangerous(once); bad != "" {
				t.Errorf("%s: %q leaves %s", name, payload, bad)
			}
			if again := sanitise(once, "http://example.com/", maxContent); again != once {
				t.Errorf("%s: %q is not stable: %q then %q", name, payload, once, again)
			}
			doc := "<rss><channel><item><title>" + html.EscapeString(payload) + "</title><link>" + html.EscapeString(payload) + "</link><description><![CDATA[" + payload + "]]></description></item></channel></rss>"
			f, err := Parse([]byte(doc), Meta{URL: "http://example.com/"})
			if err != nil || len(f.Entries) != 1 {
				t.Errorf("%s: %q: %v", name, payload, err)
				continue
			}
			if u := f.Entries[0].URL; u != "" && !strings.HasPrefix(strings.ToLower(u), "http") {
				t.Errorf("%s: address %q", name, u)
			}
		}
	}
	t.Logf("%d payloads", n)
}
