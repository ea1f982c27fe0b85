package query

import (
	"strings"
	"unicode/utf8"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// fail makes an Error at a byte, with the edit that mends it.
func fail(at int, fix edit, key string, kv ...any) *Error {
	return &Error{At: at, Says: veille.Say(key, kv...), edit: fix}
}

func failQuote(s string, at int, opening rune) *Error {
	with := `"`
	switch opening {
	case '«':
		with = "\u00a0»"
	case '“', '„':
		with = "”"
	}
	stop := len(strings.TrimRight(s, " \t\n"))
	return fail(at, edit{stop, len(s), with, false}, "query.error.quote", "after", snippet(s[at+utf8.RuneLen(opening):]))
}

func failStar(raw string, from, k int) *Error {
	fixed := strings.ReplaceAll(raw, "*", "")
	if k > 0 {
		fixed = raw[:k] + "*" // un*fied
	}
	return fail(from+k, edit{from, from + len(raw), fixed, false}, "query.error.star", "word", raw)
}

func failField(name string, from int) *Error {
	fix := edit{from + len(name), from + len(name) + 1, " ", false}
	if near := nearestField(text.Fold(name)); near != "" {
		fix = edit{from, from + len(name), near, false}
	}
	return fail(from, fix, "query.error.field", "name", name)
}

// nearestField gives the one field name at most two letters away.
func nearestField(name string) string {
	best, at := "", 3
	for _, f := range []string{"title", "titre", "author", "auteur", "source", "lang", "langue", "tier", "palier",
		"after", "apres", "before", "avant"} {
		if d := distance(name, f); d < at && d < len(f)-1 {
			best, at = f, d
		}
	}
	return best
}

// distance is the number of letters to add, drop, change or swap with the next
// to go from a to b.
func distance(a, b string) int {
	var before, prev []int
	cur := make([]int, len(b)+1)
	for j := range cur {
		cur[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, prev, cur = prev, cur, make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
	}
	return cur[len(b)]
}

// snippet gives the beginning of s, for a sentence that quotes it.
func snippet(s string) string {
	s = strings.TrimSpace(s)
	const most = 40
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// tail gives the end of s, for a sentence that says after what.
func tail(s string) string {
	s = strings.TrimSpace(s)
	const most = 40
	if len(s) <= most {
		return s
	}
	n := len(s) - most
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n++
	}
	return "…" + s[n:]
}
