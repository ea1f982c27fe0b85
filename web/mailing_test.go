package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

func TestTheMorningMailInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "mailing_"+locale, b.get("/reglages/courriel").Body.String())
		})
	}
}

func TestTheHourOfTheDigestIsKept(t *testing.T) {
	t.Parallel()
	u := as(veille.RoleReader) // the digest is her own
	b, _, deps := settingsOf(t, u)
	w := b.post("/reglages/courriel", "digest", "yes", "hour", "07:15", "zone", "America/Halifax", "days", "1", "days", "4")
	wantStatus(t, b.follow(w, "/reglages/courriel"), http.StatusOK, "C’est enregistré")
	got, _ := deps.Accounts.User(t.Context(), "u1")
	want := veille.DigestSettings{On: true, Hour: 7, Minute: 15, Zone: "America/Halifax", Days: []int{1, 4}}
	if diff := cmp.Diff(want, got.Digest); diff != "" {
		t.Error(diff)
	}
	w = b.post("/reglages/courriel", "digest", "yes", "hour", "25:00", "zone", "x")
	wantStatus(t, w, http.StatusBadRequest, "f-hour-error", "f-zone-error", "25:00")
}

func TestTheDigestIsPreviewedApartAndSent(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	w := b.get("/reglages/courriel/apercu")
	wantStatus(t, w, http.StatusOK, `<base target="_blank">`, "<p>Rien</p>")
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'self'", "sandbox"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "script-src") || strings.Contains(policy, "allow-same-origin") || strings.Contains(policy, "allow-scripts") {
		t.Errorf("policy %q lets too much", policy)
	}
	wantStatus(t, b.get("/reglages/courriel"), http.StatusOK, "1. Rien &lt;b&gt;", `sandbox="allow-popups`)
	wantStatus(t, b.follow(b.post("/reglages/courriel/envoyer"), "/reglages/courriel"), http.StatusOK, "Envoyé à ana@exemple.ca")
	if len(f.sent) != 1 || f.sent[0].To != "ana@exemple.ca" {
		t.Errorf("sent %+v", f.sent)
	}
	f.ready = false
	wantStatus(t, b.get("/reglages/courriel"), http.StatusOK, "Aucun serveur de courriel")
}

func TestOneClickUnsubscribes(t *testing.T) {
	t.Parallel()
	f := newFakeSettings()
	deps := testDeps(ana("fr"))
	deps.Settings = f.deps()
	b := newBrowser(t, newTestServer(t, deps, Config{}))
	link := "/desabonnement?personne=u1&cle=bonne"
	wantStatus(t, b.get(link), http.StatusOK, "Arrêter le courriel du matin", "personne=u1")
	if len(f.acts) > 0 {
		t.Fatal("reading the link acted")
	}
	b.header.Set("Sec-Fetch-Site", "cross-site")
	wantStatus(t, b.post(link, "List-Unsubscribe", "One-Click"), http.StatusOK, "C’est fait")
	wantStatus(t, b.post("/desabonnement?personne=u1&cle=fausse"), http.StatusForbidden, "Ce lien n’est pas complet")
	wantStatus(t, b.post("/reglages/courriel/envoyer"), http.StatusForbidden, "autre page")
	if diff := cmp.Diff([]string{"unsubscribe u1"}, f.acts); diff != "" {
		t.Error(diff)
	}
}
