package feed

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TestNothingDangerousIsLeftInAnyField reads every corpus, the hostile one
// too, and looks at all that is mapped: HTML, addresses, plain text.
func TestNothingDangerousIsLeftInAnyField(t *testing.T) {
	n, sanitised := 0, 0
	for name, b := range files(t, shared(t, "data/feeds")) {
		f, err := Parse(b, Meta{URL: "http://example.com/"})
		if err != nil {
			continue
		}
		if strings.Contains(name, "/sanitize/") {
			sanitised++
		}
		n++
		if bad := dangerousFeed(f); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
	}
	t.Logf("%d feeds, %d of them of feedparser's sanitize", n, sanitised)
}

// dangerousFeed looks at every field of a feed; "" when all are harmless.
func dangerousFeed(f Feed) string {
	htmls := []string{f.TitleHTML, f.DescriptionHTML, f.RightsHTML}
	urls := []string{f.Site, f.Self, f.Icon}
	if f.Image != nil {
		urls = append(urls, f.Image.URL, f.Image.Link)
	}
	if f.Generator != nil {
		urls = append(urls, f.Generator.URL)
	}
	links, people := f.Links, slices.Concat(f.Authors, f.Contributors, f.Publishers)
	for _, e := range f.Entries {
		htmls = append(htmls, e.TitleHTML, e.RightsHTML, e.Summary, e.Content)
		urls = append(urls, e.URL, e.Image)
		links, people = append(links, e.Links...), slices.Concat(people, e.Authors, e.Contributors)
		for _, x := range e.Enclosures {
			urls = append(urls, x.URL)
		}
	}
	for _, l := range links {
		urls = append(urls, l.URL)
	}
	for _, p := range people {
		urls = append(urls, p.URL)
	}
	for _, u := range urls {
		if lower := strings.ToLower(u); u != "" && !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
			return "address " + u
		}
	}
	for _, s := range htmls {
		if bad := dangerous(s); bad != "" {
			return bad + " in " + s
		}
	}
	return ""
}

// acting are the elements that could act, ask, frame or load what runs.
var acting = []string{
	"script", "iframe", "frame", "frameset", "object", "embed", "applet", "style", "link", "meta", "base", "form", "input", "button",
	"select", "textarea", "keygen", "svg", "math", "template", "noscript", "noembed", "xmp", "plaintext", "portal", "isindex", "bgsound",
}

// dangerous is what in HTML could act, not only be seen; "" when nothing. It
// judges by a list of its own, and reads the text as a browser does: as a tree.
func dangerous(s string) string {
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	for _, root := range nodes {
		if bad := dangerousNode(root); bad != "" {
			return bad
		}
		for n := range root.Descendants() {
			if bad := dangerousNode(n); bad != "" {
				return bad
			}
		}
	}
	return ""
}

func dangerousNode(n *html.Node) string {
	if n.Type == html.CommentNode || n.Type == html.ElementNode && (n.Namespace != "" || slices.Contains(acting, n.Data)) {
		return "<" + n.Data + ">"
	}
	for _, a := range n.Attr {
		v := strings.ToLower(strings.Map(func(r rune) rune {
			if r <= ' ' {
				return -1
			}
			return r
		}, a.Val))
		named := strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"formaction", "srcdoc", "srcset", "http-equiv", "autoplay", "is", "slot"}, a.Key) || a.Key == "class" && v != ""
		scheme := strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:") || strings.HasPrefix(v, "file:")
		styled := a.Key == "style" && strings.ContainsAny(v, "\\@<>/*{}") || a.Key == "style" && slices.ContainsFunc(
			[]string{"url", "expression", "position", "behavior", "binding", "filter", "@import", "z-index", "transform", "content:", "var(", "calc("},
			func(bad string) bool { return strings.Contains(v, bad) })
		if named || scheme || styled {
			return a.Key + "=" + a.Val
		}
	}
	return ""
}

func TestStylesAreReducedToPlainOnes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"color: red":                             "color: red;",
		"COLOR : #fff ; margin:0":                "COLOR: #fff ; margin: 0;",
		"font-family: 'Deux Mots', serif":        "font-family: 'Deux Mots', serif;",
		"color: rgb(1, 2, 3); position: fixed":   "color: rgb(1, 2, 3);",
		"border: 1px solid red; border: 9in odd": "border: 1px solid red;",
		"background: url(http://a.test/x) black": "background: black;",
		"background: url(javascript:alert(1))":   "",
		"width: expression(alert(1))":            "",
		"color: re\\64":                          "",
		"color: red/**/":                         "",
		"color: var(--x)":                        "",
		"margin-left: -5000px":                   "",
		"@import 'x'":                            "",
		"behavior: url(x.htc)":                   "",
		"color":                                  "",
		"":                                       "",
		strings.Repeat("color: red;", 1000):      "",
	} {
		got := style(in)
		if got != want {
			t.Errorf("style(%.40q) = %q, want %q", in, got, want)
		}
		if again := style(got); again != got {
			t.Errorf("style(%q) = %q: not stable", got, again)
		}
	}
}

func TestHTMLIsReducedToWhatIsSeen(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<p onclick="x()">a<script>b</script></p>`:                    `<p>a</p>`,
		`<a href="java&#10;script:x">a</a><a href="mailto:a@b">b</a>`: `<a>a</a><a href="mailto:a@b">b</a>`,
		`a<iframe src="x"> <b>b</b></iframe>c`:                        `a <b>b</b>c`,
		`<noscript><img src="x" onerror="y"></noscript>`:              `<img src="http://a.test/x">`,
		`<form action="/x"><input name="q">a</form>`:                  `a`,
		`<scr<script>ipt>alert(1)</script>`:                           `ipt&gt;alert(1)`,
		`<<iframe>b>a</b>`:                                            `&lt;b&gt;a</b>`,
		`<textarea><script>x</script></textarea>a`:                    `a`,
		`<img src="data:image/png;base64,AA" alt="x">`:                `<img alt="x">`,
		`<svg><a xlink:href="javascript:x">a</a></svg>`:               `<a>a</a>`,
		`<a href="HTTPS://a.test/">a</a><a href="//b.test/">b</a>`:    `<a href="HTTPS://a.test/">a</a><a href="http://b.test/">b</a>`,
	} {
		if got := sanitise(in, "http://a.test/", maxContent); got != want {
			t.Errorf("sanitise(%q) = %q, want %q", in, got, want)
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
			if bad := dangerousFeed(f); bad != "" {
				t.Errorf("%s: %s", name, bad)
			}
		}
	}
	t.Logf("%d payloads", n)
}
