package wordpress

import (
	"regexp"
	"strings"
	"unicode"
)

// content makes the HTML of a post from its plain text: a paragraph for each
// block of lines, its addresses as links, and below it the pictures after the
// first, which is the featured image. Nothing in the text is markup, not even
// to WordPress: its brackets would else be shortcodes.
func content(text string, pictures []picture) string {
	var b strings.Builder
	for _, block := range blocks(text) {
		lines := make([]string, 0, len(block))
		for _, line := range block {
			lines = append(lines, linked(line))
		}
		b.WriteString("<p>" + strings.Join(lines, "<br />\n") + "</p>\n")
	}
	for _, pic := range pictures[min(1, len(pictures)):] {
		b.WriteString(`<figure class="wp-block-image"><img src="` + escape(pic.Src) + `" alt="` + escape(pic.Alt) + `" /></figure>` + "\n")
	}
	return b.String()
}

// blocks cuts a text at its empty lines.
func blocks(text string) [][]string {
	var out [][]string
	var block []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n") + "\n\n") {
		line = strings.Map(visible, strings.TrimSpace(line))
		switch {
		case line != "":
			block = append(block, line)
		case len(block) > 0:
			out, block = append(out, block), nil
		}
	}
	return out
}

// visible drops control characters, which make XML of the site's feeds invalid.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return -1
	}
	return r
}

// linked escapes a line and makes links of the addresses in it.
func linked(line string) string {
	address := regexp.MustCompile(`https?://[^\s<>"«»]+`)
	var b strings.Builder
	for line != "" {
		at := address.FindStringIndex(line)
		if at == nil {
			b.WriteString(escape(line))
			break
		}
		u := trimmed(line[at[0]:at[1]])
		b.WriteString(escape(line[:at[0]]))
		b.WriteString(`<a href="` + escape(u) + `">` + escape(u) + `</a>`)
		line = line[at[0]+len(u):]
	}
	return b.String()
}

// trimmed drops the punctuation of the sentence from the end of an address, and
// a closing parenthesis that it does not open.
func trimmed(u string) string {
	for {
		t := strings.TrimRight(u, ".,;:!?…’'*_")
		if strings.HasSuffix(t, ")") && strings.Count(t, ")") > strings.Count(t, "(") {
			t = strings.TrimSuffix(t, ")")
		}
		if t == u {
			return u
		}
		u = t
	}
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "[", "&#91;", "]", "&#93;").Replace(s)
}
