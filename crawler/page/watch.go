package page

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"

	"veilleur/internal/veille"
)

// An Item is one thing that a watched page lists.
type Item struct {
	Title string // one line
	URL   string // http or https; "" when it leads nowhere
	Date  string // as written: an ISO date or words; "" when it bears none
	Text  string // plain
	Image string // address of its first picture; "" for none
}

// maxItems is how many things of a page are read; a page of more is an archive.
const maxItems = 200

// maxItemText bounds the text of one item, in bytes.
const maxItemText = 20 << 10

// Items reads the things a page lists, in its order, as the selectors of a
// Watch say. base is the page's address.
//
// It returns an ErrInvalid Problem when a selector is none, or when nothing on
// the page answers it with a title: the page has changed.
func Items(page []byte, base string, w veille.Watch) ([]Item, error) {
	if err := CheckWatch(w); err != nil {
		return nil, err
	}
	doc, base, err := document(page, base)
	if err != nil {
		return nil, err
	}
	items := itemsOf(doc, base, w, maxItems)
	if len(items) == 0 {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.watch.nothing"), nil)
	}
	return items, nil
}

// CheckWatch says whether the selectors of a Watch can be read; an ErrInvalid
// Problem names the one that cannot.
func CheckWatch(w veille.Watch) error {
	for _, s := range []string{w.Item, w.Title, w.Link, w.Date} {
		if s == "" {
			continue
		}
		if _, err := cascadia.ParseGroup(s); err != nil || len(s) > 500 {
			return veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.watch.selector", "selector", s), err)
		}
	}
	if w.Item == "" && w != (veille.Watch{}) {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.watch.no_item"), nil)
	}
	return nil
}

// document parses a page and finds the base of its links.
func document(page []byte, base string) (*goquery.Document, string, error) {
	root, err := parse(page)
	if err != nil {
		return nil, "", err
	}
	doc := goquery.NewDocumentFromNode(root)
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		base = resolve(base, href)
	}
	return doc, base, nil
}

func itemsOf(doc *goquery.Document, base string, w veille.Watch, most int) []Item {
	var out []Item
	seen := map[string]bool{}
	doc.Find(w.Item).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		it := itemOf(s, base, w)
		if key := it.URL + "\x00" + it.Title; it.Title != "" && !seen[key] {
			seen[key] = true
			out = append(out, it)
		}
		return len(out) < most
	})
	return out
}

// headings is where an item says what it is, best first, when no selector does.
const headings = "h1, h2, h3, h4, h5, h6"

func itemOf(s *goquery.Selection, base string, w veille.Watch) Item {
	title := matchIn(s, w.Title, headings)
	heading := oneLine(title.Text())
	link := longest(s)
	if w.Link != "" {
		link = matchIn(s, w.Link, "")
	}
	if heading == "" && w.Title == "" {
		title = link
		heading = oneLine(link.Text())
	}
	if w.Link == "" { // the title's own link before any other
		if own := matchIn(title, "", "a[href]"); own.Length() > 0 {
			link = own
		} else if up := title.Closest("a[href]"); up.Length() > 0 && s.Contains(up.Get(0)) {
			link = up
		}
	}
	if heading == "" && w.Title == "" {
		heading = shorten(oneLine(s.Text()), 200)
	}
	it := Item{Title: shorten(heading, 300), URL: address(base, link, "href"), Date: dateOf(s, w.Date)}
	if text := textOf(s.Get(0)); text != it.Title {
		it.Text = shortenBytes(text, maxItemText)
	}
	it.Image = address(base, s.Find("img[src]").First(), "src")
	return it
}

// matchIn finds the first match of a selector, or of its default, in s or s
// itself.
func matchIn(s *goquery.Selection, selector, otherwise string) *goquery.Selection {
	if selector == "" {
		selector = otherwise
	}
	if in := s.Find(selector).First(); in.Length() > 0 {
		return in
	}
	return s.Filter(selector).First()
}

// longest is the link of s that says the most: others lead to its author, its
// section, its picture.
func longest(s *goquery.Selection) *goquery.Selection {
	links := s.Find("a[href]").AddSelection(s.Filter("a[href]"))
	best, most := links.First(), 0
	links.Each(func(_ int, a *goquery.Selection) {
		if n := len(oneLine(a.Text())); n > most {
			best, most = a, n
		}
	})
	return best
}

// address is where an attribute leads on the web; "" for a link that stays on
// its page.
func address(base string, s *goquery.Selection, attr string) string {
	href := strings.TrimSpace(s.AttrOr(attr, ""))
	if href == "" || href == "#" {
		return ""
	}
	return web(resolve(base, href))
}

// dates is where an item says when, when no selector does.
const dates = "time, [itemprop=datePublished], .date"

// dateOf is the date of an item as written.
func dateOf(s *goquery.Selection, selector string) string {
	d := matchIn(s, selector, dates)
	for _, attr := range []string{"datetime", "content", "title"} {
		if v := strings.TrimSpace(d.AttrOr(attr, "")); v != "" {
			return shorten(v, 100)
		}
	}
	return shorten(oneLine(d.Text()), 100)
}

// shorten cuts to at most n characters, at a word when there is one.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	short := string(r[:n])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return short + "…"
}

// shortenBytes cuts to at most n bytes, at a character.
func shortenBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
