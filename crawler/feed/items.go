package feed

import (
	"bytes"
	"strings"
)

// A part is one raw item of a document, by its bytes.
type part struct {
	start, end int
	before     int  // where the comma before it stands, in JSON
	comma      bool // there is one
}

// itemsOf finds the raw items of a document; false when it is not plain enough
// to be sure of them.
func itemsOf(b []byte) ([]part, bool) {
	switch firstByte(b) {
	case '{':
		return jsonItems(b)
	case '<':
		return xmlItems(b)
	}
	return nil, false
}

// holdsItems tells whether an item may stand inside these elements. Anywhere
// else it is the text of something that was never closed.
func holdsItems(around [][]byte) bool {
	var path []byte
	for _, name := range around {
		path = append(append(path, '/'), name...)
	}
	switch strings.ToLower(string(path)) {
	case "/rss/channel", "/feed", "/rdf:rdf", "/rdf:rdf/channel", "/channel":
		return true
	}
	return false
}

// closed gives the elements around without the innermost; nil when it is not
// the one that ends.
func closed(around [][]byte, tag []byte) [][]byte {
	last := len(around) - 1
	if last < 0 || !bytes.EqualFold(around[last], tagName(tag)) {
		return nil
	}
	return around[:last]
}

// tagName is the name at the start of a tag's inside.
func tagName(tag []byte) []byte {
	if i := bytes.IndexAny(tag, " \t\r\n/>"); i >= 0 {
		return tag[:i]
	}
	return tag
}

// itemNames are the elements that hold an item.
var itemNames = [...]string{"item", "entry"}

// xmlItems finds them in one pass. It follows tags as scanner does, and gives
// up on what it would have to think about.
func xmlItems(b []byte) (out []part, ok bool) {
	open := "" // the item being read
	start := 0
	var around [][]byte // the elements open around items
	ground := -1        // how many were, around the first item; 0 once one of them ended
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '<')
		if n < 0 {
			return out, open == ""
		}
		i += n
		rest := b[i:]
		switch {
		case bytes.HasPrefix(rest, cdataStart):
			n = past(rest, 9, "]]>")
		case bytes.HasPrefix(rest, commentStart):
			n = past(rest, 4, "-->")
		case len(rest) > 1 && rest[1] == '?':
			n = past(rest, 2, ">")
		case len(rest) > 1 && rest[1] == '!':
			return nil, false // a document type may hold anything
		case len(rest) > 1 && rest[1] == '/':
			n = past(rest, 2, ">")
			switch {
			case n == 0:
			case open == "":
				if around = closed(around, rest[2:n]); around == nil {
					return nil, false
				}
				if len(around) < ground {
					ground = 0
				}
			case isTag(rest[2:], open):
				out = append(out, part{start: start, end: i + n})
				open = ""
			}
		case len(rest) > 1 && nameStart(rest[1]):
			n = tagEnd(rest)
			alone := n > 2 && rest[n-2] == '/'
			switch name := itemName(rest[1:]); {
			case n == 0:
			case name == "":
				if open == "" && !alone {
					around = append(around, tagName(rest[1:n]))
				}
			case open != "" || !holdsItems(around) || ground >= 0 && ground != len(around):
				return nil, false // not where items stand, or not where the first one does
			case alone:
				ground, out = len(around), append(out, part{start: i, end: i + n})
			default:
				ground, open, start = len(around), name, i
			}
		default:
			n = 1 // a stray < is text
		}
		if n <= 0 {
			return nil, false
		}
		i += n
	}
}

var (
	cdataStart   = []byte("<![CDATA[")
	commentStart = []byte("<!--")
)

// past is how many bytes it takes to pass a mark; 0 when it does not come.
func past(b []byte, from int, mark string) int {
	n := bytes.Index(b[min(from, len(b)):], []byte(mark))
	if n < 0 {
		return 0
	}
	return from + n + len(mark)
}

func itemName(b []byte) string {
	for _, name := range itemNames {
		if isTag(b, name) {
			return name
		}
	}
	return ""
}

// isTag tells whether a name stands at the start of a tag's inside.
func isTag(b []byte, name string) bool {
	if len(b) <= len(name) || string(b[:len(name)]) != name {
		return false
	}
	switch b[len(name)] {
	case '>', '/', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}

// tagEnd is how many bytes a start tag takes; 0 when it does not end. A > in a
// quoted value is not its end.
func tagEnd(b []byte) int {
	quote := byte(0)
	for i := 1; i < len(b); i++ {
		c := b[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1
		case (c == '"' || c == '\'') && b[i-1] == '=':
			quote = c
		case c == '<':
			return 0
		}
	}
	return 0
}

// jsonItems finds the objects of the items of a JSON Feed; false when anything
// but a comma stands between two.
func jsonItems(b []byte) (out []part, ok bool) {
	s := jsonScan{b: b}
	comma, commaAt := false, 0
	p := part{start: -1}
	for s.pos < len(b) {
		at, c, deep := s.pos, b[s.pos], s.depth
		s.step()
		switch {
		case !s.inItems:
		case c == ',' && deep == 2:
			comma, commaAt = true, at
		case c == '{' && deep == 2:
			if len(out) > 0 && string(bytes.TrimSpace(b[out[len(out)-1].end:at])) != "," {
				return nil, false
			}
			p = part{start: at, before: commaAt, comma: comma}
		case c == '}' && s.depth == 2 && p.start >= 0:
			p.end = s.pos
			out = append(out, p)
			p.start = -1
		}
		if s.depth > maxDepth {
			return nil, false
		}
	}
	return out, s.depth == 0
}
