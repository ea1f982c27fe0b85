// Package page reads web pages: the text of an article without what surrounds
// it, and the feeds a page announces. It is pure: no network, nothing stored.
//
// A page becomes a tree in time proportional to it (tree.go), and the tree an
// outline, which weighs each element's text, links and prose (outline.go).
// What surrounds an article is marked by tag, role and the words of class and
// id, unless it holds most of the prose (chrome.go). Then paragraphs give
// points to the elements that hold them, in proportion to their length and
// less for links; the best wins, widened to the pieces of one article
// (density.go). Only when it is short, or holds too little of the page's
// prose, is the careful extractor (readability) asked, on the same tree.
//
// Source: the arc90 readability measure, simplified; go-readability for the
// careful one. Figures: docs/crawler-article.md.
package page

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// An Article is what a page says, without what surrounds it. Fields that the
// page does not give are zero.
type Article struct {
	Title     string    `json:"title"`
	Text      string    `json:"text"` // plain; paragraphs apart by an empty line
	Author    string    `json:"author,omitempty"`
	Site      string    `json:"site,omitempty"` // name of the medium
	Image     string    `json:"image,omitempty"`
	Canonical string    `json:"canonical,omitempty"`
	Lang      string    `json:"lang,omitempty"`
	Published time.Time `json:"published,omitzero"`
	Partial   bool      `json:"partial,omitempty"` // the page says that the rest is for those who pay
}

// Extract reads an article. base is the page's address. A page without prose
// gives an Article without Text.
//
// It returns an ErrInvalid Problem when the page is too large or nested too
// deep to be read (golang.org/x/net/html stops at 512 levels).
func Extract(page []byte, base string) (Article, error) {
	doc, err := parse(page)
	if err != nil {
		return Article{}, err
	}
	a := describe(doc, base)
	o := outlined(doc)
	walled := o.walled()
	found := densest(o)
	if !found.sure {
		o.cut()
		if text := careful(doc, base); better(text, found.text) {
			found.text = text
		}
	}
	text, asked := withoutRequests(found.text)
	a.Text = withoutByline(withoutTitle(text, a.Title))
	a.Partial = a.Partial || walled || asked
	return a, nil
}

// maxCareful is how many elements the careful extractor is given: it walks up
// from each paragraph, and 48,000 of them at depth 500 took 1.8 s. The largest
// of the benchmark has 9,000.
const maxCareful = 20_000

// careful asks readability; "" when it finds nothing or fails. It spoils the
// tree.
func careful(doc *html.Node, base string) string {
	u, err := url.Parse(base)
	if err != nil {
		u = &url.URL{}
	}
	p := readability.NewParser()
	p.DisableJSONLD = true // describe has read it
	p.MaxElemsToParse = maxCareful
	art, err := p.ParseAndMutate(doc, u)
	if err != nil || art.Node == nil {
		return ""
	}
	return textOf(art.Node)
}

// better says whether the careful text should replace the cheap one: it is
// longer, or the cheap one is much longer and so likely holds chrome.
func better(careful, cheap string) bool {
	return len(careful) > 140 && (len(careful) > len(cheap) || len(cheap) > 3*len(careful) || len(cheap) < 300)
}

// withoutTitle drops a first line that repeats the title.
func withoutTitle(text, title string) string {
	first, rest, ok := strings.Cut(text, "\n\n")
	if ok && title != "" && strings.EqualFold(strings.TrimSpace(first), title) {
		return rest
	}
	return text
}

// byline matches a short line that says when, or by whom, and nothing else.
var byline = regexp.MustCompile(`(?i)^(publié|mis à jour|modifié|published|updated|posted|last updated)[\s:].{0,80}$`)

// isDate tells a line that is a date and little else.
func isDate(line string) bool {
	return len(line) <= 40 && !finished(line) && !written(line).IsZero()
}

// withoutByline drops the first lines that only date the article: every
// article of a site has them, which would make all of them look alike.
func withoutByline(text string) string {
	for range 3 {
		first, rest, ok := strings.Cut(text, "\n\n")
		if !ok || !byline.MatchString(strings.TrimSpace(first)) && !isDate(first) || strings.ContainsAny(first, ".!?") && len(first) > 60 {
			break
		}
		text = rest
	}
	return text
}
