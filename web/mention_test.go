package web

import (
	"net/http"
	"testing"

	"veilleur/internal/veille"
)

// judgeOf is a hidden mention of the fridge by her topic, and a weak one of
// the counter.
func (f *fakeNews) judgeOf() {
	f.hidden = []veille.Mention{{TopicID: "t1", EntryID: "e4", Standing: veille.StandingHomonym, Clues: []veille.Clue{
		{Kind: "person", Word: "juge Desrivières", Passage: veille.Passage{Field: "text", Text: "Le <juge Desrivières a parlé.", Marks: [][2]int{{4, 21}}}}}}}
	f.weak = map[veille.EntryID]veille.Clue{"e1": {Kind: "sponsor", Word: "Centre Desrivières",
		Passage: veille.Passage{Field: "text", Text: "Au Centre Desrivières.", Marks: [][2]int{{3, 22}}}}}
}

func TestWhatIsHiddenIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string][]string{
		"fr": {"Sans doute pas nous", "«\u00a0juge Desrivières\u00a0» a tout d’une personne.", "Le &lt;<mark>juge Desrivières</mark> a parlé.", "1 mention cachée", "Un frigo communautaire"},
		"en": {"Probably not us", "“juge Desrivières” looks like a person.", "1 hidden mention"},
	} {
		f := newFakeNews()
		f.judgeOf()
		b := newsBrowser(t, f, locale)
		wantStatus(t, b.get("/veille/cachees?sujet=t1"), http.StatusOK, want...)
		wantStatus(t, b.get("/veille?sujet=t1"), http.StatusOK, `href="/veille/cachees?sujet=t1"`)
		wantStatus(t, b.get("/articles/e4"), http.StatusOK, want[:2]...)
	}
	b := newsBrowser(t, newFakeNews(), "fr")
	wantStatus(t, b.get("/veille/cachees?sujet=t1"), http.StatusOK, "Rien n’est caché")
	wantStatus(t, b.get("/veille/cachees?sujet=t9"), http.StatusNotFound)
}

func TestAWeakMentionIsMarked(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	f.judgeOf()
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/veille?q=comptoir&par=article"), http.StatusOK, "icon-info", "Mention faible", "un nom prêté à un lieu", "Au <mark>Centre Desrivières</mark>.")
	wantStatus(t, b.get("/articles/e1"), http.StatusOK, "Mention faible", "il pèse peu")
}
