package idea

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
)

// A noun is what a story is about, with the articles a sentence may need:
// "un frigo communautaire", "le", "du". They are strings to be printed as
// they are, in both languages: in the one that is not the noun's, and where its
// gender is not known, each is the noun between quotation marks.
type noun struct {
	bare       string // "Frigo communautaire"
	known      bool   // a gender, or an English noun
	fr         [3]string
	en         [2]string
	indefinite bool // it can be counted: "un" or "a" was seen before it
}

// The places of the articles in fr and en.
const (
	frUn = iota
	frLe
	frDu
)

const (
	enA = iota
	enThe
)

// nounOf gives a phrase its articles from the one it follows in a text: the
// writer knew its gender. An article that does not tell it (l’, d’, les) is
// passed over.
func nounOf(lang, phrase string, texts ...string) noun {
	n := noun{bare: capital(phrase)}
	n.quote(phrase)
	for _, t := range texts {
		for _, article := range before(lang, phrase, t) {
			if lang == "en" && n.english(article, phrase) || lang == "fr" && n.french(article, phrase) {
				return n
			}
		}
	}
	return n
}

// quote is what stands where articles are not known: the name of a subject.
func (n *noun) quote(phrase string) {
	fr, en := "«\u00a0"+capital(phrase)+"\u00a0»", "“"+capital(phrase)+"”"
	n.fr = [3]string{fr, fr, "de " + fr}
	n.en = [2]string{en, en}
}

// before gives the words that stand before each occurrence of a phrase, folded.
func before(lang, phrase, in string) (out []string) {
	want, words := text.Tokens(lang, phrase), text.Tokens(lang, in)
	if len(want) == 0 {
		return nil
	}
	for i := 0; i+len(want) <= len(words); i++ {
		same := true
		for k := range want {
			same = same && words[i+k].Exact == want[k].Exact
		}
		if !same {
			continue
		}
		head := strings.TrimRightFunc(in[:words[i].Start], unicode.IsSpace)
		out = append(out, text.Fold(head[strings.LastIndexFunc(head, unicode.IsSpace)+1:]))
	}
	return out
}

// french sets the forms of a French noun after an article; false when it does
// not tell a gender and a number.
func (n *noun) french(article, phrase string) bool {
	p := lower(phrase)
	mute := elides(p)
	if article == "son" && mute {
		return false // "son" stands before either gender there
	}
	switch article {
	case "un", "le", "du", "au", "ce", "cet", "son":
		n.fr = [3]string{"un " + p, "le " + p, "du " + p}
		if mute {
			n.fr[frLe], n.fr[frDu] = "l’"+p, "de l’"+p
		}
	case "une", "la", "cette", "sa":
		n.fr = [3]string{"une " + p, "la " + p, "de la " + p}
		if mute {
			n.fr[frLe], n.fr[frDu] = "l’"+p, "de l’"+p
		}
	case "des", "les", "aux", "ces", "ses", "leurs":
		n.fr = [3]string{"des " + p, "les " + p, "des " + p}
	default:
		return false
	}
	n.known, n.indefinite = true, article == "un" || article == "une" || article == "des"
	return true
}

// english sets the forms of an English noun.
func (n *noun) english(article, phrase string) bool {
	p := lower(phrase)
	switch article {
	case "a", "an":
		n.en = [2]string{article + " " + p, "the " + p}
	case "the":
		n.en = [2]string{anA(p) + " " + p, "the " + p}
	default:
		return false
	}
	n.known, n.indefinite = true, article != "the"
	return true
}

// anA chooses by the letter; the words it is wrong of are few and short.
func anA(p string) string {
	if strings.ContainsRune("aeio", rune(p[0])) {
		return "an"
	}
	return "a"
}

// elides tells whether an article loses its vowel before a word: a vowel or a
// mute h begins it.
//
// Source: Office québécois de la langue française, Banque de dépannage
// linguistique, « Élision » and « h aspiré »; the aspirate words here are those
// of local news.
func elides(p string) bool {
	w := text.Fold(p)
	for _, aspirate := range []string{"halte", "handicap", "hangar", "hareng", "haricot", "hausse", "haut", "heros", "hockey", "homard", "hors", "huit", "onz", "oui", "ouistiti", "yog", "yach", "yourt"} {
		if strings.HasPrefix(w, aspirate) {
			return false
		}
	}
	r, _ := utf8.DecodeRuneInString(w)
	return strings.ContainsRune("aeiouyh", r)
}

func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// args are the noun as sentences name its forms, in each language; those with a
// capital begin a sentence.
func (n noun) args() []any {
	form := func(fr, en string) map[string]any { return map[string]any{"fr": fr, "en": en} }
	return []any{"subject", n.bare, "un", form(n.fr[frUn], n.en[enA]), "le", form(n.fr[frLe], n.en[enThe]), "du", form(n.fr[frDu], "of "+n.en[enThe]),
		"un_first", form(capital(n.fr[frUn]), capital(n.en[enA])), "le_first", form(capital(n.fr[frLe]), capital(n.en[enThe]))}
}
