package demo

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slug makes the last part of an address from a title: ASCII letters and
// digits, whole words joined by hyphens, 70 bytes at most.
func slug(title string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ReplaceAll(strings.ToLower(title), "œ", "oe")) {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	if len(s) > 70 {
		s = s[:max(1, strings.LastIndexByte(s[:71], '-'))]
	}
	return strings.Trim(s, "-")
}

// summary is the beginning of a text as a feed shows it: whole sentences,
// until there are 60 bytes of them.
func summary(text string) string {
	for at := 0; ; {
		n := sentenceEnd(text[at:])
		at += n
		if n == 0 || at >= 60 {
			return strings.TrimSpace(text[:at]) // n is 0 only at the end
		}
	}
}

// lastSentence is the last sentence of a paragraph; the whole of it when it
// has only one.
func lastSentence(text string) string {
	at := 0
	for {
		n := sentenceEnd(text[at:])
		if at+n >= len(text) {
			return text[at:]
		}
		at += n
	}
}

// sentenceEnd is the length of the first sentence with the space after it,
// or that of the whole text.
func sentenceEnd(text string) int {
	for i := 0; i+2 < len(text); i++ {
		if text[i+1] == ' ' && strings.IndexByte(".!?", text[i]) >= 0 {
			return i + 2
		}
	}
	return len(text)
}
