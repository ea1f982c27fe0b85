// Package press tells who really speaks in an article: the agency it is copied
// from, and the press groups that sources are of without saying so.
//
// Agency reads a signature, an opening or an ending; Kin reads the sites of
// sources and the articles they repeat of each other. Nothing is kept, and
// nothing is sent.
package press

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed agencies.txt
var agencyText string

// A list knows agencies by what they sign with.
type list struct {
	full   map[string]string // long names, lower case, to the name that counts
	all    map[string]string // and short ones, as written
	report *regexp.Regexp    // "This report by The Canadian Press was first published…"
}

var agencies = sync.OnceValue(func() list {
	l := list{full: map[string]string{}, all: map[string]string{}}
	for line := range strings.Lines(agencyText) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		names := strings.Split(line, "|")
		first := strings.TrimSpace(names[0])
		for _, n := range names {
			n = strings.TrimSpace(n)
			l.all[n] = first
			if n != strings.ToUpper(n) { // AP is also many other things
				l.full[strings.ToLower(n)] = first
			}
		}
	}
	l.report = regexp.MustCompile(`(?i)this report by (.{2,40}?) was first published`)
	return l
})

// named gives the agency a signature names; "" when it names none. The rest of
// a signature is a person's: "Ana B., La Presse Canadienne". What was
// written with an agency ("avec l'AFP") is the medium's own.
func (l list) named(signature string) string {
	for _, part := range strings.FieldsFunc(signature, func(r rune) bool { return strings.ContainsRune(",;/|–—()·", r) }) {
		part = strings.Trim(part, " .\u00a0-©*")
		if a := l.all[part]; a != "" {
			return a
		}
		if a := l.full[strings.ToLower(part)]; a != "" {
			return a
		}
	}
	return ""
}

// opening and ending are how many characters of a text may hold a signature:
// "MONTRÉAL, le 24 nov. 2026 /CNW/ - …", and its last line.
const opening, ending = 120, 160

// bracketed finds what stands between brackets, slashes or an em dash and the
// start, where agencies sign an opening.
var bracketed = regexp.MustCompile(`\(([^()]{2,40})\)|/([^/]{2,40})/`)

// Agency gives the press agency an article is copied from, by the name it
// counts under: as its medium, its author, its opening or its ending say. It
// is "" for what a medium wrote itself, or signed in no way known.
func Agency(medium, author, text string) string {
	l := agencies()
	for _, signature := range []string{medium, author} {
		if a := l.named(signature); a != "" {
			return a
		}
	}
	head, tail := text[:cut(text, opening)], text[len(text)-back(text, ending):]
	for _, m := range bracketed.FindAllStringSubmatch(head, -1) {
		if a := l.named(m[1] + m[2]); a != "" {
			return a
		}
	}
	if place, after, ok := strings.Cut(head, "—"); ok && place == strings.ToUpper(place) { // "OTTAWA — La Presse Canadienne — …"
		if signed, _, ok := strings.Cut(after, "—"); ok {
			if a := l.named(signed); a != "" {
				return a
			}
		}
	}
	if m := l.report.FindStringSubmatch(tail); m != nil {
		return l.named(m[1])
	}
	last := strings.TrimSpace(tail)
	if i := strings.LastIndexByte(last, '\n'); i >= 0 {
		return l.named(last[i:])
	}
	if m := bracketed.FindAllStringSubmatchIndex(last, -1); len(m) > 0 && m[len(m)-1][1] == len(last) {
		return l.named(last[m[len(m)-1][0]:])
	}
	return ""
}

// cut is where the first n characters of a text end, and back how many bytes
// its last n take.
func cut(s string, n int) int {
	for i := range s {
		if n--; n < 0 {
			return i
		}
	}
	return len(s)
}

func back(s string, n int) int {
	at := len(s)
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return len(s) - at
}
