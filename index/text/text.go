// Package text cuts text into words: the one tokenizer behind the index, the
// matcher, the query language and the grouping of stories, so that all of them
// agree on what a word is.
//
// Where a word begins and ends, and its folded form, do not depend on the
// language; only its stem does. Words are lower case, accents folded, numbers
// kept with their decimals (97,3 and 97.3 are one), French elisions dropped
// (l’eau is eau), a possessive 's dropped, hyphens cut: Saint-Rémi is the two
// words saint and remi, side by side. A stem is always written with the letters its
// word begins with, but for English -y; Root tells which, and that is what
// lets an index of plain words answer for stems.
//
// It stores nothing and sends nothing.
//
// Source: the suffix rules are a plural-first reading of Harman, "How
// effective is suffixing?", JASIS 42(1), 1991, and of Savoy, "A stemming
// procedure and stopword list for general French corpora", JASIS 50(10), 1999,
// kept to the endings that do not meet another common word or a given name.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is one word of a text.
type Token struct {
	Term  string // the stem of Exact in the language asked for
	Exact string // lower case, accents folded; never empty
	Start int    // byte offset in the text where the word begins, elision excluded
	End   int    // byte offset where it ends
	Pos   int    // 0 for the first word, then one more for each
}

// maxWord is the longest folded word in bytes; the rest of a longer one is cut,
// which no reader sees and which keeps garbage out of the dictionaries.
const maxWord = 128

// Tokens cuts s into words and stems them for lang: "fr", "en", or anything
// else for the smallest plural rule alone.
func Tokens(lang, s string) []Token {
	return AppendTokens(make([]Token, 0, len(s)/6+4), lang, s)
}

// AppendTokens is Tokens into a slice of the caller's; positions start at 0.
func AppendTokens(dst []Token, lang, s string) []Token {
	c := cutter{s: s, lang: lang, dst: dst}
	for i := 0; i < len(s); {
		if n := wordStart(s[i:]); n == 0 {
			_, w := utf8.DecodeRuneInString(s[i:])
			i += w
			continue
		}
		i = c.word(i)
	}
	return c.dst
}

// A cutter walks one text. Words already plain are slices of the text; the
// others are folded into buf, whose old backing stays valid as it grows.
type cutter struct {
	s, lang string
	dst     []Token
	buf     strings.Builder
	pos     int
}

// word cuts the run of letters and digits that begins at start and gives the
// offset after it.
func (c *cutter) word(start int) int {
	s := c.s
	plain, letters := true, 0 // letters counts runes since start or since the last dot of an acronym
	acronym := false
	i := start
	for i < len(s) {
		b := s[i]
		if b < utf8.RuneSelf {
			if k := ascii[b]; k&wordByte != 0 {
				plain = plain && k&upperByte == 0
				letters++
				i++
				continue
			}
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		switch {
		case b >= utf8.RuneSelf && inWord(r):
			plain = false
			letters++
		case isApostrophe(r) && i > start && wordStart(s[i+w:]) > 0:
			if isElision(s[start:i]) {
				start, plain, letters, acronym = i+w, true, 0, false
			} else if end, ok := possessive(s, i+w); ok {
				c.emit(start, i, plain, acronym)
				return end
			} else {
				plain = plain && r == '\''
				letters = 2
			}
		case (r == '.' || r == ',') && decimal(s, i):
			plain = plain && r == '.'
			letters = 2
		case r == '.' && letters == 1 && (acronym || onlyOne(s[start:i])) && initial(s, i+1):
			plain, acronym, letters = false, true, 0
		default:
			c.emit(start, i, plain, acronym)
			return i + w
		}
		i += w
	}
	c.emit(start, i, plain, acronym)
	return i
}

// emit adds the word s[start:end].
func (c *cutter) emit(start, end int, plain, acronym bool) {
	if start >= end {
		return
	}
	exact := c.s[start:end]
	if !plain || len(exact) > maxWord {
		if c.buf.Cap() == 0 {
			c.buf.Grow(min(len(c.s)-start, 64+(len(c.s)-start)/4)) // about what words with capitals and accents take
		}
		from := c.buf.Len()
		foldInto(&c.buf, exact, acronym)
		exact = c.buf.String()[from:]
		if len(exact) > maxWord {
			exact = cutAt(exact, maxWord)
		}
	}
	if exact == "" {
		return
	}
	n, y := stem(c.lang, exact)
	term := exact[:n]
	if y {
		from := c.buf.Len()
		c.buf.WriteString(term)
		c.buf.WriteByte('y')
		term = c.buf.String()[from:]
	}
	c.dst = append(c.dst, Token{Term: term, Exact: exact, Start: start, End: end, Pos: c.pos})
	c.pos++
}

// wordStart gives the width of the rune s begins with when it can begin or go
// on with a word, else 0.
func wordStart(s string) int {
	if s == "" {
		return 0
	}
	if s[0] < utf8.RuneSelf {
		if ascii[s[0]]&wordByte != 0 {
			return 1
		}
		return 0
	}
	r, w := utf8.DecodeRuneInString(s)
	if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !isApostrophe(r) {
		return w
	}
	return 0
}

// inWord tells whether a rune beyond ASCII stays within a word: letters,
// digits, combining marks, and what is invisible.
func inWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || invisible(r)) && !isApostrophe(r)
}

// invisible tells the runes a writer does not see inside a word: soft hyphen,
// zero-width space and joiners, word joiner, byte order mark.
func invisible(r rune) bool {
	switch r {
	case 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return false
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '＇'
}

// isElision tells whether the letters before an apostrophe are a French word
// cut short. Aujourd’hui, quelqu’un and presqu’île stay whole.
func isElision(s string) bool {
	if len(s) > 6 {
		return false
	}
	if s == "ç" || s == "Ç" {
		return true
	}
	var low [6]byte
	for i := range len(s) {
		low[i] = s[i] | 0x20
	}
	switch string(low[:len(s)]) {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu":
		return true
	}
	return false
}

// possessive tells whether s has at i the lone s of a possessive, and the
// offset after it.
func possessive(s string, i int) (int, bool) {
	if i >= len(s) || s[i]|0x20 != 's' {
		return 0, false
	}
	if i+1 < len(s) {
		r, _ := utf8.DecodeRuneInString(s[i+1:])
		if wordStart(s[i+1:]) > 0 || r >= utf8.RuneSelf && inWord(r) {
			return 0, false
		}
	}
	return i + 1, true
}

// decimal tells whether s[i] stands between two digits.
func decimal(s string, i int) bool {
	return i > 0 && i+1 < len(s) && ascii[s[i-1]]&digitByte != 0 && ascii[s[i+1]]&digitByte != 0
}

// initial tells whether one letter and no more stands at i: the next of an
// acronym such as S.Q.
func initial(s string, i int) bool {
	r, w := utf8.DecodeRuneInString(s[i:])
	if w == 0 || !unicode.IsLetter(r) {
		return false
	}
	next, nw := utf8.DecodeRuneInString(s[i+w:])
	return nw == 0 || !isApostrophe(next) && !unicode.IsDigit(next) && !inWord(next)
}

func onlyOne(s string) bool {
	r, w := utf8.DecodeRuneInString(s)
	return w == len(s) && unicode.IsLetter(r)
}

// cutAt shortens s to at most n bytes without cutting a rune.
func cutAt(s string, n int) string {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
