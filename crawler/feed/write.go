package feed

import (
	"bytes"
	"strings"
)

// key resolves a name as written into dialect:local, in lower case.
func (t *tidy) key(name string) string {
	prefix, local := split(name)
	local = strings.ToLower(local)
	dialect, known := "", false
	for i := len(t.bindings) - 1; i >= 0; i-- {
		if t.bindings[i].prefix == prefix {
			dialect, known = dialectOf(t.bindings[i].uri)
			if !known && prefix != "" {
				dialect = "?"
			}
			known = true
			break
		}
	}
	if !known && prefix != "" {
		dialect = strings.ToLower(prefix) // never declared: what it always means
	}
	if dialect == "" || dialect == "atom" && t.kind == "atom" || dialect == "rss" && t.kind != "atom" {
		return local
	}
	return dialect + ":" + local
}

// split parts a name from its prefix.
func split(name string) (prefix, local string) {
	if i := strings.IndexByte(name, ':'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return "", name
}

// plainName tells names that need no thought in XML.
func plainName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || i > 0 && ('0' <= c && c <= '9' || c == '-' || c == '_')) {
			return false
		}
	}
	return s != ""
}

// escape writes s as character data or as an attribute's value.
func escape(out *bytes.Buffer, s string) {
	for {
		i := strings.IndexAny(s, `<>&"`)
		if i < 0 {
			out.WriteString(s)
			return
		}
		out.WriteString(s[:i])
		switch s[i] {
		case '<':
			out.WriteString("&lt;")
		case '>':
			out.WriteString("&gt;")
		case '&':
			out.WriteString("&amp;")
		case '"':
			out.WriteString("&#34;")
		}
		s = s[i+1:]
	}
}
