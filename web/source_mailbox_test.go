package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veilleur/crawler/letter"
	"veilleur/internal/veille"
)

func TestTheFormOfAMailboxInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			b, _, _ := settingsOf(t, ana(locale))
			golden(t, "source_mailbox_"+locale, b.get("/reglages/sources/courriel").Body.String())
		})
	}
}

func TestAMailboxIsTriedSavedAndChanged(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	const path = "/reglages/sources/courriel"
	form := []string{"address", "veille@exemple.test", "server", "imap.exemple.test", "folder", "Infolettres du Val", "which", "liste",
		"from", " Gazette.exemple\r\ninfo@echo.exemple, ", "password", "bon mot "}
	wantStatus(t, b.post(path, append(form, "act", "try")...), http.StatusOK, "14 courriels", "alertes\u00a0: 9", "jamais réaffiché", "Gazette.exemple")
	if len(f.sources) != len(newFakeSettings().sources) {
		t.Error("a trial keeps a source")
	}
	w := b.post(path, append(form, "act", "save")...)
	var kept veille.Source
	for _, s := range f.sources {
		if s.Kind == veille.SourceMailbox {
			kept = s
		}
	}
	wantStatus(t, b.follow(w, sourcePath(kept)), http.StatusOK, "14 courriels", "est enregistrée", "Réglages de la boîte")
	want := veille.Source{ID: kept.ID, BranchID: "b1", Kind: veille.SourceMailbox, URL: "imaps://veille%40exemple.test@imap.exemple.test:993/Infolettres%20du%20Val",
		Title: "Courriels de veille@exemple.test", Mailbox: veille.Mailbox{From: []string{"gazette.exemple", "info@echo.exemple"}},
		State: veille.SourceActive, CreatedAt: kept.CreatedAt, Health: kept.Health}
	if d := cmp.Diff(want, kept); d != "" {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	if !slices.Contains(f.acts, "try "+want.URL+" bon mot ") {
		t.Errorf("acts %q", f.acts)
	}
	edit := sourcePath(kept) + "/courriel"
	page := b.get(edit)
	wantStatus(t, page, http.StatusOK, "veille@exemple.test", "imap.exemple.test", "Infolettres du Val", "Laissez vide pour garder")
	if strings.Contains(page.Body.String(), "bon mot") {
		t.Error("the password is shown")
	}
	b.follow(b.post(edit, "address", "veille@exemple.test", "server", "imap.exemple.test:143", "folder", "INBOX", "which", "alertes", "title", "Alertes", "act", "save"), sourcePath(kept))
	got := f.sources[kept.ID]
	if got.URL != "imap://veille%40exemple.test@imap.exemple.test:143/INBOX" || got.Title != "Alertes" || !slices.Equal(got.Mailbox.From, letter.Services()) {
		t.Errorf("changed to %+v", got)
	}
	wantStatus(t, b.get("/reglages/sources/s1/courriel"), http.StatusNotFound)
	wantStatus(t, b.get("/reglages/sources/s9/courriel"), http.StatusNotFound)
}

func TestWhatIsWrongWithAMailboxIsSaid(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	before := len(f.sources)
	for name, c := range map[string]struct {
		form   []string
		status int
		want   string
	}{
		"no address":          {[]string{"password", "x"}, http.StatusBadRequest, "f-address-error"},
		"no password":         {[]string{"address", "a@gmail.com"}, http.StatusBadRequest, "f-password-error"},
		"an unknown provider": {[]string{"address", "a@inconnu.exemple", "password", "x"}, http.StatusBadRequest, "f-server-error"},
		"Microsoft":           {[]string{"address", "a@hotmail.com", "password", "x"}, http.StatusBadRequest, "acceptent plus de mot de passe"},
		"a server that is an address": {[]string{"address", "a@b.exemple", "server", "https://imap.exemple", "password", "x"},
			http.StatusBadRequest, "f-server-error"},
		"no sender listed": {[]string{"address", "a@gmail.com", "password", "x", "which", "liste"}, http.StatusBadRequest, "f-from-error"},
		"refused":          {[]string{"address", "a@gmail.com", "password", "faux", "act", "save"}, http.StatusForbidden, "refuse le mot de passe"},
	} {
		wantStatus(t, b.post("/reglages/sources/courriel", c.form...), c.status, c.want)
		if len(f.sources) != before {
			t.Errorf("%s: a source is kept", name)
		}
	}
	reader, _, _ := settingsOf(t, as(veille.RoleReader))
	wantStatus(t, reader.post("/reglages/sources/courriel", "address", "a@gmail.com", "password", "x"), http.StatusForbidden)
}

func TestAMailboxOffersTheFeedsOfItsAlerts(t *testing.T) {
	t.Parallel()
	b, f, _ := settingsOf(t, ana("fr"))
	s := f.sources["s1"]
	s.Kind, s.URL = veille.SourceMailbox, "imaps://ana@courriel.exemple:993/INBOX"
	s.Health.Offers = []veille.Offer{{Title: "caisse", URL: "https://www.google.com/alerts/feeds/1/2"}, {Title: "déjà", URL: f.sources["s3"].URL}}
	forged := veille.Say("mailbox.forged", "n", 2)
	s.Health.Problem = &forged
	f.sources["s1"] = s
	w := b.get("/reglages/sources/s1")
	wantStatus(t, w, http.StatusOK, "Plus simple que le courriel", "2 courriels se disaient des alertes", "Alerte Google\u00a0: caisse", `value="https://www.google.com/alerts/feeds/1/2"`)
	if strings.Contains(w.Body.String(), "déjà") {
		t.Error("a feed the branch has is offered")
	}
}
