package feed

import (
	"regexp"
	"strings"
)

// properties are those of a style that only change how text looks where it
// stands. None places it elsewhere, none loads anything.
var properties = func() map[string]bool {
	out := map[string]bool{}
	for p := range strings.FieldsSeq(`azimuth background-color border-bottom-color border-collapse border-color border-left-color
		border-right-color border-top-color clear color cursor direction display elevation float font font-family font-size font-style
		font-variant font-weight height letter-spacing line-height overflow pause pause-after pause-before pitch pitch-range richness
		speak speak-header speak-numeral speak-punctuation speech-rate stress text-align text-decoration text-indent
		vertical-align voice-family volume white-space width`) {
		out[p] = true
	}
	return out
}()

// families are the properties that stand for several, or begin their names: of
// these, each word of the value must be known.
var families = map[string]bool{"background": true, "border": true, "margin": true, "padding": true}

// words are those of a value of a family.
var words = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`auto aqua black block blue bold both bottom brown center collapse dashed dotted fuchsia gray green
		!important italic left lime maroon medium none navy normal nowrap olive pointer purple red right solid silver teal top
		transparent underline white yellow`) {
		out[w] = true
	}
	return out
}()

var (
	// colour or measure: #fff, rgb(1, or 2, of one written with spaces, 10px, 50%.
	colourOrMeasure = regexp.MustCompile(`^(?:#[0-9a-fA-F]+|rgb\(\d+%?,\d*%?,?\d*%?\)?|\d{0,2}\.?\d{0,2}(?:cm|em|ex|in|mm|pc|pt|px|%|,|\))?)$`)
	// plainStyle is a list of declarations of words, numbers, quoted names and
	// lists of numbers: no address, no function, no escape, no comment.
	plainStyle = regexp.MustCompile(`^(?:\s*[\w-]+\s*:(?:[,#%.\sa-zA-Z0-9!]|\w-\w|'[\s\w]+'|"[\s\w]+"|\([\d,\s]+\))*(?:;|$))+\s*$`)
	urls       = regexp.MustCompile(`(?i)url\s*\(\s*[^\s)]+?\s*\)\s*`)
)

// maxStyle is the longest style that is read.
const maxStyle = 4 << 10

// style is what of a style attribute is harmless; "" when nothing, or when any
// of it is not plain.
func style(s string) string {
	if len(s) > maxStyle {
		return ""
	}
	s = urls.ReplaceAllString(s, " ")
	if !plainStyle.MatchString(s) {
		return ""
	}
	var out []string
	for declaration := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		name, value = strings.TrimSpace(name), strings.TrimLeft(value, " \t\r\n")
		lower := strings.ToLower(name)
		family, _, _ := strings.Cut(lower, "-")
		if value != "" && (properties[lower] || families[family] && allKnown(value)) {
			out = append(out, name+": "+value+";")
		}
	}
	return strings.Join(out, " ")
}

func allKnown(value string) bool {
	for w := range strings.FieldsSeq(value) {
		if !words[w] && !colourOrMeasure.MatchString(w) {
			return false
		}
	}
	return true
}
