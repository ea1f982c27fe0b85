package i18n

import (
	"math"
	"strconv"
	"strings"
)

// Num prints a number as the language writes it: "0,4" and "63 206" in French
// (no-break spaces), "0.4" and "63,206" in English. At most two decimals, or
// two significant digits below 1; "–" when x is no finite number.
func (p *Printer) Num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	digits := strconv.FormatFloat(math.Abs(x), 'f', decimals(x), 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	fraction = strings.TrimRight(fraction, "0")
	comma, group := ".", ","
	if p.locale == "fr" {
		comma, group = ",", nbsp
	}
	out := grouped(whole, group)
	if fraction != "" {
		out += comma + fraction
	}
	if x < 0 && (fraction != "" || whole != "0") {
		return "−" + out
	}
	return out
}

// decimals is how many decimals are worth printing: two, or below 1 as many
// as show two significant digits.
func decimals(x float64) int {
	x = math.Abs(x)
	if x == 0 || x >= 0.1 {
		return 2
	}
	return min(1-int(math.Floor(math.Log10(x))), 12)
}

// grouped puts sep between groups of three digits.
func grouped(digits, sep string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return b.String()
}
