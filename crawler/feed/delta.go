package feed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// A Memory is what was read of a feed the last time: eight bytes for what its
// items have in common, then eight for each of them, in order. nil remembers
// nothing. Two different items are taken for one with a chance of one in 2^64
// a pair: among five thousand, one in a million million.
type Memory []byte

// Remembered is how many bytes of a Memory one item takes.
const Remembered = word

const (
	word       = 8    // bytes of a hash
	escapeByte = 0x1b // changes the meaning of what follows in some encodings
)

// ParseNew is Parse for a feed read before: it gives only the entries that are
// new or changed since past, and what to remember for the next time. A nil past
// gives them all.
//
// One pass over the bytes finds the raw items and hashes them; those known are
// cut out, and Parse reads the rest. What is not plain (a cut document, nested
// items, a document type, an encoding that is not UTF-8, a change of what items
// inherit) is parsed whole: never wrong, only slower. A feed that is broken is
// not remembered.
func ParseNew(body []byte, m Meta, past Memory) (Feed, Memory, error) {
	if !utf8.Valid(body) || bytes.IndexByte(body, escapeByte) >= 0 {
		return parseWhole(body, m)
	}
	parts, ok := itemsOf(body)
	if !ok || len(parts) > maxEntries {
		return parseWhole(body, m)
	}
	now := make(Memory, word, word*(1+len(parts)))
	known := past.items()
	fresh := parts[:0:0]
	for _, p := range parts {
		h := xxhash.Sum64(body[p.start:p.end])
		now = binary.LittleEndian.AppendUint64(now, h)
		if !known[h] {
			fresh = append(fresh, p)
		}
	}
	f, err := Parse(without(body, parts, fresh), m)
	if err != nil || f.Broken != nil {
		return parseWhole(body, m)
	}
	binary.LittleEndian.PutUint64(now, common(body, parts, m, f))
	if len(fresh) < len(parts) && !slices.Equal(now[:word], past[:word]) {
		f, err = Parse(body, m)
	}
	if err != nil || f.Broken != nil {
		return f, nil, err
	}
	return f, now, nil
}

func parseWhole(body []byte, m Meta) (Feed, Memory, error) {
	f, err := Parse(body, m)
	return f, nil, err
}

func (m Memory) items() map[uint64]bool {
	if len(m) < 2*word || len(m)%word != 0 {
		return nil
	}
	out := make(map[uint64]bool, len(m)/word)
	for i := word; i < len(m); i += word {
		out[binary.LittleEndian.Uint64(m[i:])] = true
	}
	return out
}

// common is the hash of what the meaning of an item depends on besides itself:
// where the document came from and how it was served, the elements open around
// the first item (namespaces, bases, languages), and what entries inherit.
func common(body []byte, parts []part, m Meta, f Feed) uint64 {
	head := body
	if len(parts) > 0 {
		head = body[:parts[0].start]
	}
	d := xxhash.New()
	fmt.Fprintf(d, "%q %q %q %q %q %q ", m.URL, m.ContentType, m.ContentLocation, f.Kind, f.Lang, f.Authors)
	fmt.Fprintf(d, "%q %q", declared(body), around(head))
	return d.Sum64()
}

// around gives the start tags open at the end of a head.
func around(head []byte) []string {
	var names, tags []string
	s := scanner{b: head}
	for {
		t, err := s.next()
		switch {
		case err != nil || t.kind == tokenEnd:
			return tags
		case t.kind == tokenOpen && !t.self:
			names, tags = append(names, t.name), append(tags, fmt.Sprintf("<%q %q", t.name, t.attrs))
		case t.kind == tokenClose:
			for i := len(names) - 1; i >= 0; i-- {
				if strings.EqualFold(names[i], t.name) {
					names, tags = names[:i], tags[:i]
					break
				}
			}
		}
	}
}

// without gives a document with only some of its items.
func without(body []byte, all, kept []part) []byte {
	if len(all) == len(kept) {
		return body
	}
	out := make([]byte, 0, 64<<10)
	at, first := 0, true
	for _, p := range all {
		keep := len(kept) > 0 && kept[0] == p
		from := p.start
		if p.comma && (!keep || first) {
			from = p.before // of JSON: the comma goes with what it parts
		}
		out = append(out, body[at:from]...)
		if at = p.end; keep {
			out = append(out, body[p.start:p.end]...)
			kept, first = kept[1:], false
		}
	}
	return append(out, body[at:]...)
}
