package feed

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

var expectLine = regexp.MustCompile(`(?m)^\s*Expect:\s*(.*?)\s*$`)

// basicFields are those a reader keeps; an assertion that reads any other, or
// the type, language or base of one, is not counted. Source: reliability §3.
var basicFields = regexp.MustCompile(`^(feed|entries\.0|entries\.1)\.(` +
	`(title|subtitle|tagline|info|summary|rights)(_detail\.value)?|description|copyright|content(\.\d)?(\.value)?` +
	`|links?(\.\d\.(href|url))?|id|guid` +
	`|(updated|published|modified|issued|date|created)(_parsed)?` +
	`|author|author_detail(\.(name|email|url|href))?|authors(\.\d)?(\.(name|email|url|href))?` +
	`|tags|tags\.\d(\.(term|scheme|label))?|category|categories` +
	`|enclosures(\.\d(\.(href|url|type|length))?)?|language|image(\.(href|url))?|generator)$`)

// basic tells whether an evaluation read fields a reader keeps, and no other.
func basic(paths []string) bool {
	n := 0
	for _, p := range paths {
		switch {
		case p == "bozo" || p == "feed" || p == "entries":
		case basicFields.MatchString(p):
			n++
		default:
			return false
		}
	}
	return n > 0
}

// named is a parsed feed under the names of feedparser.
func named(f Feed, err error) map[string]any {
	feed := map[string]any{
		"title": f.Title, "subtitle": f.Description, "tagline": f.Description, "info": f.Description, "description": f.Description,
		"id": f.ID, "guid": f.ID, "link": f.Site, "links": addresses(f.Site, f.Self), "rights": f.Rights, "copyright": f.Rights, "language": f.Lang,
		"image": map[string]any{"href": f.Image, "url": f.Image}, "generator": f.Generator, "updated": f.Updated, "updated_parsed": f.Updated,
		"modified": f.Updated, "modified_parsed": f.Updated, "date": f.Updated, "date_parsed": f.Updated, "published": f.Updated, "published_parsed": f.Updated,
	}
	for _, k := range []string{"title", "subtitle", "tagline", "info", "rights"} {
		feed[k+"_detail"] = map[string]any{"value": feed[k]}
	}
	authored(feed, f.Authors)
	classed(feed, f.Categories)
	entries := []any{}
	for _, e := range f.Entries {
		entries = append(entries, namedEntry(e))
	}
	out := map[string]any{"bozo": err != nil, "feed": feed, "entries": entries}
	for _, k := range []string{"version", "headers", "etag", "modified", "modified_parsed", "encoding", "locals", "href", "namespaces", "bozo_exception", "status"} {
		out[k] = missing{k} // what feedparser tells beside the feed
	}
	return out
}

func namedEntry(e Entry) map[string]any {
	summary, content := markup(cmp.Or(e.Summary, e.Content)), markup(cmp.Or(e.Content, e.Summary))
	out := map[string]any{
		"title": e.Title, "title_detail": map[string]any{"value": e.Title}, "id": e.GUID, "guid": e.GUID, "link": e.URL, "links": addresses(e.URL),
		"summary": summary, "description": summary, "summary_detail": map[string]any{"value": summary}, "content": []any{map[string]any{"value": content}},
		"published": e.Published, "published_parsed": e.Published, "issued": e.Published, "issued_parsed": e.Published, "created": e.Published, "created_parsed": e.Published,
		"date": e.Published, "date_parsed": e.Published, "updated": later(e), "updated_parsed": later(e), "modified": later(e), "modified_parsed": later(e),
		"rights": e.Rights, "copyright": e.Rights, "rights_detail": map[string]any{"value": e.Rights}, "language": e.Lang,
		"image": map[string]any{"href": e.Image, "url": e.Image},
	}
	files := []any{}
	for _, x := range e.Enclosures {
		files = append(files, map[string]any{"href": x.URL, "url": x.URL, "type": x.Type, "length": strconv.FormatInt(x.Length, 10)})
	}
	out["enclosures"] = files
	if e.URL == "" {
		out["links"] = files
	}
	authored(out, e.Authors)
	classed(out, e.Categories)
	return out
}

func later(e Entry) time.Time {
	if e.Updated.IsZero() {
		return e.Published
	}
	return e.Updated
}

func addresses(urls ...string) []any {
	out := []any{}
	for _, u := range urls {
		if u != "" {
			out = append(out, map[string]any{"href": u, "url": u})
		}
	}
	return out
}

func authored(out map[string]any, people []Person) {
	all := []any{}
	for _, p := range people {
		d := map[string]any{}
		for k, v := range map[string]string{"name": p.Name, "email": p.Email, "url": p.URL, "href": p.URL} {
			if v != "" {
				d[k] = v
			}
		}
		all = append(all, d)
	}
	out["authors"] = all
	if len(people) > 0 {
		p := people[0]
		out["author_detail"], out["author"] = all[0], cmp.Or(p.Name, p.Email)
		if p.Name != "" && p.Email != "" {
			out["author"] = p.Name + " (" + p.Email + ")"
		}
	}
}

func classed(out map[string]any, list []Category) {
	tags, pairs := []any{}, []any{}
	for _, c := range list {
		tag := map[string]any{"term": c.Term, "scheme": nil, "label": nil}
		if c.Scheme != "" {
			tag["scheme"] = c.Scheme
		}
		if c.Label != "" {
			tag["label"] = c.Label
		}
		tags, pairs = append(tags, tag), append(pairs, []any{tag["scheme"], c.Term})
	}
	out["tags"], out["categories"] = tags, pairs
	if len(list) > 0 {
		out["category"] = list[0].Term
	}
}

// markup is sanitised HTML, compared as what it shows.
type markup string

// same judges a value of ours against the one expected: HTML as a stream of
// tokens; what we keep as plain text, as the text of the HTML expected; times
// as instants.
func same(_ string, got, want any) bool {
	switch g := got.(type) {
	case markup:
		if w, ok := want.(markup); ok {
			return g == w
		}
		w, ok := want.(string)
		return ok && sameHTML(string(g), w)
	case time.Time:
		switch w := want.(type) {
		case time.Time:
			return g.Equal(w)
		case string:
			return g.Equal(date(w))
		case []any: // a tuple of UTC
			u := g.UTC()
			for i, n := range []int{u.Year(), int(u.Month()), u.Day(), u.Hour(), u.Minute(), u.Second()} {
				if i >= len(w) || w[i] != float64(n) {
					return false
				}
			}
			return true
		}
		return want == nil && g.IsZero()
	case string:
		w, ok := want.(string)
		return ok && (sameText(g, w) || sameLink(g, w)) || want == nil && g == ""
	case []any:
		w, ok := want.([]any)
		return ok && slices.EqualFunc(g, w, func(a, b any) bool { return same("", a, b) })
	case map[string]any:
		w, ok := want.(map[string]any)
		if !ok || len(w) > len(g) {
			return false
		}
		for k, v := range w {
			if !same("", g[k], v) {
				return false
			}
		}
		return true
	case missing:
		return want == nil || want == ""
	}
	return got == want
}

// TestFeedparsersAssertions judges the parser by what feedparser's well-formed
// files expect, by folder; floors keep what was reached.
func TestFeedparsersAssertions(t *testing.T) {
	dir := shared(t, "data/feeds/feedparser/wellformed")
	total, good, unread := map[string]int{}, map[string]int{}, 0
	for name, b := range files(t, dir) {
		m := expectLine.FindSubmatch(b)
		if m == nil {
			continue
		}
		folder, _, _ := strings.Cut(name, "/")
		f, err := Parse(b, Meta{URL: "http://127.0.0.1:8097/tests/wellformed/" + name, ContentLocation: header(b, "Content-Location"), ContentType: header(b, "Content-type")})
		p := python{names: named(f, err), same: same}
		ok, evalErr := p.evaluate(string(m[1]))
		if evalErr != nil {
			unread++
			if testing.Verbose() {
				t.Logf("%s: %v: %s", name, evalErr, m[1])
			}
		}
		if !basic(p.paths) {
			continue
		}
		total[folder]++
		if ok {
			good[folder]++
		} else if testing.Verbose() {
			t.Logf("%s: not %s", name, m[1])
		}
	}
	all, held, outside, heldOutside := 0, 0, 0, 0
	for _, folder := range slices.Sorted(maps.Keys(total)) {
		t.Logf("%s: %d of %d", folder, good[folder], total[folder])
		all, held = all+total[folder], held+good[folder]
		if folder != "sanitize" && folder != "cdf" {
			outside, heldOutside = outside+total[folder], heldOutside+good[folder]
		}
	}
	t.Logf("feedparser's basic assertions: %d of %d, %.1f %%; outside sanitize and cdf %d of %d, %.1f %%; expressions we do not read %d",
		held, all, 100*float64(held)/float64(all), heldOutside, outside, 100*float64(heldOutside)/float64(outside), unread)
	if held*100 < all*88 || heldOutside*100 < outside*92 || unread > 0 {
		t.Error("fewer hold than once did")
	}
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
