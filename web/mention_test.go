package web

import (
	"net/http"
	"testing"

	"veilleur/index/relevance"
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

func TestPasNousIsSaidLearnedAndUndone(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/veille?q=comptoir&par=article"), http.StatusOK, `name="avis" value="pas-nous"`)
	w := b.post("/veille/mention", "article", "e1", "sujet", "t1", "avis", "pas-nous", "retour", "article")
	wantStatus(t, b.follow(w, "/veille/pas-nous?article=e1&sujet=t1"), http.StatusOK, "C’est retenu", "Corriger aussi la requête", "Exclure ce qui contient")
	want := veille.Correction{TopicID: "t1", EntryID: "e1", Kind: veille.CorrectAbout, Value: veille.AboutNotUs}
	if len(f.said) != 1 || f.said[0].TopicID != want.TopicID || f.said[0].EntryID != want.EntryID || f.said[0].Kind != want.Kind || f.said[0].Value != want.Value || f.said[0].By == "" {
		t.Fatalf("kept %+v", f.said)
	}
	f.learned = []relevance.Lesson{{Word: "Excavation", Beside: true, Times: 1}, {Word: "pelle", Times: 2}}
	wantStatus(t, b.get("/veille/cachees?sujet=t1"), http.StatusOK, "Ce que votre équipe a dit", "«\u00a0Excavation\u00a0»", "juste à côté du nom, dans 1 refus", "à six mots du nom ou moins, dans 2 refus", "n’entraîne aucun modèle")
	wantStatus(t, b.get("/articles/e1"), http.StatusOK, "Annuler ce que j’ai dit")
	b.follow(b.post("/veille/mention", "article", "e1", "sujet", "t1", "annuler", "avis", "retour", "cachees"), "/veille/cachees?sujet=t1")
	if len(f.said) != 0 {
		t.Errorf("undone, yet %+v", f.said)
	}
	wantStatus(t, b.post("/veille/mention", "article", "e1", "sujet", "t1", "annuler", "avis"), http.StatusNotFound)
	for _, topic := range []string{"t0", "t9"} {
		wantStatus(t, b.post("/veille/mention", "article", "e1", "sujet", topic, "avis", "nous"), http.StatusNotFound)
	}
	wantStatus(t, b.post("/veille/mention", "article", "e1", "sujet", "t1"), http.StatusBadRequest)
}

func TestAnExclusionTellsWhatItWouldHideThatWasKept(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	f.said = []veille.Correction{{TopicID: "t1", EntryID: "e2", Kind: veille.CorrectAbout, Value: veille.AboutUs}}
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/veille/pas-nous?article=e1&sujet=t1&sauf=maire"), http.StatusOK, "Cela cacherait 3 mentions déjà trouvées. 3 comptent aujourd’hui.",
		"Attention\u00a0: votre équipe a dit de 1 d’entre elles que c’est bien vous.", "C’est bien nous")
	wantStatus(t, b.get("/veille/pas-nous?article=e1&sujet=t1&sauf=z%C3%A8bre"), http.StatusOK, "Cela ne cacherait aucune mention")
}

func TestATonIsCorrectedInThreeWords(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	w := b.post("/veille/mention", "article", "e1", "sujet", "t1", "ton", "positive", "retour", "article")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/articles/e1#sujet-t1" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	wantStatus(t, b.get("/articles/e1"), http.StatusOK, "Le ton est corrigé", "Annuler ma correction du ton", "Corrigé par votre équipe")
	wantStatus(t, b.get("/veille?sujet=t1&par=article"), http.StatusOK, "ton corrigé")
	wantStatus(t, b.get("/veille/cachees?sujet=t1"), http.StatusOK, "Ton corrigé\u00a0: positif")
	b.post("/veille/mention", "article", "e1", "sujet", "t1", "annuler", "ton")
	if len(f.said) != 0 {
		t.Errorf("%+v", f.said)
	}
}
