package opml

import (
	"errors"
	"fmt"
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

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	want := []Outline{
		{Title: "Sans dossier", XMLURL: "https://z.test/?a=1&b=2"},
		{Title: `A "quoted" <b>`, XMLURL: "https://a.test/", HTMLURL: "https://a.test/site", Folder: "Médias & cie", Tier: 1},
		{Title: "B", XMLURL: "https://b.test/", Folder: "Médias & cie", Tier: 4},
		{Title: "C", XMLURL: "https://c.test/", Folder: "Alertes"},
	}
	got, err := Parse(Write("Sources", want))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="A"><outline xmlUrl="https://a.test/"/></outline></body></opml>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Parse(b)
		if err == nil && len(got) == 0 {
			t.Error("neither a list nor an error")
		}
	})
}

func TestH42MonstrousListsEndQuickly(t *testing.T) {
	t.Parallel()
	var nested strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&nested, `<p%d:a xmlns:p%d="u">`, i, i)
	}
	for name, in := range map[string]string{
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
