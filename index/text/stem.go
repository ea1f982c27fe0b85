package text

import "strings"

// Stem gives the stem of a folded word in a language: "fr", "en", or anything
// else for the smallest plural rule alone. Plurals meet their singular, French
// feminines of the regular kinds their masculine; verbs and derived words stay
// apart: ferme, fermer and fermeture have three stems.
func Stem(lang, exact string) string {
	n, y := stem(lang, exact)
	if y {
		return exact[:n] + "y"
	}
	return exact[:n]
}

// Root gives letters that every word with this stem begins with.
func Root(stem string) string { return strings.TrimSuffix(stem, "y") }

// stem gives how many bytes of the folded word make its stem, and whether a y
// follows them.
func stem(lang, w string) (n int, y bool) {
	if len(w) < 4 || ascii[w[0]]&digitByte != 0 {
		return len(w), false
	}
	switch lang {
	case "fr":
		return stemFrench(w), false
	case "en":
		return stemEnglish(w)
	}
	if n = len(w); w[n-1] == 's' && w[n-2] != 's' && w[n-2] != '\'' {
		n--
	}
	return n, false
}

func stemFrench(w string) int {
	n := len(w)
	switch w[n-1] {
	case 'x':
		return stemFrenchX(w)
	case 's':
		if w[n-2] == 's' || w[n-2] == '\'' || invariableFrench(w) {
			return n
		}
		n--
	}
	return feminineFrench(w[:n])
}

// stemFrenchX undoes the plurals in -x: bureaux, locaux, feux, and meets the
// masculine in -eux with its feminine in -euse.
func stemFrenchX(w string) int {
	n := len(w)
	switch {
	case invariableFrench(w):
		return n
	case strings.HasSuffix(w, "eaux"):
		return n - 1
	case strings.HasSuffix(w, "aux"):
		if n >= 6 {
			return n - 2 // locaux, local: loca
		}
	case strings.HasSuffix(w, "eux"), strings.HasSuffix(w, "oux"):
		return n - 1
	}
	return n
}

// feminineFrench brings the feminine and the masculine of the regular kinds,
// both in the singular, to the letters they share.
func feminineFrench(w string) int {
	n := len(w)
	if n < 5 {
		return n
	}
	switch w[n-1] {
	case 'l':
		if w[n-2] == 'a' {
			return n - 1 // local, locale, locaux: loca
		}
		if n >= 6 && w[n-3:] == "ail" {
			return n - 2 // travail, travaux: trava
		}
	case 'u':
		if w[n-3:] == "yau" {
			return n - 1 // noyau, noyaux: noya
		}
	case 'f':
		if w[n-2] == 'i' {
			return n - 1 // actif, active: acti
		}
	case 'e':
		if n >= 6 && !feminineName(w) {
			return n - feminineEnding(w)
		}
	}
	return n
}

// feminineEnding gives how many letters of a word in -e, six letters or more,
// the feminine adds to the stem.
func feminineEnding(w string) int {
	n := len(w)
	three, four := w[n-3:], w[n-4:]
	switch {
	case w[n-2] == 'e': // fermée
		return 1
	case three == "ale", three == "ive", four == "euse":
		return 2
	case four == "iere": // première
		return 1
	case n < 7:
		return 0
	case four == "ante", four == "ente", three == "ate": // cliente, avocate
		return 1
	case four == "aise", four == "oise": // québécoise
		return 2
	case four == "enne" && w[n-5] == 'i': // canadienne
		return 2
	case four == "elle" && officialEnding(w[:n-4]): // annuelle
		return 2
	}
	return 0
}

// officialEnding tells the letters before -elle that make an adjective, and
// not a given name: annuelle, personnelle, officielle, potentielle, culturelle.
func officialEnding(w string) bool {
	switch w[len(w)-1] {
	case 'u', 'r':
		return true
	case 'n':
		return w[len(w)-2] == 'n'
	case 'i':
		return w[len(w)-2] == 'c' || w[len(w)-2] == 't'
	}
	return false
}

// feminineName tells the words that look feminine and whose masculine would be
// another person or another word.
func feminineName(w string) bool {
	switch w {
	case "andree", "pascale", "chantale", "francoise", "emmanuelle", "samuelle",
		"fabienne", "lucienne", "adrienne", "julienne", "vivienne",
		"entree", "rentree", "carriere":
		return true
	}
	return false
}

// invariableFrench tells common words whose last letter is no plural.
//
//nolint:misspell // French
func invariableFrench(w string) bool {
	switch w {
	case "temps", "pays", "fois", "avis", "mais", "dans", "sans", "plus", "tres", "vers", "apres", "jamais",
		"acces", "proces", "succes", "congres", "progres", "corps", "cours", "mois", "bois", "trois", "bras",
		"repas", "colis", "permis", "devis", "puis", "depuis", "alors", "moins", "discours", "concours",
		"secours", "parcours", "recours", "univers", "travers", "souris", "frais", "toujours", "dehors",
		"hors", "ailleurs", "plusieurs", "paris", "levis", "denis", "louis", "francis", "mars", "fils",
		"sens", "gens", "ours", "lors", "sous", "gris", "tapis", "compris":
		return true
	case "prix", "choix", "voix", "croix", "noix", "paix", "taux", "faux", "deux", "doux", "roux", "toux",
		"houx", "epoux", "jaloux":
		return true
	}
	return false
}

func stemEnglish(w string) (n int, y bool) {
	n = len(w)
	if w[n-1] != 's' {
		if n >= 5 && (w[n-3:] == "che" || w[n-3:] == "she") {
			return n - 1, false // headache, headaches
		}
		return n, false
	}
	switch w[n-2] {
	case 's', 'u', 'i', '\'':
		return n, false
	case 'e':
		return pluralES(w)
	}
	return n - 1, false
}

// pluralES undoes an English plural in -es.
func pluralES(w string) (n int, y bool) {
	n = len(w)
	switch three := w[n-3:]; {
	case three == "ies" && n >= 5 && !singularIE(w):
		return n - 3, true // companies, company
	case three == "xes", three == "oes" && n >= 6:
		return n - 2, false
	case n >= 5 && (w[n-4:] == "ches" || w[n-4:] == "shes" || w[n-4:] == "sses"):
		return n - 2, false
	}
	return n - 1, false
}

func singularIE(w string) bool {
	switch w {
	case "movies", "cookies", "series", "species", "calories", "zombies", "selfies", "brownies", "rookies",
		"hippies", "birdies", "indies", "hoodies", "newbies":
		return true
	}
	return false
}
