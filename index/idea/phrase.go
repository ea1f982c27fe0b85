package idea

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"veilleur/internal/veille"
)

// How many ways there are to say a thing; locales/*/idea.yaml holds them, from
// 1, and a test counts them.
const (
	titles    = 8 // per angle
	questions = 8 // per theme
	anyAsks   = 6 // questions that suit every story, by its subject
	photos    = 4 // per theme
)

// subjectLimit is the length of a subject in characters.
const subjectLimit = 60

// phrase chooses the sentences of each draft. A story's own id says where to
// begin among the ways; one already taken by an older story is passed over, so
// that the ideas of a morning do not repeat themselves, and a newer story does
// not change the words of an older one.
func phrase(drafts []draft) {
	order := make([]int, len(drafts))
	for n := range order {
		order[n] = n
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := drafts[a].Story.Story, drafts[b].Story.Story
		return cmp.Or(x.First.Compare(y.First), cmp.Compare(x.ID, y.ID))
	})
	taken := map[string]bool{}
	for _, n := range order {
		d := &drafts[n]
		subject, id := subjectOf(*d), string(d.Story.Story.ID)
		title := choose(taken, "idea.title."+string(d.angle)+".", titles, id+"t")
		ask := choose(taken, "idea.question."+d.theme.name+".", questions, id+"q")
		if taken[ask] { // all of the theme's are out today
			ask = choose(taken, "idea.question.any.", anyAsks, id+"q")
		}
		photo := choose(taken, "idea.photo."+d.theme.name+".", photos, id+"p")
		taken[title], taken[ask], taken[photo] = true, true, true
		d.title = veille.Say(title, "subject", subject)
		d.ask = veille.Say(ask, "subject", subject)
		d.photo = veille.Say(photo)
	}
}

// choose gives one of n keys, the first not taken from where seed says; the
// one seed says when all are.
func choose(taken map[string]bool, prefix string, n int, seed string) string {
	h := fnv.New32a()
	h.Write([]byte(seed))
	from := int(h.Sum32() % uint32(n))
	for k := range n {
		if key := prefix + strconv.Itoa((from+k)%n+1); !taken[key] {
			return key
		}
	}
	return prefix + strconv.Itoa(from+1)
}

// subjectOf says a story in a few words: its best keyphrase of two words or
// more that stands in its title and is no name, else the beginning of the
// title.
func subjectOf(d draft) string {
	phrases := d.Keyphrases
	if phrases == nil {
		phrases = d.Lead.Reading.Keyphrases
	}
	title := folded(d.Story.Story.Title)
	for _, p := range phrases[:min(len(phrases), 5)] {
		if r, _ := utf8.DecodeRuneInString(p); unicode.IsUpper(r) {
			continue // a name says who, not what
		}
		words := strings.Count(strings.TrimSpace(p), " ") + 1
		n := utf8.RuneCountInString(p)
		isTopic := folded(p) == folded(d.topic.Name)
		if words >= 2 && words <= 5 && n >= 8 && n <= 40 && !isTopic && strings.Contains(title, strings.TrimRight(folded(p), " ")) {
			return capital(strings.TrimSpace(p))
		}
	}
	return clause(d.Story.Story.Title)
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
	return strings.TrimRight(cut, " ,;:") + "…"
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
