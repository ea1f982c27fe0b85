package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A finding is the text of the element that holds most of a page's prose.
type finding struct {
	text string
	sure bool
}

// densest finds the text of a page by the weight of its paragraphs.
func densest(o outline) finding {
	o.mark()
	points, total := o.points()
	best := o.choose(points)
	if best < 0 {
		return finding{}
	}
	best = o.widen(best)
	text := withoutLabels(o.textOf(best))
	return finding{text: text, sure: len(text) >= 500 && float64(len(text)) >= 0.6*float64(total)}
}

// widen goes from an element to one around that adds prose, and little else:
// an article cut in pieces by what stands between them. What names itself the
// article's text is left only for a piece of the same name, an article never.
func (o outline) widen(i int) int {
	for at := o[i].parent; at >= 0 && !whole[o[i].n.DataAtom]; at = o[at].parent {
		more, prose, linked := o[at].text-o[i].text, o[at].prose-o[i].prose, o[at].linked-o[i].linked
		if prose*5 >= o[i].prose && prose*10 >= more*8 && linked*5 <= more && (!o[i].mark.likely || o.alike(i, at)) {
			i = at
		}
	}
	return i
}

// alike says whether an element has another of the same first class, with prose,
// within one around.
func (o outline) alike(i, at int) bool {
	class := firstName(o[i].n)
	for k := at + 1; k < o[at].end; k++ {
		if k == i {
			k = o[i].end - 1
		} else if o[k].prose > 0 && !o[k].skip && firstName(o[k].n) == class {
			return true
		}
	}
	return false
}

func firstName(n *html.Node) string {
	first, _, _ := strings.Cut(attribute(n, "class"), " ")
	return first
}

// pieces are the elements that hold rows and items, and so are never all.
var pieces = map[atom.Atom]bool{
	atom.Table: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Tr: true, atom.Ul: true, atom.Ol: true, atom.Dl: true,
}

// whole are the elements that hold all of an article, or of a page.
var whole = map[atom.Atom]bool{atom.Article: true, atom.Main: true, atom.Body: true, atom.Html: true}

// points gives each paragraph's weight to the elements around, less to each
// further one, and says how much prose the page has.
func (o outline) points() ([]float64, int) {
	points := make([]float64, len(o))
	total := 0
	for i := 0; i < len(o); {
		e := &o[i]
		if e.skip {
			i = e.end
			continue
		}
		i++
		a := e.n.DataAtom
		if !holdsProse[a] || e.own < minRun || e.ownLinked*2 > e.own || (a == atom.Li || a == atom.Td) && e.own < 80 {
			continue
		}
		total += e.own
		score := float64(e.own - e.ownLinked)
		for p, share := e.parent, 1.0; p >= 0 && share > 0.2; p, share = o[p].parent, share*0.6 {
			points[p] += score * share
		}
		if !paragraph[a] { // prose directly in a container
			points[i-1] += score
		}
	}
	return points, total
}

// paragraph are the elements that are paragraphs, not containers.
var paragraph = map[atom.Atom]bool{atom.P: true, atom.Pre: true, atom.Li: true, atom.Td: true, atom.Blockquote: true, atom.Dd: true}

// choose is the element of most points, -1 when none has any; an article or a
// likely name weighs more, and of equals the inner one wins.
func (o outline) choose(points []float64) int {
	best, most := -1, 0.0
	for i, p := range points {
		if p == 0 {
			continue
		}
		n := o[i].n
		switch n.DataAtom {
		case atom.Body, atom.Html:
			p *= 0.8
		case atom.Article, atom.Main:
			p *= 1.25
		default:
			if o[i].mark.likely {
				p *= 1.25
			}
		}
		if p >= most {
			best, most = i, p
		}
	}
	for best > 0 && pieces[o[best].n.DataAtom] {
		best = o[best].parent
	}
	return best
}
