package letter

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// newsletter reads the text and the web address of a mail that is no alert.
func (l *Letter) newsletter(m body, p privacy) {
	text := m.plain
	if m.html != "" {
		if doc, err := html.Parse(strings.NewReader(m.html)); err == nil {
			if seen := readable(doc); len(seen.text) > 40 || text == "" {
				l.Text, l.Link = p.words(clip(essence(clip(seen.text, 4*maxText)), maxText)), p.link(seen.link)
				return
			}
		}
	}
	l.Link = p.link(linkAfterWords(text))
	l.Text = p.words(clip(essence(unlinked(clip(text, 4*maxText))), maxText))
}

// A reading is the text of a page, and where a browser can read it.
type reading struct{ text, link string }

// readable gives the text of a page, without the marks of its links, and the
// link that says it opens the mail in a browser.
func readable(doc *html.Node) reading {
	w := prose{mark: true}
	w.node(doc, 0)
	var out strings.Builder
	var r reading
	for piece := range strings.SplitSeq(w.String(), linkEnd) {
		before, inside, ok := strings.Cut(piece, linkStart)
		out.WriteString(before)
		if !ok {
			continue
		}
		link, words, _ := strings.Cut(inside, linkWords)
		out.WriteString(words)
		if r.link == "" && inBrowser.MatchString(words) && isWeb(link) {
			r.link = link
		}
	}
	r.text = out.String()
	return r
}

// inBrowser matches the words that lead to the mail as a web page.
var inBrowser = regexp.MustCompile(`(?i)version (?:en ligne|web)|(?:voir|lire|afficher|consulter|ouvrir|visualiser).{0,40}(?:en ligne|navigateur|sur le web)|(?:view|read|see|open).{0,40}(?:online|browser|on the web|as a web ?page)|web version|online version`)

// chrome matches a line that every issue repeats: how to leave, to change, to
// forward, to read elsewhere; who holds the rights.
var chrome = regexp.MustCompile(`(?i)d[ée]sabonn|d[ée]sinscri|vous (?:recevez|avez reçu) (?:ce(?:tte)?|cet) (?:courriel|e-?mail|infolettre|message|envoi)|(?:g[ée]rer|modifier|mettre à jour) (?:vos|mes|votre) (?:pr[ée]f[ée]rences|abonnement|profil)|transf[ée]rer à un ami|ajoutez.{0,60}carnet d.adresses|tous droits r[ée]serv[ée]s|politique de (?:confidentialit[ée]|vie priv[ée]e)|unsubscribe|you(?:'|’)?(?:re| are) receiving this|you received this|(?:manage|update|change) (?:your )?(?:preferences|subscription|profile)|forward to a friend|all rights reserved|privacy (?:policy|statement)|add .{0,60}address book|^\s*(?:©|copyright\b)`)

// greeting matches a line that only greets the reader, often by her name.
var greeting = regexp.MustCompile(`(?i)^(?:bonjour|bonsoir|chère?|allô|hello|hi|dear)\b[^.?:]{0,40}[,!]$`)

// leaving matches a line from which only the foot of the mail follows.
var leaving = regexp.MustCompile(`(?i)d[ée]sabonn|d[ée]sinscri|unsubscribe|vous (?:recevez|avez reçu) ce|you(?:'|’)?(?:re| are) receiving this`)

// essence is a text without the lines every issue repeats, and without what
// follows the first way to leave in its second half.
func essence(text string) string {
	var out []string
	read := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		read += len(line) + 1
		line = strings.TrimSpace(visible(line))
		if leaving.MatchString(line) && read > len(text)/2 {
			break
		}
		short := len(line) <= 400
		if short && (greeting.MatchString(line) || chrome.MatchString(line) || inBrowser.MatchString(line) && len(line) <= 160 || rule(line)) {
			continue
		}
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// rule tells a line that only draws.
func rule(line string) bool { return line != "" && strings.Trim(line, "-=_*~•|· \u00a0") == "" }

var bare = regexp.MustCompile(`<?\(?\[?https?://[^\s<>\])]+[\])]?\)?>?`)

// unlinked drops the addresses from a plain text, where they are noise.
func unlinked(s string) string { return bare.ReplaceAllString(s, "") }

// linkAfterWords finds in a plain text the address after the words that lead
// to the mail in a browser.
func linkAfterWords(s string) string {
	at := inBrowser.FindStringIndex(s)
	if at == nil {
		return ""
	}
	after := clip(s[at[1]:], 500)
	found := strings.Trim(bare.FindString(after), "<>()[]")
	if !isWeb(found) {
		return ""
	}
	return found
}

func isWeb(link string) bool {
	low := strings.ToLower(link)
	return len(link) <= maxURL && (strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://"))
}
