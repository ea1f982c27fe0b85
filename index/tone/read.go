package tone

import (
	"math"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// A reader reads one field.
type reader struct {
	l    lexicon
	s    string
	toks []text.Token
}

// read finds the words of tone, each with the weight its neighbours leave it.
// rest, when there is one, is called for each word the lexicon does not know.
func (r *reader) read(rest func(i int)) []veille.ToneWord {
	var out []veille.ToneWord
	for i := 0; i < len(r.toks); {
		p, n := r.l.longest(r.toks[i:])
		if n == 0 {
			if rest != nil {
				rest(i)
			}
			i++
			continue
		}
		if w := r.meant(i, p.weight); math.Abs(w) >= .05 {
			out = append(out, veille.ToneWord{Word: r.s[r.toks[i].Start:r.toks[i+n-1].End], Weight: math.Round(w*100) / 100})
		}
		i += n
	}
	return out
}

const (
	// reach is how many words before a word can turn it.
	reach = 3
	// fought is how many words before a grave word tell that it is fought.
	fought = 5
	// turned is what is left, on the other side, of a word denied: "pas bon"
	// is bad, but less than "mauvais".
	turned = -.6
)

// meant is the weight of the word at i after what stands before it.
func (r *reader) meant(i int, w float64) float64 {
	if w == 0 {
		return 0
	}
	for back := 1; back <= fought && r.sameClause(i-back, i); back++ {
		t := r.toks[i-back].Exact
		if w < 0 && fights(t) {
			return 0
		}
		if back > reach {
			continue
		}
		if f, ok := degrees[t]; ok && back == 1 {
			w = max(-1, min(1, w*f))
			continue
		}
		if r.denies(i-back, back) {
			return w * turned
		}
	}
	return w
}

// sameClause tells whether word j stands before i with no stop between.
func (r *reader) sameClause(j, i int) bool {
	if j < 0 {
		return false
	}
	return !strings.ContainsAny(r.s[r.toks[j].End:r.toks[i].Start], ".!?;:\n")
}

// denies tells whether word j denies what follows it. "plus" and "guère" need
// their "ne"; "pas", "jamais" and "aucun" do without, as people do.
func (r *reader) denies(j, back int) bool {
	switch r.toks[j].Exact {
	case "pas", "jamais", "aucun", "aucune", "nullement", "not", "never", "cannot", "can't", "don't", "doesn't", "didn't", "isn't", "wasn't",
		"aren't", "won't", "wouldn't", "couldn't", "shouldn't", "hasn't", "haven't", "dont", "cant", "wont", "doesnt", "didnt", "isnt", "ain't", "hardly", "without":
		return true
	case "sans", "ni", "no", "nor":
		return back <= 2
	case "plus", "guere":
		return r.hasNe(j)
	}
	return false
}

// hasNe tells whether a "ne" or "n’" stands in the three words before j.
func (r *reader) hasNe(j int) bool {
	for k := j - 1; k >= max(0, j-3); k-- {
		if r.toks[k].Exact == "ne" {
			return true
		}
		head := r.s[:r.toks[k].Start]
		if strings.HasSuffix(head, "n’") || strings.HasSuffix(head, "n'") {
			return true
		}
	}
	return false
}

// fights tells the words after which a grave word is what one fights.
func fights(w string) bool {
	switch w {
	case "lutte", "lutter", "luttent", "prevenir", "prevention", "eviter", "evitez", "contrer", "dejouer", "vaincre", "vaincu", "vaincue",
		"surmonter", "surmonte", "gueri", "guerie", "combat", "proteger", "protection", "reduire", "reduit", "reduction", "eliminer", "solution",
		"solutions", "antidote", "prevent", "preventing", "prevents", "fight", "fighting", "fights", "avoid", "avoiding", "reduce", "reduces", "reducing",
		"overcome", "overcame", "combating", "end", "ending", "stop", "stopping", "beat", "tackle", "anti":
		return true
	}
	return strings.HasPrefix(w, "combatt") || strings.HasPrefix(w, "sensibilis")
}

// degrees are words that make the next one weigh more or less.
var degrees = map[string]float64{
	"tres": 1.4, "trop": 1.2, "tellement": 1.4, "vraiment": 1.3, "extremement": 1.6, "particulierement": 1.3, "totalement": 1.4, "completement": 1.4,
	"si": 1.2, "ben": 1.2, "super": 1.3, "hyper": 1.4, "fort": 1.3, "gravement": 1.5, "plutot": .8, "assez": .9, "peu": -.5, "legerement": .6, "moins": -.5,
	"very": 1.4, "so": 1.3, "really": 1.3, "extremely": 1.6, "too": 1.2, "totally": 1.4, "completely": 1.4, "absolutely": 1.5, "such": 1.2, "most": 1.3,
	"more": 1.1, "pretty": 1.1, "quite": 1.1, "somewhat": .7, "slightly": .6, "less": -.5, "barely": -.4, "little": .7,
}
