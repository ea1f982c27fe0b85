package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"veilleur/index/match"
	"veilleur/index/query"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// entryWords is how long the entries of the benchmark are.
const entryWords = 400

// BenchmarkAnalysis reads entries of 400 words as the engine does: language,
// tone, keyphrases, the entry each reprints, its story, and the topics it is a
// mention of among 10,000; 240 entries a day, in windows already full. Its
// figure is entries a CPU-second. "written" are words of this file, "news"
// the texts of ../shared.
func BenchmarkAnalysis(b *testing.B) {
	for _, c := range []struct {
		name    string
		entries func(testing.TB, int) []veille.Entry
	}{{"written", writtenNews}, {"news", sharedNews}} {
		b.Run(c.name, func(b *testing.B) {
			entries := c.entries(b, 4000)
			m := manyTopics(b, 10_000, entries)
			r := engine.NewReader()
			n := 0
			next := func() veille.Entry {
				e := entries[n%len(entries)]
				e.ID = veille.NewEntryID("bench", strconv.Itoa(n))
				e.Published = analysisDay.Add(time.Duration(n) * 6 * time.Minute)
				n++
				return e
			}
			for range len(entries) { // fill the windows: fourteen days
				e := next()
				e.Reading.Lang = "fr"
				r.Place(e, "")
			}
			b.ReportAllocs()
			began, found := cpuOf(usage()), 0
			for b.Loop() {
				e := next()
				e.Reading = r.Read(e, "")
				doc := match.Doc{Entry: e}
				doc.Cut()
				found += len(m.Match(doc))
			}
			b.ReportMetric(float64(b.N)/(cpuOf(usage())-began), "entries/CPU-s")
			b.ReportMetric(float64(found)/float64(b.N), "mentions/op")
		})
	}
}

var analysisDay = time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)

// manyTopics makes topics as branches write them: their own name, a subject of
// their place, a place in titles; the places are names the entries hold.
func manyTopics(b *testing.B, n int, entries []veille.Entry) *match.Matcher {
	b.Helper()
	r := rand.New(rand.NewPCG(3, 3))
	var names []string
	for _, e := range entries[:400] {
		for _, w := range strings.Fields(e.Text) {
			if w = strings.Trim(w, ".,;:«»()\"'’!?…-"); len(w) > 4 && w[0] >= 'A' && w[0] <= 'Z' && !strings.ContainsAny(w, "\"'’") {
				names = append(names, w)
			}
		}
	}
	m := match.New()
	for i := range n {
		a, c := names[r.IntN(len(names))], placeName(r)
		q, err := query.Parse(fmt.Sprintf([]string{`"caisse de %[2]s" OU "caisse populaire %[1]s" -hockey`, `caisse %[2]s (vol OU fraude OU %[1]s)`, `titre:%[2]s OU "%[1]s rivière"`}[i%3], a, c))
		if err != nil {
			b.Fatal(err)
		}
		m.Set(veille.TopicID(strconv.Itoa(i)), q)
	}
	return m
}

// placeName makes a name of a place, of some thousands.
func placeName(r *rand.Rand) string {
	first := strings.Fields("Val Mont Pont Lac Bois Roc Clair Haut Bel Grand Petit Rive Fort Champ Pré Cap")
	last := strings.Fields("brun rouge vert clair mir dor ville lieu mar tel nor sud est ombre pin cèdre orme tilleul loup lièvre")
	end := strings.Fields("ac in eau ier ette ois ac oire et ot on")
	return first[r.IntN(len(first))] + last[r.IntN(len(last))] + end[r.IntN(len(end))]
}

// writtenNews makes entries of words written for this file; three in ten are of an
// event told before.
func writtenNews(_ testing.TB, n int) []veille.Entry {
	r := rand.New(rand.NewPCG(7, 7))
	type event struct{ place, other, person, thing, number string }
	var events []event
	pool := vocabulary()
	out := make([]veille.Entry, n)
	for i := range out {
		v := event{placeName(r), placeName(r), strings.ToUpper(placeName(r)[:1]) + placeName(r), things()[r.IntN(len(things()))], strconv.Itoa(3 + r.IntN(900))}
		if len(events) > 20 && r.IntN(10) < 3 {
			v = events[len(events)-1-r.IntN(20)]
		}
		events = append(events, v)
		fill := strings.NewReplacer("PLACE", v.place, "OTHER", v.other, "WHO", v.person, "THING", v.thing, "N1", v.number)
		out[i].Title = fill.Replace(headlines()[r.IntN(len(headlines()))])
		var text strings.Builder
		for words := 0; words < entryWords; {
			s := strings.ReplaceAll(fill.Replace(sentence(r, pool)), "ANY", placeName(r))
			text.WriteString(s + " ")
			words += len(strings.Fields(s))
		}
		out[i].Text = text.String()
	}
	return out
}

func things() []string {
	return strings.Split("le comptoir de service|la patinoire|le marché public|la bibliothèque|une coopérative d’habitation|le jardin communautaire|la caserne|un programme de bourses|le pont couvert|la clinique|le taux hypothécaire|une fraude par texto", "|")
}

func headlines() []string {
	return strings.Split("PLACE : THING au cœur des discussions|THING divise PLACE|Les citoyens de PLACE se mobilisent pour THING|N1 personnes touchées à PLACE|WHO défend THING|PLACE et OTHER unissent leurs forces|À PLACE, THING coûtera N1 000 $", "|")
}

// vocabulary are words of local news, each as often as in a few dozen
// sentences of it: function words come most.
func vocabulary() []string {
	return strings.Fields(`la mairesse n’a pas caché sa déception devant les citoyens réunis mardi soir le conseil a voté à l’unanimité une aide de la ville pour le projet
		on ne lâchera pas c’est trop important pour nos familles a lancé le président applaudi par la salle selon la direction de la caisse la fréquentation a reculé en trois ans
		les bénévoles ont servi plus de repas chauds pendant la fin de semaine personne ne sait encore combien coûteront les travaux qui doivent commencer au printemps la police enquête
		sur une fraude qui aurait visé plusieurs aînés le projet financé en partie par la coopérative vise à revitaliser le centre du village plusieurs résidents se disent inquiets et en
		colère il faut saluer le courage des employés estime le syndicat la banque a maintenu son taux directeur ce qui ne change rien pour les emprunteurs un autobus reliera désormais
		les deux villages l’école primaire accueillera des élèves à la rentrée un record depuis vingt ans le service n’est plus offert le samedi depuis la mi-octobre des producteurs craignent
		une mauvaise récolte à cause du gel la fête a attiré une foule immense malgré la pluie et le vent aucune décision ne sera prise avant l’assemblée générale promet de revenir avec une
		solution plus juste et moins chère le chantier a pris du retard mais l’entrepreneur assure qu’il respectera le budget les membres ont jusqu’au mois de novembre pour signer la pétition
		contre la fermeture un incendie a détruit un bâtiment sans faire de blessé on y trouvera une salle commune un atelier et une cuisine collective ce n’est pas la première fois que la
		coopérative versera une ristourne à ses membres cet automne le ministère n’a pas voulu commenter le dossier dans une salle comble et rien n’est réglé pour la troisième fois`)
}

// sentence makes words come one after the other by chance: as in news, and
// unlike any few sentences repeated, two texts share few runs of four words.
func sentence(r *rand.Rand, pool []string) string {
	words := make([]string, 8+r.IntN(14))
	for i := range words {
		if words[i] = pool[r.IntN(len(pool))]; r.IntN(25) == 0 {
			words[i] = []string{"PLACE", "OTHER", "WHO", "N1", "ANY", "ANY", "THING"}[r.IntN(7)]
		} else if r.IntN(12) == 0 {
			words[i] += ","
		}
	}
	return "Le " + strings.Join(words, " ") + "."
}

// sharedNews makes entries of real news texts, cut or joined to 400 words.
func sharedNews(b testing.TB, n int) (out []veille.Entry) {
	b.Helper()
	var words []string
	for _, f := range []string{"neardup-fr-dev.jsonl", "ecbplus-dev.jsonl"} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "stories", f))
		if err != nil {
			b.Skip("skipped: no data/stories in ../shared")
		}
		for line := range strings.Lines(string(raw)) {
			var d struct {
				Level int
				Text  string
			}
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				b.Fatal(err)
			}
			if d.Level == 0 {
				words = append(words, strings.Fields(d.Text)...)
			}
		}
	}
	r := rand.New(rand.NewPCG(5, 5))
	for range n {
		// One part in two from anywhere: a text that nothing reprints whole.
		a, c := r.IntN(len(words)-entryWords), r.IntN(len(words)-entryWords)
		text := append(append([]string{}, words[a:a+entryWords/2]...), words[c:c+entryWords/2]...)
		out = append(out, veille.Entry{Title: strings.Join(text[:9], " "), Text: strings.Join(text, " ")})
	}
	return out
}
