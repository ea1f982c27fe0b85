package page

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxText bounds what is remembered of a page's text, in bytes.
const maxText = 100 << 10

// Text is the text of a page that is watched whole: what is in its main part
// (else its body), one sentence or line each, without menus, headers, footers,
// forms and what says it is an advertisement. base is the page's address. It
// keeps lists of links, which an article would not.
//
// It returns the Problems of Extract.
func Text(page []byte) ([]string, error) {
	doc, _, err := document(page, "")
	if err != nil {
		return nil, err
	}
	root := doc.Find("main, [role=main]").First()
	if len(oneLine(root.Text())) < 100 {
		root = doc.Find("body").First()
	}
	l := liner{}
	for _, n := range root.Nodes {
		l.node(n)
	}
	l.end()
	return l.lines, nil
}

// liner gathers the sentences of a tree.
type liner struct {
	lines []string
	line  strings.Builder
	bytes int
}

func (l *liner) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		l.line.WriteString(n.Data)
		return
	case n.Type == html.ElementNode && (aside[n.Data] || silent[n.DataAtom] && n.DataAtom != atom.Figcaption || surrounds(n)):
		return
	}
	brk := breaks[n.DataAtom] > 0 || n.DataAtom == atom.Td || n.DataAtom == atom.Th
	if brk {
		l.end()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.node(c)
	}
	if brk {
		l.end()
	}
}

// end ends a line and parts it into sentences.
func (l *liner) end() {
	for _, s := range sentences(oneLine(l.line.String())) {
		if l.bytes += len(s); l.bytes > maxText {
			break
		}
		l.lines = append(l.lines, s)
	}
	l.line.Reset()
}

// sentences parts a line after each . ! ? that a space and a capital follow.
func sentences(line string) []string {
	var out []string
	start := 0
	r := []rune(line)
	for i := 1; i+2 < len(r); i++ {
		if strings.ContainsRune(".!?…", r[i]) && r[i+1] == ' ' && (unicode.IsUpper(r[i+2]) || r[i+2] == '«') && !unicode.IsUpper(r[i-1]) {
			out = append(out, string(r[start:i+1]))
			start = i + 2
		}
	}
	if rest := strings.TrimSpace(string(r[start:])); rest != "" {
		out = append(out, rest)
	}
	return out
}

// A Change is what a page says that it did not say before.
type Change struct {
	Added   []string // sentences, in the order of the page
	Removed []string // likewise
	Hash    string   // of what the page says now: the same text has the same
}

// Changed compares two texts of a page, and tells whether they differ in
// anything but dates, hours and counters: see keyOf.
func Changed(before, now []string) (Change, bool) {
	c := Change{Added: lacking(now, before), Removed: lacking(before, now)}
	keys := make([]string, 0, len(now))
	for _, s := range now {
		if k := keyOf(s); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys) // moving a block about says nothing new
	h := sha256.Sum256([]byte(strings.Join(keys, "\n")))
	c.Hash = hex.EncodeToString(h[:16])
	return c, len(c.Added)+len(c.Removed) > 0
}

// lacking gives the sentences of a that b does not have, each once.
func lacking(a, b []string) []string {
	has := make(map[string]bool, len(b))
	for _, s := range b {
		has[keyOf(s)] = true
	}
	var out []string
	for _, s := range a {
		if k := keyOf(s); k != "" && !has[k] {
			has[k] = true
			out = append(out, s)
		}
	}
	return out
}

// What changes by itself: a date or an hour that only stamps the page, how
// long ago, how many have seen.
var (
	counter  = regexp.MustCompile(`(?i)\d[\d\s\x{00A0}.,]*(?:k|m)?\s*(?:e|ème|re|er|th|nd)?\s*(?:vues?|visites?|visiteurs?|visiteuses?|abonnée?s?|commentaires?|réponses?|j.aime|partages?|mentions j.aime|personnes? aiment|lectures?|views?|visits?|visitors?|followers?|subscribers?|comments?|replies|likes?|shares?|reads?)\b`)
	ago      = regexp.MustCompile(`(?i)il y a (?:\d+|une?|quelques) [\p{L}]+|\b(?:\d+|an?|a few) (?:second|minute|hour|day|week|month|year)s? ago\b|(?:^|\s)à l.instant\b|\bjust now\b`)
	number   = regexp.MustCompile(`\d+(?:[\s\x{00A0}.,:/-]\d+)*(?:\s*(?:h|min|er|am|pm|a\.m\.|p\.m\.))?`)
	worth    = regexp.MustCompile(`\d[\d\s\x{00A0}.,]*\s?[%$]|[$€]\s?\d`)
	calMonth = regexp.MustCompile(`(?i)\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|january|february|march|april|may|june|july|august|september|october|november|december|janv|févr|avr|juil|sept|oct|nov|déc|jan|feb|mar|apr|jun|jul|aug|sep|dec|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|aujourd.hui|hier|today|yesterday)\b\.?`)
)

// stampWords is how many words a line that only stamps the page may have,
// besides its date: "Dernière mise à jour le …".
const stampWords = 6

// keyOf is what of a sentence counts when texts are compared; "" when nothing
// does. Counters never do. Dates and numbers do in sentences, where they are
// the news ("fermé le 12 décembre."), and in amounts and rates, but not in
// short lines without a full stop, which stamp the page.
func keyOf(s string) string {
	s = ago.ReplaceAllString(counter.ReplaceAllString(s, ""), "")
	if stamp := calMonth.ReplaceAllString(number.ReplaceAllString(s, ""), ""); !endsSentence(s) && !worth.MatchString(s) && wordsIn(stamp) <= stampWords {
		s = stamp
	}
	s = strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' && r != '$'
	}), " "))
	if utf8.RuneCountInString(s) < 3 {
		return ""
	}
	return s
}

// endsSentence tells a sentence from a line.
func endsSentence(s string) bool { return strings.ContainsAny(s[max(0, len(s)-1):], ".!?") }

func wordsIn(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			n++
		}
	}
	return n
}
