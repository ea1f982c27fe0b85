package digest

import "strings"

// text writes the part for those who read no HTML: the same words, each
// address on a line of its own.
func text(s sheet) string {
	var b strings.Builder
	put := func(lines ...string) {
		for _, l := range lines {
			if l != "" {
				b.WriteString(l + "\n")
			}
		}
	}
	mark := "✓ "
	if !s.Calm {
		mark = "▲ "
	}
	put(s.Hello, s.Sub)
	b.WriteString("\n")
	put(mark + s.State)
	if s.Nothing != "" {
		b.WriteString("\n")
		put(s.Nothing)
	}
	for _, x := range s.Boxes {
		b.WriteString("\n")
		put(strings.ToUpper(x.Title))
		for _, l := range x.Lines {
			b.WriteString("\n")
			put(l.Title, l.Body, l.Meta, l.Action.Says+" → "+l.Action.URL)
		}
		if x.Left != nil {
			b.WriteString("\n")
			put(x.Left.Says + " → " + x.Left.URL)
		}
	}
	b.WriteString("\n-- \n")
	for _, f := range s.Foot {
		put(f.Says)
	}
	b.WriteString("\n")
	put(s.Why)
	for _, l := range append([]link{s.Today}, s.Links...) {
		put(l.Says + " → " + l.URL)
	}
	return b.String()
}
