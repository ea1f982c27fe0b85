package page

import (
	"encoding/json"
	"html"
	"strings"
)

// linked is what JSON-LD says of an article.
type linked struct {
	headline, author, publisher, image, published, address string
	walled                                                 bool // not all of it is free
}

// maxNested bounds how deep JSON-LD is searched, and maxThings how much of it.
const (
	maxNested = 6
	maxThings = 2000
)

// linkedData reads the first article of a page's JSON-LD. What only points to
// a thing by its @id is looked up among all.
func linkedData(scripts []string) linked {
	g := graph{byID: map[string]map[string]any{}}
	for _, text := range scripts {
		var v any
		text = strings.Map(func(r rune) rune { // many templates leave line feeds in strings
			if r < ' ' {
				return ' '
			}
			return r
		}, text)
		if json.Unmarshal([]byte(strings.Trim(text, " ;")), &v) == nil {
			g.read(v, 0)
		}
	}
	m := g.article
	if m == nil {
		return linked{}
	}
	return linked{
		headline: html.UnescapeString(first(m["headline"])), author: html.UnescapeString(g.name(m["author"], 0)),
		publisher: html.UnescapeString(g.name(m["publisher"], 0)), image: g.image(m["image"], 0), published: first(m["datePublished"]),
		address: first(m["url"]), walled: !free(m["isAccessibleForFree"]),
	}
}

// graph is the things of a page's JSON-LD.
type graph struct {
	article map[string]any
	byID    map[string]map[string]any
	things  int
}

// read keeps the things of v, and the first whose type ends in Article or
// Posting.
func (g *graph) read(v any, depth int) {
	if g.things++; depth > maxNested || g.things > maxThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.read(e, depth+1)
		}
	case map[string]any:
		if t := first(v["@type"]); g.article == nil && (strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting")) {
			g.article = v
		}
		if id := first(v["@id"]); id != "" && len(v) > 1 && g.byID[id] == nil {
			g.byID[id] = v
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "author", "publisher", "image"} {
			g.read(v[key], depth+1)
		}
	}
}

// free is what isAccessibleForFree says; of nothing, true.
func free(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return !strings.EqualFold(v, "false") && !strings.HasSuffix(strings.ToLower(v), "/false")
	}
	return true
}

// first is a string, or the first of several.
func first(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			s, _ := v[0].(string)
			return s
		}
	}
	return ""
}

// name is the name of a person or an organisation, or of at most five.
func (g *graph) name(v any, depth int) string {
	if depth > maxNested {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if n := first(v["name"]); n != "" {
			return n
		}
		if there := g.byID[first(v["@id"])]; there != nil {
			return first(there["name"])
		}
	case []any:
		var all []string
		for _, e := range v[:min(len(v), 5)] {
			if n := g.name(e, depth+1); n != "" {
				all = append(all, n)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

func (g *graph) image(v any, depth int) string {
	if depth > maxNested {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if u := firstOf(first(v["url"]), first(v["contentUrl"])); u != "" {
			return u
		}
		if there := g.byID[first(v["@id"])]; there != nil {
			return firstOf(first(there["url"]), first(there["contentUrl"]))
		}
	case []any:
		if len(v) > 0 {
			return g.image(v[0], depth+1)
		}
	}
	return ""
}
