package story

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func doc(id, lang, title, body string, after time.Duration) Doc {
	return Doc{ID: veille.EntryID(id), Lang: lang, Title: title, Text: body, Published: monday.Add(after)}
}

var closing = []Doc{
	doc("a1", "fr", "La caisse de Saint-Rémi fermera son comptoir en janvier", "Les 640 membres de Saint-Rémi ont appris par la poste la fermeture du comptoir le 31 janvier.", 0),
	doc("a2", "fr", "Saint-Rémi : 640 membres perdent leur comptoir", "La fermeture du comptoir de la caisse, le 31 janvier, indigne les membres de Saint-Rémi.", 3*time.Hour),
	doc("a3", "en", "Saint-Rémi to lose its caisse counter", "The closing of the counter on January 31 leaves 640 members in Saint-Rémi without a branch.", 5*time.Hour),
}

func TestOneEventIsOneStory(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	fire := doc("b1", "fr", "Incendie dans une ferme de Saint-Rémi : 40 vaches périssent", "Un brasier a détruit une étable du rang Nord à Saint-Rémi. Les pompiers ont lutté toute la nuit.", time.Hour)
	var ids []veille.StoryID
	for _, d := range append(closing, fire) {
		ids = append(ids, g.Add(d))
	}
	if ids[0] != "sa1" || ids[1] != ids[0] || ids[2] != ids[0] {
		t.Errorf("one event in two languages: %v", ids[:3])
	}
	if ids[3] == ids[0] {
		t.Error("another event of the same town joined the story")
	}
	if again := g.Add(closing[1]); again != ids[1] {
		t.Errorf("added again: %v", again)
	}
}

func TestReprintJoinsItsOriginal(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	id := g.Add(closing[0])
	d := doc("r1", "fr", "Un tout autre titre", "", time.Hour)
	d.DuplicateOf = "a1"
	if got := g.Add(d); got != id {
		t.Errorf("reprint in %s, original in %s", got, id)
	}
}

func TestRestoreGoesOn(t *testing.T) {
	t.Parallel()
	straight, restored := New(Config{}), New(Config{})
	for _, d := range closing[:2] {
		restored.Restore(d, straight.Add(d))
	}
	if a, b := straight.Add(closing[2]), restored.Add(closing[2]); a != b {
		t.Errorf("straight %s, restored %s", a, b)
	}
}

func TestTheSameWordsMuchLaterAreAnotherEvent(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	id := g.Add(closing[0])
	late := closing[1]
	late.ID, late.Published = "late", monday.Add(90*24*time.Hour)
	if g.Add(late) == id {
		t.Error("joined after three months")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	g := New(Config{Max: 50})
	for i := range 2000 {
		w := fmt.Sprintf("mot%d", i)
		g.Add(doc(fmt.Sprintf("e%d", i), "fr", strings.Repeat(w+"a "+w+"b ", 3), "", time.Duration(i)*time.Minute))
	}
	if g.docs != len(g.of) {
		t.Errorf("counts %d entries, remembers %d", g.docs, len(g.of))
	}
	if g.Len() > 50 || len(g.of) > 60 || len(g.terms.ids) > 600 || len(g.terms.all) > 700 {
		t.Errorf("holds %d stories, %d entries, %d words in %d places", g.Len(), len(g.of), len(g.terms.ids), len(g.terms.all))
	}
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	sources := map[veille.SourceID]veille.Source{
		"national": {ID: "national", Title: "Le National", Tier: 1}, "north": {ID: "north", Title: "Nord", Group: "Hebdos", Tier: 3},
		"south": {ID: "south", Title: "Sud", Group: "Hebdos", Tier: 3}, "copy": {ID: "copy", Title: "Agrégat", Tier: 4},
	}
	e := func(id, src string, h int, dup veille.EntryID, tone float64) veille.Entry {
		return veille.Entry{ID: veille.EntryID(id), SourceID: veille.SourceID(src), Title: "T " + id, Published: monday.Add(time.Duration(h) * time.Hour),
			Reading: veille.Reading{Lang: "fr", Tone: tone, StoryID: "s1", DuplicateOf: dup}}
	}
	got := Summarise([]veille.Entry{e("4", "copy", 3, "2", 1), e("2", "national", 2, "", -.4), e("1", "north", 0, "", -.2), e("3", "south", 4, "", 0)}, sources)
	want := veille.Story{ID: "s1", LeadID: "2", Title: "T 2", Lang: "fr", Entries: 4, Sources: 4, Independent: 2, Tone: -.2, First: monday, Last: monday.Add(4 * time.Hour)}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(veille.Story{}, Summarise(nil, nil)); d != "" {
		t.Error(d)
	}
}

func BenchmarkAdd(b *testing.B) {
	g := New(Config{})
	body := strings.Fields(strings.Repeat("La mairesse dénonce la fermeture du comptoir et les aînés du village se mobilisent avec une pétition de noms ", 20))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		body[i%60] = fmt.Sprintf("mot%d", i%5000)
		g.Add(doc(fmt.Sprint(i), "fr", fmt.Sprintf("Titre %d de la nouvelle à Saint-%d", i, i%300), strings.Join(body, " "), time.Duration(i)*time.Minute))
	}
}

func TestTheTitleOfAStoryIsWhatMostOfItsTitlesSay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var es []veille.Entry
	for n, title := range []string{
		"Natation : trois médailles pour le club du village", // strayed in, and first
		"La caisse fermera son comptoir du village",
		"Fermeture du comptoir de la caisse : le conseil demande une rencontre",
		"Des aînés inquiets de la fermeture du comptoir de la caisse",
	} {
		es = append(es, veille.Entry{ID: veille.EntryID(title), SourceID: "s", Title: title, Published: at.Add(time.Duration(n) * time.Hour),
			Reading: veille.Reading{Lang: "fr"}})
	}
	got := Summarise(es, nil)
	if got.Title == es[0].Title || !strings.Contains(got.Title, "comptoir") {
		t.Errorf("title %q", got.Title)
	}
}
