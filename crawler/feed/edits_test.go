package feed

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

// check proves that what ParseNew says of a document, having read another
// before, is what Parse says of it, but for entries that the one before gave
// exactly so. It tells how many were left out.
func check(t *testing.T, name string, old, now []byte, before, after Meta) int {
	t.Helper()
	first, memory, err := ParseNew(old, before, nil)
	if err != nil {
		return 0
	}
	full, wantErr := Parse(now, after)
	got, _, gotErr := ParseNew(now, after, memory)
	if (wantErr == nil) != (gotErr == nil) {
		t.Errorf("%s: error %v, want %v", name, gotErr, wantErr)
		return 0
	}
	rest := got.Entries
	for _, e := range full.Entries {
		if len(rest) > 0 && reflect.DeepEqual(e, rest[0]) {
			rest = rest[1:]
		} else if !slices.ContainsFunc(first.Entries, func(o Entry) bool { return reflect.DeepEqual(o, e) }) {
			t.Errorf("%s: left out, though new: %+v", name, e)
		}
	}
	if len(rest) > 0 {
		t.Errorf("%s: not in the whole document: %+v", name, rest[0])
	}
	left := len(full.Entries) - len(got.Entries)
	full.Entries, got.Entries = nil, nil
	if d := cmp.Diff(full, got); d != "" {
		t.Errorf("%s: head (-whole +new):\n%s", name, d)
	}
	return left
}

type span struct{ from, to int }

// spansOf tells where the entries of a decoded document stand.
func spansOf(text []byte) []span {
	var out []span
	parts, _ := itemsOf(text)
	for _, p := range parts {
		out = append(out, span{p.start, p.end})
	}
	return out
}

// piece replaces what stands from one place to another.
func piece(text []byte, from, to int, with string) []byte {
	return slices.Concat(text[:from], []byte(with), text[to:])
}

// An edit makes another version of a document whose entries stand in spans.
type edit func(text []byte, at []span) []byte

// before puts something before the n-th entry, counted from the end when
// negative.
func before(n int, s string) edit {
	return func(text []byte, at []span) []byte {
		i := at[(n+len(at))%len(at)].from
		return piece(text, i, i, s)
	}
}

func replaced(old, now string) edit {
	return func(text []byte, _ []span) []byte { return bytes.Replace(text, []byte(old), []byte(now), 1) }
}

// inRoot puts an attribute in the first element.
func inRoot(attr string) edit {
	return func(text []byte, _ []span) []byte {
		for i := 0; i+1 < len(text); i++ {
			if text[i] == '<' && nameStart(text[i+1]) {
				if n := bytes.IndexAny(text[i:], " >\n"); n > 0 {
					return piece(text, i+n, i+n, " "+attr)
				}
			}
		}
		return text
	}
}

// copyOf puts a copy of the first entry, with another title and perhaps
// another name, before the n-th.
func copyOf(n int, rename bool) edit {
	return func(text []byte, at []span) []byte {
		raw := string(text[at[0].from:at[0].to])
		raw = strings.Replace(raw, "</title>", " bis</title>", 1)
		raw = strings.Replace(raw, `"title":"`, `"title":"bis `, 1)
		if rename {
			raw = strings.NewReplacer("</guid>", "-bis</guid>", "</id>", "-bis</id>", `"id":"`, `"id":"bis`).Replace(raw)
		}
		comma := ""
		if text[at[0].from] == '{' {
			comma = ","
		}
		return before(n, raw+comma)(text, at)
	}
}

func edits() map[string]edit {
	return map[string]edit{
		"same":                 func(text []byte, _ []span) []byte { return text },
		"one added first":      copyOf(0, true),
		"one added last":       copyOf(-1, true),
		"one of the same name": copyOf(0, false),
		"the same name, last":  copyOf(-1, false),
		"one twice": func(text []byte, at []span) []byte {
			return before(-1, string(text[at[0].from:at[0].to]))(text, at)
		},
		"one edited": func(text []byte, at []span) []byte {
			s := at[len(at)/2]
			edited := strings.Replace(string(text[s.from:s.to]), "e", "é", 1)
			return piece(text, s.from, s.to, edited)
		},
		"one removed": func(text []byte, at []span) []byte { s := at[len(at)/2]; return piece(text, s.from, s.to, "") },
		"the order turned": func(text []byte, at []span) []byte {
			out := slices.Clone(text[:at[0].from])
			for i := len(at) - 1; i >= 0; i-- {
				out = append(out, text[at[i].from:at[i].to]...)
				if i > 0 {
					out = append(out, text[at[len(at)-1-i].to:at[len(at)-i].from]...)
				}
			}
			return append(out, text[at[len(at)-1].to:]...)
		},
		"another title":        replaced("<title>", "<title>Autre "),
		"another base":         inRoot(`xml:base="http://autre.test/x/"`),
		"another base of one":  replaced(`xml:base="http://c.test/"`, `xml:base="http://d.test/"`),
		"another language":     inRoot(`xml:lang="tlh"`),
		"another namespace":    replaced("http://purl.org/", "http://autre.test/"),
		"no content namespace": replaced("xmlns:content", "xmlns:rien"),
		"another default":      inRoot(`xmlns="http://www.w3.org/1999/xhtml"`),
		"an author for all":    before(0, `<author><name>Une autre</name></author>`),
		"a comment around one": func(text []byte, at []span) []byte {
			return before(0, "<!--")(piece(text, at[0].to, at[0].to, "-->"), at)
		},
		"a comment around all": func(text []byte, at []span) []byte {
			e := at[len(at)-1].to
			return before(0, "<!-- ")(piece(text, e, e, " -->"), at)
		},
		"a comment between": before(-1, "<!-- <item><entry> -->"),
		"verbatim around all": func(text []byte, at []span) []byte {
			e := at[len(at)-1].to
			return before(0, "<title><![CDATA[")(piece(text, e, e, "]]></title>"), at)
		},
		"a text never closed":      before(0, "<description>"),
		"an element never closed":  before(-1, "<nouvelles>"),
		"an unknown one around":    before(-1, `<x:y xmlns:x="http://x.test/">`),
		"a deeper one":             before(0, "<item><entry>"),
		"an end too many":          before(-1, "</channel>"),
		"an attribute never ended": before(-1, `<image url="`),
		"a doctype": func(text []byte, at []span) []byte {
			return before(0, `<!DOCTYPE rss [<!ENTITY amp "et"><!ENTITY eacute "E">]>`)(text, at)
		},
		"an early stop":    func(text []byte, at []span) []byte { return text[:at[len(at)-1].to] },
		"cut in the last":  func(text []byte, at []span) []byte { s := at[len(at)-1]; return text[:(s.from+s.to)/2] },
		"cut in the first": func(text []byte, at []span) []byte { return text[:at[0].from+9] },
		"in two bytes a letter": func(text []byte, _ []span) []byte {
			b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(text)
			if err != nil {
				return text
			}
			return b
		},
		"in another item array": replaced(`"items"`, `"une_liste_au_nom_bien_long"`),
		"another JSON author":   replaced(`{`, `{"author":{"name":"Une autre"},`),
		"another JSON language": replaced(`{`, `{"language":"tlh",`),
	}
}

// samples are documents the corpora have no like of.
func samples() map[string][]byte {
	items := func(format string) string {
		var b strings.Builder
		for i := range 5 {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	rss := func(head, item string) []byte {
		return []byte(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Fil</title>` + head + items(item) + `</channel></rss>`)
	}
	return map[string][]byte{
		"plain":            rss("", `<item><guid>g#</guid><title>T#</title><link>/a/#</link><dc:creator>Léa #</dc:creator></item>`+"\n"),
		"markup":           rss("", `<item><guid>g#</guid><title>T#</title><content:encoded><![CDATA[<p>un <a href="/x">#</a></p>]]></content:encoded></item>`),
		"an end inside":    rss("", `<item><guid>g#</guid><title>T#</title><description><![CDATA[</item><item>#]]></description></item>`),
		"a nested item":    rss("", `<item><guid>g#</guid><title>T#<item><title>dedans #</title></item></title></item>`),
		"never closed":     rss("", `<item><guid>g#</guid><title>T#</title>`),
		"closed by feed":   rss("", `<item><guid>g#</guid><title>T#</title></channel></item>`),
		"one name":         rss("", `<item><guid>g</guid><title>T#</title></item>`),
		"entities":         rss(`<!DOCTYPE x [<!ENTITY e "é">]>`, `<item><guid>g#</guid><title>T&e;#</title></item>`),
		"commented":        rss("", `<!-- un --><item><guid>g#</guid><title>T#</title></item><!-- <item> -->`),
		"its own bases":    rss("", `<item xml:base="http://b.test/#/"><guid>g#</guid><link>x</link><title>T#</title></item>`),
		"capitals":         []byte(`<RSS><CHANNEL><TITLE>x</TITLE>` + items(`<ITEM><GUID>g#</GUID><TITLE>T#</TITLE></ITEM>`) + `</CHANNEL></RSS>`),
		"prefixed":         []byte(`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>x</a:title><a:author><a:name>Léa</a:name></a:author>` + items(`<a:entry><a:id>u:#</a:id><a:title>T#</a:title></a:entry>`) + `</a:feed>`),
		"atom":             []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><author><name>Léa</name></author>` + items(`<entry><id>u:#</id><title>T#</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>#</p></div></content></entry>`) + `</feed>`),
		"an author after":  []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>` + items(`<entry><id>u:#</id><title>T#</title></entry>`) + `<author><name>Léa</name></author></feed>`),
		"two channels":     []byte(`<rss><channel><title>a</title>` + items(`<item><guid>g#</guid><title>T#</title></item>`) + `</channel><channel xml:base="http://c.test/">` + items(`<item><guid>h#</guid><link>x</link><title>T#</title></item>`) + `</channel></rss>`),
		"an empty channel": []byte(`<rss><channel><title>a</title></channel><channel xml:base="http://c.test/">` + items(`<item><guid>g#</guid><link>x</link><title>T#</title></item>`) + `</channel></rss>`),
		"json":             []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"x","authors":[{"name":"Léa"}],"items":[` + strings.TrimSuffix(items(`{"id":"#","title":"T#","content_text":"un { \" ] #"},`), ",") + `]}`),
		"json, a null":     []byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"a","title":"T"},null,{"id":"b","title":"U"}]}`),
		"json, twice":      []byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"a","title":"T"}],"items":[{"id":"b","title":"U"}]}`),
	}
}

func TestWhatIsRememberedIsLeftOutAndNothingElse(t *testing.T) {
	t.Parallel()
	left := checkEdits(t, samples(), func(int) bool { return true })
	for _, name := range []string{"same", "one added first", "one edited", "one removed", "the order turned", "a comment between", "another title"} {
		if left[name] == 0 {
			t.Errorf("%s: nothing was left out", name)
		}
	}
}

func TestWhatIsRememberedOfTheCorporaIsLeftOutAndNothingElse(t *testing.T) {
	t.Parallel()
	corpus := files(t, shared(t, "data/feeds"))
	for name, b := range corpus {
		if !feedLike(name, b) {
			delete(corpus, name)
		}
	}
	share := 10
	if testing.Short() {
		share = 40
	}
	left := checkEdits(t, corpus, func(n int) bool { return n%share == 0 })
	t.Logf("%d documents; entries left out: %v", len(corpus), left)
	if left["same"] < 500 {
		t.Errorf("only %d entries of unchanged documents were left out", left["same"])
	}
}

// checkEdits checks each document against its edited versions: "same" always,
// the others those that take chooses, in turn from document to document. It
// counts the entries left out, by edit.
func checkEdits(t *testing.T, corpus map[string][]byte, take func(n int) bool) map[string]int {
	t.Helper()
	left, all := map[string]int{}, edits()
	var kinds, names []string
	for kind := range all {
		kinds = append(kinds, kind)
	}
	for name := range corpus {
		names = append(names, name)
	}
	slices.Sort(kinds)
	slices.Sort(names)
	for i, name := range names {
		text, _ := decode(corpus[name], "")
		at := spansOf(text)
		if len(at) == 0 {
			continue
		}
		m := Meta{URL: "http://example.com/" + name}
		for k, kind := range kinds {
			if kind == "same" || take(i+k) {
				now := all[kind](text, at)
				left[kind] += check(t, name+", "+kind, text, now, m, m)
				check(t, name+", "+kind+", turned", now, text, m, m)
			}
		}
		if take(i) {
			check(t, name+", elsewhere", text, text, m, Meta{URL: "http://autre.test/"})
			check(t, name+", labelled", corpus[name], corpus[name], m, Meta{URL: m.URL, ContentType: "text/xml; charset=windows-1251"})
		}
	}
	return left
}
