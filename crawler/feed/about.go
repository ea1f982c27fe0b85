package feed

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// tell takes the texts of a feed, given as HTML.
func (f *Feed) tell(more extra, base, title, description, rights string) {
	f.Title, f.TitleHTML = told(title, more.base(base, "title", "dc:title"), maxTitle)
	f.Description, f.DescriptionHTML = told(description, more.base(base, "subtitle", "tagline", "info", "description", "dc:description"), maxSummary)
	f.Rights, f.RightsHTML = told(rights, more.base(base, "rights", "copyright", "dc:rights"), maxTitle)
}

// tell takes the title and the rights of an entry, given as HTML.
func (e *Entry) tell(more extra, base, title, rights string) {
	e.Title, e.TitleHTML = told(title, more.base(base, "title", "dc:title"), maxTitle)
	e.Rights, e.RightsHTML = told(rights, more.base(base, "rights", "copyright", "dc:rights"), maxTitle)
}

// read makes the plain text of an entry, of its HTML as it came: what only
// shows where frames or scripts do not run is not text to read.
func (e *Entry) read(content, summary string) {
	if e.Content == "" {
		content = clip(summary, maxSummary)
	}
	e.Text = clip(plain(clip(content, maxContent)), maxContent)
}

// say takes what modules add to a feed of any kind.
func (f *Feed) say(x ext.Extensions, base string) {
	for _, v := range x["dc"]["contributor"] {
		(*people)(&f.Contributors).add(person(v.Value))
	}
	for _, v := range x["dc"]["publisher"] {
		(*people)(&f.Publishers).add(person(v.Value))
	}
	for _, v := range x["itunes"]["owner"] {
		(*people)(&f.Publishers).add(Person{Name: line(child(v, "name"), maxTitle), Email: line(child(v, "email"), maxTitle)})
	}
	if f.Image == nil {
		f.Image = image(podcastImage(x, base))
	}
	if f.Lang == "" {
		f.Lang = strings.ReplaceAll(first(x, "dc", "language"), "_", "-")
	}
}

func podcastImage(x ext.Extensions, base string) string {
	for _, name := range []string{"image", "link"} {
		for _, v := range x["itunes"][name] {
			if u := link(base, cmp.Or(v.Attrs["href"], v.Value)); u != "" && (name == "image" || v.Attrs["rel"] == "image") {
				return u
			}
		}
	}
	return ""
}

func child(v ext.Extension, name string) string {
	for _, c := range v.Children[name] {
		return c.Value
	}
	return ""
}

func image(url string) *Image {
	if url == "" {
		return nil
	}
	return &Image{URL: url}
}

func rssImage(r *rss.Image, base string) *Image {
	if r == nil {
		return nil
	}
	i := &Image{URL: link(base, r.URL), Title: line(r.Title, maxTitle), Link: link(base, r.Link), Width: pixels(r.Width), Height: pixels(r.Height)}
	if *i == (Image{}) {
		return nil
	}
	return i
}

// maxPixels is more than any picture of a feed measures.
const maxPixels = 100_000

func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > maxPixels {
		return 0
	}
	return n
}

func generator(name, url, version, base string) *Generator {
	g := Generator{Name: line(name, maxTitle), URL: link(base, url), Version: line(version, maxTitle)}
	if g == (Generator{}) {
		return nil
	}
	return &g
}

func rssGenerator(r *rss.Feed, x ext.Extensions, base string) *Generator {
	for _, v := range x["admin"]["generatoragent"] {
		return generator(cmp.Or(r.Generator, v.Attrs["resource"]), v.Attrs["resource"], "", base)
	}
	return generator(r.Generator, "", "", base)
}

// atomLinks gives those that lead to the web.
func atomLinks(base string, list []*atom.Link) (out []Link) {
	for _, l := range list {
		rel := cmp.Or(strings.TrimPrefix(l.Rel, "http://www.iana.org/assignments/relation/"), "alternate")
		(*leads)(&out).add(Link{URL: link(base, l.Href), Rel: rel, Type: l.Type, Title: l.Title, Lang: l.Hreflang}, l.Length)
	}
	return out
}

// rssLinks gives the page of a channel or an item, and its Atom links.
func rssLinks(page string, x ext.Extensions, base string) (out []Link) {
	all := (*leads)(&out)
	all.add(Link{URL: page, Rel: "alternate"}, "")
	for _, v := range x["atom"]["link"] {
		a := v.Attrs
		all.add(Link{URL: link(base, a["href"]), Rel: cmp.Or(a["rel"], "alternate"), Type: a["type"], Title: a["title"], Lang: a["hreflang"]}, a["length"])
	}
	return out
}

// leads gathers links without repeats, in order.
type leads []Link

func (l *leads) add(k Link, length string) {
	if k.URL == "" || len(*l) >= maxEach {
		return
	}
	for _, o := range *l {
		if o.URL == k.URL && o.Rel == k.Rel {
			return
		}
	}
	k.Rel, k.Type, k.Lang = name(k.Rel), name(k.Type), name(k.Lang)
	k.Title = line(k.Title, maxTitle)
	k.Length = size(length)
	*l = append(*l, k)
}

// name is a short word of a document, such as a media type or a language.
func name(s string) string { return clip(strings.TrimSpace(s), maxTitle) }

// size reads a number of bytes; 0 when there is none.
func size(s string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return max(n, 0)
}
