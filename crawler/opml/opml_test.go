package opml

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestListsOfOtherReadersAreRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		want []Outline
	}{
		"nested outlines are folders": {
			`<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
			<outline text="Médias"><outline text="Locaux"><outline type="rss" text="L’Écho" xmlUrl="https://echo.test/rss" htmlUrl="https://echo.test/" tier="3"/></outline></outline>
			<outline type="rss" title="Le Courrier" text="autre" xmlUrl="https://courrier.test/rss"/></body></opml>`,
			[]Outline{
				{Title: "L’Écho", XMLURL: "https://echo.test/rss", HTMLURL: "https://echo.test/", Folder: "Médias / Locaux", Tier: 3},
				{Title: "Le Courrier", XMLURL: "https://courrier.test/rss"},
			}},
		"version 1.0, a raw ampersand, no title, other case": {
			`<OPML version="1.0"><body><outline xmlURL="https://a.test/rss?a=1&b=2"/></body></OPML>`,
			[]Outline{{Title: "https://a.test/rss?a=1&b=2", XMLURL: "https://a.test/rss?a=1&b=2"}}},
		"category stands for a folder": {
			`<opml><body><outline type="rss" text="A" xmlUrl="https://a.test/" category="/Québec/Économie"/></body></opml>`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/", Folder: "Québec / Économie"}}},
		"latin-1 as declared": {
			"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><opml><body><outline text=\"\xc9cho\" xmlUrl=\"https://a.test/\"/></body></opml>",
			[]Outline{{Title: "Écho", XMLURL: "https://a.test/"}}},
		"cut short, what stands before is kept": {
			`<opml><body><outline text="A" xmlUrl="https://a.test/"/><outline text="B" xmlU`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/"}}},
		"an address in url, as version 1.1 has it": {
			`<opml version="1.1"><body><outline type="RSS" text="A" url="https://a.test/"/><outline type="link" text="B" url="https://b.test/"/></body></opml>`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/"}}},
		"folders without a title are passed through": {
			`<opml><body><outline><outline text="Q"><outline text="A" xmlUrl="https://a.test/"/></outline></outline></body></opml>`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/", Folder: "Q"}}},
		"what we say of a page, whatever the case": {
			`<opml><body><outline type="link" text="P" url="https://p.test/?a&b" VEILLEURKIND="page" veilleurItem="li &gt; a" veilleurTier="2" veilleurReadPages="true"/></body></opml>`,
			[]Outline{{Title: "P", XMLURL: "https://p.test/?a&b", Kind: veille.SourcePage, Watch: veille.Watch{Item: "li > a"}, Tier: 2, ReadPages: true}}},
		"a kind nobody knows is none": {
			`<opml><body><outline text="A" xmlUrl="https://a.test/" veilleurKind="oracle" veilleurEvery="-3"/></body></opml>`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/"}}},
		"a tier out of range is none": {
			`<opml><body><outline text="A" xmlUrl="https://a.test/" tier="9"/></body></opml>`,
			[]Outline{{Title: "A", XMLURL: "https://a.test/"}}},
	}
	for name, tt := range tests {
		got, err := Parse([]byte(tt.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestWhatIsNoListIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for in, key := range map[string]string{
		"":                              "crawler.opml.not",
		"<html><body/></html>":          "crawler.opml.not",
		`{"a":1}`:                       "crawler.opml.not",
		"<opml><body></body></opml>":    "crawler.opml.empty",
		strings.Repeat(" ", maxBytes+1): "crawler.opml.large",
		"<opml><body>" + strings.Repeat("<outline text='x'>", 100): "crawler.opml.large",
	} {
		_, err := Parse([]byte(in))
		says, ok := veille.SaysOf(err)
		if !errors.Is(err, veille.ErrInvalid) || !ok || says.Key != key {
			t.Errorf("Parse(%.30q) = %v, want %s", in, err, key)
		}
	}
}

// words are texts a person may type, some of them hard to write in XML.
var words = []string{"A", "L’Écho & fils", `Le "Courrier" <b>`, "média/local", "a;b=c", "数据", "🙂", "l'été", "1 > 0", "&amp;"}

// anySource is a source as a person may set one, drawn by chance.
func anySource(r *rand.Rand, n int) veille.Source {
	word := func() string { return words[r.IntN(len(words))] }
	maybe := func(s string) string { return []string{"", s}[r.IntN(2)] }
	kinds := []veille.SourceKind{veille.SourceFeed, veille.SourceAlert, veille.SourceComments, veille.SourceMailbox, veille.SourcePage}
	s := veille.Source{
		Kind: kinds[r.IntN(len(kinds))], URL: fmt.Sprintf("https://s%d.test/(a)/rss?b=1&c=%%C3%%A9;", n), Site: maybe("https://s.test/?a&b"),
		Title: word() + " " + word(), Publisher: maybe(word()), Group: maybe(word()), Tier: veille.Tier(r.IntN(5)),
		ReadPages: r.IntN(2) == 1, Every: veille.Minutes(r.IntN(2) * 45), State: veille.SourceActive,
	}
	var folder []string
	for range r.IntN(4) {
		folder = append(folder, word())
	}
	s.Folder = strings.Join(folder, " / ")
	switch {
	case r.IntN(4) == 0:
		s.State = veille.SourcePaused
	case s.Kind == veille.SourcePage:
		s.Watch = veille.Watch{Item: `li[data-a="x  y"] > a`, Title: maybe("h2"), Link: maybe("a[href]"), Date: maybe("time")}
	case s.Kind == veille.SourceMailbox:
		s.URL, s.Mailbox = fmt.Sprintf("imaps://una@courriel.test:993/INBOX/%d", n), veille.Mailbox{From: []string{"veille.test", "a@b.test"}}
	}
	return s
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		want := make([]veille.Source, 1+r.IntN(30))
		for n := range want {
			want[n] = anySource(r, n)
		}
		list, err := Parse(Write("Sources de "+words[seed%10], Of(want, true)))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]veille.Source, len(list))
		for i, o := range list {
			got[i] = o.Source()
		}
		byURL := func(a, b veille.Source) int { return strings.Compare(a.URL, b.URL) }
		slices.SortFunc(want, byURL)
		slices.SortFunc(got, byURL)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, d)
		}
	}
}

func TestSecretsAreListedOnlyForThoseWhoMay(t *testing.T) {
	t.Parallel()
	all := []veille.Source{
		{Kind: veille.SourceFeed, URL: "https://a.test/"},
		{Kind: veille.SourceAlert, URL: "https://alertes.test/0123"},
		{Kind: veille.SourceMailbox, URL: "imaps://una@courriel.test/INBOX"},
		{Kind: veille.SourceFeed, URL: "archive:L’Hebdo"},
	}
	if n := len(Of(all, true)); n != 3 {
		t.Errorf("%d listed of the three that have an address", n)
	}
	if list := Of(all, false); len(list) != 1 || list[0].XMLURL != "https://a.test/" {
		t.Errorf("listed to anyone: %+v", list)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="A"><outline xmlUrl="https://a.test/"/></outline></body></opml>`))
	f.Add([]byte(`<OPML version="1.0"><body><outline xmlURL="https://a.test/rss?a=1&b=2"/><outline type="rss" url="https://b.test/" category="/x/y"/></body></OPML>`))
	f.Add([]byte("<?xml version='1.0' encoding='iso-8859-1'?><opml><body><outline text='\xc9cho' xmlUrl='https://a.test/'/></body></opml>"))
	f.Add(Write("t", []Outline{{Title: "A", XMLURL: "https://a.test/", Folder: "x / y", Tier: 2}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Parse(b)
		if err != nil {
			if !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%v is of no kind", err)
			}
			return
		}
		if len(got) == 0 || len(got) > maxOutlines {
			t.Errorf("%d outlines and no error", len(got))
		}
		for _, o := range got {
			if o.XMLURL == "" || o.Title == "" || strings.ContainsAny(o.Title+o.Folder, "\n\r\x00") {
				t.Errorf("outline %+v", o)
			}
		}
	})
}

func TestH42MonstrousListsEndQuickly(t *testing.T) {
	t.Parallel()
	var nested strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&nested, `<p%d:a xmlns:p%d="u">`, i, i)
	}
	laughs := `<!DOCTYPE opml [<!ENTITY a "ha">`
	for i := range 30 {
		laughs += fmt.Sprintf(`<!ENTITY a%d "%s">`, i, strings.Repeat("&a;", 10))
	}
	for name, in := range map[string]string{
		"laughs":     laughs + "]><opml><body>" + strings.Repeat("<outline text='&a9;'/>", 1000),
		"a file":     `<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body><outline text="&x;"/>`,
		"namespaces": "<opml><body>" + nested.String(),
		"depth":      "<opml><body>" + strings.Repeat("<a>", 1_000_000),
		"attributes": "<opml><body><outline" + strings.Repeat(" a='1'", 500_000) + "/>",
		"feeds":      "<opml><body>" + strings.Repeat("<outline xmlUrl='http://a.test/'/>", 100_000),
	} {
		began := time.Now()
		_, err := Parse([]byte(in))
		if took := time.Since(began); took > 5*time.Second || !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %v in %v", name, err, took)
		}
	}
}
