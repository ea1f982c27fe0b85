package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{Secure: true})
	b := signedBrowser(t, s, "ana@exemple.ca")
	for _, path := range []string{"/", "/reglages", "/connexion", "/nulle-part", "/assets/x.css"} {
		h := b.get(path).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy":   contentPolicy,
			"X-Content-Type-Options":    "nosniff",
			"Referrer-Policy":           "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
			"Cache-Control":             "no-store",
		} {
			if got := h.Values(name); len(got) == 0 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if len(h.Get(echo.HeaderXRequestID)) != 26 {
			t.Errorf("%s has no request id", path)
		}
	}
}

func TestTheCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		conf Config
		want string
	}{
		"over TLS it is bound to the host": {Config{Secure: true}, "__Host-veilleur"},
		"without TLS it has a plain name":  {Config{}, "veilleur"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := signedBrowser(t, newTestServer(t, testDeps(ana("fr")), c.conf), "ana@exemple.ca")
			got := b.cookies[c.want]
			if got == nil {
				t.Fatalf("no cookie %s: %v", c.want, b.cookies)
			}
			if !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Secure != c.conf.Secure || got.Domain != "" {
				t.Errorf("cookie %+v", got)
			}
		})
	}
}

func TestAnotherSiteMayNotAct(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	for _, route := range s.echo.Routes() {
		if route.Method == http.MethodGet || route.Method == http.MethodHead {
			continue
		}
		for name, header := range map[string]http.Header{
			"by Sec-Fetch-Site": {"Sec-Fetch-Site": {"cross-site"}},
			"by Origin":         {"Origin": {"https://ailleurs.exemple"}},
		} {
			b := signedBrowser(t, s, "ana@exemple.ca")
			b.header = header
			b.from = "192.0.2.9:1"
			if w := b.post(route.Path); w.Code != http.StatusForbidden {
				t.Errorf("%s %s %s: %d", route.Method, route.Path, name, w.Code)
			}
		}
		s.guard = newGuard()
	}
}

func TestForwardedAddressesAreBelievedOnlyFromTrustedProxies(t *testing.T) {
	t.Parallel()
	proxy := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		from    string
		xff     string
		want    string
	}{
		"nobody is trusted by default":    {nil, "10.1.2.3:9", "203.0.113.5", "10.1.2.3"},
		"a stranger is not believed":      {proxy, "198.51.100.1:9", "203.0.113.5", "198.51.100.1"},
		"a trusted proxy is":              {proxy, "10.1.2.3:9", "203.0.113.5", "203.0.113.5"},
		"but not what came before it":     {proxy, "10.1.2.3:9", "1.2.3.4, 203.0.113.5", "203.0.113.5"},
		"loopback is not trusted unasked": {proxy, "127.0.0.1:9", "203.0.113.5", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.from
			r.Header.Set("X-Forwarded-For", c.xff)
			if got := ipExtractor(c.trusted)(r); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestErrorsAreSaidByTheirKind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"absent":       {veille.ErrNotFound, 404, "Cette page n’existe pas"},
		"invalid":      {veille.ErrInvalid, 400, "Cette demande n’est pas complète"},
		"conflict":     {veille.ErrConflict, 409, "Quelque chose a changé"},
		"denied":       {veille.ErrDenied, 403, "Ceci ne vous est pas ouvert"},
		"busy":         {veille.ErrBusy, 503, "Pas maintenant"},
		"a problem":    {veille.NewProblem(veille.ErrInvalid, veille.Say("profile.days_needed"), nil), 400, "Cochez au moins un jour"},
		"a bug":        {errors.New("secret du dedans"), 500, "brisé chez nous"},
		"too large":    {&http.MaxBytesError{Limit: 1}, 413, "trop gros"},
		"wrong method": {echo.ErrMethodNotAllowed, 405, "pas complète"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, testDeps(ana("fr")), Config{})
			s.get("/essai", func(*visit) error { return fmt.Errorf("essai: %w", c.err) })
			b := signedBrowser(t, s, "ana@exemple.ca")
			w := b.get("/essai")
			wantStatus(t, w, c.status, c.want, "Caisse de la Rivière")
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the text of the error left")
			}
			b.header.Set("HX-Request", "true")
			w = b.get("/essai")
			wantStatus(t, w, c.status, c.want)
			if w.Header().Get("HX-Retarget") != "#notices" || strings.Contains(w.Body.String(), "<html") {
				t.Errorf("htmx gets %s", w.Body)
			}
		})
	}
}

func TestAPanicIsAPageWithANumberAndALogWithAStack(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	s.lg = slog.New(slog.NewTextHandler(&log, nil))
	s.get("/panne", func(*visit) error { panic("secret du dedans") })
	w := signedBrowser(t, s, "ana@exemple.ca").get("/panne")
	id := w.Header().Get(echo.HeaderXRequestID)
	wantStatus(t, w, http.StatusInternalServerError, id)
	if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "goroutine") {
		t.Errorf("the panic left: %s", w.Body)
	}
	if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "goroutine") {
		t.Errorf("the log does not tell: %s", &log)
	}
}

func TestAStrangerSeesErrorsInHerLanguage(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newTestServer(t, testDeps(ana("fr")), Config{}))
	b.header.Set("Accept-Language", "en-CA,en;q=0.9,fr;q=0.5")
	golden(t, "absent_en", b.get("/nulle-part").Body.String())
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newTestServer(t, testDeps(ana("fr")), Config{})
	s.lg = slog.New(slog.NewTextHandler(&log, nil))
	b := newBrowser(t, s)
	b.get("/entrer?jeton=canari-jeton")
	b.post("/entrer", "jeton", "canari-jeton")
	b.post("/connexion", "email", "ana@exemple.ca", "password", "canari-mot-de-passe")
	if strings.Contains(log.String(), "canari") {
		t.Errorf("a secret in the log: %s", &log)
	}
	if !strings.Contains(log.String(), "route=/entrer") {
		t.Errorf("no line for the request: %s", &log)
	}
}

func TestABodyTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newTestServer(t, testDeps(ana("fr")), Config{}))
	w := b.post("/connexion", "email", strings.Repeat("a", formLimit+1))
	if w.Code == http.StatusSeeOther || w.Code == http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}

func TestARequestThatTakesTooLongEnds(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(ana("fr")), Config{Timeout: time.Millisecond})
	s.openGet("/lent", func(v *visit) error {
		<-v.ctx().Done()
		return v.ctx().Err()
	})
	w := newBrowser(t, s).get("/lent")
	wantStatus(t, w, http.StatusServiceUnavailable, "Pas maintenant")
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
}

func TestAssetsAreKeptForEverAndCompressed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, testDeps(), Config{})
	css := strings.Repeat("a{color:red}", 200)
	files, err := newFiles(fstest.MapFS{"app-AB12CD34.css": {Data: []byte(css)}, "app-X.js": {Data: []byte("1")}, ".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if files.style != "/assets/app-AB12CD34.css" || files.script != "/assets/app-X.js" {
		t.Errorf("%s %s", files.style, files.script)
	}
	s.files = files
	b := newBrowser(t, s)
	b.header.Set("Accept-Encoding", "gzip")
	w := b.get("/assets/app-AB12CD34.css")
	if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := w.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(z); err != nil || string(body) != css {
		t.Errorf("%q, %v", body, err)
	}
	if w := b.get("/assets/.keep"); w.Code != http.StatusNotFound {
		t.Errorf(".keep: %d", w.Code)
	}
}
