package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences gives the byte ranges of the sentences of s, in order, without the
// spaces around them. A line break ends a sentence; a full stop does when what
// follows can begin one and what precedes is no abbreviation, initial or
// decimal.
func Sentences(s string) [][2]int {
	var out [][2]int
	start := 0
	add := func(end int) {
		if a, b := trim(s, start, end); a < b {
			out = append(out, [2]int{a, b})
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '\n', '\r', 0x2029:
			add(i)
			start = i + w
		case '.', '!', '?', '…':
			if end, ok := sentenceEnd(s, start, i+w, r); ok {
				add(end)
				i = end
				continue
			}
		}
		i += w
	}
	add(len(s))
	return out
}

// sentenceEnd tells whether the sentence begun at start ends at its mark r,
// which stops at i, and where, closing quotes and brackets included.
func sentenceEnd(s string, start, i int, r rune) (int, bool) {
	dot := r == '.'
	end, before := i, i-utf8.RuneLen(r)
	for end < len(s) && strings.ContainsRune(".!?…", rune(s[end])) {
		end, dot = end+1, false
	}
	end = closers(s, end)
	if end >= len(s) {
		return end, true
	}
	next, w := utf8.DecodeRuneInString(s[end:])
	if !unicode.IsSpace(next) {
		return 0, false
	}
	for j := end; unicode.IsSpace(next); next, w = utf8.DecodeRuneInString(s[j:]) {
		if next == '\n' {
			return end, true
		}
		j += w
	}
	if w > 0 && !begins(next) {
		return 0, false
	}
	return end, !dot || !abbreviation(s[start:before], unicode.IsDigit(next))
}

// closers gives the offset after the closing quotes and brackets at i, and the
// no-break space before a closing «»-quote.
func closers(s string, i int) int {
	for i < len(s) {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == 0x00A0 || r == 0x202F || r == ' ' {
			if q, qw := utf8.DecodeRuneInString(s[i+w:]); q == '»' {
				i += w + qw
				continue
			}
			return i
		}
		if !strings.ContainsRune(`"'”’»)]`, r) {
			return i
		}
		i += w
	}
	return i
}

// begins tells whether r can begin a sentence.
func begins(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r) ||
		strings.ContainsRune(`«“"‘'([—–-•`, r)
}

// abbreviation tells whether the last word of s is cut short by the dot after
// it; some are only when a digit follows.
func abbreviation(s string, digit bool) bool {
	a := len(s)
	for a > 0 {
		r, w := utf8.DecodeLastRuneInString(s[:a])
		if !unicode.IsLetter(r) && r != '.' && r != '-' {
			break
		}
		a -= w
	}
	word := s[a:]
	if n := utf8.RuneCountInString(word); n <= 1 {
		return n == 1 && unicode.IsUpper([]rune(word)[0]) // an initial
	}
	switch Fold(word) {
	case "mm", "mme", "mmes", "mlle", "dr", "dre", "mgr", "pr", "st", "ste", "cf", "boul", "env", "janv",
		"fevr", "juill", "mr", "mrs", "ms", "jr", "sr", "vs", "gov", "prof", "capt", "sgt", "rev", "dept",
		"e.-u", "e.g", "i.e", "p.-d.g":
		return true
	case "art", "no", "nos", "av", "ch", "tel", "vol", "chap", "fig", "avr", "sept", "oct", "nov", "dec", "p", "pp":
		return digit
	}
	return false
}

// trim narrows [a,b) to what is not space.
func trim(s string, a, b int) (int, int) {
	t := strings.TrimLeftFunc(s[a:b], unicode.IsSpace)
	a = b - len(t)
	return a, a + len(strings.TrimRightFunc(t, unicode.IsSpace))
}
