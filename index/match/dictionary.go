package match

import (
	"sync/atomic"

	"veilleur/index/query"
)

// A term is one word, or beginning of a word, that some topic asks for.
type term struct {
	id     int32
	key    string
	prefix bool
	refs   int          // how often topics name it
	topics []filed      // under it
	seen   atomic.Int64 // entries it stood in
	prior  float64      // how often it is thought to stand in an entry before any was read
}

// filed is a topic under a term: its slot, the id of another term that must be
// there too, or of the same, and how many words after; 0 means anywhere.
type filed struct{ slot, also, step int32 }

// A dictionary holds the terms of all topics in one language.
type dictionary struct {
	lang     string
	words    map[string]*term // by stem
	prefixes map[string]*term // by folded beginning
	lengths  []int            // lengths[n] is how many prefixes have n bytes
	byID     []*term          // nil where one was released
	free     []int32
}

func newDictionary(lang string) *dictionary {
	return &dictionary{lang: lang, words: map[string]*term{}, prefixes: map[string]*term{}}
}

// term gives the term of a key, making it when new, and counts the use.
func (d *dictionary) term(key string, prefix bool) *term {
	in := d.words
	if prefix {
		in = d.prefixes
	}
	t := in[key]
	if t == nil {
		t = &term{key: key, prefix: prefix, prior: prior(key)}
		in[key] = t
		if n := len(d.free); n > 0 {
			t.id, d.free = d.free[n-1], d.free[:n-1]
			d.byID[t.id] = t
		} else {
			t.id = int32(len(d.byID))
			d.byID = append(d.byID, t)
		}
		if prefix {
			for len(d.lengths) <= len(key) {
				d.lengths = append(d.lengths, 0)
			}
			d.lengths[len(key)]++
		}
	}
	t.refs++
	return t
}

// drop undoes one use of a term.
func (d *dictionary) drop(t *term) {
	if t.refs--; t.refs > 0 {
		return
	}
	d.byID[t.id] = nil
	d.free = append(d.free, t.id)
	if t.prefix {
		d.lengths[len(t.key)]--
		delete(d.prefixes, t.key)
		return
	}
	delete(d.words, t.key)
}

// release drops the terms of a compiled query.
func (d *dictionary) release(n node) {
	switch n := n.(type) {
	case all:
		for _, c := range n {
			d.release(c)
		}
	case some:
		for _, c := range n {
			d.release(c)
		}
	case none:
		d.release(n.of)
	case words:
		for _, t := range n.terms {
			d.drop(t)
		}
	}
}

// compile makes of a query what reads an entry fast.
func (d *dictionary) compile(n query.Node) node {
	switch n := n.(type) {
	case query.And:
		return all(d.compileAll(n))
	case query.Or:
		return some(d.compileAll(n))
	case query.Not:
		return none{d.compile(n.Of)}
	case query.Text:
		if n.In == query.Author {
			return leaf{n}
		}
		w := words{text: n}
		stems := n.Stems(d.lang)
		for i, s := range stems {
			w.terms = append(w.terms, d.term(s, n.Prefix && i == len(stems)-1))
		}
		return w
	}
	return leaf{n}
}

func (d *dictionary) compileAll(list []query.Node) []node {
	out := make([]node, len(list))
	for i, n := range list {
		out[i] = d.compile(n)
	}
	return out
}
