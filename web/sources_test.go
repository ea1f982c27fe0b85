package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

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
		"a silent source that publishes daily says so":         {"/reglages/sources?voir=muette", []string{"alors que d’habitude elle publie environ une fois par jour", "vérifiez l’alerte"}, nil},
		"its page says its rhythm and what it brings":          {"/reglages/sources/s3", []string{"publie environ une fois par jour", "28 articles en 8 semaines, soit environ 3,5 par semaine", "7 parlent de vos sujets (25", "semaine du 28 sept."}, nil},
		"a source that ended says what to do":                  {"/reglages/sources/s5", []string{"retirée du site", "Ouvrir le site", "Chercher la nouvelle adresse", "Supprimer cette source"}, []string{"Lire maintenant"}},
		"to mend and mute come first, then folders":            {"/reglages/sources", []string{"6 sources\u00a0: 2 en santé, 1 muette, 2 à réparer, 1 en pause."}, nil},
		"a kind is chosen by a link":                           {"/reglages/sources?genre=alert", []string{"Alerte : caisse", `aria-current="page"`}, []string{"Le Blogue</a>"}},
		"so is a tier":                                         {"/reglages/sources?palier=4", []string{"Le Blogue"}, []string{"Hebdo des Rives</a>"}},
		"a folder holds those within it":                       {"/reglages/sources?dossier=M%C3%A9dias", []string{"Hebdo des Rives"}, []string{"Le Blogue</a>"}},
		"and those in none are found too":                      {"/reglages/sources?dossier=-", []string{"Le Blogue"}, []string{"Hebdo des Rives</a>"}},
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

func TestSourcesAreListedByNeed(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	page := b.get("/reglages/sources").Body.String()
	last := 0
	for _, words := range []string{"À réparer <", "&lt;b&gt;Le Courrier", "L’Ancien", "Muettes <", "Alerte : caisse", "Médias / Locaux <", "Hebdo des Rives", "Sans dossier <", "Le Blogue", "Le Quotidien"} {
		at := strings.Index(page[last:], words)
		if at < 0 {
			t.Fatalf("%q does not come after what is before it", words)
		}
		last += at
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
	b.post("/reglages/sources/lot", "source", "s1", "source", "s4", "act", "resume")
	b.post("/reglages/sources/lot", "source", "s1", "act", "folder", "folder", " Médias /  Amis ")
	b.post("/reglages/sources/lot", "source", "s4", "act", "typed", "group", "Groupe Rives", "folder", "")
	if f.sources["s1"].Folder != "Médias / Amis" || f.sources["s4"].Group != "Groupe Rives" || f.sources["s4"].State != veille.SourceActive {
		t.Errorf("%+v, %+v", f.sources["s1"], f.sources["s4"])
	}
	w = b.post("/reglages/sources/lot", "source", "s1", "source", "s5", "act", "read")
	wantStatus(t, b.follow(w, "/reglages/sources"), http.StatusOK, "1 source sera lue")
	if !slices.Contains(f.acts, "read s1") || slices.Contains(f.acts, "read s5") {
		t.Errorf("acts %q: want what is active read", f.acts)
	}
	wantStatus(t, b.post("/reglages/sources/lot", "act", "pause"), http.StatusBadRequest, "Cochez-en")
	wantStatus(t, b.post("/reglages/sources/lot", "source", "s1", "act", "tier", "tier", "9"), http.StatusBadRequest)
	wantStatus(t, b.post("/reglages/sources/lot", "source", "s1", "act", "typed"), http.StatusBadRequest)
}

func TestRemovingSeveralSourcesSaysFirstWhatGoes(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.post("/reglages/sources/lot", "source", "s1", "source", "s3", "source", "s0", "act", "remove", "mot", "e")
	wantStatus(t, w, http.StatusOK, "Supprimer 2 sources?", "48 articles lus", "L’Hebdo des Rives", "Oui, supprimer les 2 sources", "/reglages/sources?mot=e")
	if len(f.sources) != 7 {
		t.Fatal("removed before she was sure")
	}
	w = b.post("/reglages/sources/lot", "source", "s1", "source", "s3", "source", "s0", "act", "remove", "sure", "yes")
	wantStatus(t, b.follow(w, "/reglages/sources"), http.StatusOK, "2 sources supprimées")
	if _, kept := f.sources["s0"]; len(f.sources) != 5 || !kept {
		t.Errorf("%d sources left", len(f.sources))
	}
}

func TestTheAddressesOfAlertsAreExportedOnlyByWhoLeads(t *testing.T) {
	t.Parallel()
	for role, secret := range map[veille.Role]bool{veille.RoleManager: true, veille.RoleContributor: false, veille.RoleReader: false} {
		b, _, _ := settingsOf(t, as(role))
		if told := strings.Contains(b.get("/reglages/sources.opml").Body.String(), "0123"); told != secret {
			t.Errorf("%s: the address of an alert told: %v", role, told)
		}
	}
}

// TestFiveHundredSourcesStayLight measures the page of a branch that follows
// many: what travels, compressed, and how long it is made.
func TestFiveHundredSourcesStayLight(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	for i := range 500 {
		s := f.sources[veille.SourceID([]string{"s1", "s2", "s3", "s4"}[i%4])]
		s.ID, s.Title = veille.SourceID(fmt.Sprint("m", i)), fmt.Sprintf("Le Média de la Ville-%d", i)
		s.URL, s.Folder = fmt.Sprintf("https://media%d.exemple/rss", i), fmt.Sprintf("Région %d", i%17)
		f.sources[s.ID] = s
	}
	took := make([]time.Duration, 20)
	var body []byte
	for i := range took {
		began := time.Now()
		body = b.get("/reglages/sources").Body.Bytes()
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	z.Write(body)
	z.Close()
	t.Logf("%d KB, %d KB compressed, median %v, p95 %v", len(body)>>10, small.Len()>>10, took[10], took[18])
	if small.Len() > 100<<10 {
		t.Errorf("%d bytes travel, want at most 100 KB", small.Len())
	}
}

func TestSourcesGoInAndOutAsOPML(t *testing.T) {
	t.Parallel()
	b, _, _ := settingsOf(t, ana("fr"))
	w := b.get("/reglages/sources.opml")
	list, err := opml.Parse(w.Body.Bytes())
	if err != nil || len(list) != 5 || list[4].Title != "L’Hebdo des Rives" || list[4].Folder != "Médias / Locaux" {
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
	if len(f.sources) != 7 || len(f.topics) != 3 || len(f.channels) != 3 || len(f.hooks) != 2 {
		t.Error("a reader changed something")
	}
}
