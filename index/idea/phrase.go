package idea

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"veilleur/index/text"
	"veilleur/internal/veille"
)

// How many ways there are to say a thing; locales/*/idea.yaml holds them, from
// 1, and a test counts them.
const (
	titles    = 8  // per kind of title, see kindOf, that quote the story
	nouns     = 6  // per kind of title, that say what it is about in the sentence
	questions = 8  // per theme
	anyAsks   = 12 // questions that suit every story, by its subject
	photos    = 4  // per theme
	anyPhotos = 24 // photos that suit every story
	signs     = 4  // photos by the subject of a story, for when all others were taken
)

// Memory is how long a sentence is not said again.
const Memory = 62 * 24 * time.Hour

// subjectLimit is the length of a subject in characters.
const subjectLimit = 70

// phrase chooses the sentences of each draft. A story's own id says where to
// begin among the ways; one already taken, this morning by an older story or
// before by an idea told, is passed over: a month of ideas repeats no sentence,
// and a newer story does not change the words of an older one. An idea told
// before keeps its words.
func phrase(drafts []draft, in Input, w *words) {
	taken := map[string]bool{}
	for _, i := range in.Told {
		for _, s := range []veille.Sentence{i.Title, i.Question, i.Photo} {
			taken[said(s)] = true
		}
	}
	for _, n := range byAge(drafts) {
		d := &drafts[n]
		if old, ok := in.Told[d.id(in)]; ok {
			d.title, d.ask, d.photo = old.Title, old.Question, old.Photo
			continue
		}
		d.say(taken, w, in.Branch.Locale)
	}
}

// say chooses the sentences of a draft: those of its theme, then those that
// suit every story by its subject, then by its headline, which no other has.
func (d *draft) say(taken map[string]bool, w *words, locale string) {
	noun, id, kind := nounFor(*d, locale), string(d.Story.Story.ID)+string(d.angle), kindOf(*d)
	args, headline := noun.args(), []any{"subject", clause(d.Story.Story.Title)}
	var inside ways
	if noun.known && (noun.indefinite || d.angle != veille.AngleTranspose) {
		inside = ways{prefix: "idea.noun." + kind + ".", n: nouns, args: args}
	}
	d.title = choose(taken, id+"t", inside, ways{prefix: "idea.title." + kind + ".", n: titles, args: args}, ways{prefix: "idea.title." + kind + ".", n: titles, args: headline})
	d.ask = choose(taken, id+"q", w.suited(*d, true), w.suited(*d, false), ways{prefix: "idea.question.any.", n: anyAsks, args: args},
		ways{prefix: "idea.question.any.", n: anyAsks, args: headline})
	d.photo = choose(taken, id+"p", ways{prefix: "idea.photo." + d.theme.name + ".", n: photos}, ways{prefix: "idea.photo.any.", n: anyPhotos},
		ways{prefix: "idea.photo.sign.", n: signs, args: args}, ways{prefix: "idea.photo.sign.", n: signs, args: headline})
}

// byAge gives the places of drafts, the oldest story first.
func byAge(drafts []draft) []int {
	order := make([]int, len(drafts))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := drafts[a].Story.Story, drafts[b].Story.Story
		return cmp.Or(x.First.Compare(y.First), cmp.Compare(x.ID, y.ID))
	})
	return order
}

// kindOf is the kind of title of an angle: what is celebrated is ours, or
// others' and applauded.
func kindOf(d draft) string {
	if d.angle == veille.AngleCelebrate && d.topic.Subject != veille.SubjectBranch {
		return "applaud"
	}
	return string(d.angle)
}

// said is what makes two sentences the same when printed.
func said(s veille.Sentence) string {
	if subject, ok := s.Args["subject"].(string); ok {
		return s.Key + "\x00" + subject
	}
	return s.Key
}

// A ways is n sentences, from 1, or those of them that are named.
type ways struct {
	prefix string
	n      int
	only   []int // nil for all
	args   []any // what they say of the subject
}

// key is the key of the k-th sentence, from 0.
func (w ways) key(k int) string {
	if w.only != nil {
		return w.prefix + strconv.Itoa(w.only[k])
	}
	return w.prefix + strconv.Itoa(k+1)
}

// suited gives the questions of a draft's theme: those made for a word of the
// story, or those that suit all stories of the theme.
func (w *words) suited(d draft, made bool) ways {
	says := folded(d.Story.Story.Title + " " + begin(d.Lead.Text, 600))
	out := ways{prefix: "idea.question." + d.theme.name + ".", only: []int{}}
	for k := 1; k <= questions; k++ {
		l, named := w.asks[d.theme.name+"."+strconv.Itoa(k)]
		if named == made && (!named || l.in(says)) {
			out.only = append(out.only, k)
		}
	}
	out.n = len(out.only)
	return out
}

// choose gives the first sentence not taken from where seed says, of the first
// ways that have one; when all are taken, the one seed says of the last. It
// takes it.
func choose(taken map[string]bool, seed string, all ...ways) (s veille.Sentence) {
	h := fnv.New32a()
	h.Write([]byte(seed))
	for _, w := range all {
		if w.n == 0 {
			continue
		}
		from := int(h.Sum32() % uint32(w.n))
		for k := range w.n {
			s = sentence(w.key((from+k)%w.n), w.args)
			if !taken[said(s)] {
				taken[said(s)] = true
				return s
			}
		}
		s = sentence(w.key(from), w.args)
	}
	return s
}

// sentence is a key with what it needs of the subject: nothing, for most.
func sentence(key string, args []any) veille.Sentence {
	if strings.HasPrefix(key, "idea.title.") || strings.HasPrefix(key, "idea.question.any.") || strings.HasPrefix(key, "idea.photo.sign.") {
		return veille.Say(key, args[:2]...)
	}
	if strings.HasPrefix(key, "idea.noun.") {
		return veille.Say(key, args...)
	}
	return veille.Say(key)
}

// nounFor is the subject of a draft: a noun with its articles, where they are
// known in the branch's language, else the headline.
func nounFor(d draft, locale string) noun {
	if subject, isNoun := subjectOf(d); isNoun && d.Story.Story.Lang == locale {
		if n := nounOf(locale, subject, d.Story.Story.Title, d.Lead.Title, begin(d.Lead.Text, 1500)); n.known {
			return n
		}
	}
	n := noun{bare: clause(d.Story.Story.Title)}
	n.quote(n.bare)
	return n
}

// subjectOf says a story in a few words: its best keyphrase of two words or
// more that stands in its title and does not begin with a name, as the title
// writes it, else the beginning of the title; isNoun tells which.
func subjectOf(d draft) (subject string, isNoun bool) {
	phrases := d.Keyphrases
	if phrases == nil {
		phrases = d.Lead.Reading.Keyphrases
	}
	for _, p := range phrases[:min(len(phrases), 5)] {
		if r, _ := utf8.DecodeRuneInString(p); unicode.IsUpper(r) {
			continue // a name says who, not what
		}
		p = written(d.Story.Story.Title, p)
		words, n := len(strings.Fields(p)), utf8.RuneCountInString(p)
		if words >= 2 && words <= 5 && n >= 8 && n <= 40 && folded(p) != folded(d.topic.Name) {
			return p, true
		}
	}
	return clause(d.Story.Story.Title), false
}

// written is a phrase as a title writes it; "" when it is not there, or ends
// inside a word with hyphens ("aréna de Sainte" of "aréna de Sainte-Élodie").
func written(title, phrase string) string {
	want, words := text.Tokens("", phrase), text.Tokens("", title)
	for i := 0; len(want) > 0 && i+len(want) <= len(words); i++ {
		same := true
		for k := range want {
			same = same && words[i+k].Exact == want[k].Exact
		}
		if !same {
			continue
		}
		from, to := words[i].Start, words[i+len(want)-1].End
		if from > 0 && title[from-1] == '-' || to < len(title) && title[to] == '-' {
			return ""
		}
		return title[from:to]
	}
	return ""
}

// clause is a title on one line, cut at its first clause or at a word when it
// is long, and without quotation marks, which ours would double.
func clause(title string) string {
	title = strings.Join(strings.FieldsFunc(title, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("«»“”\"\u2028\u2029", r)
	}), " ")
	if utf8.RuneCountInString(title) <= subjectLimit {
		return title
	}
	for _, end := range []string{" : ", ": ", " | ", " – ", " — ", "? ", "; "} {
		if head, _, ok := strings.Cut(title, end); ok && utf8.RuneCountInString(head) >= 15 && utf8.RuneCountInString(head) <= subjectLimit {
			return strings.TrimSpace(head)
		}
	}
	cut := string([]rune(title)[:subjectLimit])
	if at := strings.LastIndexByte(cut, ' '); at > subjectLimit/2 {
		cut = cut[:at]
	}
	for at := strings.LastIndexByte(cut, ' '); at > subjectLimit/2 && leads(cut[at+1:]); at = strings.LastIndexByte(cut, ' ') {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}

// leads tells whether a word only leads to the next: a text is not cut after it.
func leads(word string) bool {
	const all = " a à au aux avec ce ces dans de des du en et la le les leur mais ou par pour qui que sa sans ses son sur un une and as at by for from in its of on or the to with "
	return strings.Contains(all, " "+strings.ToLower(word)+" ")
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
