package letter

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// alert reads the results of a service of alerts.
func (l *Letter) alert(m body, unwrap func(string) string) {
	a := gathering{unwrap: unwrap, at: map[string]int{}, google: IsGoogle(l.From)}
	if doc, err := html.Parse(strings.NewReader(m.html)); err == nil {
		a.markup(doc)
		a.page(doc)
	}
	a.text(m.plain)
	l.Results, l.Feed = a.results, a.feed
	if i := strings.LastIndex(l.Subject, " - "); i >= 0 && a.google { // "Alerte Google - caisse"
		l.Query = strings.TrimSpace(l.Subject[i+3:])
	}
}

// A gathering is the results found so far, each article once.
type gathering struct {
	unwrap  func(string) string
	google  bool
	results []Result
	at      map[string]int // by the article's address
	feed    string
}

// add keeps a result, or completes the one that has its article.
func (a *gathering) add(r Result) {
	if r.URL = a.target(r.Link); r.URL == "" {
		return
	}
	r.Title, r.Publisher, r.Text = unstarred(oneLine(r.Title)), unstarred(oneLine(r.Publisher)), unstarred(oneLine(r.Text))
	i, known := a.at[r.URL]
	if !known {
		if len(a.results) < maxResults {
			a.at[r.URL] = len(a.results)
			a.results = append(a.results, r)
		}
		return
	}
	old := &a.results[i]
	old.Title, old.Publisher = cmp.Or(old.Title, r.Title), cmp.Or(old.Publisher, r.Publisher)
	old.Text = longer(old.Text, r.Text) // the markup has less of it than the page
}

// target is the article behind the link of a result; "" for any other link:
// those to share, to complain, to unsubscribe.
func (a *gathering) target(link string) string {
	if len(link) > maxURL {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || a.google && (u.Path != "/url" || u.Query().Get("ct") != "ga") {
		return ""
	}
	to := a.unwrap(link)
	if to == link || !isWeb(to) {
		return ""
	}
	return to
}

// see remembers the address of the alert's own feed.
func (a *gathering) see(link string) {
	u, err := url.Parse(link)
	if a.google && a.feed == "" && err == nil && u.Scheme == "https" && strings.HasPrefix(u.Host, "www.google.") && strings.HasPrefix(u.Path, "/alerts/feeds/") && a.unwrap(link) == link {
		a.feed = "https://" + u.Host + u.Path
	}
}

// markup reads the JSON meant for mail programs.
func (a *gathering) markup(doc *html.Node) {
	for n := range doc.Descendants() {
		if n.DataAtom != atom.Script || attr(n, "data-scope") != "inboxmarkup" || n.FirstChild == nil {
			continue
		}
		var box struct {
			Cards []struct {
				Widgets []struct{ Type, Title, Description, URL string }
			}
		}
		if json.Unmarshal([]byte(n.FirstChild.Data), &box) != nil {
			continue // the page says it too
		}
		for _, c := range box.Cards {
			for _, w := range c.Widgets {
				if w.Type == "LINK" {
					a.add(Result{Title: w.Title, Text: w.Description, Link: w.URL})
				}
			}
		}
	}
}

// page reads the links of the page: the words of a result's link are its
// title, the line after it its publisher, the next ones its text.
func (a *gathering) page(doc *html.Node) {
	w := prose{mark: true}
	w.node(doc, 0)
	pieces := strings.Split(w.String(), linkEnd)
	var open *Result
	flush := func() {
		if open != nil {
			a.add(*open)
			open = nil
		}
	}
	for i, p := range pieces {
		before, inside, ok := strings.Cut(p, linkStart)
		if open != nil {
			open.describe(before)
		}
		if !ok || i == len(pieces)-1 {
			break
		}
		link, words, _ := strings.Cut(inside, linkWords)
		a.see(link)
		target := a.target(link)
		if target != "" && open != nil && a.target(open.Link) == target {
			open.Title = longer(open.Title, words)
			continue
		}
		flush()
		if target != "" {
			open = &Result{Link: link, Title: words}
		}
	}
	flush()
}

// describe reads what follows the title of a result. A result is only
// described once: what follows is another's.
func (r *Result) describe(after string) {
	lines := strings.FieldsFunc(after, func(c rune) bool { return c == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if r.Text != "" || len(lines) == 0 {
		return
	}
	if len(lines) > 1 && len(lines[0]) <= 80 {
		r.Publisher, lines = lines[0], lines[1:]
	}
	if len(lines[0]) > 20 {
		r.Text = lines[0]
	}
}

var (
	angled = regexp.MustCompile(`<(https?://[^<>]+)>`)
	// === Web - 4 neue Ergebnisse für [requête] === stood above them until 2021.
	legacy = regexp.MustCompile(`(?m)^=== .* ===[ \t]*$`)
	gap    = regexp.MustCompile(`\n[ \t]*\n\s*`)
)

// text reads the plain text, where links stand between angles.
func (a *gathering) text(s string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	old := legacy.MatchString(s)
	s = legacy.ReplaceAllString(s, "\n")
	at := angled.FindAllStringSubmatchIndex(s, 2*maxResults)
	from := 0
	for i, m := range at {
		link := strings.Join(strings.Fields(s[m[2]:m[3]]), "")
		a.see(link)
		title := last(s[from:m[0]])
		from = m[1]
		switch {
		case a.target(link) == "":
		case old:
			first, rest := firstLine(title)
			a.add(Result{Link: link, Title: first, Text: rest})
		default:
			end := len(s)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			r := Result{Link: link, Title: title}
			r.follow(s[m[1]:end])
			a.add(r)
		}
	}
}

// follow reads the paragraph after a link: a line of its publisher, then its
// text, then a line that names the next link.
func (r *Result) follow(after string) {
	paragraphs := gap.Split(strings.TrimSpace(after), 2)
	lines := strings.Split(paragraphs[0], "\n")
	if len(paragraphs) == 1 && len(lines) > 0 {
		lines = lines[:len(lines)-1]
	}
	if len(lines) < 2 {
		return
	}
	r.Publisher, r.Text = lines[0], strings.Join(lines[1:], " ")
}

// last is the last paragraph of a text.
func last(s string) string {
	p := gap.Split(strings.TrimSpace(s), -1)
	return p[len(p)-1]
}

// firstLine parts the title of an old result from its text. A title that ends
// in a dash goes on with the publisher's name on the next line.
func firstLine(p string) (title, rest string) {
	title, rest, _ = strings.Cut(p, "\n")
	if strings.HasSuffix(strings.TrimSpace(title), " -") {
		more, after, _ := strings.Cut(rest, "\n")
		title, rest = title+" "+more, after
	}
	return title, rest
}

var starred = regexp.MustCompile(`\*([^*\n]+)\*`)

// unstarred drops the stars around the words an alert searched.
func unstarred(s string) string { return starred.ReplaceAllString(s, "$1") }

func longer(a, b string) string {
	if len(strings.TrimSpace(b)) > len(strings.TrimSpace(a)) {
		return b
	}
	return a
}
