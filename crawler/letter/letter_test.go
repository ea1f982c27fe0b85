package letter

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"veilleur/internal/veille"
)

var update = flag.Bool("update", false, "rewrite the corpus from what the code says now")

// unwrap stands for that of crawler/alert, which rooms do not share.
func unwrap(link string) string {
	for _, host := range []string{"https://www.google.com/url?", "https://alerts.talkwalker.com/click?"} {
		rest, ok := strings.CutPrefix(link, host)
		for pair := range strings.SplitSeq(rest, "&") {
			if to, has := strings.CutPrefix(pair, "url="); ok && has {
				to = strings.NewReplacer("%3A", ":", "%2F", "/", "%3F", "?", "%3D", "=").Replace(to)
				if !strings.HasPrefix(to, "http") {
					return ""
				}
				return to
			}
		}
	}
	return link
}

// told is a letter in lines.
func told(l Letter) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("id", l.ID)
	line("sender", l.Sender)
	line("from", l.From)
	line("subject", l.Subject)
	if !l.Date.IsZero() {
		line("date", l.Date.UTC().Format(time.RFC3339))
	}
	line("link", l.Link)
	line("query", l.Query)
	line("feed", l.Feed)
	for _, r := range l.Results {
		fmt.Fprintf(&b, "- %s\n  at %s\n  by %s\n  says %s\n", r.Title, r.URL, r.Publisher, r.Text)
	}
	if l.Text != "" {
		b.WriteString("\n" + l.Text + "\n")
	}
	return b.String()
}

func corpora(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	return files
}

func TestMailsAreReadAsTheCorpusSays(t *testing.T) {
	t.Parallel()
	for _, file := range corpora(t) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			mail, want := a.Files[i], &a.Files[i+1]
			l, err := Parse(mail.Data, Options{Reader: "ana@caisse.exemple", Unwrap: unwrap})
			if err != nil {
				t.Errorf("%s: %v", mail.Name, err)
				continue
			}
			if *update {
				want.Data = []byte(told(l))
			}
			if d := cmp.Diff(string(want.Data), told(l)); d != "" {
				t.Errorf("%s (-want +got):\n%s", mail.Name, d)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTheSharedSamplesAreRead(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "..", "shared", "data", "platform-samples")
	mail, err := os.ReadFile(filepath.Join(dir, "google-alerts-email-2020.eml"))
	if err != nil {
		t.Skip("platform-samples are not here")
	}
	l, err := Parse(mail, Options{Unwrap: unwrap})
	if err != nil || len(l.Results) != 1 || l.Query != "javascript" || !strings.HasPrefix(l.Feed, "https://www.google.com/alerts/feeds/") {
		t.Fatalf("%+v, %v", l, err)
	}
	if r := l.Results[0]; r.Publisher != "InfoWorld" || !strings.HasPrefix(r.Title, "ECMAScript 2020 spec for JavaScript") || !strings.HasPrefix(r.URL, "https://www.infoworld.com/") {
		t.Errorf("%+v", r)
	}
	text, err := os.ReadFile(filepath.Join(dir, "google-alerts-email-legacy-text-de.txt"))
	if err != nil {
		t.Fatal(err)
	}
	l, err = Parse(append([]byte("From: googlealerts-noreply@google.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"), text...), Options{Unwrap: unwrap})
	if err != nil || len(l.Results) != 2 || l.Results[0].Title != "Code Connect Hackathon 2021" || !strings.HasSuffix(l.Results[1].Title, "- GitHub") {
		t.Errorf("%+v, %v", l.Results, err)
	}
}

func TestWhoSendsAndWhoIsRead(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"googlealerts-noreply@google.com": "google.com", "GoogleAlerts-NoReply@google.com": "google.com",
		"autre@google.com": "", "googlealerts-noreply@google.com.mal.exemple": "", "alerts@talkwalker.com": "talkwalker.com", "": "",
	} {
		if got := Signer(from); got != want {
			t.Errorf("Signer(%q) = %q, want %q", from, got, want)
		}
	}
	list := []string{"gazette.exemple", "@ville.exemple", "ana@echo.exemple", ""}
	for from, want := range map[string]bool{
		"info@gazette.exemple": true, "info@mail.gazette.exemple": true, "x@ville.exemple": true, "Ana@echo.exemple": true,
		"bob@echo.exemple": false, "x@magazette.exemple": false, "": false,
	} {
		if got := From(from, list); got != want {
			t.Errorf("From(%q) = %v", from, got)
		}
	}
	two := "From: googlealerts-noreply@google.com\r\nFrom: mal@mal.exemple\r\n\r\nx"
	if l, err := Parse([]byte(two), Options{Unwrap: unwrap}); err != nil || l.From != "" || l.Alert {
		t.Errorf("two From fields give %q", l.From)
	}
}

func TestWhatIsNoMailSaysSo(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "\r\n\r\n", "\x00\x01"} {
		if _, err := Parse([]byte(raw), Options{Unwrap: unwrap}); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range corpora(f) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := 0; i < len(a.Files); i += 2 {
			f.Add(a.Files[i].Data)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := Parse(raw, Options{Reader: "ana@caisse.exemple", Unwrap: unwrap})
		if err != nil {
			return
		}
		if l.ID == "" || len(l.Results) > maxResults || len(l.Text) > maxText+16 {
			t.Errorf("%+v", l)
		}
		for _, r := range l.Results {
			if !isWeb(r.URL) {
				t.Errorf("result at %q", r.URL)
			}
		}
		if l.Link != "" && !isWeb(l.Link) || bytes.Contains([]byte(strings.ToLower(l.Text)), []byte("ana@caisse.exemple")) {
			t.Errorf("link %q text %q", l.Link, l.Text)
		}
		Vouched(raw, "google.com", "exemple")
	})
}
