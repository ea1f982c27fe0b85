package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"veilleur/internal/demo"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// alive is how long a newcomer waits for the demo to show everything.
const alive = 15 * time.Second

// TestTheDemoIsAliveWithinFifteenSeconds starts the demo as a newcomer would
// and waits for the crisis, the ideas and the stories; then it signs in by the
// link printed and opens every page.
func TestTheDemoIsAliveWithinFifteenSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about ten seconds")
	}
	data := t.TempDir()
	began := time.Now()
	link := invited(t, "demo", "--keep", "--data", data)
	wait(t, alive, "the demo to be alive", func() bool { return lively(t, data) })
	t.Logf("alive after %s", time.Since(began).Round(100*time.Millisecond))
	browser := enter(t, link)
	for _, path := range append(pagesOf(t, data), "/", "/veille?q=caisse", "/idees", "/calendrier", "/calendrier/nouvelle", "/crises", "/objectifs",
		"/reglages", "/reglages/sources", "/reglages/sujets", "/reglages/canaux", "/reglages/courriel", "/reglages/avertissements") {
		res, err := browser.Get(origin(link) + path)
		must(t, err)
		body, err := io.ReadAll(res.Body)
		must(t, errors.Join(err, res.Body.Close()))
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), "</html>") {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
	}
}

// TestAFirstVisitBeginsWithTheLinkPrinted starts from an empty folder: the
// link leads to the four questions, once.
func TestAFirstVisitBeginsWithTheLinkPrinted(t *testing.T) {
	link := invited(t, "serve", "--data", t.TempDir())
	browser := enter(t, link)
	res, err := browser.Get(origin(link) + "/bienvenue")
	must(t, err)
	body, err := io.ReadAll(res.Body)
	must(t, errors.Join(err, res.Body.Close()))
	for _, field := range []string{"branch", "movement", "locale", "zone"} {
		if !strings.Contains(string(body), `name="`+field+`"`) {
			t.Errorf("the first visit does not ask for %s", field)
		}
	}
}

// invited runs a command that serves, on a port of its own, and gives the
// first link it prints.
func invited(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, os.Args[0], append(args, "--listen", "127.0.0.1:0", "--log", "error")...)
	cmd.Env = append(os.Environ(), "VEILLEUR_TEST_AS_MAIN=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cancel(); _ = cmd.Wait() }) // killed: its exit says nothing
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if link := regexp.MustCompile(`http://\S+/entrer\S+`).FindString(lines.Text()); link != "" {
			go io.Copy(io.Discard, out)
			return link
		}
	}
	t.Fatal("no link was printed")
	return ""
}

// lively tells whether there is something on every page.
func lively(t *testing.T, data string) (yes bool) {
	house(t, data, func(st *store.Store) {
		ctx := t.Context()
		i, err := st.LiveIncident(ctx, demo.BranchTopicID)
		ideas, err2 := st.Ideas(ctx, demo.MainID, veille.IdeaNew)
		n, err3 := st.CountEntries(ctx, nil)
		yes = errors.Join(err, err2, err3) == nil && i.Level.Rank() >= veille.LevelEscalate.Rank() && len(ideas) >= 3 && n >= 300
	})
	return yes
}

// pagesOf is a page of each noun of the demo.
func pagesOf(t *testing.T, data string) (paths []string) {
	house(t, data, func(st *store.Store) {
		ctx := t.Context()
		i, err := st.LiveIncident(ctx, demo.BranchTopicID)
		must(t, err)
		posts, err := st.Posts(ctx, veille.PostFilter{Branch: demo.MainID, Limit: 1})
		must(t, err)
		ideas, err := st.Ideas(ctx, demo.MainID, veille.IdeaNew)
		must(t, err)
		paths = []string{"/crises/" + string(i.ID), "/nouvelles/" + string(i.StoryID), "/articles/" + string(i.Signals[0].Evidence[0].EntryID),
			"/calendrier/" + string(posts[0].ID), "/calendrier/nouvelle?idee=" + string(ideas[0].ID)}
	})
	return paths
}

// enter signs in by a one-time link, as the button of its page does.
func enter(t *testing.T, link string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	u, err := url.Parse(link)
	must(t, err)
	res, err := browser.PostForm(origin(link)+u.Path, u.Query())
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode != http.StatusOK {
		t.Fatalf("signing in answers %d", res.StatusCode)
	}
	return browser
}

func origin(link string) string { return link[:strings.Index(link, "/entrer")] }
