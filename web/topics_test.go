package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/index/query"
	"veilleur/internal/veille"
)

func TestTheTopicsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "topics_"+locale, b.get("/reglages/sujets").Body.String())
			golden(t, "topic_"+locale, b.get("/reglages/sujets/t1").Body.String())
		})
	}
}

func TestATopicIsTriedBeforeItIsKept(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.get("/reglages/sujets/nouveau"), http.StatusOK, "Écrivez des mots à chercher")
	w := b.get("/reglages/sujets/nouveau?nom=Fraude&requete=hameçonnage&objet=theme&sensibilite=calm")
	wantStatus(t, w, http.StatusOK, "23 articles en 30 jours, les voici", "hameçonnage réduit ses heures &lt;i&gt;", `href="/nouvelles/n1"`, "Contient «\u00a0hameçonnage\u00a0»", `value="Fraude"`)

	b.header.Set("HX-Request", "true")
	w = b.get("/reglages/sujets/apercu?requete=taux")
	wantStatus(t, w, http.StatusOK, "23 articles en 30 jours")
	if strings.Contains(w.Body.String(), "<html") {
		t.Error("a part is a whole page")
	}
	b.header.Del("HX-Request")

	w = b.post("/reglages/sujets/nouveau", "nom", " Fraude\r\nbancaire ", "requete", "hameçonnage", "objet", "branch", "sensibilite", "alert")
	wantStatus(t, b.follow(w, "/reglages/sujets"), http.StatusOK, "«\u00a0Fraude bancaire\u00a0» est enregistré")
	want := veille.Topic{ID: "t2", BranchID: "b1", Name: "Fraude bancaire", Query: "hameçonnage", Subject: veille.SubjectBranch, Sensitivity: veille.SensitivityAlert}
	if diff := cmp.Diff(want, f.topics["t2"]); diff != "" {
		t.Error(diff)
	}
	b.follow(b.post("/reglages/sujets/t2/retirer"), "/reglages/sujets")
	if _, still := f.topics["t2"]; still {
		t.Error("the topic is still there")
	}
}

func TestAMistakeInAQueryIsShownWithItsMend(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.post("/reglages/sujets/t1", "nom", "Notre caisse", "requete", `caisse ET (prêt OU taux`)
	wantStatus(t, w, http.StatusBadRequest, "Il manque une parenthèse fermante", "au caractère", "<mark>", "Corriger ainsi", "caisse ET (prêt OU taux")
	wantStatus(t, b.post("/reglages/sujets/t1", "nom", "x", "requete", ""), http.StatusBadRequest, "Écrivez au moins un mot")
	wantStatus(t, b.post("/reglages/sujets/t1", "nom", "", "requete", "caisse"), http.StatusBadRequest, "f-nom-error", "caisse</textarea>")
	if f.topics["t1"].Name != "Notre caisse" || !strings.HasPrefix(f.topics["t1"].Query, `"Caisse`) {
		t.Error("a refused topic was kept")
	}
}

func TestTheCharacterOfAMistakeIsMarkedWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		q    string
		at   int
		want string
	}{
		"a plain character":                     {"a)b", 1, "a<mark>)</mark>b"},
		"a character of two bytes":              {"été", 0, "<mark>é</mark>té"},
		"a byte within a character":             {"été", 1, "<mark>é</mark>té"},
		"what is missing at the end":            {"(a", 2, "(a<mark>␣</mark>"},
		"a place beyond the end is the end":     {"a", 9, "a<mark>␣</mark>"},
		"a place before the start is the start": {"<b", -1, "<mark>&lt;</mark>b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passageHTML(mistakeAt(&query.Error{At: c.at}, c.q)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
