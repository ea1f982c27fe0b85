package engine

import (
	"slices"
	"strings"

	"veilleur/index/query"
	"veilleur/index/relevance"
	"veilleur/index/text"
	"veilleur/internal/veille"
)

// movementHeads are the words before the name a movement goes by:
// "Mouvement Desrivières" is mostly written "Desrivières".
func movementHeads() []string {
	return []string{"Mouvement des ", "Mouvement ", "Fédération ", "Groupe ", "Movement "}
}

// shortName is the name a movement goes by; false when it has only one.
func shortName(name string) (string, bool) {
	for _, word := range movementHeads() {
		if rest, ok := strings.CutPrefix(name, word); ok && rest != "" {
			return rest, true
		}
	}
	return "", false
}

// An asked is a topic whose query names things.
type asked struct {
	topic veille.Topic
	query query.Query
}

// namesOf gives the names of a movement and its branches, as they were answered
// at the first visit and as their topics ask for them. The root is a movement
// when branches stand under it or its name says so.
func namesOf(root veille.Branch, under []veille.Branch, topics []asked) relevance.Names {
	var n relevance.Names
	short, isMovement := shortName(root.Name)
	if isMovement = isMovement || len(under) > 0; isMovement {
		n.Movement = append(n.Movement, root.Name)
		if short != "" {
			n.Movement = append(n.Movement, short)
		}
	} else {
		n.Branches = append(n.Branches, root.Name)
	}
	for _, b := range under {
		n.Branches = append(n.Branches, b.Name)
	}
	heads := map[string]bool{}
	for _, name := range n.Branches {
		if w := text.Tokens("", name); len(w) > 1 {
			heads[w[0].Exact], heads[w[0].Exact+"s"] = true, true
		}
	}
	for _, t := range topics {
		switch t.topic.Subject {
		case veille.SubjectMovement:
			n.Movement = append(n.Movement, alone(t.query.Root)...)
		case veille.SubjectBranch:
			n.Branches = append(n.Branches, slices.DeleteFunc(alone(t.query.Root), func(s string) bool { return !strings.Contains(s, " ") })...)
			n.Branches = append(n.Branches, placed(t.query.Root, heads)...)
		}
	}
	slices.Sort(n.Movement)
	slices.Sort(n.Branches)
	n.Movement, n.Branches = slices.Compact(n.Movement), slices.Compact(n.Branches)
	return n
}

// alone gives the words of which each finds a topic by itself.
func alone(n query.Node) []string {
	switch n := n.(type) {
	case query.Text:
		if n.Prefix || n.Near > 0 {
			return nil
		}
		return []string{n.Text}
	case query.Or:
		var out []string
		for _, c := range n {
			out = append(out, alone(c)...)
		}
		return out
	case query.And:
		var asks []query.Node
		for _, c := range n {
			if query.Positive(query.Query{Root: c}) {
				asks = append(asks, c)
			}
		}
		if len(asks) == 1 {
			return alone(asks[0])
		}
	}
	return nil
}

// placed gives the names of branches that a query makes of their common word
// and a place it asks for beside it: caisse ET "Saint-Rémi".
func placed(n query.Node, heads map[string]bool) []string {
	var out []string
	switch n := n.(type) {
	case query.Or:
		for _, c := range n {
			out = append(out, placed(c, heads)...)
		}
	case query.And:
		head := ""
		var places []string
		for _, c := range n {
			words := alone(c)
			if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !heads[text.Fold(w)] }) {
				head = words[0]
				continue
			}
			places = append(places, words...)
		}
		if head != "" {
			for _, p := range places {
				out = append(out, head+" de "+p)
			}
		}
	}
	return out
}

// namesOne tells whether a query asks for the movement or a branch by name.
func namesOne(g *relevance.Guard, q query.Query) (is bool) {
	query.Each(q, func(leaf query.Node, negated bool) {
		t, ok := leaf.(query.Text)
		is = is || ok && !negated && (g.Bare(t.Text) || len(t.Words) > 1 && g.Own(t.Text))
	})
	return is
}
