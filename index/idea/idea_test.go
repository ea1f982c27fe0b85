package idea

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

var (
	now    = time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC) // a month without a season for most themes
	branch = veille.Branch{ID: "b", Name: "Caisse de la Rivière", Locale: "fr", Zone: "America/Toronto"}
	topics = []veille.Topic{
		{ID: "own", Name: "Caisse de la Rivière", Subject: veille.SubjectBranch},
		{ID: "movement", Name: "Mouvement Desrivières", Subject: veille.SubjectMovement},
		{ID: "theme", Name: "Vie communautaire", Subject: veille.SubjectTheme},
	}
)

// about is a story of one topic, told an hour ago.
func about(topic veille.TopicID, title, text string, change ...func(*Story)) Story {
	s := Story{
		Story:  veille.Story{ID: veille.StoryID("s-" + title), Title: title, Lang: "fr", Entries: 3, Independent: 2, First: now.Add(-3 * time.Hour), Last: now.Add(-time.Hour)},
		Lead:   veille.Entry{ID: veille.EntryID("e-" + title), URL: "https://media.example/" + title, Title: title, Text: text},
		Source: "L’Écho", Topics: []veille.TopicID{topic},
	}
	s.Story.LeadID = s.Lead.ID
	for _, f := range change {
		f(&s)
	}
	return s
}

func toned(tone float64) func(*Story)    { return func(s *Story) { s.Story.Tone = tone } }
func aged(d time.Duration) func(*Story)  { return func(s *Story) { s.Story.Last = now.Add(-d) } }
func voices(n int) func(*Story)          { return func(s *Story) { s.Story.Independent = n } }
func in(lang string) func(*Story)        { return func(s *Story) { s.Story.Lang = lang } }
func phrases(all ...string) func(*Story) { return func(s *Story) { s.Keyphrases = all } }
func from(stories ...Story) Input        { return Input{Branch: branch, Topics: topics, Stories: stories} }
func fridge(change ...func(*Story)) Story {
	return about("movement", "Trois caisses financent un frigo communautaire", "Le projet, appuyé par trois caisses, a servi 900 repas depuis septembre. Des bénévoles remplissent le frigo chaque matin.", append([]func(*Story){toned(0.4)}, change...)...)
}

func TestTheAngleFollowsTheNews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    Story
		want veille.Angle
	}{
		"a project of other branches is transposed": {fridge(), veille.AngleTranspose},
		"so is one of another town":                 {about("theme", "Le village de Valmont plante 300 arbres avec ses élèves", "Un projet de verdissement.", toned(0.2)), veille.AngleTranspose},
		"good news of the branch is celebrated":     {about("own", "La Caisse de la Rivière remet 20 bourses", "Vingt étudiants ont reçu une bourse.", toned(0.5)), veille.AngleCelebrate},
		"a fraud is a reminder":                     {about("theme", "De faux textos imitent une institution financière", "Ne cliquez pas : c’est de l’hameçonnage. Des victimes ont appelé la police.", toned(-0.2)), veille.AngleRemind},
		"a storm too":                               {about("theme", "Première tempête de neige dimanche", "De 20 à 30 cm, et du verglas.", toned(-0.1)), veille.AngleRemind},
		"a headline that explains is answered":      {about("theme", "Taux directeur : ce que ça change pour votre hypothèque", "La Banque du Canada a baissé son taux directeur."), veille.AngleAnswer},
		"useful news is told":                       {about("theme", "Le taux directeur reste à 2,75 %", "La Banque du Canada maintient son taux."), veille.AngleInform},
		"a warning may be dark":                     {about("theme", "Hameçonnage : une vague de faux textos", "", toned(-0.6)), veille.AngleRemind},
		"useful news may be sour":                   {about("theme", "Inflation : le panier d’épicerie encore plus cher", "Le coût de la vie augmente.", toned(-0.3)), veille.AngleInform},
		"the life of a place is asked about":        {about("theme", "Le festival de musique attire une foule", "Des concerts toute la fin de semaine.", toned(0.3)), veille.AngleAsk},
		"a record of others is applauded":           {about("theme", "Le festival de musique attire une foule record", "Des concerts toute la fin de semaine.", toned(-0.2)), veille.AngleCelebrate},
		"other news that is sour is left":           {about("theme", "Le festival de musique déçoit", "Des concerts trop courts.", toned(-0.3)), ""},
		"news of no theme on a mere theme is left":  {about("theme", "Un orignal au service au volant", "Il a attendu sa commande."), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := veille.Angle("")
			if ideas := Rank(from(c.s), now); len(ideas) > 0 {
				got = ideas[0].Angle
			}
			if got != c.want {
				t.Errorf("angle %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhatMustNotBeSaid(t *testing.T) {
	t.Parallel()
	live := func(i veille.Incident) Input {
		x := from(fridge())
		i.State = veille.IncidentOpen
		x.Incidents = []veille.Incident{i}
		return x
	}
	id := fridge().Story.ID
	refused := from(fridge())
	refused.Refused = map[veille.IdeaID]bool{ID("b", id, veille.AngleCelebrate): true}
	remembered := from(fridge())
	remembered.RefusedStories = []veille.StoryID{id}
	used := from(fridge())
	used.Used = map[veille.IdeaID]bool{ID("b", id, veille.AngleTranspose): true}
	posted := from(fridge())
	posted.Posted = []string{"Saviez-vous que trois caisses ont financé un frigo communautaire? Bravo à elles!"}
	linked := from(fridge())
	linked.Posted = []string{"À lire : " + fridge().Lead.URL}
	for name, c := range map[string]struct {
		in   Input
		want string
	}{
		"the story of an open incident":            {live(veille.Incident{StoryID: id}), "incident"},
		"an article an open incident rests on":     {live(veille.Incident{Signals: []veille.Signal{{Evidence: []veille.Evidence{{EntryID: fridge().Lead.ID}}}}}), "incident"},
		"a title like an open incident's":          {live(veille.Incident{Title: "Un frigo communautaire financé par trois caisses"}), "incident"},
		"an idea refused from another angle":       {refused, "refused"},
		"a story refused before":                   {remembered, "refused"},
		"a story already used":                     {used, "used"},
		"what a post already says":                 {posted, "posted"},
		"what a post already links to":             {linked, "posted"},
		"a death":                                  {from(about("own", "La caisse rend hommage à un bâtisseur", "Le fondateur, décédé mardi, laisse sa marque.", toned(0.3))), "death"},
		"a death in English":                       {from(about("theme", "Volunteer of the year honoured", "The award is given in memory of a teacher who died in May.", toned(0.3))), "death"},
		"an armed robbery":                         {from(about("own", "Braquage à la caisse de Valmont", "Deux hommes armés.")), "violence"},
		"violence in the text alone":               {from(about("theme", "La maison des jeunes ouvre ses portes", "Elle accueillera des jeunes victimes d’intimidation et de violence.", toned(0.3))), "death"},
		"an accused person":                        {from(about("theme", "Un ex-employé comparaît", "Il a plaidé non coupable.")), "accused"},
		"an accused person in a fraud":             {from(about("theme", "Fraude : une femme accusée", "Hameçonnage par texto.")), "accused"},
		"a fire":                                   {from(about("theme", "Incendie au centre-ville", "Trois commerces touchés.")), "disaster"},
		"a disease":                                {from(about("theme", "Éclosion de rougeole à l’école", "Des élèves en isolement.")), "disease"},
		"a closing counter":                        {from(about("own", "La caisse réduit ses heures", "Le comptoir fermera le vendredi.")), "conflict"},
		"an election":                              {from(about("theme", "Élections : les candidats parlent logement", "Ils promettent des loyers.")), "politics"},
		"a match":                                  {from(about("movement", "Desrivières inscrit deux buts", "Au hockey, la ligue reprend.")), "sport"},
		"a sport in the text":                      {from(about("movement", "Desrivières soulève la foule", "Le joueur de hockey a mené la ligue au championnat.")), "sport"},
		"another sense of the word":                {from(about("movement", "Moins de caisses libre-service à l’épicerie", "Les clients préfèrent les caissières.", toned(0.3))), "homonym"},
		"a very negative tone":                     {from(fridge(toned(-0.4))), "tone"},
		"a lead with a very negative tone":         {from(fridge(func(s *Story) { s.Lead.Reading.Tone = -0.6 })), "tone"},
		"even of useful news":                      {from(about("theme", "Hameçonnage : une vague de faux textos", "", toned(-0.85))), "tone"},
		"a tone that is no number":                 {from(fridge(toned(math.NaN()))), "tone"},
		"a story without an article":               {from(fridge(func(s *Story) { s.Lead.ID = "" })), "nothing_to_cite"},
		"nothing of all this":                      {from(fridge()), ""},
		"a closed incident, a figure of speech":    {from(about("theme", "L’artisan sort du point mort et ouvre une boutique", "Un commerce de plus, avec feux d’artifice.", toned(0.3))), ""},
		"the prevention of a fraud by its victims": {from(about("theme", "Hameçonnage : les conseils", "La police rappelle aux victimes d’appeler.")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newGate(c.in, readWords()).barred(c.in.Stories[0]); got != c.want {
				t.Errorf("barred by %q, want %q", got, c.want)
			}
			if n := len(Rank(c.in, now)); n > 0 != (c.want == "") {
				t.Errorf("%d ideas", n)
			}
		})
	}
}

func TestReasonsAddUpToTheRank(t *testing.T) {
	t.Parallel()
	x := from(fridge(), fridge(voices(9), func(s *Story) { s.Story.ID = "other" }), about("own", "La Caisse de la Rivière remet 20 bourses", "", toned(0.9), voices(12)),
		about("theme", "Le festival attire une foule record", "Des concerts.", toned(0.3), in("en"), aged(80*time.Hour)))
	x.Free = 2
	for _, i := range Rank(x, now) {
		sum := 0.0
		for _, r := range i.Reasons {
			sum += r.Points
			if r.Points == 0 {
				t.Errorf("%s says nothing", r.Says.Key)
			}
		}
		if math.Abs(sum-i.Rank) > 1e-9 || i.Rank > 100 || i.Rank < least {
			t.Errorf("%s: reasons make %v, rank is %v", i.StoryID, sum, i.Rank)
		}
		if !slices.IsSortedFunc(i.Reasons, func(a, b veille.Reason) int { return int(10 * (b.Points - a.Points)) }) {
			t.Errorf("%s: the heaviest reason is not first", i.StoryID)
		}
	}
}

func TestWhatRaisesARank(t *testing.T) {
	t.Parallel()
	base := fridge()
	free := from(base)
	free.Free = 1
	rank := func(x Input, at time.Time) float64 {
		ideas := Rank(x, at)
		if len(ideas) == 0 {
			return 0
		}
		return ideas[0].Rank
	}
	plain := rank(from(base), now)
	for name, better := range map[string]float64{
		"more sources":     rank(from(fridge(voices(4))), now),
		"a warmer tone":    rank(from(fridge(toned(0.6))), now),
		"a free slot":      rank(free, now),
		"being in season":  rank(from(fridge(func(s *Story) { s.Story.Last = now.AddDate(0, 1, 0) })), now.AddDate(0, 1, 0)),
		"being fresher":    rank(from(fridge(aged(0))), now),
		"being about them": rank(from(about("own", base.Story.Title+" avec nous", base.Lead.Text, toned(0.4), voices(9))), now),
	} {
		if better <= plain {
			t.Errorf("%s: %v is not above %v", name, better, plain)
		}
	}
	if other := rank(from(fridge(in("en"))), now); other >= plain {
		t.Errorf("an article in another language ranks %v, not under %v", other, plain)
	}
}

func TestAnIdeaHasAllItNeeds(t *testing.T) {
	t.Parallel()
	s := fridge(phrases("900 repas", "frigo communautaire"))
	got := Rank(from(s), now)
	if len(got) != 1 {
		t.Fatalf("%d ideas", len(got))
	}
	i := got[0]
	want := veille.Idea{ID: ID("b", s.Story.ID, veille.AngleTranspose), BranchID: "b", TopicID: "movement", StoryID: s.Story.ID, EntryID: s.Lead.ID,
		Angle: veille.AngleTranspose, Effort: 15, ExpiresAt: s.Story.Last.AddDate(0, 0, 10), State: veille.IdeaNew, CreatedAt: now}
	i.Title, i.Question, i.Photo, i.Rank, i.Reasons = veille.Sentence{}, veille.Sentence{}, veille.Sentence{}, 0, nil
	if diff := cmp.Diff(want, i); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	p := i18n.For("fr")
	if said := p.Say(got[0].Title); !strings.Contains(strings.ToLower(said), "frigo communautaire") {
		t.Errorf("the title does not say the subject: %s", said)
	}
	if !strings.HasPrefix(got[0].Question.Key, "idea.question.food.") || !strings.HasPrefix(got[0].Photo.Key, "idea.photo.food.") {
		t.Errorf("question %s, photo %s", got[0].Question.Key, got[0].Photo.Key)
	}
}

func TestNewsExpiresByItsKind(t *testing.T) {
	t.Parallel()
	for title, days := range map[string]int{
		"Le taux directeur baisse": 3, "Première tempête de neige": 2, "Le festival attire une foule": 5, "De faux textos circulent": 14, "Un nouveau jardin communautaire lance ses repas": 10,
	} {
		s := about("theme", title, "", toned(0.3))
		ideas := Rank(from(s), now)
		if len(ideas) != 1 || !ideas[0].ExpiresAt.Equal(s.Story.Last.AddDate(0, 0, days)) {
			t.Errorf("%s: %v, want one good for %d days", title, ideas, days)
		}
		late := slices.DeleteFunc(Rank(from(s), s.Story.Last.AddDate(0, 0, days)), func(i veille.Idea) bool { return i.StoryID == "" })
		if len(late) != 0 {
			t.Errorf("%s is still suggested after %d days", title, days)
		}
	}
}

func TestTheSameNewsSuggestsTheSameWords(t *testing.T) {
	t.Parallel()
	first := Rank(from(fridge()), now)
	again := Rank(from(fridge()), now)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("again (-first +again):\n%s", diff)
	}
	newer := fridge(func(s *Story) {
		s.Story.ID, s.Story.First, s.Story.Title, s.Lead.Title = "newer", now, "Une caisse offre un jardin communautaire", "Une caisse offre un jardin communautaire"
	})
	both := Rank(from(newer, fridge()), now)
	n := slices.IndexFunc(both, func(i veille.Idea) bool { return i.StoryID == first[0].StoryID })
	if n < 0 || both[n].Title.Key != first[0].Title.Key || both[n].Question.Key != first[0].Question.Key {
		t.Errorf("a newer story changed the words of an older one: %+v", both)
	}
}

func TestTheFirstIdeasDiffer(t *testing.T) {
	t.Parallel()
	x := from()
	for n := range 6 {
		x.Stories = append(x.Stories, about("movement", fmt.Sprintf("La caisse %d appuie une cuisine collective", n), "", toned(0.5), voices(5)))
	}
	x.Stories = append(x.Stories, about("movement", "Une caisse appuie un festival", "", toned(0.4), voices(5)))
	ideas := Rank(x, now)
	if len(ideas) < 2 || !strings.Contains(ideas[0].Question.Key+ideas[1].Question.Key, "culture") {
		t.Errorf("the two first ideas are on one theme: %v, %v", ideas[0].Question.Key, ideas[1].Question.Key)
	}
}

func TestEverySentenceIsInBothLanguages(t *testing.T) {
	t.Parallel()
	keys := []string{}
	for _, a := range angles() {
		for n := range titles {
			keys = append(keys, fmt.Sprintf("idea.title.%s.%d", a, n+1))
		}
	}
	themes := []string{"other"}
	for _, th := range readWords().themes {
		themes = append(themes, th.name)
	}
	for _, th := range themes {
		for n := range questions {
			keys = append(keys, fmt.Sprintf("idea.question.%s.%d", th, n+1))
		}
		for n := range photos {
			keys = append(keys, fmt.Sprintf("idea.photo.%s.%d", th, n+1))
		}
	}
	for prefix, n := range map[string]int{"idea.question.any.": anyAsks, "idea.photo.any.": anyPhotos, "idea.photo.sign.": signs, "idea.title.applaud.": titles} {
		for k := range n {
			keys = append(keys, fmt.Sprintf("%s%d", prefix, k+1))
		}
	}
	for _, locale := range i18n.Locales() {
		p, seen := i18n.For(locale), map[string]string{}
		for _, k := range keys {
			said := p.T(k, "subject", "X")
			if said == k || strings.Contains(said, "{") {
				t.Errorf("%s: %s is not said: %q", locale, k, said)
			}
			if other := seen[said]; other != "" {
				t.Errorf("%s: %s and %s say the same: %q", locale, k, other, said)
			}
			seen[said] = k
			if strings.Contains(k, ".question.") && !strings.Contains(said, "?") {
				t.Errorf("%s: %s is no question: %q", locale, k, said)
			}
		}
	}
}

func TestTheListsAreFolded(t *testing.T) {
	t.Parallel()
	w := readWords()
	all := append([]list{w.idioms, w.project, w.practic}, w.avoid...)
	for _, th := range w.themes {
		all = append(all, th.list)
	}
	for _, k := range strict() {
		if len(w.list(k.name).phrases) == 0 {
			t.Errorf("avoid.txt has no %s", k.name)
		}
	}
	form := regexp.MustCompile(`^[a-z0-9][a-z0-9 ]*\*?$`)
	for _, l := range all {
		if len(l.phrases) == 0 {
			t.Errorf("%s is empty", l.name)
		}
		for _, p := range l.phrases {
			if !form.MatchString(p) {
				t.Errorf("%s: %q is not folded", l.name, p)
			}
			if got := folded(strings.TrimSuffix(p, "*")); got != " "+strings.TrimSuffix(p, "*")+" " {
				t.Errorf("%s: %q is read as %q in a text", l.name, p, got)
			}
		}
	}
}

func TestClause(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Un titre court": "Un titre court",
		"Taux directeur en baisse : ce que ça change pour votre hypothèque et la suite":       "Taux directeur en baisse",
		"Oups : deux mots ne suffisent pas":                                                   "Oups : deux mots ne suffisent pas",
		"« Ça sentait bon »,\ndit la \"voisine\"":                                             "Ça sentait bon , dit la voisine",
		strings.Repeat("mot ", 30):                                                            strings.TrimSpace(strings.Repeat("mot ", 17)) + "…",
		strings.Repeat("x", 100):                                                              strings.Repeat("x", 70) + "…",
		"Moisson lance sa collecte de la rentrée et de l’automne avec des paniers tout neufs": "Moisson lance sa collecte de la rentrée et de l’automne…",
	} {
		if got := clause(title); got != want {
			t.Errorf("clause(%q) = %q, want %q", title, got, want)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	x := from()
	for n := range 200 {
		x.Stories = append(x.Stories, about("movement", fmt.Sprintf("La caisse %d appuie une cuisine collective", n), strings.Repeat("Des bénévoles préparent chaque semaine des repas pour les familles du village. ", 40), toned(0.5)))
	}
	for b.Loop() {
		Rank(x, now)
	}
}

func FuzzRank(f *testing.F) {
	f.Add("La caisse appuie un frigo communautaire", "Un projet.", "frigo communautaire", 0.4)
	f.Add("\x00«»", "\xff", "", -1.0)
	f.Fuzz(func(t *testing.T, title, text, phrase string, tone float64) {
		s := about("movement", title, text, toned(tone), phrases(phrase))
		for _, i := range Rank(from(s), now) {
			if math.IsNaN(i.Rank) || i.Rank > 100 || strings.ContainsAny(i18n.For("fr").Say(i.Title), "\r\n") {
				t.Errorf("%+v", i)
			}
		}
	})
}
