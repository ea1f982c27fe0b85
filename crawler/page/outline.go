package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An element is one of a page, with the weight of what it holds. Weights are
// bytes of text without the white space at its ends.
type element struct {
	n              *html.Node
	parent, end    int // places in the outline; end is after the last inside
	text, linked   int // all that is inside, and in links
	own, ownLinked int // what is inside but in no block inside
	prose          int // what is inside in paragraphs: runs of text that are mostly no links
	heads          int // h1 inside
	mark           mark
	skip           bool
}

// An outline is the elements of a page in order of appearance. Those that are
// never read (silent) are leaves of it. The tree is not changed.
type outline []element

// minRun is the least text that makes a run prose, bytes: less is a label.
const minRun = 25

// outlined weighs a page, or an element of one.
func outlined(root *html.Node) outline {
	o := make(outline, 0, 1024)
	if root.Type == html.ElementNode {
		o.add(root, -1, -1, false)
		return o
	}
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			o.add(c, -1, -1, false)
		}
	}
	return o
}

// add outlines an element and what is inside. block is the place of the
// nearest block around, -1 when none.
func (o *outline) add(n *html.Node, parent, block int, inLink bool) {
	i := len(*o)
	*o = append(*o, element{n: n, parent: parent, mark: marked(n)})
	if silent[n.DataAtom] || gone(n) {
		(*o)[i].skip, (*o)[i].end = true, i+1
		return
	}
	isBlock := breaks[n.DataAtom] > 0 || n.DataAtom == atom.Td || n.DataAtom == atom.Body || block < 0
	if isBlock && n.DataAtom != atom.Br {
		block = i
	}
	inLink = inLink || n.DataAtom == atom.A
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			(*o).count(i, block, weight(c.Data), inLink)
		case html.ElementNode:
			o.add(c, i, block, inLink)
		}
	}
	(*o).close(i, block == i)
}

func (o outline) count(i, block, w int, inLink bool) {
	o[i].text += w
	o[block].own += w
	if inLink {
		o[i].linked += w
		o[block].ownLinked += w
	}
}

// close ends an element and adds its weights to the one around.
func (o outline) close(i int, isBlock bool) {
	e := &o[i]
	e.end = len(o)
	if isBlock && holdsProse[e.n.DataAtom] && e.own >= minRun && e.ownLinked*2 <= e.own {
		e.prose += e.own
	}
	if e.n.DataAtom == atom.H1 {
		e.heads++
	}
	if e.parent >= 0 {
		p := &o[e.parent]
		p.text, p.linked, p.prose, p.heads = p.text+e.text, p.linked+e.linked, p.prose+e.prose, p.heads+e.heads
	}
}

// holdsProse are the blocks whose text may be an article's; headings and
// captions are not.
var holdsProse = map[atom.Atom]bool{
	atom.P: true, atom.Pre: true, atom.Blockquote: true, atom.Li: true, atom.Td: true, atom.Dd: true, atom.Div: true, atom.Section: true,
	atom.Article: true, atom.Main: true, atom.Body: true, atom.Center: true,
}

// gone tells what a reader does not see.
func gone(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return a.Val == "true"
		case "style":
			if hidingStyle(a.Val) {
				return true
			}
		}
	}
	return false
}

// hidingStyle tells display:none and visibility:hidden, however spaced.
func hidingStyle(style string) bool {
	if len(style) > 1<<10 {
		return false
	}
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		value, _, _ = strings.Cut(value, "!")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
		if name == "display" && value == "none" || name == "visibility" && value == "hidden" {
			return true
		}
	}
	return false
}

// weight is the length of a text without the white space at its ends.
func weight(s string) int {
	i, j := 0, len(s)
	for i < j && s[i] <= ' ' {
		i++
	}
	for i < j && s[j-1] <= ' ' {
		j--
	}
	return j - i
}
