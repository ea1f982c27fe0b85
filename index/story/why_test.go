package story

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func texts(shared []Shared, kind string) (out []string) {
	for _, s := range shared {
		if s.Kind == kind {
			out = append(out, s.Text)
		}
	}
	return out
}

func TestWhyIsToldInTheWordsOfEachEntry(t *testing.T) {
	t.Parallel()
	docs := []Doc{
		doc("a1", "fr", "Le comptoir de la caisse fermera à Saint-Rémi", "Les 1 640 membres ont appris la nouvelle par la poste.", 0),
		doc("a2", "fr", "Fermeture du comptoir à Saint-Rémi : colère de 1 640 membres", "La mairesse en parle.", 1),
		doc("a3", "en", "Caisse counter closing in Saint-Rémi", "Some 1,640 members will lose their branch.", 2),
		doc("z9", "fr", "Tournoi de fers", "Un beau samedi.", 3),
	}
	g := New(Config{})
	for _, d := range docs[:3] {
		g.Restore(d, "s1")
	}
	remembered, over := g.Why(docs[:3]), New(Config{}).Why(docs)
	for name, why := range map[string]map[veille.EntryID][]Shared{"remembered": remembered, "over": over} {
		if d := cmp.Diff([]string{"Saint-Rémi"}, texts(why["a2"], SharedPlace)); d != "" {
			t.Errorf("%s: place %s", name, d)
		}
		if d := cmp.Diff([]string{"1 640"}, texts(why["a2"], SharedNumber)); d != "" {
			t.Errorf("%s: number %s", name, d)
		}
		if d := cmp.Diff([]string{"1,640"}, texts(why["a3"], SharedNumber)); d != "" {
			t.Errorf("%s: number in English %s", name, d)
		}
		words := texts(why["a2"], SharedWord)
		if !cmp.Equal(words[0], "comptoir") && !cmp.Equal(words[0], "Fermeture") {
			t.Errorf("%s: words %q", name, words)
		}
	}
	if len(over["z9"]) > 0 {
		t.Errorf("nothing is shared, yet: %v", over["z9"])
	}
	if got := New(Config{}).Why(nil); len(got) > 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestAskingWhyChangesNothing(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	for _, d := range closing[:2] {
		g.Add(d)
	}
	stories, words := g.Len(), len(g.terms.ids)
	g.Why(closing[:2])
	g.Why([]Doc{doc("new", "fr", "Des mots jamais lus encore", "", 0)})
	if g.Len() != stories || len(g.terms.ids) != words || g.docs != 2 {
		t.Errorf("%d stories, %d words, %d entries", g.Len(), len(g.terms.ids), g.docs)
	}
	if a, b := g.Add(closing[2]), veille.StoryID("sa1"); a != b {
		t.Errorf("joined %s, want %s", a, b)
	}
}
