package web

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"veilleur/internal/veille"
)

// A piece of a passage is plain or marked.
type piece struct {
	Text string
	Mark bool
}

// pieces cuts a passage at its marks. A mark outside the text, or one that
// overlaps the one before, is left out.
func pieces(p veille.Passage) []piece {
	var out []piece
	at := 0
	for _, m := range p.Marks {
		from, to := m[0], m[1]
		if from < at || to <= from || to > len(p.Text) {
			continue
		}
		if from > at {
			out = append(out, piece{Text: p.Text[at:from]})
		}
		out = append(out, piece{Text: p.Text[from:to], Mark: true})
		at = to
	}
	if at < len(p.Text) {
		out = append(out, piece{Text: p.Text[at:]})
	}
	return out
}

// passage is a piece of an entry with the words that count marked. It is
// written in Go because a template would put spaces around the marks.
func passage(p veille.Passage) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, passageHTML(p))
		return err
	})
}

// quoted is a passage between the quotation marks of the language.
func quoted(v *visit, p veille.Passage) templ.Component {
	before, after, _ := strings.Cut(v.Quote("\x00"), "\x00")
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, before+passageHTML(p)+after)
		return err
	})
}

func passageHTML(p veille.Passage) string {
	var b strings.Builder
	for _, part := range pieces(p) {
		text := templ.EscapeString(part.Text)
		if part.Mark {
			text = "<mark>" + text + "</mark>"
		}
		b.WriteString(text)
	}
	return b.String()
}
