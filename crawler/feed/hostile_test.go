package feed

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"veilleur/internal/veille"
)

// These tests are named by the rules of the specification of reliability, §7.
// They bound processor time, so none of them runs beside another test.

// timed parses b and gives the processor time it took.
func timed(b []byte) (Feed, time.Duration, error) {
	before := cpu()
	f, err := Parse(b, Meta{})
	return f, cpu() - before, err
}

// bomb nests n elements of an extension.
func bomb(n int) []byte {
	return []byte(`<rss xmlns:m="u"><channel><item>` + strings.Repeat("<m:a>", n) + "</item></channel></rss>")
}

// item puts text in the title of the one item of a feed.
func item(prolog, text string) []byte {
	return []byte(prolog + `<rss version="2.0"><channel><item><title>` + text + "</title></item></channel></rss>")
}

// canary listens, and counts who comes.
func canary(t *testing.T) (address string, visits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	visits = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	return "http://" + l.Addr().String(), visits
}

func TestH20EntitiesNeitherGrowNorReadAnything(t *testing.T) {
	u, visits := canary(t)
	var laughs strings.Builder
	laughs.WriteString(`<!DOCTYPE rss [<!ENTITY l0 "lol">`)
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&laughs, `<!ENTITY l%d "%s">`, i, strings.Repeat(fmt.Sprintf("&l%d;", i-1), 10))
	}
	long := `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `">]>`
	huge := `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1<<20) + `">]>`
	tests := map[string]struct {
		body  []byte
		title string // its beginning
	}{
		"billion laughs":            {item(laughs.String()+"]>", "&l39;"), "&l39;"},
		"quadratic blow-up":         {item(long, strings.Repeat("&a;", 1_000_000)), "xxx"},
		"one huge entity":           {item(huge, strings.Repeat("&a;", 1_000_000)), "&a;"},
		"an entity of entities":     {item(`<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>`, "&b;"), "&b;"},
		"100,000 entities":          {item("<!DOCTYPE rss ["+strings.Repeat(`<!ENTITY e "x">`, 100_000)+"]>", "a"), "a"},
		"an external entity":        {item(`<!DOCTYPE rss [<!ENTITY x SYSTEM "`+u+`/a">]>`, "&x;"), "&x;"},
		"a file":                    {item(`<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>`, "&x;"), "&x;"},
		"a public entity":           {item(`<!DOCTYPE rss [<!ENTITY x PUBLIC "-//A//B" "`+u+`/b">]>`, "&x;"), "&x;"},
		"a parameter entity":        {item(`<!DOCTYPE rss [<!ENTITY % p SYSTEM "`+u+`/c"> %p;]>`, "a"), "a"},
		"an external document type": {item(`<!DOCTYPE rss SYSTEM "`+u+`/d">`, "a"), "a"},
		"a style sheet":             {item(`<?xml-stylesheet href="`+u+`/e"?>`, "a"), "a"},
		"XInclude":                  {item("", `a<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="`+u+`/f"/>`), "a"},
	}
	for name, tt := range tests {
		f, took, err := timed(tt.body)
		if err != nil || len(f.Entries) != 1 || !strings.HasPrefix(f.Entries[0].Title, tt.title) || len(f.Entries[0].Title) > maxTitle {
			t.Errorf("%s: %+v, %v", name, f.Entries, err)
		}
		if took > time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestH21DepthIsRefusedAtOnce(t *testing.T) {
	for name, b := range map[string][]byte{
		"10 MB of an extension": bomb(2_000_000),
		"257 levels":            bomb(257),
		"10 MB of HTML":         []byte("<rss><channel><item><description>" + strings.Repeat("<b>", 3_500_000)),
		"10 MB of XHTML":        []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">` + strings.Repeat("<div>", 2_000_000)),
		"10 MB of JSON":         []byte(`{"version":"https://jsonfeed.org/version/1.1","items":` + strings.Repeat("[", 10_000_000)),
		"10 MB of no feed":      []byte(strings.Repeat("<rss>", 2_000_000)),
	} {
		_, took, err := timed(b)
		if !errors.Is(err, veille.ErrInvalid) || took > 100*time.Millisecond {
			t.Errorf("%s: %v in %v", name, err, took)
		}
	}
	if f, _, err := timed(bomb(maxDepth - 3)); err != nil || len(f.Entries) != 1 {
		t.Errorf("as deep as may be: %v", err)
	}
	deep := strings.Repeat("<b>", 500_000) // within a text, it is no structure
	if f, took, err := timed(item("", "a<![CDATA["+deep+"]]>")); err != nil || len(f.Entries) != 1 || took > 2*time.Second {
		t.Errorf("1.5 MB of nested bold, escaped: %v in %v", err, took)
	}
}

func TestH22NamespacesAndAttributesAreBounded(t *testing.T) {
	var nested, flat, attrs strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&nested, `<p%d:a xmlns:p%d="u">`, i, i)
	}
	for i := range 5000 {
		fmt.Fprintf(&flat, ` xmlns:p%d="u"`, i)
	}
	for i := range 100_000 {
		fmt.Fprintf(&attrs, " a%d='1'", i)
	}
	items := strings.Repeat("<item><title>x</title></item>", 10_000)
	for name, body := range map[string]string{
		"198 KB, nested":          "<rss><channel>" + nested.String(),
		"388 KB, flat":            "<rss><channel" + flat.String() + ">" + items + "</channel></rss>",
		"100,000 attributes":      "<rss" + attrs.String() + "><channel/></rss>",
		"257 attributes":          "<rss" + strings.Repeat(" a='1'", maxAttributes+1) + "><channel/></rss>",
		"attributes in a text":    "<rss><channel><item><description><p" + attrs.String() + ">x</p>",
		"65 namespaces in scope":  "<rss" + strings.Repeat(" xmlns:a='u'", maxNamespaces+1) + "><channel/></rss>",
		"10 MB of one attribute":  "<rss" + strings.Repeat(" a", 5_000_000) + "><channel/></rss>",
		"10 MB of open start tag": "<rss " + strings.Repeat("=", 10_000_000),
	} {
		_, took, err := timed([]byte(body))
		if !errors.Is(err, veille.ErrInvalid) || took > 200*time.Millisecond {
			t.Errorf("%s: %v in %v", name, err, took)
		}
	}
	siblings := "<rss><channel>" + strings.Repeat("<item xmlns:a='u' xmlns:b='v'><a:c/></item>", 4000) + "</channel></rss>"
	if f, _, err := timed([]byte(siblings)); err != nil || len(f.Entries) != 4000 {
		t.Errorf("8,000 declarations, two in scope: %d entries, %v", len(f.Entries), err)
	}
}

// TestH22NoFeedOfTheCorporaIsRefused counts false refusals.
func TestH22NoFeedOfTheCorporaIsRefused(t *testing.T) {
	n := 0
	for name, b := range files(t, shared(t, "data/feeds")) {
		n++
		_, err := Parse(b, Meta{})
		if errors.Is(err, errDepth) || errors.Is(err, errNamespaces) || errors.Is(err, errAttributes) {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d files, none refused as hostile", n)
}

func TestH23FiveThousandItemsAreKept(t *testing.T) {
	xml := strings.Repeat("<item><title>x</title></item>", 5100)
	json := strings.Repeat(`{"id":"x"},`, 5100)
	for name, body := range map[string]string{
		"RSS":             "<rss><channel>" + xml + "</channel></rss>",
		"RSS, 10 MB":      "<rss><channel>" + strings.Repeat("<item><title>un titre de plus</title></item>", 200_000) + "</channel></rss>",
		"Atom":            "<feed xmlns='http://www.w3.org/2005/Atom'>" + strings.ReplaceAll(xml, "item", "entry") + "</feed>",
		"JSON":            `{"version":"https://jsonfeed.org/version/1.1","items":[` + json + `{"id":"y"}]}`,
		"JSON, items 1st": `{"items":[` + json + `{"id":"y"}],"version":"https://jsonfeed.org/version/1.1"}`,
	} {
		f, took, err := timed([]byte(body))
		if err != nil || len(f.Entries) != maxEntries || f.Broken == nil || f.Broken.Key != "crawler.feed.many" || took > 2*time.Second {
			t.Errorf("%s: %d entries, %v, %v, in %v", name, len(f.Entries), f.Broken, err, took)
		}
	}
}

func TestH24FieldsAreKeptUpToTheirLimits(t *testing.T) {
	long := strings.Repeat("é", 3<<20/2)
	many := func(s string) string { return strings.Repeat(s, 1000) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := range 50_000 {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, body := range map[string]string{
		"RSS": "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>" + long + "</title><description>" + long + "</description><copyright>" + long + "</copyright><language>" + long +
			"</language><item><title>&lt;b>" + long + "</title><link>http://a.test/" + long + "</link><guid>" + long + "</guid><description>" + long + "</description><author>" + long +
			"</author><content:encoded>&lt;p>" + long + "</content:encoded><enclosure type='" + long + "' url='http://a.test/'/></item></channel></rss>",
		"Atom": "<feed xmlns='http://www.w3.org/2005/Atom'><id>" + long + "</id><generator version='" + long + "'>" + long + "</generator><entry><id>" + long + "</id><link title='" + long + "' rel='" + long +
			"' href='http://a.test/'/><author><name>" + long + "</name><email>" + long + "</email></author><summary>" + long + "</summary><rights type='html'>" + long + "</rights></entry></feed>",
		"JSON": `{"version":"https://jsonfeed.org/version/1.1","title":"` + long + `","items":[{"id":"` + long + `","title":"` + long + `","summary":"` + long + `","content_html":"` + long +
			`","language":"` + long + `","authors":[{"name":"` + long + `"}],"tags":["` + long + `"]}]}`,
		"many of each": "<rss><channel>" + many("<category>a</category>") + "<item>" + numbered("<category>c%d</category>") + numbered("<enclosure url='http://a.test/%d'/>") +
			numbered("<dc:creator>p%d</dc:creator>") + numbered("<atom:link href='http://a.test/%d'/>") + "</item></channel></rss>",
	} {
		f, took, err := timed([]byte(body))
		if err != nil || len(f.Entries) != 1 || took > 5*time.Second {
			t.Errorf("%s: %d entries, %v, in %v", name, len(f.Entries), err, took)
		}
		if over := unbounded(f); over != "" {
			t.Errorf("%s: %s", name, over)
		}
	}
}

// unbounded names a field that is over its limit; "" when none is.
func unbounded(f Feed) string {
	var over string
	check := func(field string, n, limit int) {
		if n > limit {
			over = fmt.Sprintf("%s: %d, over %d", field, n, limit)
		}
	}
	check("entries", len(f.Entries), maxEntries)
	check("title", max(len(f.Title), len(f.TitleHTML), len(f.Rights), len(f.RightsHTML), len(f.Lang)), maxTitle)
	check("description", max(len(f.Description), len(f.DescriptionHTML)), maxSummary)
	check("id", max(len(f.ID), len(f.Site), len(f.Self), len(f.Icon)), maxURL)
	lists := func(people []Person, categories []Category, links []Link) {
		check("list", max(len(people), len(categories), len(links)), maxEach)
		for _, p := range people {
			check("person", max(len(p.Name), len(p.Email)), maxTitle)
			check("address of a person", len(p.URL), maxURL)
		}
		for _, c := range categories {
			check("category", max(len(c.Term), len(c.Label)), maxTitle)
			check("scheme", len(c.Scheme), maxURL)
		}
		for _, l := range links {
			check("link", len(l.URL), maxURL)
			check("words of a link", max(len(l.Rel), len(l.Type), len(l.Title), len(l.Lang)), maxTitle)
		}
	}
	lists(f.Authors, f.Categories, f.Links)
	if g := f.Generator; g != nil {
		check("generator", max(len(g.Name), len(g.Version)), maxTitle)
	}
	for _, e := range f.Entries {
		check("title", max(len(e.Title), len(e.TitleHTML), len(e.Rights), len(e.RightsHTML), len(e.Publisher), len(e.Lang)), maxTitle)
		check("summary", len(e.Summary), maxSummary)
		check("content", max(len(e.Content), len(e.Text)), maxContent)
		check("address", max(len(e.URL), len(e.GUID), len(e.Image)), maxURL)
		check("files", len(e.Enclosures), maxEach)
		for _, x := range e.Enclosures {
			check("file", max(len(x.URL), len(x.Type)), maxURL)
		}
		lists(e.Authors, e.Categories, e.Links)
	}
	return over
}

func TestH25ALongPrologIsNoReasonToRefuse(t *testing.T) {
	for name, prolog := range map[string]string{
		"a comment of 64 KB": "<!-- " + strings.Repeat("licence ", 8<<10) + "-->",
		"white space":        strings.Repeat(" \n", 32<<10),
		"instructions":       strings.Repeat("<?xml-stylesheet href='a.xsl'?>", 2<<10),
	} {
		f, took, err := timed(item(prolog, "Un"))
		if err != nil || len(f.Entries) != 1 || f.Entries[0].Title != "Un" || took > 200*time.Millisecond {
			t.Errorf("%s: %d entries, %v, in %v", name, len(f.Entries), err, took)
		}
	}
}

// TestHostileOnShared times the killers that are kept beside the repository.
func TestHostileOnShared(t *testing.T) {
	dir := shared(t, "data/hostile")
	tests := map[string]struct {
		within time.Duration
		ok     bool
	}{
		"deep-2M.rss.gz":      {50 * time.Millisecond, false},
		"xmlns-flat-5k.rss":   {200 * time.Millisecond, false},
		"xmlns-nested-8k.rss": {200 * time.Millisecond, false},
		"billion-laughs.rss":  {time.Second, true},
		"xxe.rss":             {time.Second, true},
		"prolog-5k.rss":       {time.Second, true},
		"utf16le.rss":         {time.Second, true},
	}
	all := files(t, dir)
	for name, tt := range tests {
		b := all[name]
		if strings.HasSuffix(name, ".gz") {
			b = unzipped(t, filepath.Join(dir, name))
		}
		f, took, err := timed(bytes.Clone(b))
		if (err == nil) != tt.ok || took > tt.within {
			t.Errorf("%s: %d entries, %v, in %v; want ok %v within %v", name, len(f.Entries), err, took, tt.ok, tt.within)
		}
		t.Logf("%s: %v", name, took)
	}
}
