package tone

import (
	"math"
	"strings"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// Toward gives the tone toward what is marked in passages, each a sentence or
// less: that of the clauses the marks stand in or, when these have no word of
// tone, of the sentences. It is zero when no sentence has one either: the tone
// of the whole text is then all there is to tell. The passage given is the one
// that weighs most, the words of tone in it marked.
//
// Clauses are cut at what turns a sentence ("mais", "tandis que", "but",
// a semicolon), never at a comma, behind which what is said of a name often
// stands. Source: the clause as the reach of an opinion is from Ding, Liu and
// Yu, A holistic lexicon-based approach to opinion mining, WSDM 2008, who let
// "but" turn it.
func Toward(lang string, passages []veille.Passage) veille.Toward {
	if t := toward(lang, passages, clauseOf, veille.ToneClause); t.From != "" {
		return t
	}
	return toward(lang, passages, func(p veille.Passage) veille.Passage { return p }, veille.ToneSentence)
}

// toward reads the part of each passage that of gives; the mean of those with
// a word of tone counts.
func toward(lang string, passages []veille.Passage, of func(veille.Passage) veille.Passage, from string) (out veille.Toward) {
	sum, n, most := 0.0, 0, -1.0
	for _, p := range passages {
		if len(p.Marks) == 0 {
			continue
		}
		whole := p.Text
		p = of(p)
		tone, words := Score(lang, "", p.Text)
		if len(words) == 0 {
			continue
		}
		sum += tone
		n++
		if math.Abs(tone) > most {
			most = math.Abs(tone)
			out.From, out.Words, out.Passage = from, words, marked(p, words)
			if len(p.Text) == len(strings.TrimSpace(whole)) {
				out.From = veille.ToneSentence
			}
		}
	}
	if n > 0 {
		out.Tone = round(sum / float64(n))
	}
	return out
}

// clauseOf keeps of a passage the clauses its marks stand in, from the first
// to the last.
func clauseOf(p veille.Passage) veille.Passage {
	first, last := p.Marks[0][0], p.Marks[len(p.Marks)-1][1]
	from, to := 0, len(p.Text)
	for _, cut := range turns(p.Text) {
		if cut[1] <= first {
			from = cut[1]
		}
		if cut[0] >= last && cut[0] < to {
			to = cut[0]
		}
	}
	return veille.Passage{Field: p.Field, Text: strings.TrimSpace(p.Text[from:to])}
}

// turns gives where a sentence turns: the stops and the words between clauses.
func turns(s string) (out [][2]int) {
	for i, r := range s {
		switch r {
		case ';', '—', '–':
			out = append(out, [2]int{i, i + len(string(r))})
		}
	}
	for _, t := range text.Tokens("", s) {
		switch t.Exact {
		case "mais", "cependant", "pourtant", "toutefois", "tandis", "alors", "but", "while", "whereas", "although", "however", "though":
			out = append(out, [2]int{t.Start, t.Start})
		}
	}
	return out
}

// marked marks the words of tone in a passage.
func marked(p veille.Passage, words []veille.ToneWord) veille.Passage {
	out := veille.Passage{Field: p.Field, Text: p.Text}
	for at := 0; at < len(p.Text); {
		next, n := -1, 0
		for _, w := range words {
			if i := strings.Index(p.Text[at:], w.Word); i >= 0 && w.Word != "" && (next < 0 || at+i < next || at+i == next && len(w.Word) > n) {
				next, n = at+i, len(w.Word)
			}
		}
		if next < 0 {
			break
		}
		out.Marks = append(out.Marks, [2]int{next, next + n})
		at = next + n
	}
	return out
}
