package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"veilleur/crawler/opml"
	"veilleur/internal/veille"
)

// settingsOf is a browser signed in as u, on a fake of all settings.
func settingsOf(t *testing.T, u veille.User) (*browser, *fakeSettings, Deps) {
	t.Helper()
	f := newFakeSettings()
	deps := testDeps(u)
	deps.Settings = f.deps()
	return signedBrowser(t, newTestServer(t, deps, Config{}), u.Email), f, deps
}

// as is ana in another role.
func as(r veille.Role) veille.User {
	u := ana("fr")
	u.Role = r
	return u
}

func TestTheSourcesInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "sources_"+locale, b.get("/reglages/sources").Body.String())
			golden(t, "source_"+locale, b.get("/reglages/sources/s2").Body.String())
		})
	}
}

func TestTheListOfSourcesSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	for name, c := range map[string]struct {
		path      string
		want, not []string
	}{
		"a failing source says why and when it is tried again": {"/reglages/sources?voir=panne", []string{"ne trouve rien à cette adresse", "4 essais manqués", "&lt;b&gt;Le Courrier"}, []string{"Le Blogue", "<b>Le Courrier"}},
		"a silent source says since when":                      {"/reglages/sources?voir=muette", []string{"Muette depuis 4 jours", "19 novembre 2026"}, []string{"L’Hebdo des Rives"}},
		"a paused source says that nothing comes":              {"/reglages/sources?voir=pause", []string{"Le Blogue", "Reprendre"}, []string{"L’Hebdo des Rives"}},
		"a word chooses by name":                               {"/reglages/sources?mot=hebdo", []string{"L’Hebdo des Rives"}, []string{"Le Blogue"}},
		"the movement's source is read, not changed":           {"/reglages/sources/s0", []string{"Mouvement Desrivières"}, []string{"Lire maintenant", "retirer"}},
		"an alert keeps its address secret":                    {"/reglages/sources/s3", []string{"alertes.exemple"}, []string{"0123"}},
		"nothing found is said":                                {"/reglages/sources?mot=zzz", []string{"Aucune source ne correspond"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := b.get(c.path)
			wantStatus(t, w, http.StatusOK, c.want...)
			for _, word := range c.not {
				if strings.Contains(w.Body.String(), word) {
					t.Errorf("%s says %q", c.path, word)
				}
			}
		})
	}
}

func TestASourceIsReadPausedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	wantStatus(t, b.follow(b.post("/reglages/sources/s1/lire", "retour", "/reglages/sources/s1"), "/reglages/sources/s1"), http.StatusOK, "sera lue")
	wantStatus(t, b.post("/reglages/sources/s4/lire"), http.StatusConflict, "pas lue en ce moment")
	b.follow(b.post("/reglages/sources/s1/etat", "act", "pause", "retour", "//ailleurs.exemple"), "/reglages/sources")
	if f.sources["s1"].State != veille.SourcePaused || !slices.Contains(f.acts, "read s1") {
		t.Errorf("state %q, acts %q", f.sources["s1"].State, f.acts)
	}
	b.follow(b.post("/reglages/sources/s1", "title", " L’Hebdo\n ", "publisher", "", "group", "Groupe Rives", "tier", "1", "read_pages", "yes"), "/reglages/sources/s1")
	if s := f.sources["s1"]; s.Title != "L’Hebdo" || s.Group != "Groupe Rives" || s.Tier != 1 || !s.ReadPages {
		t.Errorf("changed to %+v", s)
	}
	b.follow(b.post("/reglages/sources/s1/retirer"), "/reglages/sources")
	if _, still := f.sources["s1"]; still {
		t.Error("the source is still there")
	}
}

func TestSourcesAreChangedTogether(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.post("/reglages/sources/lot", "source", "s1", "source", "s2", "source", "s0", "source", "s9", "act", "pause")
	wantStatus(t, b.follow(w, "/reglages/sources"), http.StatusOK, "2 sources changées")
	if f.sources["s0"].State != veille.SourceActive || f.sources["s9"].State != veille.SourceActive {
		t.Error("a source of another branch was paused")
	}
	b.follow(b.post("/reglages/sources/lot", "all", "yes", "voir", "pause", "act", "tier", "tier", "2"), "/reglages/sources?voir=pause")
	if f.sources["s4"].Tier != 2 || f.sources["s3"].Tier != 0 {
		t.Errorf("tiers %d and %d, want 2 and 0", f.sources["s4"].Tier, f.sources["s3"].Tier)
	}
	wantStatus(t, b.post("/reglages/sources/lot", "act", "pause"), http.StatusBadRequest, "Cochez-en")
	wantStatus(t, b.post("/reglages/sources/lot", "source", "s1", "act", "tier", "tier", "9"), http.StatusBadRequest)
}

func TestSourcesGoInAndOutAsOPML(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	w := b.get("/reglages/sources.opml")
	list, err := opml.Parse(w.Body.Bytes())
	if err != nil || len(list) != 4 || list[3].Tier != 4 {
		t.Errorf("exported %+v, %v", list, err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "a.opml")
	part.Write(w.Body.Bytes())
	form.Close()
	r := httptest.NewRequest(http.MethodPost, "/reglages/sources/opml", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	wantStatus(t, b.follow(b.do(r), "/reglages/sources"), http.StatusOK, "nouvelles sources")
	wantStatus(t, b.post("/reglages/sources/opml"), http.StatusBadRequest, "f-file-error")
}

// TestSettingsOfOthersAreOutOfReach tries every page and act on what belongs
// to another branch, to the movement, and as a reader.
func TestSettingsOfOthersAreOutOfReach(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	reader, f, _ := settingsOf(t, as(veille.RoleReader))
	for _, path := range []string{"/reglages/sources/s9", "/reglages/sujets/t9", "/reglages/canaux/c9", "/reglages/avertissements/w9"} {
		wantStatus(t, b.get(path), http.StatusNotFound)
		wantStatus(t, b.post(path+"/retirer"), http.StatusNotFound)
	}
	wantStatus(t, b.post("/reglages/jetons/k9/retirer"), http.StatusNotFound)
	wantStatus(t, b.post("/reglages/sources/s9", "tier", "1"), http.StatusNotFound)
	wantStatus(t, b.post("/reglages/sources/s0/etat", "act", "pause"), http.StatusForbidden, "appartient à votre mouvement")
	wantStatus(t, b.post("/reglages/sujets/t0", "nom", "x", "requete", "y"), http.StatusForbidden)
	for _, path := range []string{"/reglages/sources/s1/retirer", "/reglages/sources/lot", "/reglages/sujets/t1/retirer", "/reglages/canaux/c1/retirer", "/reglages/avertissements", "/reglages/equipe"} {
		wantStatus(t, reader.post(path), http.StatusForbidden)
	}
	wantStatus(t, reader.get("/reglages/equipe"), http.StatusForbidden)
	if strings.Contains(reader.get("/reglages").Body.String(), "/reglages/equipe") {
		t.Error("a reader is offered the team")
	}
	if len(f.sources) != 6 || len(f.topics) != 3 || len(f.channels) != 3 || len(f.hooks) != 2 {
		t.Error("a reader changed something")
	}
}
