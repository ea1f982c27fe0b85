package text

import "strings"

// Forms gives every word, folded, whose stem in a language could be this one,
// and some that are no words: an index of plain words that looks each of them
// up answers for the stem.
func Forms(lang, stem string) []string {
	endings := otherEndings
	switch lang {
	case "fr":
		endings = frenchEndings
	case "en":
		endings = englishEndings
	}
	out := make([]string, 0, len(endings)+1)
	for _, e := range endings {
		if w := stem + e; Stem(lang, w) == stem {
			out = append(out, w)
		}
	}
	if root, ok := strings.CutSuffix(stem, "y"); ok && lang == "en" {
		if w := root + "ies"; Stem(lang, w) == stem {
			out = append(out, w)
		}
	}
	return out
}

// What stem takes away, by language.
var (
	frenchEndings = []string{"", "s", "x", "ux", "l", "ls", "il", "ils", "u", "us", "f", "fs", "e", "es",
		"le", "les", "ve", "ves", "se", "ses", "ne", "nes"}
	englishEndings = []string{"", "s", "es", "e"}
	otherEndings   = []string{"", "s"}
)
