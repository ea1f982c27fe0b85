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
// figure is entries a CPU-second. "written" are sentences of this file, "news"
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
				e.ID = veille.EntryID(fmt.Sprintf("%032x", n))
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

// writtenNews makes entries of sentences put together from parts written for
// this file; three in ten are of an event told before.
func writtenNews(_ testing.TB, n int) []veille.Entry {
	r := rand.New(rand.NewPCG(7, 7))
	type event struct{ place, other, person, thing, number string }
	var events []event
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
			s := strings.ReplaceAll(fill.Replace(sentence(r)), "ANY", placeName(r))
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

// sentence makes one of some millions: who, did, what, and when or why.
func sentence(r *rand.Rand) string {
	part := func(all string) string {
		list := strings.Split(all, "|")
		return list[r.IntN(len(list))]
	}
	return part(`La mairesse de PLACE, WHO,|Le conseil|« On ne lâchera pas », dit WHO, qui|La direction de la caisse|Les bénévoles de ANY|Personne à PLACE|La police|Le projet de OTHER|Une résidente de ANY|Le président du syndicat|La Banque du Canada|Un autobus de ANY|L’école primaire|Le service|Plusieurs producteurs|La fête|Aucun élu|WHO|L’entrepreneur|Un groupe de N1 membres|Selon ANY, l’organisme|Le ministère|La coopérative|Une famille de OTHER`) + " " +
		part(`n’a pas caché sa déception devant|a voté à l’unanimité|promet de revoir|a servi plus de N1 repas avec|ne sait pas encore combien coûtera|enquête sur|salue|craint pour|n’est plus d’accord avec|a maintenu|reliera désormais|accueillera|se réjouit de|a perdu patience avec|refuse de commenter|a inauguré|prépare depuis N1 jours|voudrait protéger|a reçu une aide pour|compare à ANY|a mal compris|remercie ceux qui portent|hésite à financer|défend avec colère`) + " " +
		part(`THING|une aide de N1 000 $|la fermeture du comptoir|le taux directeur|les travaux du printemps|N1 élèves de plus|une fraude par texto|la rénovation de l’aréna|le jardin de ANY|une pétition de N1 noms|l’horaire du samedi|la récolte de l’automne|une solution plus juste|le budget de la ville|la ristourne des membres|une cuisine collective|le centre du village|un incendie sans blessé|le pont de ANY|la rentrée des classes|un nouveau médecin|le marché de Noël|les aînés de OTHER|la route de ANY`) + " " +
		part(`, mardi soir à PLACE.|, malgré la pluie.|depuis la mi-octobre.|, une première en vingt ans.|avant l’assemblée générale.|, ce qui inquiète ANY.|et demande du temps.|, au grand plaisir des familles.|sans hausse de taxes.|, selon nos informations.|d’ici N1 jours.|, a-t-on appris de ANY.|mais le chantier a pris du retard.|, un record.|pour la troisième fois.|avec l’appui de la caisse.|, dans une salle comble.|et rien n’est réglé.|, à la surprise de WHO.|comme à ANY l’an dernier.`)
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
