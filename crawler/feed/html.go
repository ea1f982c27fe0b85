package feed

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// linkElements are the elements of a feed whose text is an address.
var linkElements = map[string]bool{
	"link": true, "url": true, "uri": true, "icon": true, "logo": true, "comments": true, "docs": true,
}

// baseOf is the address that a document's links start from.
func baseOf(m Meta) string {
	if m.ContentLocation == "" {
		return m.URL
	}
	if u := link(m.URL, m.ContentLocation); u != "" {
		return u
	}
	return m.URL
}

// link makes an address absolute, "" unless it is one of http or https.
func link(base, ref string) string {
	if ref = withoutBreaks(ref); ref == "" {
		return ""
	}
	u := strings.ReplaceAll(withoutBreaks(resolve(base, ref)), " ", "%20")
	lower := strings.ToLower(u[:min(len(u), 8)])
	if len(u) > maxURL || len(parseReference(u).authority) <= len("//") || !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return ""
	}
	return u
}

// withoutBreaks drops what browsers drop of an address: white space around it,
// controls and line breaks in it.
func withoutBreaks(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// blocks say what an element does to the lines of plain text: 1 begins a new
// line, 2 a new paragraph.
var blocks = map[atom.Atom]int{
	atom.P: 2, atom.Div: 2, atom.H1: 2, atom.H2: 2, atom.H3: 2, atom.H4: 2, atom.H5: 2, atom.H6: 2, atom.Blockquote: 2,
	atom.Pre: 2, atom.Ul: 2, atom.Ol: 2, atom.Dl: 2, atom.Table: 2, atom.Section: 2, atom.Article: 2, atom.Figure: 2,
	atom.Header: 2, atom.Footer: 2, atom.Hr: 2, atom.Aside: 2, atom.Main: 2, atom.Address: 2, atom.Form: 2,
	atom.Br: 1, atom.Li: 1, atom.Tr: 1, atom.Dt: 1, atom.Dd: 1, atom.Figcaption: 1, atom.Caption: 1, atom.Option: 1,
}

// hidden are the elements whose inside is not text to read.
var hidden = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true,
	atom.Select: true, atom.Textarea: true, atom.Svg: true, atom.Math: true, atom.Head: true, atom.Title: true, atom.Noframes: true, atom.Noembed: true,
}

// plain is the text of HTML: entities decoded once, white space collapsed,
// paragraphs apart by an empty line and lines by a line feed.
func plain(s string) string {
	w := lines{}
	w.b.Grow(len(s) / 2)
	z := html.NewTokenizer(strings.NewReader(s))
	var in atom.Atom // the hidden element being skipped
	depth := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return strings.TrimSpace(w.b.String())
		}
		if kind == html.TextToken {
			if in == 0 {
				w.text(string(z.Text()))
			}
			continue
		}
		name, _ := z.TagName()
		a := atom.Lookup(name)
		switch {
		case in != 0:
			if a == in && kind == html.StartTagToken {
				depth++
			} else if a == in && kind == html.EndTagToken {
				if depth--; depth == 0 {
					in = 0
				}
			}
		case hidden[a] && kind == html.StartTagToken:
			in, depth = a, 1
		case blocks[a] > 0:
			w.brk(blocks[a])
		case a == atom.Td || a == atom.Th:
			w.space = true
		}
	}
}

// lines gathers plain text.
type lines struct {
	b     strings.Builder
	space bool // a space is due
	lf    int  // line feeds are due
}

func (w *lines) brk(n int) { w.lf = max(w.lf, n) }

func (w *lines) text(s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isSpace(r) {
			w.space = true
			i += n
			continue
		}
		j := strings.IndexFunc(s[i:], isSpace)
		if j < 0 {
			j = len(s) - i
		}
		w.word(s[i : i+j])
		i += j
	}
}

func (w *lines) word(s string) {
	if s = visible(s); s == "" {
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

// isSpace tells white space that may break a line. The no-break space of
// French typography is kept.
func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\v'
}

// visible drops what has no width and no meaning in plain text: zero-width
// spaces and marks of order, soft hyphens, controls.
func visible(s string) string {
	if printable(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x200B, r == 0xFEFF, r == 0xAD, r == 0x2060, r < ' ', r >= 0x7f && r < 0xA0:
			return -1
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// printable says that s is ASCII without controls.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// line is the text of HTML on one line, at most limit bytes.
func line(s string, limit int) string {
	if !strings.ContainsAny(s, "<&") {
		w := lines{}
		w.text(s)
		return clip(w.b.String(), limit)
	}
	return clip(strings.Join(strings.FieldsFunc(plain(s), isSpace), " "), limit)
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

// pictureIn is the address of the first picture in HTML; "" when none.
func pictureIn(s string) string {
	if !strings.Contains(s, "<img") && !strings.Contains(s, "<IMG") {
		return ""
	}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom != atom.Img {
				continue
			}
			src, width := "", ""
			for _, a := range t.Attr {
				switch a.Key {
				case "src":
					src = a.Val
				case "width":
					width = a.Val
				}
			}
			if strings.HasPrefix(src, "http") && width != "1" {
				return src
			}
		}
	}
}
