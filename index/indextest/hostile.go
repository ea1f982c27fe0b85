package indextest

import (
	"fmt"
	"strings"

	"veilleur/index/query"
)

// Hostile gives queries made to hurt: long, deep, broad, or mistaken for a
// regular expression.
func Hostile() []string {
	var all, broad []string
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			broad = append(broad, string([]rune{a, b})+"*")
		}
	}
	for i := range query.MaxClauses {
		all = append(all, fmt.Sprintf("w%d", i))
	}
	return []string{
		strings.Repeat("a", 10<<10),
		strings.Repeat("caisse OR ", 1022) + "vol",
		strings.Join(all, " OR "),
		strings.Join(all, " "),
		strings.Join(broad, " OR "),
		strings.Join(broad, " "),
		`"` + strings.Repeat("la ", 999) + `"`,
		`"` + strings.Repeat("la ", 999) + `"~99`,
		`"` + strings.Repeat("la ", 64) + `"`,
		`"` + strings.Repeat("la ", 64) + `"~99`,
		`"` + strings.Repeat("la le ", 32) + `"~99`,
		`"la de le et les des en du que une caisse l*"~99`,
		strings.Repeat("(", 5000) + "caisse" + strings.Repeat(")", 5000),
		strings.Repeat("-(caisse ", 63) + strings.Repeat(")", 63),
		"a*", "*", "**", "aa*", "/(a+)+$/", `.*`, `[a-z]{1,1000}`, "\x00\xff", strings.Repeat(`"`, 10_000),
		strings.Repeat("title:", 1700), strings.Repeat("-", 10_000), strings.Repeat("OR ", 3000),
	}
}
