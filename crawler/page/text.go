package page

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// breaks say what an element does to the lines of plain text: 1 begins a new
// line, 2 a new paragraph.
var breaks = map[atom.Atom]int{
	atom.P: 2, atom.Div: 2, atom.H1: 2, atom.H2: 2, atom.H3: 2, atom.H4: 2, atom.H5: 2, atom.H6: 2, atom.Blockquote: 2, atom.Pre: 2,
	atom.Ul: 2, atom.Ol: 2, atom.Dl: 2, atom.Table: 2, atom.Section: 2, atom.Article: 2, atom.Figure: 2, atom.Header: 2, atom.Footer: 2,
	atom.Hr: 2, atom.Main: 2, atom.Aside: 2, atom.Address: 2, atom.Form: 2, atom.Nav: 2,
	atom.Br: 1, atom.Li: 1, atom.Tr: 1, atom.Dt: 1, atom.Dd: 1, atom.Figcaption: 1,
}

// silent are the elements whose inside is not text to read.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Button: true,
	atom.Select: true, atom.Textarea: true, atom.Iframe: true, atom.Figcaption: true, atom.Head: true,
}

// textOf is the plain text of all that is in a node.
func textOf(n *html.Node) string {
	if o := outlined(n); len(o) > 0 {
		return o.textOf(0)
	}
	return ""
}

// textOf is the plain text of an element: white space collapsed, paragraphs
// apart by an empty line, what is marked to skip left out.
func (o outline) textOf(i int) string {
	w := writer{o: o}
	w.element(i)
	return strings.TrimSpace(w.b.String())
}

// writer gathers plain text.
type writer struct {
	o     outline
	b     strings.Builder
	space bool // a space is due
	lf    int  // line feeds are due
}

func (w *writer) element(i int) {
	e := &w.o[i]
	if e.skip || w.o.leads(i) {
		return
	}
	brk := breaks[e.n.DataAtom]
	w.lf = max(w.lf, brk)
	if e.n.DataAtom == atom.Td || e.n.DataAtom == atom.Th {
		w.space = true
	}
	next := i + 1
	for c := e.n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.text(c.Data)
		case html.ElementNode:
			w.element(next)
			next = w.o[next].end
		}
	}
	w.lf = max(w.lf, brk)
}

// elsewhere is how a paragraph begins that only sends to another article.
var elsewhere = regexp.MustCompile(`(?i)^\W*((à )?(lire|voir|écouter|relire)( aussi| également)?|lisez aussi|sur le même sujet|dans la même catégorie|` +
	`(read|see|watch) (also|more|next)|also read|related|(don.t|do not) miss|more on this)\b`)

// ends tells an element whose last text is finished.
func ends(n *html.Node) bool {
	for ; n != nil; n = n.LastChild {
		if n.Type == html.TextNode {
			return finished(n.Data)
		}
	}
	return false
}

// finished tells a text that ends as a sentence does.
func finished(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \n\t\u00a0»”\"')]"))
	return strings.ContainsRune(".!?…:。！？", last)
}

// withoutLabels drops the short lines after the last paragraph that end no
// sentence: titles of what followed, and buttons.
func withoutLabels(text string) string {
	for range 4 {
		i := strings.LastIndex(text, "\n\n")
		if i < 500 || len(text)-i > 60 || strings.Contains(text[i+2:], "\n") || finished(text) {
			break
		}
		text = text[:i]
	}
	return text
}

// leads tells a list, a paragraph or a block, that only leads elsewhere.
func (o outline) leads(i int) bool {
	switch e := &o[i]; e.n.DataAtom {
	case atom.Ul, atom.Ol, atom.Div, atom.Section:
		return e.linked > 20 && e.linked*10 > e.text*8
	case atom.P: // "See also", and the title of another article
		return e.linked > 20 && e.linked*10 > e.text*9 && !ends(e.n) || e.linked*2 > e.text && elsewhere.MatchString(short(e.n))
	}
	return false
}

func (w *writer) text(s string) {
	for i, word := range strings.FieldsFunc(s, breaking) {
		if i > 0 || s != "" && breaking(rune(s[0])) {
			w.space = true
		}
		w.word(word)
	}
	if s != "" && breaking(rune(s[len(s)-1])) {
		w.space = true
	}
}

func (w *writer) word(s string) {
	s = visible(s)
	if s == "" {
		return
	}
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

// breaking tells white space where a line may break; the no-break space of
// French typography is kept.
func breaking(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\v'
}
