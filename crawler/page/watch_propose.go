package page

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"veilleur/internal/veille"
)

// A Proposal is one way to watch a page: the blocks that repeat, and what they
// would give today.
type Proposal struct {
	Watch  veille.Watch
	Titles []string // of the first three
	Items  int      // on the page now
	Dated  bool     // they bear dates
}

// Limits of the search for blocks.
const (
	leastItems    = 3  // blocks alike that make a list
	leastTitle    = 12 // characters of a usual title; a menu has shorter ones
	maxCandidates = 60 // kinds of blocks tried
	maxProposals  = 4
	maxElements   = 20_000
)

// Propose finds by itself the blocks of a page that repeat and have a link and
// a title, the likeliest list of news first; at most four. A page without any
// gives none.
//
// Blocks are alike when they and their parents have one tag and the same
// steady classes, outside menus, headers and footers. They rank by how many
// there are, how long their titles are, and whether they have headings and
// dates.
func Propose(page []byte, base string) []Proposal {
	doc, base, err := document(page, base)
	if err != nil {
		return nil
	}
	var found []ranked
	for _, sel := range repeated(doc) {
		if r, ok := rank(doc, base, sel); ok {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	var out []Proposal
	for _, r := range found {
		again := slices.ContainsFunc(out, func(p Proposal) bool { return beginAlike(p.Titles, r.Titles) })
		if len(out) < maxProposals && !again {
			out = append(out, r.Proposal)
		}
	}
	return out
}

type ranked struct {
	Proposal
	score float64
}

// repeated gives the selectors of blocks that repeat, the most numerous first.
func repeated(doc *goquery.Document) []string {
	count := map[string]int{}
	elements := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if elements++; elements > maxElements || aside[n.Data] || surrounds(n) {
				return
			}
			if block[n.Data] {
				if sel := selectorOf(n); sel != "" {
					count[sel]++
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range doc.Find("body").Nodes {
		walk(n)
	}
	var out []string
	for sel, n := range count {
		if n >= leastItems {
			out = append(out, sel)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return out[:min(len(out), maxCandidates)]
}

// block are the elements an item of a list may be.
var block = map[string]bool{
	"li": true, "article": true, "div": true, "section": true, "tr": true, "a": true, "dt": true, "p": true, "h2": true, "h3": true, "h4": true, "td": true,
}

// aside are the elements that hold no list of news.
var aside = map[string]bool{
	"nav": true, "header": true, "footer": true, "aside": true, "form": true, "script": true, "style": true, "template": true, "svg": true, "noscript": true, "select": true, "iframe": true, "head": true,
}

// surroundWords are in the class or the id of what surrounds the content, or
// sells something beside it.
var surroundWords = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:nav|navbar|menu|footer|sidebar|breadcrumbs?|pagination|pager|cookies?|consent|consentement|temoins|share|partage|social|ads?|adv|advert(?:isement)?|banner|pub|publicite|sponsor(?:ed)?|promo|newsletter|infolettre|popup|modal|widget|related|skip)(?:$|[\s_-])`)

// surrounds tells an element that says it is around the content.
func surrounds(n *html.Node) bool {
	if n.Data == "body" || n.Data == "html" || n.Data == "main" || n.Data == "article" {
		return false
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "class" || a.Key == "id":
			if surroundWords.MatchString(a.Val) {
				return true
			}
		case a.Key == "hidden", a.Key == "aria-hidden" && a.Val == "true":
			return true
		case a.Key == "role" && (a.Val == "navigation" || a.Val == "banner" || a.Val == "contentinfo" || a.Val == "search"):
			return true
		}
	}
	return false
}

// selectorOf names the blocks like n: by its tag and classes inside its
// parent's; the grandparent's too when the parent has none. "" when nothing
// steady names it.
func selectorOf(n *html.Node) string {
	p := n.Parent
	if p == nil || p.Type != html.ElementNode {
		return ""
	}
	sel, own := simple(n)
	above, named := simple(p)
	sel = above + " > " + sel
	if g := p.Parent; !named && g != nil && g.Type == html.ElementNode && p.Data != "body" && p.Data != "main" {
		above, named = simple(g)
		sel = above + " > " + sel
	}
	if !own && !named && (n.Data == "div" || n.Data == "p" || n.Data == "a" || n.Data == "td") {
		return "" // anything on the page
	}
	return sel
}

// steady is a class name a person wrote, rather than a build or a state.
var steady = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{1,39}$`)

// states are classes that tell one block of a list from the others.
var states = map[string]bool{"first": true, "last": true, "odd": true, "even": true, "active": true, "current": true, "sticky": true, "featured": true, "new": true, "open": true, "selected": true, "has-post-thumbnail": true}

// simple names one element: its tag, and its id or its steady classes, two at
// most. It tells whether there is any.
func simple(n *html.Node) (sel string, named bool) {
	sel = n.Data
	for _, a := range n.Attr {
		if a.Key == "id" && steady.MatchString(a.Val) && n.Data != "li" && n.Data != "article" {
			return sel + "#" + a.Val, true
		}
	}
	for _, a := range n.Attr {
		if a.Key != "class" {
			continue
		}
		kept := 0
		for c := range strings.FieldsSeq(a.Val) {
			if steady.MatchString(c) && !states[c] && !strings.HasPrefix(c, "category-") && !strings.HasPrefix(c, "tag-") && kept < 2 {
				sel, named = sel+"."+c, true
				kept++
			}
		}
	}
	return sel, named
}

// rank judges what a selector gives; false when it is no list of news.
func rank(doc *goquery.Document, base, sel string) (ranked, bool) {
	w := veille.Watch{Item: sel}
	items := itemsOf(doc, base, w, 50)
	if len(items) < leastItems {
		return ranked{}, false
	}
	letters, linked, dated := 0, map[string]bool{}, 0
	named := map[string]bool{}
	for _, it := range items {
		letters += min(utf8.RuneCountInString(it.Title), 90)
		named[it.Title] = true
		if it.URL != "" {
			linked[it.URL] = true
		}
		if it.Date != "" {
			dated++
		}
	}
	mean := letters / len(items)
	if mean < leastTitle || len(linked) < leastItems || 2*len(linked) < len(items) || 2*len(named) < len(items) {
		return ranked{}, false
	}
	headed := doc.Find(sel).Has(headings).Length() + doc.Find(sel).Filter(headings).Length()
	r := ranked{Proposal: Proposal{Watch: w, Items: len(items), Dated: 2*dated > len(items)}}
	r.score = float64(min(len(items), 20)) * float64(mean)
	if 2*headed > len(items) {
		r.score *= 2
	}
	if r.Dated {
		r.score *= 1.5
	}
	for _, it := range items[:leastItems] {
		r.Titles = append(r.Titles, it.Title)
	}
	return r, true
}

// beginAlike says whether two lists begin alike: they are one list, named twice.
func beginAlike(a, b []string) bool {
	n := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return 2*n > len(a)
}
