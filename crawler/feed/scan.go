package feed

import (
	"bytes"
	"errors"
	"html"
	"strings"
)

// The kinds of token.
const (
	tokenEnd   = iota // of the document
	tokenOpen         // <name …> or <name … />
	tokenClose        // </name>
	tokenText         // character data, entities not yet decoded
	tokenCDATA        // verbatim text
)

// errAttributes refuses an element of too many attributes.
var errAttributes = errors.New("too many attributes")

// A token is one piece of markup. Its slices point into the document.
type token struct {
	kind  int
	name  string // as written, prefix included; of open and close
	attrs []attr // of open
	self  bool   // open and closed at once
	text  []byte // of text and CDATA
}

// attr is one attribute, its value decoded.
type attr struct {
	name, value string
}

// A scanner reads markup as it comes, well-formed or not: a stray < or & is
// text, an unquoted value is a value, and whatever is cut by the end of the
// document sets cut. It never looks back, so its time is linear.
type scanner struct {
	b        []byte
	pos      int
	cut      bool              // the document ended inside a token
	entities map[string]string // from the internal DOCTYPE
	expanded int               // bytes that entities have grown to
	attrs    []attr            // reused
}

func (s *scanner) next() (token, error) {
	for s.pos < len(s.b) {
		rest := s.b[s.pos:]
		if rest[0] != '<' {
			return s.text(rest), nil
		}
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			s.skipPast(4, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			return s.cdata(rest), nil
		case len(rest) > 1 && rest[1] == '!':
			s.declaration()
		case len(rest) > 1 && rest[1] == '?':
			s.skipPast(2, ">")
		case len(rest) > 2 && rest[1] == '/' && nameStart(rest[2]):
			return s.close(rest), nil
		case len(rest) > 1 && nameStart(rest[1]):
			return s.open()
		case len(rest) == 1:
			s.pos, s.cut = len(s.b), true
		default:
			return s.text(rest), nil
		}
	}
	return token{kind: tokenEnd}, nil
}

// text reads up to the next <. If it begins with one, that one is text.
func (s *scanner) text(rest []byte) token {
	n := bytes.IndexByte(rest[1:], '<') + 1
	if n == 0 {
		n = len(rest)
	}
	s.pos += n
	return token{kind: tokenText, text: rest[:n]}
}

func (s *scanner) cdata(rest []byte) token {
	n := bytes.Index(rest, []byte("]]>"))
	if n < 0 {
		s.pos, s.cut = len(s.b), true
		return token{kind: tokenCDATA, text: rest[9:]}
	}
	s.pos += n + 3
	return token{kind: tokenCDATA, text: rest[9:n]}
}

func (s *scanner) skipPast(from int, mark string) {
	n := bytes.Index(s.b[s.pos+from:], []byte(mark))
	if n < 0 {
		s.pos, s.cut = len(s.b), true
		return
	}
	s.pos += from + n + len(mark)
}

func (s *scanner) close(rest []byte) token {
	n := bytes.IndexByte(rest, '>')
	if n < 0 {
		s.pos, s.cut = len(s.b), true
		return token{kind: tokenEnd}
	}
	s.pos += n + 1
	name, _, _ := bytes.Cut(rest[2:n], []byte(" "))
	return token{kind: tokenClose, name: string(bytes.TrimSpace(name))}
}

// open reads a start tag with its attributes.
func (s *scanner) open() (token, error) {
	s.pos++
	t := token{kind: tokenOpen, name: s.until(" \t\r\n/>")}
	s.attrs = s.attrs[:0]
	for {
		s.skipSpace()
		if s.pos >= len(s.b) {
			s.cut = true
			return token{kind: tokenEnd}, nil
		}
		switch s.b[s.pos] {
		case '>':
			s.pos++
			t.attrs = s.attrs
			return t, nil
		case '/':
			s.pos++
			t.self = s.pos < len(s.b) && s.b[s.pos] == '>'
			continue
		case '<': // the tag was never closed: let the next one begin
			t.attrs = s.attrs
			return t, nil
		}
		if len(s.attrs) >= maxAttributes {
			return token{}, errAttributes
		}
		s.attribute()
	}
}

func (s *scanner) attribute() {
	name := s.until(" \t\r\n=/><")
	if name == "" {
		s.pos++ // a stray quote or sign
		return
	}
	s.skipSpace()
	if s.pos >= len(s.b) || s.b[s.pos] != '=' {
		s.attrs = append(s.attrs, attr{name, name})
		return
	}
	s.pos++
	s.skipSpace()
	s.attrs = append(s.attrs, attr{name, s.value()})
}

func (s *scanner) value() string {
	if s.pos >= len(s.b) {
		return ""
	}
	if q := s.b[s.pos]; q == '"' || q == '\'' {
		n := bytes.IndexByte(s.b[s.pos+1:], q)
		if n < 0 {
			s.pos = len(s.b)
			return ""
		}
		raw := s.b[s.pos+1 : s.pos+1+n]
		s.pos += n + 2
		return s.decoded(raw)
	}
	return s.decoded([]byte(s.until(" \t\r\n>")))
}

// until takes bytes up to one of stops.
func (s *scanner) until(stops string) string {
	from := s.pos
	for s.pos < len(s.b) && strings.IndexByte(stops, s.b[s.pos]) < 0 {
		s.pos++
	}
	return string(s.b[from:s.pos])
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.b) && space(s.b[s.pos]) {
		s.pos++
	}
}

// Limits of the entities of a DOCTYPE: enough for what feeds declare, too
// little for a flood.
const (
	maxEntityCount = 100
	maxEntityValue = 1 << 10
	maxExpanded    = 1 << 20
)

// declaration skips a DOCTYPE, keeping its plain internal entities. Nothing
// external is ever read, and an entity made of entities is not one.
func (s *scanner) declaration() {
	depth := 0
	for s.pos++; s.pos < len(s.b); s.pos++ {
		switch s.b[s.pos] {
		case '"', '\'':
			s.value()
			s.pos--
		case '[':
			depth++
		case ']':
			depth--
		case '<':
			if bytes.HasPrefix(s.b[s.pos:], []byte("<!ENTITY")) {
				s.entity()
			} else if bytes.HasPrefix(s.b[s.pos:], []byte("<!--")) {
				s.skipPast(4, "-->")
				s.pos--
			} else if depth <= 0 && s.pos+1 < len(s.b) && nameStart(s.b[s.pos+1]) {
				return // the declaration was never closed
			}
		case '>':
			if depth <= 0 {
				s.pos++
				return
			}
		}
	}
	s.cut = true
}

// entity reads <!ENTITY name "value">, leaving pos before its >.
func (s *scanner) entity() {
	s.pos += len("<!ENTITY")
	s.skipSpace()
	name := s.until(" \t\r\n>\"'")
	s.skipSpace()
	if s.pos < len(s.b) && (s.b[s.pos] == '"' || s.b[s.pos] == '\'') {
		n := bytes.IndexByte(s.b[s.pos+1:], s.b[s.pos])
		if n >= 0 {
			raw := s.b[s.pos+1 : s.pos+1+n]
			s.pos += n + 2
			if numeric := html.UnescapeString(string(raw)); n <= maxEntityValue && len(s.entities) < maxEntityCount && !strings.ContainsAny(numeric, "&%") {
				if s.entities == nil {
					s.entities = map[string]string{}
				}
				if _, dup := s.entities[name]; !dup && name != "" && name != "%" {
					s.entities[name] = numeric
				}
			}
		}
	}
	for s.pos < len(s.b) && s.b[s.pos] != '>' {
		s.pos++
	}
}

// maxReference is how far past & its ; may stand.
const maxReference = 40

// decoded is raw with its entities decoded once. An & that begins none is
// itself.
func (s *scanner) decoded(raw []byte) string {
	i := bytes.IndexByte(raw, '&')
	if i < 0 {
		return string(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i >= 0 {
		b.Write(raw[:i])
		raw = raw[i:]
		n := bytes.IndexByte(raw[:min(len(raw), maxReference)], ';')
		if value, ok := s.reference(raw, n); ok {
			b.WriteString(value)
			raw = raw[n+1:]
		} else {
			b.WriteByte('&')
			raw = raw[1:]
		}
		i = bytes.IndexByte(raw, '&')
	}
	b.Write(raw)
	return b.String()
}

// reference is the value of the reference raw[:n+1], if it is one.
func (s *scanner) reference(raw []byte, n int) (string, bool) {
	if n < 2 {
		return "", false
	}
	span := string(raw[:n+1])
	if value, ok := s.entities[span[1:n]]; ok && s.expanded+len(value) <= maxExpanded {
		s.expanded += len(value)
		return value, true
	}
	value := html.UnescapeString(span)
	// HTML also knows entities without their semicolon: &copy=1; is not one.
	if value == span || value == html.UnescapeString(span[:n])+";" {
		return "", false
	}
	return legal(value), true
}

// legal drops the characters no XML document may hold.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

func nameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func firstByte(b []byte) byte {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 {
		return 0
	}
	return b[0]
}
