package robots

import "strings"

const upperHex = "0123456789ABCDEF"

// normalize gives the one form in which rules and addresses are compared: an
// encoded octet that needs no encoding is decoded, others have capitals, and
// what is outside ASCII is encoded. The special signs of a pattern are kept;
// in an address they are ordinary and encoded, as is $ before a pattern's end.
// Source: RFC 9309 §2.2.2 and §2.2.3.
func normalize(s string, pattern bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			octet := byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
			if unreserved(octet) {
				b.WriteByte(octet)
			} else {
				encode(&b, octet)
			}
		case c == '*' && !pattern, c == '$' && (!pattern || i+1 < len(s)), c <= ' ', c >= 0x7f:
			encode(&b, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func encode(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(upperHex[c>>4])
	b.WriteByte(upperHex[c&15])
}

// unreserved octets mean the same encoded or not.
// Source: RFC 3986 §2.3.
func unreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
