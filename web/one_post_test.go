package web

import (
	"net/http"
	"strings"
	"testing"

	"veilleur/internal/veille"
)

func TestOnePostInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		b, _, _ := calendarBrowser(t, ana(locale))
		golden(t, "one_post_"+locale, b.get("/calendrier/p2").Body.String())
		golden(t, "one_post_ready_"+locale, b.get("/calendrier/p4").Body.String())
	}
}

func TestEachStateSaysWhatItIsAndWhatCanBeDone(t *testing.T) {
	t.Parallel()
	b, _, _ := calendarBrowser(t, ana("fr"))
	for id, c := range map[string]struct{ says, not []string }{
		"p0": {[]string{"Publiée", "Voir la publication"}, []string{"Changer l’heure", "Retenir", "C’est publié"}},
		"p1": {[]string{"Retenue", "Libérer à cette heure", "Reprendre en brouillon", "22 novembre 2026"}, []string{"C’est publié"}},
		"p2": {[]string{"Planifiée", "Déplacer", "Retenir", "Prêt à copier"}, []string{"C’est publié", "Supprimer"}},
		"p3": {[]string{"À approuver", "Approuver à cette heure", "Renvoyer en brouillon"}, []string{"C’est publié"}},
		"p4": {[]string{"À publier par vous", "Prêt à copier", "Ouvrir Facebook", "C’est publié", "Retenir"}, []string{"Le texte et les photos"}},
		"p5": {[]string{"Non publiée", "Aucun site n’a ce nom", "Réessayer à cette heure", "Reprendre en brouillon"}, []string{"Retenir"}},
		"p6": {[]string{"À vérifier", "C’est publié", "Pas publié\u00a0: remettre en brouillon"}, []string{"Changer l’heure", "Le texte et les photos"}},
		"p7": {[]string{"Brouillon", "Planifier", "Envoyer pour approbation", "Supprimer pour de bon"}, []string{"Retenir"}},
	} {
		w := b.get("/calendrier/" + id)
		wantStatus(t, w, http.StatusOK, c.says...)
		for _, word := range c.not {
			if strings.Contains(w.Body.String(), word) {
				t.Errorf("%s: offers %q", id, word)
			}
		}
	}
}

func TestAPostGoesThroughItsLife(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	step := func(path string, want veille.PostState, says string, kv ...string) {
		t.Helper()
		id := strings.Split(path, "/")[0]
		wantStatus(t, b.follow(b.post("/calendrier/"+path, kv...), "/calendrier/"+id), http.StatusOK, says)
		if got := desk.state(veille.PostID(id)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	step("p7/etat", veille.PostAwaiting, "Envoyée pour approbation", "to", "awaiting_approval")
	step("p7/etat", veille.PostDraft, "redevenu un brouillon", "to", "draft")
	step("p7/heure", veille.PostScheduled, "27 novembre 2026 à 15", "slot", "2026-11-27T15:00")
	step("p7/heure", veille.PostScheduled, "28 novembre 2026 à 8", "day", "2026-11-28", "clock", "08:00", "zone", "America/Toronto")
	step("p7/etat", veille.PostHeld, "Elle ne partira pas sans vous", "to", "held")
	step("p7/heure", veille.PostScheduled, "Elle partira", "slot", "2026-11-27T15:00")
	step("p4/publiee", veille.PostPublished, "Bravo", "url", "https://www.facebook.com/caisse/2")
	step("p6/reprendre", veille.PostDraft, "Corrigez-le")
	step("p5/heure", veille.PostScheduled, "Elle partira", "slot", "2026-11-26T09:00")
	step("p1", veille.PostHeld, "C’est enregistré", "title", "Horaire", "text", "Autres mots.")
	b.follow(b.post("/calendrier/p6/supprimer"), "/calendrier")
	wantStatus(t, b.get("/calendrier/p6"), http.StatusNotFound)
}

func TestAnActThatCannotBeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	wantStatus(t, b.post("/calendrier/p4/publiee", "url", "javascript:alert(1)"), http.StatusBadRequest, "n’en est pas une", "javascript:alert(1)")
	wantStatus(t, b.post("/calendrier/p0/etat", "to", "held"), http.StatusConflict, "déjà en ligne")
	wantStatus(t, b.post("/calendrier/p2/etat", "to", "published"), http.StatusBadRequest)
	wantStatus(t, b.post("/calendrier/p0/heure", "slot", "2026-11-27T15:00"), http.StatusConflict, "ne peut plus changer d’heure")
	wantStatus(t, b.post("/calendrier/p2/heure", "day", "2026-11-20", "clock", "09:00"), http.StatusBadRequest, "Cette heure est passée")
	wantStatus(t, b.post("/calendrier/p2", "text", " ", "title", "Gardé"), http.StatusBadRequest, "Écrivez le texte", "Gardé")
	if desk.state("p0") != veille.PostPublished || desk.state("p2") != veille.PostScheduled || desk.state("p4") != veille.PostPublishing {
		t.Error("a refused act changed something")
	}
}

func TestMarkupInAPostIsText(t *testing.T) {
	t.Parallel()
	b, desk, _ := calendarBrowser(t, ana("fr"))
	for i := range desk.posts {
		desk.posts[i].Title, desk.posts[i].Text = `<script>alert(1)</script>`, `</textarea><img src=x onerror=alert(1)>`
		desk.posts[i].RemoteURL = "javascript:alert(1)"
	}
	for _, path := range []string{"/calendrier", "/calendrier?vue=liste", "/calendrier/p0", "/calendrier/p2", "/calendrier/p4"} {
		body := b.get(path).Body.String()
		for _, bad := range []string{"<script>alert", "<img src=x", "javascript:alert"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s lets %q through", path, bad)
			}
		}
	}
}
