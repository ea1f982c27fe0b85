package feed

import (
	"bytes"
	"encoding/base64"
	"html"
	"strings"
	"unicode/utf8"
)

// flat is a text element being read into one piece of HTML.
type flat struct {
	depth  int // len(stack) with it
	key    string
	form   form
	markup bool // it holds elements
	html   bytes.Buffer
}

// inline writes an element that stands inside a text.
func (t *tidy) inline(e *element, k token) {
	f := t.flat
	_, local := split(k.name)
	local = strings.ToLower(local)
	// RFC 4287 §3.1.1.3: the div around XHTML is no part of it.
	if f.form == formXHTML && !t.old && local == "div" && len(t.stack) == f.depth && len(bytes.TrimSpace(f.html.Bytes())) == 0 {
		e.silent = true
		return
	}
	f.markup = true
	e.tag = local
	base := t.stack[f.depth-1].base
	f.html.WriteByte('<')
	f.html.WriteString(local)
	for _, a := range k.attrs {
		if strings.HasPrefix(a.name, "xmlns") || a.name == "xml:base" {
			continue
		}
		_, name := split(a.name)
		v := a.value
		if e.base != base && isAddress[name] {
			v = resolve(e.base, v)
		}
		f.html.WriteString(" " + name + `="` + html.EscapeString(v) + `"`)
	}
	f.html.WriteByte('>')
}

// write takes character data, encoded or verbatim.
func (t *tidy) write(text []byte, encoded bool) {
	switch {
	case len(t.stack) == 0 || t.skip > 0:
	case t.flat == nil:
		s := string(text)
		if encoded {
			s = t.decoded(text)
		}
		if top := t.stack[len(t.stack)-1]; top.base != "" && linkElements[top.key] {
			if s = strings.TrimSpace(s); s != "" {
				s = resolve(top.base, s)
			}
		}
		escape(&t.out, s)
	case t.flat.form == formXHTML && encoded:
		t.flat.html.WriteString(html.EscapeString(t.decoded(text)))
	case t.flat.form == formXHTML || t.flat.form == formText:
		s := string(text)
		if encoded {
			s = t.decoded(text)
		}
		t.flat.html.WriteString(html.EscapeString(s))
	case encoded:
		t.flat.html.WriteString(t.decoded(text))
	default:
		t.flat.html.Write(text)
	}
}

// value is the HTML of a text element.
func (f *flat) value() string {
	if f.form != formBytes || f.markup {
		return f.html.String()
	}
	raw := strings.Join(strings.Fields(f.html.String()), "")
	b, err := base64.StdEncoding.DecodeString(raw)
	if err != nil {
		return f.html.String() // it only claimed to be
	}
	if !utf8.Valid(b) {
		return "" // a picture, or nothing we read
	}
	return string(withoutControls(b))
}
