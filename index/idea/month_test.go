package idea

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// A told is what was suggested over some time, in order.
type told struct {
	Input
	all []veille.Idea
}

// hear suggests at now and keeps the n best new ideas as told; Told keeps all.
func (m *told) hear(t *testing.T, now time.Time, n int) {
	t.Helper()
	for _, i := range Rank(m.Input, now) {
		if old, ok := m.Told[i.ID]; ok {
			if said(old.Title) != said(i.Title) || said(old.Question) != said(i.Question) || said(old.Photo) != said(i.Photo) {
				t.Errorf("the words of an idea changed: %v, then %v", old.Title, i.Title)
			}
			continue
		}
		m.Told[i.ID] = i
		if n > 0 {
			m.all, n = append(m.all, i), n-1
		}
	}
}

// repeats fails the test for each sentence said twice, in either language.
func (m *told) repeats(t *testing.T) {
	t.Helper()
	for _, locale := range i18n.Locales() {
		p, seen := i18n.For(locale), map[string]bool{}
		for _, i := range m.all {
			for _, s := range []veille.Sentence{i.Title, i.Question, i.Photo} {
				said := p.Say(s)
				if seen[said] {
					t.Errorf("%s: said twice: %s", locale, said)
				}
				seen[said] = true
			}
		}
	}
}

// subjects are news of every theme, to be told of towns.
func subjects() []string {
	return []string{"un jardin communautaire", "des bourses aux étudiants", "un festival de musique", "un marché public", "une piste cyclable", "un verger école",
		"une cuisine collective", "une murale au musée", "une collecte de sang", "un atelier pour les entrepreneurs", "un programme d’embauche", "l’aide au logement", "l’épargne des jeunes", "le frigo communautaire"}
}

func TestAMonthOfIdeasRepeatsNoSentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days, every, best, want int
		one                     bool
	}{
		"three a day for 31 days":                        {31, 1, 3, 93, false},
		"ten a week for 8 weeks":                         {56, 7, 10, 80, false},
		"three a day for 31 days, all on one same theme": {31, 1, 3, 93, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &told{Input: from()}
			m.Told = map[veille.IdeaID]veille.Idea{}
			n := 0
			for day := 0; day < c.days; day += c.every {
				now := now.AddDate(0, 0, day)
				m.Stories = nil
				for range c.best + 1 {
					what := subjects()[n%len(subjects())]
					if c.one {
						what = subjects()[0]
					}
					s := about("movement", fmt.Sprintf("La caisse de Valmont-%d appuie %s", n, what), "", toned(0.5), voices(4), phrases(strings.TrimPrefix(strings.TrimPrefix(what, "un "), "des ")))
					s.Story.First, s.Story.Last = now.Add(-3*time.Hour), now.Add(-time.Hour)
					m.Stories = append(m.Stories, s)
					n++
				}
				m.hear(t, now, c.best)
				m.hear(t, now.Add(10*time.Minute), 0)
			}
			if len(m.all) < c.want {
				t.Errorf("%d ideas, want %d", len(m.all), c.want)
			}
			m.repeats(t)
		})
	}
}

// TestASentenceIsWellFormed prints every sentence around subjects of every
// shape and looks for what no French or English sentence has.
func TestASentenceIsWellFormed(t *testing.T) {
	t.Parallel()
	wrong := map[string]*regexp.Regexp{
		"fr": regexp.MustCompile(`(?i:\b(?:de|le|la|que) (?:école|autobus|érablière)|\b(?:de le|de les|à le|à les)\b)|'|[^\x{00a0}]:|[^\x{00a0}]»|«[^\x{00a0}]| [?!;]|\?\?|  |\{|^[a-zà-ü]`),
		"en": regexp.MustCompile(`\ba [aeio]|\ban [^aeio“]|'| \?|\?\?|  |\{|^[a-z]`),
	}
	shapes := []noun{
		nounOf("fr", "frigo communautaire", "Un frigo communautaire ouvre"), nounOf("fr", "école du village", "Une école du village rouvre"), nounOf("fr", "autobus électriques", "Des autobus électriques"),
		nounOf("fr", "érablière d’ici", "La vie de l’érablière d’ici", "cette érablière d’ici"), nounOf("fr", "hausse des dons", "Une hausse des dons"), nounOf("fr", "fonds vert", "Rien"),
		nounOf("en", "community fridge", "A community fridge opens"), nounOf("en", "apple season", "The apple season is here"), nounOf("en", "night market", "Nothing"),
	}
	n := 0
	for _, locale := range i18n.Locales() {
		p := i18n.For(locale)
		for _, kind := range append(kinds(), "applaud") {
			for k := range nouns {
				for _, s := range shapes {
					n++
					if said := p.Say(veille.Say(fmt.Sprintf("idea.noun.%s.%d", kind, k+1), s.args()...)); wrong[locale].MatchString(said) {
						t.Errorf("%s: %q holds %q", locale, said, wrong[locale].FindString(said))
					}
				}
			}
		}
		for _, o := range occasions() {
			for _, part := range []string{"", ".question", ".photo"} {
				n++
				if said := p.T("idea.occasion." + o.name + part); strings.HasPrefix(said, "idea.") || wrong[locale].MatchString(said) {
					t.Errorf("%s: %q", locale, said)
				}
			}
		}
	}
	if n < 800 {
		t.Errorf("only %d sentences", n)
	}
}

func kinds() (out []string) {
	for _, a := range angles() {
		out = append(out, string(a))
	}
	return out
}

func TestANounTakesTheArticlesItsWriterGave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lang, phrase, text string
		un, le, du         string // in French; a, the in English
	}{
		"masculine":                   {"fr", "frigo communautaire", "Un frigo communautaire à Valmont", "un frigo communautaire", "le frigo communautaire", "du frigo communautaire"},
		"feminine":                    {"fr", "cuisine collective", "La cuisine collective grandit", "une cuisine collective", "la cuisine collective", "de la cuisine collective"},
		"a vowel elides":              {"fr", "école du village", "Une école du village rouvre", "une école du village", "l’école du village", "de l’école du village"},
		"a mute h elides":             {"fr", "hôtel de glace", "Un hôtel de glace", "un hôtel de glace", "l’hôtel de glace", "de l’hôtel de glace"},
		"an aspirate h does not":      {"fr", "hausse des dons", "Une hausse des dons", "une hausse des dons", "la hausse des dons", "de la hausse des dons"},
		"plural":                      {"fr", "bourses d’études", "Des bourses d’études remises", "des bourses d’études", "les bourses d’études", "des bourses d’études"},
		"au tells a masculine":        {"fr", "marché public", "Foule au marché public", "un marché public", "le marché public", "du marché public"},
		"son before a consonant":      {"fr", "taux directeur", "La Banque maintient son taux directeur", "un taux directeur", "le taux directeur", "du taux directeur"},
		"son before a vowel is mute":  {"fr", "école primaire", "Valmont sauve son école primaire", "« École primaire »", "« École primaire »", "de « École primaire »"},
		"l’ does not tell":            {"fr", "école primaire", "Ils sauvent l’école primaire", "« École primaire »", "« École primaire »", "de « École primaire »"},
		"no article is a quotation":   {"fr", "fonds vert", "Fonds vert : c’est parti", "« Fonds vert »", "« Fonds vert »", "de « Fonds vert »"},
		"English, a":                  {"en", "community fridge", "A community fridge opens", "a community fridge", "the community fridge", ""},
		"English, an before a vowel":  {"en", "apple season", "The apple season is here", "an apple season", "the apple season", ""},
		"English, nothing":            {"en", "night market", "Night market opens", "“Night market”", "“Night market”", ""},
		"French is quoted in English": {"fr", "frigo communautaire", "Un frigo communautaire", "un frigo communautaire", "le frigo communautaire", "du frigo communautaire"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := nounOf(c.lang, c.phrase, c.text)
			got := []string{n.fr[frUn], n.fr[frLe], n.fr[frDu]}
			want := []string{c.un, c.le, c.du}
			if c.lang == "en" {
				got, want = n.en[:], want[:2]
			}
			for i := range want {
				if got[i] != strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»").Replace(want[i]) {
					t.Errorf("%q, want %q", got[i], want[i])
				}
			}
			if c.lang == "fr" && !strings.HasPrefix(n.en[enA], "“") {
				t.Errorf("in English %q", n.en[enA])
			}
		})
	}
}

func TestADayOfTheYearIsSuggestedBeforeItAndNotAfter(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day int) (names []string) {
		for _, i := range days(from(), time.Date(2026, month, day, 11, 0, 0, 0, time.UTC)) {
			names = append(names, strings.TrimPrefix(i.Title.Key, "idea.occasion."))
			if sum := i.Rank; sum < least || i.ExpiresAt.IsZero() || i.Question.Key == "" || i.StoryID != "" {
				t.Errorf("%+v", i)
			}
		}
		return names
	}
	for day, want := range map[string]string{"10-03": "thanks", "10-12": "thanks caisses", "10-13": "caisses", "10-15": "caisses", "02-21": "rrsp fraud", "03-01": "rrsp fraud clocks", "09-25": "culture elders", "08-24": "school", "07-04": "coops", "11-20": ""} {
		var m time.Month
		var d int
		fmt.Sscanf(day, "%d-%d", &m, &d)
		if got := strings.Join(at(m, d), " "); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	x := from()
	on := time.Date(2026, time.October, 12, 11, 0, 0, 0, time.UTC)
	x.Refused = map[veille.IdeaID]bool{days(x, on)[0].ID: true}
	if got := days(x, on); len(got) != 1 {
		t.Errorf("a refused day comes back: %v", got)
	}
}

func TestHerOwnWeekAndChoicesWeigh(t *testing.T) {
	t.Parallel()
	rank := func(change func(*Input)) float64 {
		x := from(fridge())
		change(&x)
		return Rank(x, now)[0].Rank
	}
	plain := rank(func(*Input) {})
	for name, c := range map[string]struct {
		change func(*Input)
		by     float64
	}{
		"a slot before it expires":           {func(x *Input) { x.Free, x.NextFree = 1, now.Add(time.Hour) }, 5},
		"a slot after it expires":            {func(x *Input) { x.Free, x.NextFree = 1, now.AddDate(0, 1, 0) }, 0},
		"one idea of its kind used":          {func(x *Input) { x.Liked = map[veille.Angle]int{veille.AngleTranspose: 1} }, 2},
		"nine used":                          {func(x *Input) { x.Liked = map[veille.Angle]int{veille.AngleTranspose: 9} }, 5},
		"three refused":                      {func(x *Input) { x.Disliked = map[veille.Angle]int{veille.AngleTranspose: 3} }, -5},
		"three refused of another kind":      {func(x *Input) { x.Disliked = map[veille.Angle]int{veille.AngleAsk: 3} }, 0},
		"a post of the week is on its theme": {func(x *Input) { x.Planned = []string{"Merci à la banque alimentaire et à sa collecte de denrées"} }, -8},
		"a post of the week is on another":   {func(x *Input) { x.Planned = []string{"Le festival de musique et son concert"} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tenth(rank(c.change) - plain); got != c.by {
				t.Errorf("weighs %v, want %v", got, c.by)
			}
		})
	}
}
