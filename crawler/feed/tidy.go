package feed

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"veilleur/internal/veille"
)

// tidy rewrites a document into one that is well-formed, small and harmless:
// names in lower case with the usual prefixes, no namespaces, no comments, the
// inside of each text element one escaped piece of HTML.
type tidy struct {
	scanner
	kind     string // rss, rdf, atom; else what the document is instead
	old      bool   // Atom before RFC 4287
	out      bytes.Buffer
	stack    []element
	bindings []binding // namespaces in scope, innermost last
	skip     int       // len(stack) when an unwanted element began; 0 when none
	flat     *flat     // the text element being read; nil when none
	entryAt  int       // len(out) before the open entry; -1 when none
	entries  int
	broken   *veille.Sentence
	feed     extra
	extras   []extra // one an entry
}

// element is one open element.
type element struct {
	name   string // as written
	key    string // dialect:local, or local
	tag    string // as written out; "" when nothing was
	base   string // xml:base in scope; "" when the document's
	bound  int    // len(bindings) before it
	entry  bool
	silent bool // its tags are not part of the text being read
}

// binding gives a prefix its namespace.
type binding struct{ prefix, uri string }

// extra is what gofeed would lose of a feed or an entry.
type extra struct {
	lang  string
	about string            // rdf:about
	bases map[string]string // xml:base of a text element, by its name written out
}

var (
	errDepth      = errors.New("nested too deep")
	errNamespaces = errors.New("too many namespaces in scope")
)

func newTidy(b []byte) *tidy {
	t := &tidy{scanner: scanner{b: b}, entryAt: -1}
	t.out.Grow(min(len(b)+len(b)/4, 1<<20) + 1024)
	return t
}

// run reads the whole document. It fails only on what would be dangerous to
// read; on a document of another kind it stops early, and kind says which.
func (t *tidy) run() (*tidy, error) {
	for {
		k, err := t.next()
		if err == nil {
			switch k.kind {
			case tokenOpen:
				err = t.open(k)
			case tokenClose:
				t.close(k.name)
			case tokenText:
				t.write(k.text, true)
			case tokenCDATA:
				t.write(k.text, false)
			}
		}
		if err != nil {
			return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.feed.hostile"), err)
		}
		if k.kind == tokenEnd || t.kind != "" && len(t.stack) == 0 {
			return t, t.finish()
		}
	}
}

// finish closes what the document left open. An entry cut short is dropped:
// half a text is worse than none.
func (t *tidy) finish() error {
	if t.kind == "" {
		t.kind = "text"
		if len(bytes.TrimSpace(t.b)) == 0 {
			t.kind = "empty"
		}
	}
	if len(t.stack) == 0 {
		return nil
	}
	if t.broken == nil {
		t.broken = says("crawler.feed.cut", "n", t.entries)
	}
	if t.entryAt >= 0 {
		t.out.Truncate(t.entryAt)
		t.entries--
		t.extras = t.extras[:t.entries]
		i := slices.IndexFunc(t.stack, func(e element) bool { return e.entry })
		t.stack, t.flat, t.skip = t.stack[:i], nil, 0
		t.broken = says("crawler.feed.cut", "n", t.entries)
	}
	for len(t.stack) > 0 {
		t.pop()
	}
	return nil
}

// open begins an element.
func (t *tidy) open(k token) error {
	if len(t.stack) >= maxDepth {
		return errDepth
	}
	e := element{name: k.name, bound: len(t.bindings)}
	if n := len(t.stack); n > 0 {
		e.base = t.stack[n-1].base
	}
	for _, a := range k.attrs {
		if prefix, ok := strings.CutPrefix(a.name, "xmlns"); ok && (prefix == "" || prefix[0] == ':') {
			t.bindings = append(t.bindings, binding{strings.TrimPrefix(prefix, ":"), a.value})
		} else if a.name == "xml:base" {
			e.base = resolve(e.base, a.value)
		}
	}
	if len(t.bindings) > maxNamespaces {
		return errNamespaces
	}
	if len(t.stack) == 0 && t.kind != "" {
		return nil
	}
	e.key = t.key(k.name)
	t.begin(e, k)
	if k.self && len(t.stack) > 0 {
		t.pop()
	}
	return nil
}

// begin decides what becomes of an element and pushes it.
func (t *tidy) begin(e element, k token) {
	switch {
	case t.flat != nil:
		t.inline(&e, k)
		if voids[strings.ToLower(k.name)] && !k.self {
			t.bindings = t.bindings[:e.bound]
			return
		}
	case len(t.stack) == 0:
		t.root(&e, k)
	case t.skip > 0:
	default:
		t.place(&e, k)
	}
	t.stack = append(t.stack, e)
	if t.flat != nil && t.flat.depth == 0 {
		t.flat.depth = len(t.stack)
	}
	if t.skip == -1 {
		t.skip = len(t.stack)
	}
}

// root decides what the document is.
func (t *tidy) root(e *element, k token) {
	_, local := split(k.name)
	switch local = strings.ToLower(local); {
	case local == "rss", local == "rdf":
		t.kind = local
	case local == "feed":
		t.kind = "atom"
	case local == "channel":
		t.kind = "rss"
		t.out.WriteString("<rss>")
		t.stack = append(t.stack, element{name: "\x00", key: "rss", tag: "rss"})
	case local == "entry": // one entry alone
		t.kind = "atom"
		t.out.WriteString("<feed>")
		t.stack = append(t.stack, element{name: "\x00", key: "feed", tag: "feed"})
		e.key = t.key(k.name)
		t.place(e, k)
		return
	case local == "html", local == "head", local == "body", local == "title", local == "meta":
		t.kind = "page"
	case local == "opml":
		t.kind = "opml"
	case local == "urlset", local == "sitemapindex":
		t.kind = "sitemap"
	case local == "svg":
		t.kind = "image"
	default:
		t.kind = "xml"
	}
	if t.kind != "rss" && t.kind != "rdf" && t.kind != "atom" {
		t.pos = len(t.b) // nothing more to learn
		t.skip = -1
		return
	}
	if t.kind == "rss" {
		// Whatever namespace an RSS document puts itself in, it is RSS.
		for i := range t.bindings {
			if t.bindings[i].prefix == "" {
				t.bindings[i].uri = ""
			}
		}
	}
	t.old = t.kind == "atom" && value(k.attrs, "version") != ""
	e.key = t.key(k.name) // the kind decides which dialect is the document's own
	t.remember(&t.feed, k.attrs)
	t.tag(e, local, k.attrs)
}

// place writes an element that stands in the structure of the feed.
func (t *tidy) place(e *element, k token) {
	dialect, _ := split(e.key)
	if !kept[dialect] {
		t.skip = -1
		return
	}
	if e.key == "item" || e.key == "entry" {
		if !t.entry(e, k) {
			return
		}
	}
	if f := formOf(e.key, t.kind, k.attrs); f != formNone {
		t.flat = &flat{key: e.key, form: f}
		if e.base != "" {
			t.note(e)
		}
	}
	name := e.key
	if as, ok := renamed[name]; ok {
		name = as
	} else if name == "id" && t.kind == "atom" {
		name = atomID // gofeed would normalise it as an address
	} else if name == "author" && t.kind != "atom" && t.entryAt < 0 {
		name = "managingeditor" // gofeed knows no other author of a channel
	}
	t.tag(e, name, t.withHref(e.key, k))
}

// withHref gives the attributes of a tag; an Atom link that has its address
// for text, as some write it, gets it as its href.
func (t *tidy) withHref(key string, k token) []attr {
	if key != "link" || t.kind != "atom" || k.self || value(k.attrs, "href") != "" {
		return k.attrs
	}
	text, _, _ := bytes.Cut(t.b[t.pos:], []byte("<"))
	if text = bytes.TrimSpace(text); len(text) == 0 || len(text) > maxURL {
		return k.attrs
	}
	return append(slices.Clone(k.attrs), attr{"href", t.decoded(text)})
}

// entry begins an entry; false when it is one too many.
func (t *tidy) entry(e *element, k token) bool {
	if i := slices.IndexFunc(t.stack, func(e element) bool { return e.entry }); i >= 0 {
		for len(t.stack) > i { // the one before was never closed
			t.pop()
		}
	}
	if t.entries >= maxEntries {
		t.broken = says("crawler.feed.many", "n", maxEntries)
		t.skip = -1
		return false
	}
	e.entry = true
	t.entries++
	t.entryAt = t.out.Len()
	x := extra{lang: t.feed.lang}
	t.remember(&x, k.attrs)
	t.extras = append(t.extras, x)
	return true
}

// remember keeps of the attributes what gofeed would lose.
func (t *tidy) remember(x *extra, attrs []attr) {
	for _, a := range attrs {
		switch a.name {
		case "xml:lang":
			x.lang = strings.ReplaceAll(a.value, "_", "-")
		case "rdf:about":
			x.about = a.value
		}
	}
}

// note keeps the base of a text element.
func (t *tidy) note(e *element) {
	x := &t.feed
	if t.entryAt >= 0 {
		x = &t.extras[len(t.extras)-1]
	}
	if x.bases == nil {
		x.bases = map[string]string{}
	}
	x.bases[e.key] = e.base
}

// tag writes a start tag. The attributes of a text element are of no more use,
// but for src.
func (t *tidy) tag(e *element, name string, attrs []attr) {
	e.tag = name
	t.out.WriteByte('<')
	t.out.WriteString(name)
	for i, a := range attrs {
		if strings.HasPrefix(a.name, "xmlns") || strings.HasPrefix(a.name, "xml:") || t.flat != nil && a.name != "src" {
			continue
		}
		_, local := split(a.name)
		if !plainName(local) || slices.ContainsFunc(attrs[:i], func(b attr) bool { _, l := split(b.name); return l == local }) {
			continue
		}
		v := a.value
		if e.base != "" && (local == "href" || local == "src" || local == "url") {
			v = resolve(e.base, v)
		}
		t.out.WriteByte(' ')
		t.out.WriteString(local)
		t.out.WriteString(`="`)
		escape(&t.out, v)
		t.out.WriteByte('"')
	}
	t.out.WriteByte('>')
}

// close ends the innermost element of that name, and those inside it. An end
// without a beginning is ignored.
func (t *tidy) close(name string) {
	for i := len(t.stack) - 1; i >= 0; i-- {
		if !strings.EqualFold(t.stack[i].name, name) {
			continue
		}
		for len(t.stack) > i {
			t.pop()
		}
		if i == 1 && t.stack[0].name == "\x00" {
			t.pop() // what we put around a bare channel or entry
		}
		return
	}
}

// pop ends the innermost element.
func (t *tidy) pop() {
	n := len(t.stack) - 1
	e := t.stack[n]
	switch {
	case t.flat != nil && n+1 > t.flat.depth:
		if !e.silent && !voids[e.tag] {
			t.flat.html.WriteString("</" + e.tag + ">")
		}
	case t.flat != nil && n+1 == t.flat.depth:
		escape(&t.out, t.flat.value())
		t.flat = nil
		t.end(e.tag)
	case e.tag != "":
		t.end(e.tag)
	}
	if t.skip == n+1 {
		t.skip = 0
	}
	if e.entry {
		t.entryAt = -1
	}
	t.bindings = t.bindings[:e.bound]
	t.stack = t.stack[:n]
}

func (t *tidy) end(tag string) {
	t.out.WriteString("</")
	t.out.WriteString(tag)
	t.out.WriteByte('>')
}
