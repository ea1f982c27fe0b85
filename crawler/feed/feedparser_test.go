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
	`|enclosures(\.\d(\.(href|url|type|length))?)?|language|image(\.\w+)?|generator)$`)

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

// A rich is a text of ours: plain, and its HTML when it has markup.
type rich struct{ plain, html string }

// markup is sanitised HTML.
type markup string

// put adds a value under names unless it is empty.
func put(out map[string]any, v any, names ...string) {
	switch x := v.(type) {
	case string:
		if x == "" {
			return
		}
	case time.Time:
		if x.IsZero() {
			return
		}
	case rich:
		if x.plain == "" && x.html == "" {
			return
		}
	case markup:
		if x == "" {
			return
		}
	}
	for _, name := range names {
		out[name] = v
	}
}

// text adds a text, and its detail.
func text(out map[string]any, v any, names ...string) {
	put(out, v, names...)
	for _, name := range names {
		if _, ok := out[name]; ok {
			out[name+"_detail"] = map[string]any{"value": v}
		}
	}
}

// dated adds a date, and the date read.
func dated(out map[string]any, t time.Time, names ...string) {
	for _, name := range names {
		put(out, t, name, name+"_parsed")
	}
}

// named is a parsed feed under the names of feedparser.
func named(f Feed, err error) map[string]any {
	feed := map[string]any{}
	text(feed, rich{f.Title, f.TitleHTML}, "title")
	text(feed, rich{f.Description, f.DescriptionHTML}, "subtitle", "tagline", "info", "description")
	text(feed, rich{f.Rights, f.RightsHTML}, "rights", "copyright")
	put(feed, f.ID, "id", "guid")
	put(feed, f.Site, "link")
	put(feed, f.Lang, "language")
	put(feed, f.Icon, "icon")
	dated(feed, f.Updated, "updated", "modified", "date")
	dated(feed, cmp.Or(f.Published, f.Updated), "published", "issued", "created")
	if f.Generator != nil {
		put(feed, f.Generator.Name, "generator")
	}
	if i := f.Image; i != nil {
		out := map[string]any{"width": float64(i.Width), "height": float64(i.Height)}
		put(out, i.URL, "href", "url")
		put(out, i.Title, "title")
		put(out, i.Link, "link")
		feed["image"] = out
	}
	feed["links"] = linked(f.Links, nil)
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
	out := map[string]any{}
	text(out, rich{e.Title, e.TitleHTML}, "title")
	text(out, markup(cmp.Or(e.Summary, e.Content)), "summary", "description") // it copies so too
	text(out, rich{e.Rights, e.RightsHTML}, "rights", "copyright")
	if e.Content != "" {
		out["content"] = []any{map[string]any{"value": markup(e.Content)}}
	}
	put(out, e.GUID, "id", "guid")
	put(out, e.URL, "link")
	put(out, e.Lang, "language")
	dated(out, cmp.Or(e.Published, e.Updated), "published", "issued", "created", "date")
	dated(out, cmp.Or(e.Updated, e.Published), "updated", "modified")
	if e.Image != "" {
		out["image"] = map[string]any{"href": e.Image, "url": e.Image}
	}
	files := []any{}
	for _, x := range e.Enclosures {
		files = append(files, map[string]any{"href": x.URL, "url": x.URL, "type": x.Type, "length": strconv.FormatInt(x.Length, 10)})
	}
	out["enclosures"] = files
	out["links"] = linked(e.Links, e.Enclosures)
	authored(out, e.Authors)
	classed(out, e.Categories)
	return out
}

// linked are links as feedparser gives them: files are among them.
func linked(links []Link, files []Enclosure) []any {
	for _, x := range files {
		if !slices.ContainsFunc(links, func(l Link) bool { return l.URL == x.URL }) {
			links = append(links, Link{URL: x.URL, Rel: "enclosure", Type: x.Type})
		}
	}
	out := []any{}
	for _, l := range links {
		m := map[string]any{"href": l.URL, "url": l.URL, "rel": l.Rel}
		put(m, l.Type, "type")
		put(m, l.Title, "title")
		put(m, l.Lang, "hreflang")
		if l.Length > 0 {
			m["length"] = strconv.FormatInt(l.Length, 10)
		}
		out = append(out, m)
	}
	return out
}

func authored(out map[string]any, people []Person) {
	all := []any{}
	for _, p := range people {
		d := map[string]any{}
		put(d, p.Name, "name")
		put(d, p.Email, "email")
		put(d, p.URL, "url", "href")
		all = append(all, d)
	}
	out["authors"] = all
	if len(people) > 0 {
		p := people[0]
		out["author_detail"] = all[0]
		put(out, cmp.Or(p.Name, p.Email), "author")
		if p.Name != "" && p.Email != "" {
			out["author"] = p.Name + " (" + p.Email + ")"
		}
	}
}

func classed(out map[string]any, list []Category) {
	tags, pairs := []any{}, []any{}
	for _, c := range list {
		tag := map[string]any{"term": c.Term, "scheme": nil, "label": nil}
		put(tag, c.Scheme, "scheme")
		put(tag, c.Label, "label")
		tags, pairs = append(tags, tag), append(pairs, []any{tag["scheme"], c.Term})
	}
	out["tags"], out["categories"] = tags, pairs
	if len(list) > 0 {
		out["category"] = list[0].Term
	}
}

// same judges a value of ours against the one expected: HTML as a stream of
// tokens, a text also as it stands, times as instants, the rest exactly.
func same(_ string, got, want any) bool {
	switch g := got.(type) {
	case rich:
		if w, ok := want.(rich); ok {
			return g == w
		}
		w, ok := want.(string)
		return ok && (g.plain == w || sameHTML(cmp.Or(g.html, html.EscapeString(g.plain)), w))
	case markup:
		if w, ok := want.(markup); ok {
			return g == w
		}
		w, ok := want.(string)
		return ok && sameHTML(string(g), w)
	case time.Time:
		return sameTime(g, want)
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
		return want == nil
	}
	return got == want
}

func sameTime(g time.Time, want any) bool {
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
	return false
}

// sameHTML compares streams of tokens: every element, attribute and text;
// white space counts as one space, the order of attributes does not count.
func sameHTML(got, want string) bool { return stream(got) == stream(want) }

func stream(s string) string {
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
			slices.SortFunc(t.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
			b.WriteString("\x01" + t.Data)
			for _, a := range t.Attr {
				b.WriteString("\x02" + a.Key + "=" + a.Val)
			}
			b.WriteString("\x03")
		case html.EndTagToken:
			if t := z.Token(); !voids[t.Data] {
				b.WriteString("\x01/" + t.Data + "\x03")
			}
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

// A tally counts what was judged and what held.
type tally struct{ all, held int }

func (n tally) percent() float64 { return 100 * float64(n.held) / float64(max(n.all, 1)) }

func (n tally) plus(held bool) tally {
	n.all++
	if held {
		n.held++
	}
	return n
}

// judged parses one file as its comment asks it served, and gives whether what
// it expects holds.
func judged(name string, b []byte) (held, counts bool, f Feed, err error) {
	m := expectLine.FindSubmatch(b)
	f, parseErr := Parse(b, Meta{
		URL: "http://127.0.0.1:8097/tests/wellformed/" + name, ContentLocation: header(b, "Content-Location"),
		ContentType: header(b, "Content-type"), Lang: header(b, "Content-Language"),
	})
	p := python{names: named(f, parseErr), same: same}
	held, err = p.evaluate(string(m[1]))
	return held, basic(p.paths), f, err
}

// TestFeedparsersAssertions judges the parser by what feedparser's well-formed
// files expect, by folder; floors keep what was reached.
func TestFeedparsersAssertions(t *testing.T) {
	dir := shared(t, "data/feeds/feedparser/wellformed")
	basics, every, unread := map[string]tally{}, map[string]tally{}, 0
	list := files(t, dir)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		b := list[name]
		if !expectLine.Match(b) {
			continue
		}
		folder, _, _ := strings.Cut(name, "/")
		ok, counts, _, err := judged(name, b)
		if err != nil {
			unread++
			t.Logf("%s: %v", name, err)
		}
		every[folder] = every[folder].plus(ok)
		if !counts {
			continue
		}
		basics[folder] = basics[folder].plus(ok)
		if !ok && testing.Verbose() {
			t.Logf("%s: %s", name, expectLine.FindSubmatch(b)[1])
		}
	}
	var all, outside, total tally
	t.Logf("| folder | all | held | %% | basic | held | %% |")
	for _, folder := range slices.Sorted(maps.Keys(every)) {
		a, n := every[folder], basics[folder]
		t.Logf("| %s | %d | %d | %.1f | %d | %d | %.1f |", folder, a.all, a.held, a.percent(), n.all, n.held, n.percent())
		total.all, total.held = total.all+a.all, total.held+a.held
		all.all, all.held = all.all+n.all, all.held+n.held
		if folder != "sanitize" && folder != "cdf" {
			outside.all, outside.held = outside.all+n.all, outside.held+n.held
		}
	}
	t.Logf("| total | %d | %d | %.1f | %d | %d | %.1f |", total.all, total.held, total.percent(), all.all, all.held, all.percent())
	t.Logf("outside sanitize and cdf, basic: %d of %d, %.1f %%; expressions not read: %d", outside.held, outside.all, outside.percent(), unread)
	if all.percent() < 88 || outside.percent() < 92 || unread > 0 {
		t.Error("fewer hold than once did")
	}
}
