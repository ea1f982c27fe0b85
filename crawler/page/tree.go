package page

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"veilleur/internal/veille"
)

const (
	// maxBytes bounds a page before it is parsed: the fetcher already does,
	// this is for other callers.
	maxBytes = 3 << 20
	// maxDepth is how deep elements nest; what is deeper is read as text of
	// the last level.
	maxDepth = 512
	// maxNodes bounds a page's elements and texts; a page of more is refused.
	// The largest of the benchmark has 14,000.
	maxNodes = 200_000
)

// parse makes a tree of a page in whatever encoding. It errs with ErrInvalid
// when the page is larger than maxBytes or has more than maxNodes.
//
// The tree is built here from the tokens of golang.org/x/net/html, because its
// own builder follows the standard where that multiplies what a page holds
// (open bold and links are opened again in each paragraph; 2.4 MB so made took
// 72 s) and merges repeated html elements in quadratic time. This one keeps
// the rules that broken pages need (what is not closed, what is closed by its
// follower), drops comments, and takes time in proportion to the page.
func parse(page []byte) (*html.Node, error) {
	if len(page) > maxBytes {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.page.large"), nil)
	}
	var r io.Reader = bytes.NewReader(page)
	if !utf8.Valid(page) { // what is valid UTF-8 is, whatever the page declares
		e, _, _ := charset.DetermineEncoding(page[:min(len(page), 1024)], "")
		r = e.NewDecoder().Reader(r)
	}
	b := newBuilder()
	z := html.NewTokenizer(r)
	for b.nodes < maxNodes {
		switch z.Next() {
		case html.ErrorToken: // the end: memory is all that is read
			return b.doc, nil
		case html.TextToken:
			b.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			b.start(z, name, more)
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(name)
		default: // comments and declarations
		}
	}
	return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.page.unreadable"), nil)
}

// builder makes a tree of tokens.
type builder struct {
	doc, root, head, body *html.Node
	open                  []opened       // what is open below body, outermost first
	times                 map[string]int // how often a name is open
	beyond                []atom.Atom    // what is open deeper than maxDepth
	raw                   *html.Node     // an element of the head that holds text, when open
	slab                  []html.Node
	nodes                 int
}

// opened is an open element, and what it stops.
type opened struct {
	n            *html.Node
	block, table bool
}

func newBuilder() *builder {
	b := &builder{doc: &html.Node{Type: html.DocumentNode}, times: map[string]int{}}
	b.root, b.head, b.body = b.element(atom.Html, nil), b.element(atom.Head, nil), b.element(atom.Body, nil)
	b.doc.AppendChild(b.root)
	b.root.AppendChild(b.head)
	b.root.AppendChild(b.body)
	return b
}

func (b *builder) node() *html.Node {
	if len(b.slab) == 0 {
		b.slab = make([]html.Node, 128)
	}
	n := &b.slab[0]
	b.slab = b.slab[1:]
	b.nodes++
	return n
}

// element makes an element; name is used only when it has no atom.
func (b *builder) element(a atom.Atom, name []byte) *html.Node {
	n := b.node()
	n.Type, n.DataAtom = html.ElementNode, a
	if a != 0 {
		n.Data = a.String()
	} else {
		n.Data = string(name)
	}
	return n
}

func (b *builder) top() *html.Node {
	if len(b.open) == 0 {
		return b.body
	}
	return b.open[len(b.open)-1].n
}

func (b *builder) text(s []byte) {
	into := b.top()
	if b.raw != nil {
		into = b.raw
	} else if into == b.body && len(bytes.TrimSpace(s)) == 0 {
		return
	}
	n := b.node()
	n.Type, n.Data = html.TextNode, string(s)
	into.AppendChild(n)
}

func (b *builder) start(z *html.Tokenizer, name []byte, more bool) {
	a := atom.Lookup(name)
	switch a {
	case atom.Html:
		attributes(z, more, b.root)
		return
	case atom.Head:
		return
	case atom.Body:
		attributes(z, more, b.body)
		return
	}
	b.raw = nil
	inHead := len(b.open) == 0 && b.body.FirstChild == nil && ofHead[a]
	if !inHead {
		b.closeImplied(a)
		if len(b.open) >= maxDepth {
			if !void[a] {
				b.beyond = append(b.beyond, a)
			}
			return
		}
	}
	n := b.element(a, name)
	attributes(z, more, n)
	switch {
	case inHead:
		b.head.AppendChild(n)
		if !void[a] {
			b.raw = n
		}
	default:
		b.push(n)
	}
}

// push adds an element to the innermost open one, and opens it.
func (b *builder) push(n *html.Node) {
	b.top().AppendChild(n)
	if !void[n.DataAtom] {
		b.open = append(b.open, opened{n, breaks[n.DataAtom] > 0, ofTable[n.DataAtom]})
		b.times[n.Data]++
	}
}

// close closes the open elements from a place on.
func (b *builder) close(from int) {
	for _, o := range b.open[from:] {
		b.times[o.n.Data]--
	}
	b.open = b.open[:from]
}

// attributes gives an element those of a tag, once.
func attributes(z *html.Tokenizer, more bool, n *html.Node) {
	if n.Attr != nil {
		return
	}
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		if n.Attr == nil {
			n.Attr = make([]html.Attribute, 0, 4)
		}
		n.Attr = append(n.Attr, html.Attribute{Key: string(key), Val: string(val)})
	}
}

// closeImplied closes what the beginning of an element ends.
func (b *builder) closeImplied(a atom.Atom) {
	rule, ok := closes[a]
	switch {
	case ok:
		b.closeLast(rule.open, rule.within)
	case a == atom.A: // a link in a link
		b.closeLast([]atom.Atom{atom.A}, []atom.Atom{atom.Table, atom.Td, atom.Th, atom.Div, atom.Section, atom.Article, atom.Li})
	}
	if closesParagraph[a] {
		b.closeLast([]atom.Atom{atom.P}, scope)
	}
	if a == atom.Tr && b.top().DataAtom == atom.Table {
		b.push(b.element(atom.Tbody, nil))
	}
}

// closeLast closes the innermost open element of one of the names and all in
// it, unless one of within comes first.
func (b *builder) closeLast(names, within []atom.Atom) {
	if !slices.ContainsFunc(names, func(a atom.Atom) bool { return b.times[a.String()] > 0 }) {
		return
	}
	for i := len(b.open) - 1; i >= 0; i-- {
		if a := b.open[i].n.DataAtom; slices.Contains(names, a) {
			b.close(i)
			return
		} else if slices.Contains(within, a) {
			return
		}
	}
}

// end closes the innermost open element of a name, and what is open in it. A
// table and its cells are not closed by what is in them, nor a block by the
// end of a span.
func (b *builder) end(name []byte) {
	a := atom.Lookup(name)
	if b.raw != nil {
		b.raw = nil
		return
	}
	if len(b.beyond) > 0 {
		b.endBeyond(a)
		return
	}
	if b.times[string(name)] == 0 {
		return
	}
	inTable, blocks := ofTable[a], breaks[a] > 0 || holdsBlocks[a] || a == 0
	for i := len(b.open) - 1; i >= 0; i-- {
		o := &b.open[i]
		if o.n.DataAtom == a && (a != 0 || o.n.Data == string(name)) {
			b.close(i)
			return
		}
		if !inTable && (o.table || o.block && !blocks) {
			return
		}
	}
}

// endBeyond closes what is too deep to be in the tree: the innermost of the
// name, looked for among a few.
func (b *builder) endBeyond(a atom.Atom) {
	for i := len(b.beyond) - 1; i >= max(0, len(b.beyond)-16); i-- {
		if b.beyond[i] == a {
			b.beyond = b.beyond[:i]
			return
		}
	}
}
