package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives s in lower case with its accents folded, œ and æ spelled out, and
// the typographic apostrophe made plain. Spaces and punctuation stay.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || ascii[s[i]]&upperByte != 0 {
			return false
		}
	}
	return true
}

// foldInto appends the folded form of one word: as Fold, with the decimal
// comma made a point, and the dots of an acronym left out.
func foldInto(b *strings.Builder, word string, acronym bool) {
	for _, r := range word {
		switch {
		case r == ',':
			b.WriteByte('.')
		case r == '.' && acronym:
		default:
			foldRune(b, r)
		}
	}
}

func foldRune(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		if ascii[r]&upperByte != 0 {
			r |= 0x20
		}
		b.WriteByte(byte(r))
	case r >= latinFirst && r <= latinLast:
		b.WriteString(latin[r-latinFirst])
	case isApostrophe(r):
		b.WriteByte('\'')
	case isCombining(r) || invisible(r):
	case r < latinFirst:
		b.WriteRune(r)
	default:
		foldRare(b, r)
	}
}

// foldRare folds a letter beyond the Latin table by its decomposition.
func foldRare(b *strings.Builder, r rune) {
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		b.WriteRune(r)
		return
	}
	var one [utf8.UTFMax]byte
	in := utf8.AppendRune(one[:0], r)
	d := norm.NFKD.Properties(in).Decomposition()
	if d == nil {
		b.WriteRune(unicode.ToLower(r))
		return
	}
	for _, r := range string(d) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !isCombining(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
}

// isCombining tells the marks written over and under Latin letters. Those of
// other scripts spell words and stay.
func isCombining(r rune) bool { return r >= 0x0300 && r <= 0x036F }
