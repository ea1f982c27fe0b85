package feed

import (
	"slices"
	"strings"
)

// person is the name in any of the ways feeds write an author: "a@b (Name)",
// "Name (a@b)", "Name <a@b>", "a@b". The address stands only when there is no
// name.
func person(s string) string {
	s = line(s, maxTitle)
	open := strings.IndexAny(s, "(<")
	if open < 0 {
		return s
	}
	outside := strings.TrimSpace(s[:open])
	inside := strings.Trim(strings.TrimSpace(s[open:]), "()<> ")
	switch {
	case outside == "":
		return inside
	case strings.Contains(outside, "@") && !strings.Contains(outside, " ") && inside != "":
		return inside
	}
	return outside
}

// several gathers texts without blanks or repeats, in order.
type several []string

func (l *several) add(s string) {
	if s != "" && !slices.Contains(*l, s) {
		*l = append(*l, s)
	}
}
