package i18n

import "strings"

// nbsp is the no-break space, U+00A0.
const nbsp = "\u00a0"

// In Québec a no-break space stands before the colon, the percent and dollar
// signs and inside guillemets, and none before ; ? and !.
// Source: OQLF, Vitrine linguistique, « Espacement avant et après les signes
// de ponctuation ».
func frenchRules() *strings.Replacer {
	return strings.NewReplacer(
		"'", "’", "...", "…",
		" :", nbsp+":", " %", nbsp+"%", " $", nbsp+"$",
		"« ", "«"+nbsp, " »", nbsp+"»",
		" ;", ";", " ?", "?", " !", "!",
	)
}

func englishRules() *strings.Replacer {
	return strings.NewReplacer("'", "’", "...", "…")
}

// typeset gives a text the typography of its language, so that one who writes
// a catalog may use plain spaces and apostrophes.
func typeset(locale, s string) string {
	if locale == "fr" {
		return frenchRules().Replace(s)
	}
	return englishRules().Replace(s)
}
