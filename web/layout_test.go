package web

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestTheLayoutInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"fr", "en"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, testDeps(ana(locale)), Config{})
			b := signedBrowser(t, s, "ana@exemple.ca")
			golden(t, "settings_"+locale, b.get("/reglages").Body.String())
			golden(t, "profile_"+locale, b.get("/reglages/profil").Body.String())
		})
	}
}

// downShell cannot be counted.
type downShell struct{}

func (downShell) Shell(context.Context, veille.BranchID, time.Time) (Shell, error) {
	return Shell{}, veille.ErrBusy
}

func TestAPageIsReadWhenTheRailCannotBeCounted(t *testing.T) {
	t.Parallel()
	deps := testDeps(ana("fr"))
	deps.Shell = downShell{}
	b := signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
	wantStatus(t, b.get("/reglages"), http.StatusOK, "Réglages")
}

func TestTheBarTellsTheWeather(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shell Shell
		want  string
	}{
		"calm without incidents": {Shell{}, "Calme"},
		"watched below escalate": {Shell{Live: 2, Level: veille.LevelReview}, "2 incidents à surveiller"},
		"a crisis from escalate": {Shell{Live: 1, Grave: 1, Level: veille.LevelEscalate}, "1 crise ouverte"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deps := testDeps(ana("fr"))
			deps.Shell = fakeShell{c.shell}
			b := signedBrowser(t, newTestServer(t, deps, Config{}), "ana@exemple.ca")
			wantStatus(t, b.get("/reglages"), http.StatusOK, c.want)
		})
	}
}

func TestNoPageWritesStyleOrScriptInItself(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script(?:>|[^>]*>[^<])|hx-on`)
	for _, name := range templates(t) {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := bad.FindString(string(body)); found != "" {
			t.Errorf("%s: %q is refused by the content policy", name, found)
		}
	}
}

func TestEveryIconHasItsLine(t *testing.T) {
	t.Parallel()
	sheet, err := os.ReadFile("assets/css/icons.css")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`@icon\("([a-z0-9-]+)"\)|(?i:icon): "([a-z0-9-]+)"|@emptyState\("([a-z0-9-]+)"`)
	for _, name := range append(templates(t), sources(t)...) {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(body), -1) {
			icon := m[1] + m[2] + m[3]
			if !strings.Contains(string(sheet), ".icon-"+icon+" {") {
				t.Errorf("%s: icon %q has no line in assets/css/icons.css", name, icon)
			}
		}
	}
}

func templates(t *testing.T) []string { return filesEnding(t, ".templ") }
func sources(t *testing.T) []string   { return filesEnding(t, ".go") }

func filesEnding(t *testing.T, end string) []string {
	t.Helper()
	list, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range list {
		if strings.HasSuffix(f.Name(), end) {
			out = append(out, f.Name())
		}
	}
	return out
}
