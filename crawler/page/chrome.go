package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// around are the elements that surround an article, unless they hold most of
// the page's prose (a form may hold a whole page).
var around = map[atom.Atom]bool{atom.Aside: true, atom.Form: true, atom.Dialog: true, atom.Menu: true}

// roles are the values of role that surround an article.
var roles = map[string]bool{
	"navigation": true, "banner": true, "contentinfo": true, "complementary": true, "dialog": true, "alertdialog": true, "search": true,
}

// apart are the words of class and id that mark what is never the article,
// however long: what readers write, requests for consent, the ends of a page.
var apart = words(`cookie cookies consent consentement gdpr rgpd onetrust didomi cookiebot axeptio temoins
	comment comments commentaire commentaires commentlist commentform disqus respond footer copyright legal navbar navigation menu breadcrumb breadcrumbs pagination`)

// unlikely are the words that mark what surrounds an article: other articles,
// requests, tools. A long text so named may still be it.
var unlikely = words(`related relatedposts similaires alire trending readmore readalso readnext liresaussi moreon morefrom morestories recommended recommandes recommandations
	recommendation recommendations newsletter newsletters infolettre infolettres signup mostread mostpopular pluslus login popular populaire populaires
	share sharing sharedaddy partage partager social follow sidebar promo promos promotion advert advertisement advertising ad ads pub publicite sponsor
	sponsored banner pager tags nav masthead toolbar popup modal overlay skip printonly byline authorbio authorbox bio caption credit credits tooltip`)

// walls are the words that mark a request to pay, or what is behind it: a
// request is short, so that a long paragraph, or what holds a good part of the
// prose, is the article.
var walls = words(`paywall subscribe subscription abonnement abonnez piano regwall`)

// likely are the words, and pairs of words, that mark the article itself.
var likely = words(`articlebody articlecontent articletext storybody storycontent storytext entrycontent postbody postcontent maincontent pagecontent bodycopy`)

// conditions are the first words of names that say how an element is, not what.
var conditions = words(`is has no not with show without if js`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// A mark is what the names of an element say of it.
type mark struct{ apart, wall, unlikely, likely bool }

// marked reads the class, id and itemprop of an element.
func marked(n *html.Node) mark {
	var m mark
	for _, a := range n.Attr {
		if a.Key == "class" || a.Key == "id" || a.Key == "itemprop" {
			m.read(a.Val, a.Key == "id")
		}
	}
	return m
}

// maxNames bounds a list of classes that is read, in bytes.
const maxNames = 2048

// read takes a list of names apart: articleBody, article-body and
// article__body are the words article and body, and the pair articlebody. A
// long id is a heading made an anchor, and says nothing.
func (m *mark) read(s string, id bool) {
	if id && strings.Count(s, "-")+strings.Count(s, "_") > 3 {
		return
	}
	r := reader{mark: m}
	for i := range min(len(s), maxNames) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
				r.flush()
			}
			r.add(c | 0x20)
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80:
			r.add(c)
		default:
			r.flush()
			if c <= ' ' { // another name
				r = reader{mark: m}
			}
		}
	}
	r.flush()
}

// reader takes one name apart.
type reader struct {
	mark      *mark
	pair      [64]byte // the word before, then the word
	before, n int      // the word is pair[before:n]
	state     bool     // the name says how an element is
}

func (r *reader) add(c byte) {
	if r.n < len(r.pair) {
		r.pair[r.n] = c
		r.n++
	}
}

func (r *reader) flush() {
	if r.n == r.before {
		return
	}
	word := r.pair[r.before:r.n]
	if r.before == 0 {
		r.state = conditions[string(word)]
	} else if !r.state {
		r.mark.word(r.pair[:r.n])
	}
	if !r.state {
		r.mark.word(word)
	}
	r.before = copy(r.pair[:], word)
	r.n = r.before
}

func (m *mark) word(w []byte) {
	switch {
	case apart[string(w)]:
		m.apart = true
	case walls[string(w)]:
		m.wall = true
	case unlikely[string(w)]:
		m.unlikely = true
	case likely[string(w)]:
		m.likely = true
	}
}

// mark says which elements are not the article's.
func (o outline) mark() {
	if len(o) == 0 {
		return
	}
	total := o[0].prose
	for i := 0; i < len(o); {
		if !o[i].skip && o.surrounds(i, total) {
			o.leave(i)
		}
		if o[i].skip {
			i = o[i].end
			continue
		}
		i++
	}
}

// leave marks an element to skip, and takes its weight off what is around.
func (o outline) leave(i int) {
	e := &o[i]
	e.skip = true
	for p := e.parent; p >= 0; p = o[p].parent {
		o[p].text, o[p].linked, o[p].prose = o[p].text-e.text, o[p].linked-e.linked, o[p].prose-e.prose
	}
}

// surrounds tells an element that is chrome of a page with so much prose.
func (o outline) surrounds(i, total int) bool {
	e := &o[i]
	a := e.n.DataAtom
	if a == atom.Html || a == atom.Body || a == atom.Main || e.text == 0 {
		return false
	}
	m := e.mark
	switch most := e.prose*2 > total; {
	case m.likely:
		return false
	case m.apart || a == atom.Nav || a == atom.Footer:
		return !(most && e.heads > 0)
	case around[a] || roles[attribute(e.n, "role")]:
		return !most
	case a == atom.P && e.text > 400:
		return false
	case m.wall:
		return e.prose*4 < total
	case m.unlikely && a != atom.Article:
		return !most
	}
	return false
}

// cut takes comments, other articles and requests out of the tree, which even
// the careful extractor may take for text.
func (o outline) cut() {
	for i := 0; i < len(o); {
		e := &o[i]
		i++
		if e.skip && e.n.Parent != nil && e.mark.apart {
			e.n.Parent.RemoveChild(e.n)
			i = e.end
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
