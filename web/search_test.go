package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestSearchInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b := newsBrowser(t, newFakeNews(), locale)
			golden(t, "search_"+locale, b.get("/veille?q=fermer+OU+frigo&du=2026-11-22").Body.String())
			golden(t, "saved_"+locale, b.get("/veille/recherches").Body.String())
		})
	}
}

func TestAnInquiryAndItsAddressAreOneThing(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "q=caisse", "au=2026-11-23&du=2026-11-01&langue=fr&langue=autre&page=3&palier=1&palier=4&par=article&q=a+b&source=s1&sujet=t1&ton=negative&tri=relevant",
	} {
		values, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := readInquiry(values).values().Encode(); got != address {
			t.Errorf("%q, want %q", got, address)
		}
	}
	wrong, _ := url.ParseQuery("du=hier&palier=9&ton=x&langue=de&page=-4&tri=x&par=x")
	if got := readInquiry(wrong).path(); got != "/veille" {
		t.Errorf("what cannot be read asks %s", got)
	}
}

func TestTheLastDayChosenIsSearched(t *testing.T) {
	t.Parallel()
	zone := zoneOf("America/Toronto")
	r := inquiry{From: "2026-11-01", To: "2026-11-23", Page: 2, Langs: []string{"autre"}}.request(zone)
	if r.After.Format(time.RFC3339) != "2026-11-01T00:00:00-04:00" || r.Before.Format(time.RFC3339) != "2026-11-24T00:00:00-05:00" {
		t.Errorf("%s to %s", r.After, r.Before)
	}
	if r.Offset != perPage || !cmp.Equal(r.Langs, []string{""}) {
		t.Errorf("%+v", r)
	}
}

func TestADayThenAnotherChooseThoseBetween(t *testing.T) {
	t.Parallel()
	a := inquiry{Page: 1}.toDay("2026-11-20")
	if a.From != "2026-11-20" || a.To != "2026-11-20" {
		t.Errorf("%+v", a)
	}
	a = a.toDay("2026-11-10")
	if a.From != "2026-11-10" || a.To != "2026-11-20" || a.holds("2026-11-21") || !a.holds("2026-11-10") {
		t.Errorf("%+v", a)
	}
	if a = a.toDay("2026-11-12"); a.From != a.To {
		t.Errorf("%+v", a)
	}
}

func TestTypingBringsWhatIsFoundAndItsAddress(t *testing.T) {
	t.Parallel()
	b := newsBrowser(t, newFakeNews(), "fr")
	b.header.Set("HX-Request", "true")
	w := b.get("/veille?q=fermer&du=&au=&ton=negative")
	wantStatus(t, w, http.StatusOK, `hx-swap-oob="innerHTML"`, "<mark>fermer</mark>", "&lt;inquiets&gt;", "&lt;b&gt;Des aînés&lt;/b&gt;", "2 sources indépendantes")
	if got := w.Header().Get("HX-Push-Url"); got != "/veille?q=fermer&ton=negative" {
		t.Errorf("the address becomes %s", got)
	}
	if strings.Contains(w.Body.String(), "<html") {
		t.Error("the whole page came")
	}
}

func TestAMistakeShowsTheCharacterAndTheMend(t *testing.T) {
	t.Parallel()
	b := newsBrowser(t, newFakeNews(), "fr")
	w := b.get("/veille?q=" + url.QueryEscape(`(fermer OU comptoir`) + "&ton=negative")
	wantStatus(t, w, http.StatusBadRequest, "parenthèse", `<code class="slip">(fermer OU comptoir<mark>⎵</mark></code>`,
		`href="/veille?q=%28fermer+OU+comptoir%29&amp;ton=negative"`, `name="ton" value="negative"`)
}

func TestTheFollowingHitsComeAloneAndTheListEnds(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	for i := range 25 {
		e := f.entries[1]
		e.ID, e.Reading.StoryID = veille.EntryID("x"+string(rune('a'+i))), ""
		f.entries = append(f.entries, e)
	}
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/veille?q=frigo&par=article"), http.StatusOK, "Plus de résultats", "20 sur 26", `hx-get="/veille?page=2&amp;par=article&amp;q=frigo"`)
	b.header.Set("HX-Request", "true")
	b.header.Set("HX-Target", "more")
	w := b.get("/veille?q=frigo&par=article&page=2")
	wantStatus(t, w, http.StatusOK, "C’est tout")
	if n := strings.Count(w.Body.String(), `class="hit"`); n != 6 {
		t.Errorf("%d hits follow, want 6", n)
	}
}

func TestATopicAloneMarksItsOwnWords(t *testing.T) {
	t.Parallel()
	b := newsBrowser(t, newFakeNews(), "fr")
	wantStatus(t, b.get("/veille?sujet=t1"), http.StatusOK, "<mark>Caisse de la Rivière</mark>", "Pas nous")
	if body := b.get("/veille?q=caisse").Body.String(); strings.Contains(body, "autre caisse") || strings.Contains(body, "d’à côté") {
		t.Error("another branch’s sources, topics or searches are shown")
	}
}

func TestASearchBecomesATopic(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	wantStatus(t, b.get("/veille/sujet?q=fermer+langue:fr"), http.StatusOK, "3 articles en 30 jours, les voici", "Est en français.")
	wantStatus(t, b.post("/veille/sujet", "q", "fermer", "nom", " ", "objet", "theme"), http.StatusBadRequest, "Donnez un nom au sujet", ">fermer</textarea>")
	wantStatus(t, b.post("/veille/sujet", "q", "(fermer", "nom", "Fermetures", "objet", "theme"), http.StatusBadRequest, "Fermetures", "parenthèse")
	b.follow(b.post("/veille/sujet", "q", "fermer", "nom", "Fermetures", "objet", "branch"), "/veille?sujet=t-new")
	want := []veille.Topic{{ID: "t-new", BranchID: "b1", Name: "Fermetures", Query: "fermer", Subject: veille.SubjectBranch}}
	if diff := cmp.Diff(want, f.kept); diff != "" {
		t.Error(diff)
	}
	b.header.Set("HX-Request", "true")
	if w := b.get("/veille/sujet?q=frigo"); strings.Contains(w.Body.String(), "<form") || w.Code != http.StatusOK {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}

func TestNotUsShowsWhatItWouldHideThenExcludes(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	w := b.get("/veille/pas-nous?article=e2&sujet=t1")
	wantStatus(t, w, http.StatusOK, "Exclure la source «\u00a0Le Courrier du Fleuve\u00a0»", "Cela cacherait 1 mention déjà trouvée. 1 compte aujourd’hui.",
		"Exclure ce qui contient «\u00a0aînés inquiets\u00a0»")
	wantStatus(t, b.get("/veille/pas-nous?article=e2&sujet=t1&sauf=maire"), http.StatusOK, "Cela cacherait 3 mentions")
	if len(f.kept) > 0 {
		t.Error("looking changed the topic")
	}
	b.follow(b.post("/veille/pas-nous", "sujet", "t1", "sauf", `source:"Le Courrier du Fleuve"`), "/veille?sujet=t1")
	if got := f.kept[0].Query; got != `"Caisse de la Rivière" -source:"Le Courrier du Fleuve"` {
		t.Errorf("the topic became %s", got)
	}
}

func TestWhatIsNotHersIsNotFound(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	for _, path := range []string{"/veille/pas-nous?article=e5&sujet=t1", "/veille/pas-nous?article=e1&sujet=t9", "/veille/pas-nous?article=e1&sujet=t0", "/articles/e5", "/nouvelles/st9"} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for path, field := range map[string]string{"/veille/pas-nous": "t0", "/veille/recherches/r9/ouvrir": "", "/veille/recherches/r9/supprimer": ""} {
		if w := b.post(path, "sujet", field, "sauf", "x"); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if len(f.kept) > 0 || len(f.saved) != 2 {
		t.Error("something changed")
	}
}

func TestASearchIsKeptOpenedAndDeleted(t *testing.T) {
	t.Parallel()
	f := newFakeNews()
	b := newsBrowser(t, f, "fr")
	w := b.follow(b.post("/veille/recherches", "q", "frigo", "name", "Le  frigo"), "/veille/recherches")
	wantStatus(t, w, http.StatusOK, "Le frigo", "rien de nouveau", "3 nouveaux", "/flux/recherche-r1.csv?cle=c")
	b.follow(b.post("/veille/recherches/r1/ouvrir"), "/veille?q=fermer")
	if w := b.get("/veille/recherches"); strings.Contains(w.Body.String(), "nouveaux") {
		t.Error("what was read is still new")
	}
	b.follow(b.post("/veille/recherches/r1/supprimer"), "/veille/recherches")
	wantStatus(t, b.post("/veille/recherches", "q", " ", "name", "Rien"), http.StatusBadRequest, "Écrivez d’abord")
	if len(f.saved) != 2 || f.saved[1].Name != "Le frigo" {
		t.Errorf("%+v", f.saved)
	}
}

func TestAFormBuildsTheQuery(t *testing.T) {
	t.Parallel()
	b := newsBrowser(t, newFakeNews(), "fr")
	wantStatus(t, b.get("/veille/formulaire?q=caisse+-hockey+%22de+la+rivi%C3%A8re%22&langue=fr"), http.StatusOK, `value="caisse"`, `value="hockey"`, `value="de la rivière"`, `value="fr" selected`)
	wantStatus(t, b.get("/veille/formulaire?q=tier:1"), http.StatusOK, "plus riche que ce formulaire")
	for _, c := range []struct {
		name string
		form plainForm
		want inquiry
	}{
		{"each field says one thing", plainForm{All: "caisse comptoir", Phrase: "Saint-Rémi des Saules", Any: "fermer ferm*", None: "hockey", Title: "heures", Lang: "en", From: "2026-11-01"},
			inquiry{Q: `caisse comptoir "Saint-Rémi des Saules" (fermer OR ferm*) title:heures -hockey`, Langs: []string{"en"}, From: "2026-11-01", Page: 1}},
		{"an operator is a word here", plainForm{All: "OU (banque", None: `"sports"`}, inquiry{Q: `"OU" banque -sports`, Page: 1}},
		{"nothing asks nothing", plainForm{}, inquiry{Page: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.form.inquiry()
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if back := plainOf(got); back.TooRich || back.inquiry().Q != got.Q {
				t.Errorf("%+v gives back %+v", got, back)
			}
		})
	}
}

func FuzzAnyFormGivesAQueryThatReads(f *testing.F) {
	f.Add("caisse", `de "la`, "a* OU", "-x", "titre:")
	f.Fuzz(func(t *testing.T, all, phrase, any, none, title string) {
		b := plainForm{All: all, Phrase: phrase, Any: any, None: none, Title: title}
		plainOf(readInquiry(b.inquiry().values())) // no panic, whatever was typed
	})
}
