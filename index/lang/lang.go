// Package lang tells whether a text is French or English.
//
// It counts function words, written by hand for this project (words.txt), and
// a few letters and word endings that only one of the two languages has. Eight
// neighbouring languages are there only to be refused. It stores nothing and
// sends nothing; the table is read once, from the binary.
//
// Source: the method is the "short words" detector of Grefenstette, Comparing
// two language identification schemes, 1995; the words are ours.
package lang

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed words.txt
var words string

const (
	// maxWords is how many words are read: more changed none of the answers on
	// 4,600 whole articles, and the cost of one entry stays flat.
	maxWords = 80
	// scale turns the difference of scores into a confidence. With it two
	// function words of one language and none of another give 0.8.
	scale = 0.7
	// sure is the confidence under which no language is said. A wrong language
	// costs more than none: the wrong stemmer hides the entry from a search.
	sure = 0.6
	// foreign is how far a neighbouring language must lead to refuse both.
	foreign = .8
)

// The languages of the table, French and English first.
const (
	french = iota
	english
	firstForeign
)

var codes = [...]string{"fr", "en", "es", "pt", "it", "de", "nl", "ca", "ro", "la"}

// scores holds one number for each language of codes.
type scores [len(codes)]float64

// table maps a word to its weight in each language: 1 shared by the number of
// languages that have it, so that "de" says little and "avec" says all.
var table = sync.OnceValue(func() map[string]scores {
	t := make(map[string]scores)
	for line := range strings.Lines(words) {
		code, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		i := index(code)
		if !ok || i < 0 {
			continue
		}
		for w := range strings.FieldsSeq(list) {
			s := t[w]
			s[i] = 1
			t[w] = s
		}
	}
	for w, s := range t {
		n := 0.0
		for _, x := range s {
			n += x
		}
		for i := range s {
			s[i] /= n
		}
		t[w] = s
	}
	return t
})

func index(code string) int {
	for i, c := range codes {
		if c == code {
			return i
		}
	}
	return -1
}

// Detect gives the language of a text, "fr" or "en", and the confidence in it,
// in [0,1]. It gives "" when it is unsure or when the text is in another
// language; the confidence is then that of the refusal, 0 for a text without
// letters.
func Detect(text string) (lang string, confidence float64) {
	s, n := score(text)
	if n == 0 {
		return "", 0
	}
	best, other := french, english
	if s[english] > s[french] {
		best, other = english, french
	}
	rival := 0.0
	for _, x := range s[firstForeign:] {
		rival = max(rival, x)
	}
	if lead := rival - s[best]; lead > foreign || s[best] == 0 && lead > 0 {
		return "", 1 - math.Exp(-scale*lead)
	}
	confidence = 1 - math.Exp(-scale*(s[best]-s[other]))/2
	if confidence < sure {
		return "", confidence
	}
	return codes[best], confidence
}

// score adds what each word says, and counts the words.
func score(text string) (s scores, n int) {
	t := table()
	eachWord(text, func(w string) bool {
		n++
		known, ok := t[w]
		if ok {
			for i, x := range known {
				s[i] += x
			}
		}
		fr, en, other := shape(w)
		s[french] += fr
		s[english] += en
		for i := firstForeign; i < len(s); i++ {
			s[i] += other
		}
		return n < maxWords
	})
	return s, n
}

// eachWord calls f with the words of text in lower case, until f returns
// false. Addresses, handles, hashtags and hyphened names are left out.
func eachWord(text string, f func(string) bool) {
	for field := range strings.FieldsSeq(text) {
		if field[0] == '@' || field[0] == '#' || strings.Contains(field, "://") {
			continue
		}
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(field, "«“\"'(["))
		if unicode.IsUpper(first) && hyphened(field) {
			continue // Grand-Val, Mont-Lavoie: a town's name, in both languages
		}
		field = strings.ReplaceAll(strings.ToLower(field), "’", "'")
		for w := range strings.FieldsFuncSeq(field, func(r rune) bool {
			return !unicode.IsLetter(r) && r != '\''
		}) {
			if !eachPart(w, f) {
				return
			}
		}
	}
}

// hyphened tells whether a capital follows a hyphen in w.
func hyphened(w string) bool {
	_, tail, ok := strings.Cut(w, "-")
	r, _ := utf8.DecodeRuneInString(tail)
	return ok && unicode.IsUpper(r)
}

// eachPart cuts a word at its apostrophes: "qu'il" is "qu'" and "il", "it's" is
// "it" and "'s". A lone letter without an apostrophe is an initial: it says
// nothing, but for the words à, a, i, y and o.
func eachPart(w string, f func(string) bool) bool {
	w = strings.Trim(w, "'")
	for {
		head, tail, cut := strings.Cut(w, "'")
		if !cut {
			return len(w) == 1 && !strings.Contains("aiyo", w) || w == "" || f(w)
		}
		if n := utf8.RuneCountInString(tail); n <= 2 && !strings.Contains("un on il en y", tail) {
			return (head == "" || f(head)) && f("'"+tail)
		}
		if !f(head + "'") {
			return false
		}
		w = tail
	}
}

// ending is a piece of spelling and what it says, for each side.
type ending struct {
	text   string
	fr, en float64
}

// suffixes and pieces are spellings one of the two languages has and the other
// avoids; their weights are small beside a function word's.
var (
	suffixes = []ending{
		{"eux", .5, 0}, {"euse", .5, 0}, {"aient", .8, 0}, {"ité", .6, 0}, {"ée", .6, 0}, {"és", .5, 0}, {"ées", .7, 0},
		{"ais", .3, 0}, {"ait", .3, 0}, {"eur", .3, 0}, {"eurs", .4, 0}, {"ment", .1, .05}, {"aire", .3, 0}, {"ière", .6, 0},
		{"elle", .3, 0}, {"ette", .3, 0}, {"ez", .2, 0}, {"oir", .3, 0}, {"aux", .4, 0}, {"ique", .4, 0}, {"iques", .4, 0}, {"que", .25, 0}, {"isme", .3, 0},
		{"ing", 0, .5}, {"ings", 0, .5}, {"ed", 0, .25}, {"ly", 0, .4}, {"ness", 0, .5}, {"ght", 0, .6}, {"ck", 0, .4}, {"th", 0, .4},
		{"ty", 0, .3}, {"ry", 0, .3}, {"ity", 0, .4}, {"sh", 0, .4}, {"ful", 0, .4}, {"ers", 0, .15}, {"ll", 0, .2}, {"ss", 0, .2}, {"y", 0, .1}, {"ow", 0, .3},
	}
	pieces = []ending{
		{"oi", .15, 0}, {"eau", .4, 0}, {"œ", .5, 0}, {"ç", .3, 0}, {"è", .3, 0}, {"ê", .3, 0}, {"û", .3, 0}, {"î", .2, 0}, {"é", .25, 0}, {"à", .1, 0},
		{"th", 0, .3}, {"wh", 0, .4}, {"w", 0, .25}, {"k", 0, .15}, {"sh", 0, .3}, {"oo", 0, .3}, {"ee", 0, .25}, {"gh", 0, .3},
	}
)

// shape says what the spelling of one word tells: for French, for English, and
// for every other language at once.
func shape(w string) (fr, en, other float64) {
	if !latin(w) {
		return 0, 0, 1
	}
	for _, p := range pieces {
		if strings.Contains(w, p.text) {
			fr += p.fr
			en += p.en
		}
	}
	for _, s := range suffixes {
		if len(w) > len(s.text)+1 && strings.HasSuffix(w, s.text) {
			fr += s.fr
			en += s.en
			break
		}
	}
	if strings.ContainsAny(w, "ñãõßäöåøąęłșțăìòóúíá·") {
		other += .7
		fr -= .3
		en -= .3
	}
	for _, x := range abroad {
		if len(w) > len(x)+1 && strings.HasSuffix(w, x) {
			other += .3
			break
		}
	}
	return fr, en, other
}

// abroad are endings neither French nor English likes.
var abroad = []string{
	"o", "os", "as", "ar", "um", "us", "ae", "arum", "orum", "bus", "tur", "nt'", "ung", "isch", "lich", "ische", "keit", "ijk", "aan", "elen",
	"uu", "oe", "eren", "zione", "ii", "ul", "ului", "lor", "esc", "eşte", "ele", "ats", "dad", "ta", "na", "ra", "la", "va", "ia", "ca", "da", "ile", "ina",
}

// latin tells whether the first letter of w is of the Latin script.
func latin(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return r < utf8.RuneSelf || unicode.Is(unicode.Latin, r)
}
