package query

import (
	"strings"
	"time"

	"veilleur/internal/veille"
)

// A Line is one line of an explanation, Depth steps to the right.
type Line struct {
	Depth int             `json:"depth"`
	Says  veille.Sentence `json:"says"`
}

// Explain says in plain words what q finds: an entry must agree with each line
// of depth 0; a line that ends with a colon speaks for the deeper ones below.
func Explain(q Query) []Line {
	if q.Root == nil {
		return []Line{{Says: veille.Say("query.says.all")}}
	}
	e := explainer{}
	if a, ok := q.Root.(And); ok {
		e.list(a, 0)
	} else {
		e.node(q.Root, 0, "")
	}
	return e.lines
}

type explainer struct{ lines []Line }

func (e *explainer) say(depth int, key string, kv ...any) {
	e.lines = append(e.lines, Line{Depth: depth, Says: veille.Say(key, kv...)})
}

func (e *explainer) list(nodes []Node, depth int) {
	for _, n := range nodes {
		e.node(n, depth, "")
	}
}

// node explains one node; no is ".not" under a Not.
func (e *explainer) node(n Node, depth int, no string) {
	switch n := n.(type) {
	case And:
		e.say(depth, "query.says.all_of"+no)
		e.list(n, depth+1)
	case Or:
		if words, ok := plainWords(n); ok {
			e.say(depth, "query.says.any"+no, "words", words)
			return
		}
		e.say(depth, "query.says.any_of"+no)
		e.list(n, depth+1)
	case Not:
		e.node(n.Of, depth, ".not")
	case Text:
		e.text(n, depth, no)
	default:
		e.filter(n, depth, no)
	}
}

// plainWords gives the words of an Or of nothing but words and phrases.
func plainWords(n Or) (string, bool) {
	out := make([]string, len(n))
	for i, c := range n {
		t, ok := c.(Text)
		if !ok || t.In != Anywhere || t.Near > 0 {
			return "", false
		}
		out[i] = phrase(t.Text, len(t.Words), t.Prefix)
	}
	return strings.Join(out, ", "), true
}

func (e *explainer) text(t Text, depth int, no string) {
	key := "query.says.word"
	switch {
	case t.In == Title:
		key = "query.says.title"
	case t.In == Author:
		key = "query.says.author"
	case t.Near > 0:
		e.say(depth, "query.says.near"+no, "text", t.Text, "words", t.Near)
		return
	case t.Prefix:
		key = "query.says.prefix"
	case len(t.Words) > 1:
		key = "query.says.phrase"
	}
	written := t.Text
	if t.Prefix && t.In != Anywhere {
		written += "*"
	}
	e.say(depth, key+no, "text", written)
}

func (e *explainer) filter(n Node, depth int, no string) {
	switch n := n.(type) {
	case Source:
		e.say(depth, "query.says.source"+no, "text", n.Text)
	case Lang:
		lang := n.Lang
		if lang == "" {
			lang = "other"
		}
		e.say(depth, "query.says.lang."+lang+no)
	case Tier:
		if n.Min == n.Max {
			e.say(depth, "query.says.tier"+no, "tier", int(n.Min))
			return
		}
		e.say(depth, "query.says.tiers"+no, "min", int(n.Min), "max", int(n.Max))
	case After:
		e.say(depth, "query.says.after"+no, "day_date", n.Day.Start(nil).Format(time.RFC3339))
	case Before:
		e.say(depth, "query.says.before"+no, "day_date", n.Day.Start(nil).Format(time.RFC3339))
	}
}
