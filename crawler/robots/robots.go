// Package robots reads robots.txt: which addresses of a site a reader of a
// given name may fetch. It is pure: no network, nothing stored.
//
// Groups that name the reader are merged; without one, those for everybody
// count. The longest rule that matches decides, and allow wins a tie. A rule
// may hold * for anything and end with $ for the end of the address. Both
// rules and addresses are compared in one form of percent-encoding. What makes
// no sense is passed over.
//
// Source: RFC 9309.
package robots

import (
	"bytes"
	"strings"
)

// MaxSize is how much of a file is read; the rest is ignored.
// Source: RFC 9309 §2.5, at least 500 kibibytes.
const MaxSize = 500 << 10

// Rules are those of one site for one reader. The zero Rules allow all.
type Rules struct {
	rules []rule
	named bool
}

type rule struct {
	pattern string // normalized
	allow   bool
}

// Parse reads the rules a file has for a reader, by its name without version:
// letters, hyphens and underscores, whatever the case.
func Parse(file []byte, reader string) Rules {
	file = bytes.TrimPrefix(file[:min(len(file), MaxSize)], []byte("\xef\xbb\xbf"))
	var mine, everybody Rules
	var forMe, forAll, inRules bool
	for line := range lines(string(file)) {
		key, value, ok := field(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if inRules {
				forMe, forAll, inRules = false, false, false
			}
			forAll = forAll || strings.HasPrefix(value, "*")
			if strings.EqualFold(product(value), reader) {
				forMe, mine.named = true, true
			}
		case "allow", "disallow":
			inRules = true
			if value == "" || value[0] != '/' && value[0] != '*' && value[0] != '$' {
				continue
			}
			r := rule{pattern: normalize(value, true), allow: key == "allow"}
			if forMe {
				mine.rules = append(mine.rules, r)
			}
			if forAll {
				everybody.rules = append(everybody.rules, r)
			}
		}
	}
	if mine.named {
		return mine
	}
	return everybody
}

// Named says whether the file has a group for the reader by its name, not
// only for everybody.
func (r Rules) Named() bool { return r.named }

// Allow says whether an address may be fetched, by its path and query as in a
// request: /a/b?c. The file itself always may.
func (r Rules) Allow(path string) bool {
	if path == "/robots.txt" {
		return true
	}
	path = normalize(path, false)
	longest, allow := -1, true
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && allow || !match(rule.pattern, path) {
			continue
		}
		longest, allow = n, rule.allow
	}
	return allow
}

// match compares a normalized path with a normalized pattern.
func match(pattern, path string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	first, rest, more := strings.Cut(pattern, "*")
	path, ok := strings.CutPrefix(path, first)
	for ok && more {
		first, rest, more = strings.Cut(rest, "*")
		if !more && whole { // the last part stands at the end
			return strings.HasSuffix(path, first)
		}
		i := strings.Index(path, first)
		if ok = i >= 0; ok {
			path = path[i+len(first):]
		}
	}
	return ok && (!whole || path == "")
}

// lines gives the lines of a file, ended by CR, LF or both.
func lines(s string) func(func(string) bool) {
	return strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' })
}

// field parts a line at its colon; false when there is none.
func field(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// product is the name at the head of a User-agent line, without version.
func product(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r|0x20 < 'a' || r|0x20 > 'z')
	})
	if end < 0 {
		return value
	}
	return value[:end]
}
