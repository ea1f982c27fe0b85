package feed

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decode makes legal UTF-8 of a document, and counts the characters that
// could not be read and became U+FFFD.
//
// What the bytes are is asked, in this order, of their byte-order mark, the
// places of their NUL bytes, themselves (bytes above 127 that are valid UTF-8
// are UTF-8, whatever the labels say), the server, the XML declaration. Else
// they are Windows-1252, which anything can be.
func decode(b []byte, contentType string) (text []byte, lost int) {
	e, b := encodingOf(b, contentType)
	if e != nil {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			b = out
		}
	}
	if !utf8.Valid(b) {
		b = mixed(b)
	}
	lost = bytes.Count(b, []byte("\uFFFD"))
	return withoutControls(b), lost
}

// encodingOf tells the encoding, nil for UTF-8, and gives b without its mark.
func encodingOf(b []byte, contentType string) (encoding.Encoding, []byte) {
	if e, n, ok := marked(b); ok {
		return e, b[n:]
	}
	if e := byNULs(b); e != nil {
		return e, b
	}
	valid, ascii := utf8.Valid(b), isASCII(b)
	if valid && !ascii {
		return nil, b
	}
	_, params, _ := mime.ParseMediaType(contentType)
	for _, label := range []string{params["charset"], declared(b)} {
		e, name := lookup(label)
		if e == nil || name == "utf-8" && !valid {
			continue
		}
		if name == "utf-8" || strings.HasPrefix(name, "utf-16") {
			return nil, b // ASCII that claims to be two bytes wide is ASCII
		}
		return e, b
	}
	if valid || mostlyUTF8(b) {
		return nil, b
	}
	return charmap.Windows1252, b
}

func lookup(label string) (encoding.Encoding, string) {
	label = strings.Trim(strings.TrimSpace(label), `"'`)
	if label == "" {
		return nil, ""
	}
	if e, name := charset.Lookup(label); e != nil {
		return e, name
	}
	switch strings.ToLower(label) {
	case "ebcdic-cp-us", "ebcdic-cp-ca", "ebcdic-cp-wt", "ebcdic-cp-nl", "cp037", "ibm037", "csibm037":
		return charmap.CodePage037, "ibm037"
	case "cp1140", "ibm1140":
		return charmap.CodePage1140, "ibm1140"
	case "cp437", "ibm437":
		return charmap.CodePage437, "ibm437"
	case "cp850", "ibm850":
		return charmap.CodePage850, "ibm850"
	}
	return nil, ""
}

// marked reads a byte-order mark: its encoding and length.
func marked(b []byte) (encoding.Encoding, int, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return nil, 3, true
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), 4, true
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), 4, true
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2, true
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2, true
	}
	return nil, 0, false
}

// byNULs tells wide encodings without a mark by where the zero bytes of the
// first ASCII characters stand, and EBCDIC by its <?xml.
func byNULs(b []byte) encoding.Encoding {
	if len(b) < 4 {
		return nil
	}
	zero := func(i int) bool { return b[i] == 0 }
	switch {
	case zero(0) && zero(1) && zero(2) && !zero(3):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	case !zero(0) && zero(1) && zero(2) && zero(3):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case zero(0) && !zero(1) && zero(2) && !zero(3):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case !zero(0) && zero(1) && !zero(2) && zero(3):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(b, []byte{0x4C, 0x6F, 0xA7, 0x94}):
		return charmap.CodePage037
	}
	return nil
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{1,40})["']`)

// declared is the encoding that the XML declaration names.
func declared(b []byte) string {
	if m := declaration.FindSubmatch(b[:min(len(b), 512)]); m != nil {
		return string(m[1])
	}
	return ""
}

// mostlyUTF8 tells UTF-8 with a few damaged bytes from an 8-bit encoding: in
// the latter, hardly any byte above 127 is part of a valid sequence.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > bad
}

// mixed reads UTF-8 with stray bytes, taking each stray for Windows-1252: two
// systems were glued together somewhere.
func mixed(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[i])
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// withoutControls drops the characters no XML document may hold; b itself
// when there are none.
func withoutControls(b []byte) []byte {
	for _, never := range []string{"\uFFFE", "\uFFFF"} {
		if bytes.Contains(b, []byte(never)) {
			b = bytes.ReplaceAll(b, []byte(never), nil)
		}
	}
	bad := func(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }
	i := 0
	for i < len(b) && !bad(b[i]) {
		i++
	}
	if i == len(b) {
		return b
	}
	out := append(make([]byte, 0, len(b)), b[:i]...)
	for _, c := range b[i:] {
		if !bad(c) {
			out = append(out, c)
		}
	}
	return out
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
