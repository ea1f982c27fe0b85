package letter

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What stands around a link in marked prose: its start, its address, the start
// of its words, its end. No mail has them: they are private use characters,
// and visible drops them from what a mail says.
const (
	linkStart = "\uE000"
	linkWords = "\uE001"
	linkEnd   = "\uE002"
)

// breaks say what an element does to the lines of a text: 1 begins a line, 2 a
// paragraph. The cells of mails are their columns and rows alike.
func breaks(a atom.Atom) int {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol,
		atom.Table, atom.Tr, atom.Td, atom.Th, atom.Hr, atom.Pre, atom.Center, atom.Section, atom.Article, atom.Header, atom.Footer:
		return 2
	case atom.Br, atom.Li, atom.Dt, atom.Dd:
		return 1
	}
	return 0
}

// unread tells an element whose inside nobody sees: code, and what mails hide
// to fill the preview.
func unread(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Svg, atom.Select, atom.Textarea, atom.Object, atom.Iframe:
		return true
	}
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "mso-hide:all") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "font-size:0")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// A prose gathers the plain text of a page; with mark, also its links.
type prose struct {
	mark  bool
	b     strings.Builder
	space bool
	lf    int
}

// deepest is how deep a page is read: no mail nests as much on purpose.
const deepest = 400

func (w *prose) node(n *html.Node, depth int) {
	switch {
	case depth > deepest || w.b.Len() > maxBytes:
		return
	case n.Type == html.TextNode:
		w.text(n.Data)
		return
	case n.Type == html.ElementNode && unread(n):
		return
	}
	brk := breaks(n.DataAtom)
	w.lf = max(w.lf, brk)
	link := w.mark && n.DataAtom == atom.A && attr(n, "href") != ""
	if link {
		w.raw(linkStart + visible(strings.Join(strings.Fields(attr(n, "href")), "")) + linkWords)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth+1)
	}
	if link {
		w.b.WriteString(linkEnd)
	}
	w.lf = max(w.lf, brk)
}

func (w *prose) text(s string) {
	for i, word := range strings.FieldsFunc(s, breaking) {
		r, _ := utf8.DecodeRuneInString(s)
		if i > 0 || breaking(r) {
			w.space = true
		}
		if word = visible(word); word != "" {
			w.raw(word)
		}
	}
	if r, _ := utf8.DecodeLastRuneInString(s); breaking(r) {
		w.space = true
	}
}

func (w *prose) raw(s string) {
	switch {
	case w.b.Len() == 0:
	case w.lf == 2:
		w.b.WriteString("\n\n")
	case w.lf == 1:
		w.b.WriteByte('\n')
	case w.space:
		w.b.WriteByte(' ')
	}
	w.space, w.lf = false, 0
	w.b.WriteString(s)
}

// String is the text so far.
func (w *prose) String() string { return w.b.String() }

// breaking tells white space where a line may break; the no-break space of
// French typography is kept.
func breaking(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\v'
}

// visible drops what has no width and no meaning in plain text: mails fill
// their previews with it.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x200B, r == 0x200C, r == 0x034F, r == 0xFEFF, r == 0xAD, r == 0x2007, r >= 0x2060 && r <= 0x2069,
			r < ' ', r >= 0x7f && r < 0xA0, r >= 0xE000 && r <= 0xF8FF, r >= 0x202A && r <= 0x202E:
			return -1
		}
		return r
	}, s)
}

// oneLine is s on one line, at most a thousand bytes.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(visible(strings.Map(spaced, s)), breaking), " ")
	return clip(s, 1000)
}

func spaced(r rune) rune {
	if breaking(r) {
		return ' '
	}
	return r
}

// clip cuts s to at most limit bytes, at a character.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
