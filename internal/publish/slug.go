package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"veilleur/internal/veille"
)

// slugWords is the most characters of the title kept in a slug.
const slugWords = 60

// Slug gives the name of p in addresses: the words of its title, else of its
// text, in plain ASCII, and ten hexadecimal digits of the SHA-256 of its id.
// One post has one slug, and two posts never share one (40 bits), which is
// what makes a post findable after its answer was lost. A new title makes a
// new slug, so a title must not change while a post is publishing or unknown.
func Slug(p veille.Post) string {
	return slug(Headline(p), string(p.ID))
}

// MediaSlug gives the name of a picture in addresses. It depends on the id
// alone: a new try finds what an earlier one had already sent.
func MediaSlug(m veille.Media) string {
	return slug("image", string(m.ID))
}

func slug(words, id string) string {
	sum := sha256.Sum256([]byte(id))
	tail := hex.EncodeToString(sum[:5])
	if words = asciiWords(words); words == "" {
		return "post-" + tail
	}
	return words + "-" + tail
}

// Headline gives the title of p or, when it has none, the beginning of its
// text, at a word's end, under 80 characters.
func Headline(p veille.Post) string {
	if t := strings.Join(strings.Fields(p.Title), " "); t != "" {
		return t
	}
	first, _, _ := strings.Cut(strings.TrimSpace(p.Text), "\n")
	var out []rune
	for _, w := range strings.Fields(first) {
		r := []rune(w)
		if len(out) > 0 && len(out)+1+len(r) > 78 {
			return string(out) + "…"
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, r[:min(len(r), 78)]...)
	}
	return string(out)
}

// asciiWords folds s to lower-case ASCII letters and digits joined by hyphens,
// cut at a word's end.
func asciiWords(s string) string {
	s = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(s))
	var b strings.Builder
	for _, w := range strings.Fields(s) {
		if b.Len() > 0 && b.Len()+1+len(w) > slugWords {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(w[:min(len(w), slugWords)])
	}
	return b.String()
}
