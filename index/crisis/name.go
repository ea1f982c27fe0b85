package crisis

import (
	"unicode"
	"unicode/utf8"
)

// A nameUse is how a text uses the topic's name.
type nameUse struct {
	institution bool   // at least once as the institution: "Mouvement X", "chez X"
	landmark    bool   // as a place or an event: "rue X", "Centre X", "Coupe X"
	person      string // the given name before it, when a person bears the name; "" otherwise
}

// useOfName looks at the words around each mark of the topic.
func useOfName(fields ...*field) (u nameUse) {
	for _, f := range fields {
		for _, n := range f.names {
			i := f.wordAt(n[0])
			if i < 0 {
				continue
			}
			switch prev := f.before(i); {
			case institutions[f.words[i].Exact] || prev >= 0 && institutions[f.words[prev].Exact]:
				u.institution = true
			case prev >= 0 && landmarks[f.words[prev].Exact], i+1 < len(f.words) && places[f.words[i+1].Exact]:
				u.landmark = true
			case prev >= 0 && f.givenName(prev):
				u.person = f.words[prev].Exact
			}
		}
	}
	return u
}

// wordAt gives the word that begins at or after byte b, -1 when there is none.
func (f *field) wordAt(b int) int {
	for i, w := range f.words {
		if w.Start >= b {
			return i
		}
	}
	return -1
}

// before gives the word before i in its sentence, with nothing but a space
// between, -1 when there is none.
func (f *field) before(i int) int {
	if i == 0 || f.of[i-1] != f.of[i] || f.words[i].Start-f.words[i-1].End > 1 {
		return -1
	}
	return i - 1
}

// givenName tells whether word i looks like a given name: a capital then
// small letters, not at the start of its sentence, where any word has one, and
// no function word, as titles in English capitalise them.
func (f *field) givenName(i int) bool {
	w := f.text[f.words[i].Start:f.words[i].End]
	first, n := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(first) || len(w) < 3 || n == len(w) || f.of[i] != f.sentenceOfPrevious(i) {
		return false
	}
	for _, r := range w[n:] {
		if unicode.IsUpper(r) {
			return false
		}
	}
	return !functionWords[f.words[i].Exact] && !f.titleCase()
}

// sentenceOfPrevious is the sentence of the word before i, -1 at the start.
func (f *field) sentenceOfPrevious(i int) int {
	if i == 0 {
		return -1
	}
	return f.of[i-1]
}

// titleCase tells whether most words of the field have a capital.
func (f *field) titleCase() bool {
	caps := 0
	for _, w := range f.words {
		if r, _ := utf8.DecodeRuneInString(f.text[w.Start:]); unicode.IsUpper(r) {
			caps++
		}
	}
	return len(f.words) >= 4 && caps*10 > len(f.words)*6
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

var (
	// institutions are words before a name, or within it, that make it the
	// institution's.
	institutions = set("mouvement", "caisse", "caisses", "groupe", "cooperative", "coop", "banque", "chez", "credit", "fondation", "assurances",
		"federation", "institution", "direction", "movement", "bank", "union", "group", "members", "membres")
	// landmarks are words before a name that make it a place, a cup, a trophy.
	landmarks = set("centre", "arena", "amphitheatre", "stade", "rue", "boulevard", "avenue", "chemin", "route", "place", "parc", "pont", "ecole",
		"polyvalente", "colisee", "patinoire", "tour", "station", "gare", "quai", "ruisseau", "lac", "mont", "coupe", "trophee", "tournoi", "defi",
		"marathon", "theatre", "auditorium", "complexe", "pavillon", "salle", "rang", "cote", "terrain", "ligue", "classique", "rond", "carrefour", "autoroute", "secteur", "quartier", "center", "festival",
		"famille", "traiteur", "scene", "feux", "angle", "galerie", "hameau", "moulin", "affaire")
	// places are words after a name that do the same in English.
	places = set("boulevard", "centre", "center", "arena", "street", "road", "avenue", "bridge", "park", "stadium", "cup", "tournament", "trophy", "hall", "square", "drive", "school")
	// functionWords are never given names, whatever their capital.
	functionWords = set("le", "la", "les", "un", "une", "des", "du", "de", "au", "aux", "par", "pour", "avec", "sans", "contre", "chez", "sur", "dans", "et", "ou",
		"que", "selon", "vers", "entre", "dont", "the", "against", "for", "from", "with", "over", "at", "by", "of", "on", "in", "to", "and", "hits", "as", "says",
		"monsieur", "boycott", "petition", "merci", "bravo", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "quebec", "canada")
)
