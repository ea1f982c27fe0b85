package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

// fakeSetup is a first visit in memory.
type fakeSetup struct {
	people  *people
	answers SetupAnswers
	topics  map[veille.TopicID]veille.Topic
	sources int
	done    atomic.Bool
}

func (f *fakeSetup) Setup(_ context.Context, a SetupAnswers) (veille.User, []veille.Topic, error) {
	f.answers = a
	u := ana(a.Locale)
	u.Name, u.Email = a.Name, a.Email
	f.people.users[u.ID] = u
	return u, []veille.Topic{
		{BranchID: "b1", Name: a.Branch, Query: `"` + a.Branch + `"`, Subject: veille.SubjectBranch},
		{BranchID: "b1", Name: a.Movement, Query: `"` + a.Movement + `"`, Subject: veille.SubjectMovement},
	}, nil
}

func (f *fakeSetup) SaveTopic(_ context.Context, t veille.Topic) error {
	if strings.Contains(t.Query, "((") {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("welcome.topic_query_needed"), nil)
	}
	if f.topics == nil {
		f.topics = map[veille.TopicID]veille.Topic{}
	}
	f.topics[t.ID] = t
	return nil
}

func (f *fakeSetup) AddSource(_ context.Context, _ veille.BranchID, address string) (Added, error) {
	switch address {
	case "https://journal.exemple":
		return Added{Found: []Found{{URL: "https://journal.exemple/rss", Title: "Le Journal"}}}, nil
	case "https://photo.exemple":
		return Added{}, veille.NewProblem(veille.ErrInvalid, veille.Say("welcome.address_needed"), nil)
	}
	f.sources++
	return Added{Source: veille.Source{Title: "Le Journal"}}, nil
}

func (f *fakeSetup) ImportOPML(_ context.Context, _ veille.BranchID, file []byte) (int, error) {
	f.sources += bytes.Count(file, []byte("<outline"))
	return f.sources, nil
}

func (f *fakeSetup) Progress(context.Context, veille.BranchID) (Progress, error) {
	return Progress{Sources: f.sources, Read: f.sources, Entries: 41, Stories: 30, Mentions: 3, Done: f.done.Load()}, nil
}

// firstVisit is a browser that holds the first link.
func firstVisit(t *testing.T) (*browser, *fakeSetup) {
	t.Helper()
	deps := testDeps()
	deps.Accounts.(*people).links[auth.HashToken("premier")+LinkSetup] = ""
	b := newBrowser(t, newTestServer(t, deps, Config{}))
	wantStatus(t, b.follow(b.post("/entrer", "jeton", "premier"), "/bienvenue"), http.StatusOK, "Faisons connaissance")
	return b, deps.Setup.(*fakeSetup)
}

func answer(b *browser, kv ...string) *httptest.ResponseRecorder {
	form := map[string]string{
		"branch": "Caisse de la Rivière", "movement": "Mouvement Desrivières", "locale": "fr", "zone": "America/Toronto",
		"name": "Ana", "email": "ana@exemple.ca", "password": phrase,
	}
	for i := 0; i+1 < len(kv); i += 2 {
		form[kv[i]] = kv[i+1]
	}
	var flat []string
	for k, v := range form {
		flat = append(flat, k, v)
	}
	return b.post("/bienvenue", flat...)
}

func TestTheFirstVisitGoesFromNothingToToday(t *testing.T) {
	t.Parallel()
	b, f := firstVisit(t)
	golden(t, "welcome_fr", b.get("/bienvenue").Body.String())
	w := b.follow(answer(b), "/bienvenue/sujets")
	wantStatus(t, w, http.StatusOK, "Surveiller Caisse de la Rivière", "Surveiller Mouvement Desrivières", "Ajouter un sujet à vous")
	want := SetupAnswers{Branch: "Caisse de la Rivière", Movement: "Mouvement Desrivières", Locale: "fr",
		Zone: "America/Toronto", Name: "Ana", Email: "ana@exemple.ca", Password: phrase}
	if diff := cmp.Diff(want, f.answers); diff != "" {
		t.Error(diff)
	}
	topics := []string{"keep-0", "yes", "name-0", "Nous", "query-0", "nous", "name-1", "Mouvement", "query-1", "m", "keep-2", "yes", "name-2", "Taux"}
	wantStatus(t, b.post("/bienvenue/sujets", append(topics, "query-2", "((")...), http.StatusBadRequest, "Écrivez les mots à chercher", `value="Taux"`)
	w = b.follow(b.post("/bienvenue/sujets", append(topics, "query-2", "taux")...), "/bienvenue/sources")
	wantStatus(t, w, http.StatusOK, "Où est-ce", "Continuer sans source")
	if len(f.topics) != 2 {
		t.Errorf("%d topics kept, want 2: %v", len(f.topics), f.topics)
	}
	wantStatus(t, b.post("/bienvenue/sources/adresse", "address", "https://journal.exemple"), http.StatusOK, "https://journal.exemple/rss")
	w = b.post("/bienvenue/sources/adresse", "address", "https://journal.exemple/rss")
	wantStatus(t, b.follow(w, "/bienvenue/sources"), http.StatusOK, "Ajouté\u00a0: Le Journal", "1 source")
	wantStatus(t, b.post("/bienvenue/sources/adresse", "address", "https://photo.exemple"), http.StatusBadRequest, "f-address-error")
	w = b.get("/bienvenue/lecture")
	wantStatus(t, w, http.StatusOK, "hx-get", `http-equiv="refresh"`)
	f.done.Store(true)
	b.header.Set("HX-Request", "true")
	w = b.get("/bienvenue/lecture")
	wantStatus(t, w, http.StatusOK, "41 articles vous attendent", "Aller à Aujourd’hui")
	if strings.Contains(w.Body.String(), "hx-get") || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("the part still polls or is a page: %s", w.Body)
	}
}

func TestWrongAnswersAreToldBesideTheirQuestion(t *testing.T) {
	t.Parallel()
	b, f := firstVisit(t)
	w := answer(b, "branch", " ", "email", "ana", "zone", "Mars/Base", "password", "court", "name", "", "locale", "xx")
	wantStatus(t, w, http.StatusBadRequest, "f-branch-error", "f-email-error", "f-zone-error", "f-password-error", "f-name-error", "f-locale-error")
	if f.answers.Branch != "" {
		t.Error("set up all the same")
	}
}

func TestTheFirstVisitIsOpenToNobodyElse(t *testing.T) {
	t.Parallel()
	stranger := newBrowser(t, newTestServer(t, testDeps(), Config{}))
	wantStatus(t, stranger.get("/bienvenue"), http.StatusForbidden)
	wantStatus(t, answer(stranger), http.StatusForbidden)
	wantStatus(t, stranger.get("/connexion"), http.StatusOK, "Personne n’a encore de compte")
	b, _ := firstVisit(t)
	answer(b)
	wantStatus(t, answer(b), http.StatusConflict, "Veilleur a déjà un compte")
}

func TestAnOPMLFileIsImported(t *testing.T) {
	t.Parallel()
	b, _ := firstVisit(t)
	answer(b)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "liste.opml")
	if err != nil {
		t.Fatal(err)
	}
	file.Write([]byte(`<opml><body><outline/><outline/></body></opml>`))
	form.Close()
	r := httptest.NewRequest(http.MethodPost, "/bienvenue/sources/opml", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	wantStatus(t, b.follow(b.do(r), "/bienvenue/sources"), http.StatusOK, "2 nouvelles sources")
	wantStatus(t, b.post("/bienvenue/sources/opml"), http.StatusBadRequest, "f-file-error")
}

func TestTheProfileIsKept(t *testing.T) {
	t.Parallel()
	deps := testDeps(ana("fr"))
	b := signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
	w := b.post("/reglages/profil", "name", "Ana B.", "locale", "en")
	wantStatus(t, b.follow(w, "/reglages/profil"), http.StatusOK, "Saved.", "Your profile")
	want := ana("en")
	want.Name = "Ana B."
	got, _ := deps.Accounts.User(t.Context(), "u1")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantStatus(t, b.post("/reglages/profil", "name", ""), http.StatusBadRequest, "f-name-error")
}
