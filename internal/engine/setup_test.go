package engine

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"veilleur/index/query"
	"veilleur/internal/auth"
	"veilleur/internal/store/storetest"
	"veilleur/internal/veille"
)

func answers() SetupAnswers {
	return SetupAnswers{Branch: "Caisse de la\n Rivière", Movement: "Mouvement  Desrivières", Locale: "fr", Zone: "America/Toronto",
		Name: "Una\r\nBcc: x", Email: " Una@Example.org ", Password: "le pont couvert de la rivière"}
}

func newcomer(t *testing.T) (*house, *Setup) {
	t.Helper()
	t.Parallel()
	h := &house{T: t, Store: storetest.SQLite(t), now: morning}
	s := NewSetup(h)
	s.now = func() time.Time { return h.now }
	return h, s
}

func TestTheAnswersOfAFirstVisitAreChecked(t *testing.T) {
	h, s := newcomer(t)
	for name, c := range map[string]struct {
		spoil func(*SetupAnswers)
		says  string
	}{
		"without a branch":     {func(a *SetupAnswers) { a.Branch = " \n " }, "setup.branch_needed"},
		"without a zone":       {func(a *SetupAnswers) { a.Zone = "" }, "setup.zone_unknown"},
		"a zone of nowhere":    {func(a *SetupAnswers) { a.Zone = "America/Nulle_Part" }, "setup.zone_unknown"},
		"an address of no one": {func(a *SetupAnswers) { a.Email = "una" }, "setup.email_invalid"},
		"two addresses":        {func(a *SetupAnswers) { a.Email = "una@example.org\nBcc: tous@example.org" }, "setup.email_invalid"},
	} {
		a := answers()
		c.spoil(&a)
		_, _, err := s.Answer(t.Context(), a)
		if says, _ := veille.SaysOf(err); says.Key != c.says || !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
	a := answers()
	a.Password = "court"
	_, _, err := s.Answer(t.Context(), a)
	h.is(err, veille.ErrInvalid)
	h.same("nothing is written", must(s.Needed(t.Context()))(h), true)
}

func TestAFirstVisitMakesTheHouseOnce(t *testing.T) {
	h, s := newcomer(t)
	u, topics, err := s.Answer(t.Context(), answers())
	h.ok(err)
	stored := must(h.UserByEmail(t.Context(), "una@example.org"))(h)
	h.same("she", []any{stored.ID, stored.Name, stored.Role, stored.Digest.On}, []any{u.ID, "Una Bcc: x", veille.RoleManager, true})
	h.same("signs in", auth.CheckPassword(answers().Password, stored.PasswordHash), true)
	b := must(h.Branch(t.Context(), u.BranchID))(h)
	m := must(h.Branch(t.Context(), b.ParentID))(h)
	h.same("works in", []string{b.Name, b.Zone, m.Name, string(m.ParentID)}, []string{"Caisse de la Rivière", "America/Toronto", "Mouvement Desrivières", ""})
	channels := must(h.Channels(t.Context(), b.ID))(h)
	h.same("publishes by hand", []any{len(channels), channels[0].Network, channels[0].Cadence, len(channels[0].Slots)}, []any{1, veille.NetworkManual, 3, 3})
	h.same("topics are proposed", []string{topics[0].Query, topics[1].Query}, []string{`"Caisse de la Rivière"`, `"Mouvement Desrivières" OR "Desrivières"`})
	h.same("and not kept", len(must(h.Topics(t.Context(), nil))(h)), 0)

	_, _, err = s.Answer(t.Context(), answers())
	h.says(err, "setup.done_before")
	h.is(err, veille.ErrConflict)
}

func TestAFormSentTwiceMakesOneHouse(t *testing.T) {
	h, s := newcomer(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { _, _, _ = s.Answer(t.Context(), answers()) })
	}
	wg.Wait()
	h.same("branches", len(must(h.Branches(t.Context()))(h)), 2)
	h.same("people", len(must(h.Users(t.Context(), ""))(h)), 1)
}

func TestProposedTopicsParseInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		for _, topic := range Propose(veille.Branch{ID: "b", Name: `Caisse "du Val" (Nord)`, Locale: locale}, "Groupe Desrivières") {
			q, err := query.Parse(topic.Query)
			if err != nil || !query.Positive(q) || topic.ID != "" || topic.BranchID != "b" {
				t.Errorf("%s: %+v: %v", locale, topic, err)
			}
		}
	}
	if got := movementQuery("Mouvement "); got != `"Mouvement "` {
		t.Errorf("a movement without a name is %s", got)
	}
}

func TestPicturesAreKnownByTheirFirstBytes(t *testing.T) {
	t.Parallel()
	m := NewMedia(t.TempDir())
	png := "\x89PNG\r\n\x1a\n"
	for name, c := range map[string]struct {
		file, body, want string
	}{
		"a JPEG":                         {"photo.jpg", "\xff\xd8\xff\xe0", "image/jpeg"},
		"a PNG":                          {"p.png", png, "image/png"},
		"a GIF":                          {"g.gif", "GIF89a....", "image/gif"},
		"a WebP":                         {"w.webp", "RIFF....WEBPVP8 ", "image/webp"},
		"a PNG called a text":            {"p.txt", png, "image/png"},
		"a page called a picture":        {"p.png", "<html><script>", ""},
		"a drawing that may hold script": {"d.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`, ""},
		"a program":                      {"p.jpg", "\x7fELF", ""},
		"nothing":                        {"p.jpg", "", ""},
	} {
		p, err := m.Save(c.file, "Le \n hall", strings.NewReader(c.body))
		if c.want == "" {
			if s, _ := veille.SaysOf(err); s.Key != "media.no_picture" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || p.Type != c.want || p.Alt != "Le hall" || p.Size != int64(len(c.body)) {
			t.Errorf("%s: %+v, %v", name, p, err)
			continue
		}
		f, err := m.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(f)
		if string(body) != c.body || f.Close() != nil {
			t.Errorf("%s comes back as %q", name, body)
		}
	}
}

func TestAPictureIsBoundedInSizeAndPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "media")
	if err := os.Mkdir(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	m := NewMedia(folder)
	large := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, mediaLimit)...)
	_, err := m.Save("p.png", "", bytes.NewReader(large))
	if s, _ := veille.SaysOf(err); s.Key != "media.too_large" {
		t.Errorf("too large: %v", err)
	}
	p, err := m.Save("../../secret", "", bytes.NewReader(large[:mediaLimit]))
	if err != nil || p.Name != "secret" {
		t.Errorf("just as large as may be: %+v, %v", p, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 || left[0].Name() != string(p.ID) {
		t.Errorf("the folder holds %v, %v", left, err)
	}
	for _, id := range []veille.MediaID{"", ".", "..", "../secret", "/etc/passwd", "a\x00b", "gone"} {
		if _, err := m.Open(veille.Media{ID: id}); !errors.Is(err, veille.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := NewMedia(filepath.Join(dir, "none")).Save("p.png", "", bytes.NewReader(large[:99])); err == nil {
		t.Error("a folder that is not there keeps a picture")
	}
}
