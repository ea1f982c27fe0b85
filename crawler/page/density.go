package page

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chrome are the elements that never hold an article's text.
const chrome = "script,style,noscript,template,nav,header nav,footer,aside,form,button,select,textarea,iframe,object,embed,svg,canvas,video,audio," +
	"dialog,menu,[hidden],[aria-hidden=true],[role=navigation],[role=banner],[role=contentinfo],[role=complementary],[role=dialog],[role=alertdialog],[role=search]"

// unlikely are the words of class and id that mark what surrounds an article,
// cookie banners and paywalls included.
var unlikely = regexp.MustCompile(`(?i)(^|[-_ ])(cookies?|consent|gdpr|rgpd|onetrust|didomi|paywall|subscri(be|ption)|abonne(ment|z)?|newsletter|infolettre|signup|login|` +
	`comments?|commentaires?|disqus|related|similaires?|recommended|recommand\w*|more-?(on|from|stories)|read-?(also|next)|a-lire|trending|popular|populaires?|most-?read|` +
	`share|sharing|partage\w*|social|follow|sidebar|widget|promo\w*|advert\w*|ads?|pub|publicite|sponsor\w*|banner|breadcrumbs?|pagination|pager|tags?|menu|nav(bar|igation)?|` +
	`footer|masthead|toolbar|popup|modal|overlay|skip|hidden|print-?only|byline|author-?(bio|box)|copyright|legal|caption|credit)([-_ ]|$)`)

// likely are the words that save an element from the former.
var likely = regexp.MustCompile(`(?i)(article[-_]?(body|content|text)|story[-_]?(body|content|text)|entry-?content|post-?(body|content)|main-?content|articleBody|page-?content)`)

// densest gives the text of the element that holds most of a page's prose, and
// whether that is sure.
func densest(root *html.Node) (string, bool) {
	doc := goquery.NewDocumentFromNode(root)
	doc.Find(chrome).Remove()
	prune(root)
	points := map[*html.Node]float64{}
	total := 0
	doc.Find("p,pre,blockquote,li,td,div,section,article").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		text, linked := own(n)
		if text < 25 || linked*2 > text {
			return
		}
		if n.DataAtom == atom.Li || n.DataAtom == atom.Td {
			if text < 80 {
				return
			}
		}
		total += text
		score := float64(text) * (1 - float64(linked)/float64(text))
		for p, share := n.Parent, 1.0; p != nil && p.Type == html.ElementNode && share > 0.2; p, share = p.Parent, share*0.6 {
			points[p] += score * share
		}
		if !inlineBlock(n) { // prose directly in a container
			points[n] += score
		}
	})
	best := choose(points)
	if best == nil {
		return "", false
	}
	text := textOf(best)
	prose := 0
	for p := range strings.SplitSeq(text, "\n\n") {
		prose += len(p)
	}
	return text, utf8.RuneCountInString(text) >= 500 && float64(prose) >= 0.6*float64(total)
}

// inlineBlock tells the elements that are paragraphs, not containers.
func inlineBlock(n *html.Node) bool {
	return n.DataAtom == atom.P || n.DataAtom == atom.Pre || n.DataAtom == atom.Li || n.DataAtom == atom.Td || n.DataAtom == atom.Blockquote
}

// choose is the element of most points; an article or a likely name weighs
// more, and of equals the inner one wins.
func choose(points map[*html.Node]float64) *html.Node {
	var best *html.Node
	most := 0.0
	for n, p := range points {
		if n.DataAtom == atom.Body || n.DataAtom == atom.Html {
			p *= 0.8
		}
		if n.DataAtom == atom.Article || n.DataAtom == atom.Main || attribute(n, "itemprop") == "articleBody" || likely.MatchString(names(n)) {
			p *= 1.25
		}
		if p > most || p == most && best != nil && within(n, best) {
			best, most = n, p
		}
	}
	return best
}

func within(n, outer *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p == outer {
			return true
		}
	}
	return false
}

// consent are the words of class and id that mark a request for consent, which
// even the careful extractor may take for text.
var consent = regexp.MustCompile(`(?i)(cookie|consent|gdpr|rgpd|onetrust|didomi|paywall)`)

// withoutConsent removes what asks for consent or money before the text.
func withoutConsent(root *html.Node) {
	goquery.NewDocumentFromNode(root).Find("div,section,aside,dialog").Each(func(_ int, s *goquery.Selection) {
		if n := s.Nodes[0]; consent.MatchString(names(n)) && !likely.MatchString(names(n)) && s.Find("article,main,h1").Length() == 0 {
			s.Remove()
		}
	})
}

// prune removes the elements that the words of their class or id mark as
// chrome, unless they hold the page's main text by name.
func prune(root *html.Node) {
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.CommentNode || c.Type == html.ElementNode && surrounding(c) {
				n.RemoveChild(c)
			} else {
				walk(c)
			}
			c = next
		}
	}
	walk(root)
}

func surrounding(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Article, atom.Main, atom.P, atom.Head:
		return false
	}
	s := names(n)
	if s == "" {
		return strings.Contains(strings.ReplaceAll(attribute(n, "style"), " ", ""), "display:none")
	}
	return unlikely.MatchString(s) && !likely.MatchString(s)
}

func names(n *html.Node) string {
	return strings.TrimSpace(attribute(n, "class") + " " + attribute(n, "id"))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// own counts the characters of text that belong to an element itself, not to
// blocks inside it, and how many of them are links.
func own(n *html.Node) (text, linked int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			text += len(strings.TrimSpace(c.Data))
		case c.Type != html.ElementNode || isBlock(c):
		case c.DataAtom == atom.A:
			t, _ := own(c)
			text += t
			linked += t
		default:
			t, l := own(c)
			text += t
			linked += l
		}
	}
	return text, linked
}

func isBlock(n *html.Node) bool { return breaks[n.DataAtom] > 0 }
