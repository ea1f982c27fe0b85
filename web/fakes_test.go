package web

import (
	"context"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/google/go-cmp/cmp"

	"veilleur/internal/auth"
	"veilleur/internal/veille"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// morning is the clock of every test: Monday 23 November 2026, 6 h 52 in
// Montréal.
var morning = time.Date(2026, 11, 23, 11, 52, 0, 0, time.UTC)

const phrase = "une phrase bien longue"

// people is a fake of accounts.
type people struct {
	mu    sync.Mutex
	users map[veille.UserID]veille.User
	links map[string]veille.UserID // hash + purpose, one use
	down  error
}

func (p *people) User(_ context.Context, id veille.UserID) (veille.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u, ok := p.users[id]; ok && p.down == nil {
		return u, nil
	}
	return veille.User{}, p.orAbsent()
}

func (p *people) orAbsent() error {
	if p.down != nil {
		return p.down
	}
	return veille.ErrNotFound
}

func (p *people) UserByEmail(_ context.Context, email string) (veille.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.users {
		if u.Email == email {
			return u, nil
		}
	}
	return veille.User{}, p.orAbsent()
}

func (p *people) Users(context.Context, veille.BranchID) ([]veille.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []veille.User
	for _, u := range p.users {
		out = append(out, u)
	}
	return out, p.down
}

func (p *people) PutUser(_ context.Context, u veille.User) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[u.ID] = u
	return nil
}

func (p *people) TakeLink(_ context.Context, hash, purpose string, _ time.Time) (veille.UserID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := p.links[hash+purpose]
	if !ok {
		return "", veille.ErrNotFound
	}
	delete(p.links, hash+purpose)
	return id, nil
}

func (p *people) Branch(_ context.Context, id veille.BranchID) (veille.Branch, error) {
	for _, b := range branches() {
		if b.ID == id {
			return b, nil
		}
	}
	return veille.Branch{}, veille.ErrNotFound
}

func (p *people) Branches(context.Context) ([]veille.Branch, error) { return branches(), nil }

func branches() []veille.Branch {
	return []veille.Branch{
		{ID: "b1", ParentID: "b0", Name: "Caisse de la Rivière", Locale: "fr", Zone: "America/Toronto"},
		{ID: "b0", Name: "Mouvement Desrivières", Locale: "fr", Zone: "America/Toronto"},
	}
}

// A fakeShell tells the same of every branch.
type fakeShell struct{ shell Shell }

func (f fakeShell) Shell(context.Context, veille.BranchID, time.Time) (Shell, error) {
	return f.shell, nil
}

// phraseHash is made once: a hash is slow on purpose.
var phraseHash = sync.OnceValue(func() string {
	hash, err := auth.HashPassword(phrase)
	if err != nil {
		panic(err)
	}
	return hash
})

// ana is a manager who signs in with phrase.
func ana(locale string) veille.User {
	return veille.User{
		ID: "u1", BranchID: "b1", Name: "Ana", Email: "ana@exemple.ca", Locale: locale, Role: veille.RoleManager,
		PasswordHash: phraseHash(), Digest: veille.DigestSettings{On: true, Hour: 6, Minute: 30},
	}
}

// testDeps are fakes of all that the pages need. A test replaces the one it is
// about.
func testDeps(users ...veille.User) Deps {
	p := &people{users: map[veille.UserID]veille.User{}, links: map[string]veille.UserID{}}
	for _, u := range users {
		p.users[u.ID] = u
	}
	return Deps{
		Accounts: p,
		Sessions: memstore.NewWithCleanupInterval(0),
		Shell:    fakeShell{Shell{Ideas: 6, Sources: 41, ReadAt: morning.Add(-2 * time.Hour), Silent: 2}},
		Setup:    &fakeSetup{people: p},
		Settings: newFakeSettings().deps(),
		News:     newFakeNews().deps(),
		Crises:   newFakeCrises().deps(),
		Goals:    newFakeGoals().deps(),
		Calendar: calendarDeps(),
	}
}

// newTestServer is a dashboard whose clock stands at morning.
func newTestServer(t *testing.T, deps Deps, conf Config) *Server {
	t.Helper()
	s, err := New(slog.New(slog.DiscardHandler), deps, conf)
	if err != nil {
		t.Fatal(err)
	}
	s.now = func() time.Time { return morning }
	return s
}

// A browser keeps cookies and asks a server, without a network.
type browser struct {
	t       *testing.T
	s       http.Handler
	cookies map[string]*http.Cookie
	header  http.Header // added to each request
	from    string      // her address
}

func newBrowser(t *testing.T, s http.Handler) *browser {
	return &browser{t: t, s: s, cookies: map[string]*http.Cookie{}, header: http.Header{}, from: "192.0.2.7:1"}
}

// signedBrowser is a browser whose user is signed in.
func signedBrowser(t *testing.T, s *Server, email string) *browser {
	t.Helper()
	b := newBrowser(t, s)
	w := b.post("/connexion", "email", email, "password", phrase)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: %d", w.Code)
	}
	return b
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form of alternating names and values.
func (b *browser) post(path string, kv ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = b.from
	for name, values := range b.header {
		r.Header[name] = values
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.s.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return w
}

// follow expects a redirect to path and asks for it.
func (b *browser) follow(w *httptest.ResponseRecorder, path string) *httptest.ResponseRecorder {
	b.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != path {
		b.t.Fatalf("%d to %q, want 303 to %q: %s", w.Code, got, path, w.Body)
	}
	return b.get(path)
}

// wantStatus fails unless the answer has this status and holds these words.
func wantStatus(t *testing.T, w *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			t.Errorf("answer does not say %q: %s", word, w.Body)
		}
	}
}

var (
	assetName = regexp.MustCompile(`/assets/([a-z0-9-]+?)-[A-Z0-9]{8}\.`)
	assetLink = regexp.MustCompile(`<(?:link rel="(?:preload|stylesheet)"|script)[^>]*>(?:</script>)?`)
	tagStart  = regexp.MustCompile(`>\s*<`)
	requestID = regexp.MustCompile(`\b[0-9a-z]{26}\b`)
)

// golden compares a page with testdata/name.html, one tag a line so that a
// difference is read; -update rewrites it. The links to assets are left out:
// the file is the same whether they were built or not.
func golden(t *testing.T, name, html string) {
	t.Helper()
	html = assetLink.ReplaceAllString(html, "")
	html = assetName.ReplaceAllString(html, "/assets/$1.")
	html = requestID.ReplaceAllString(html, "ID")
	html = tagStart.ReplaceAllString(html, ">\n<") + "\n"
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run with -update", err)
	}
	if diff := cmp.Diff(string(want), html); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}
