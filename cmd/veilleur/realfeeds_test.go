package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// TestTheWalkOnRealFeeds does what the README's "try it on real feeds" says,
// on the local web of real publishers' feeds that developers share; it skips
// where that is absent.
func TestTheWalkOnRealFeeds(t *testing.T) {
	web := newsweb(t)
	data := t.TempDir()
	v := func(args ...string) string { t.Helper(); return veilleur(t, data, args...) }
	v("user", "add", "lea@example.test", "--name", "Léa", "--branch", "Caisse de la Rivière")
	contains(t, v("source", "import", web+"/opml.xml"), "sources added, 0 already there")
	v("source", "add", web+"/alerts/real-google-alerts-feed.atom.xml")
	began := time.Now()
	contains(t, v("crawl", "--once"), "0 failed")
	t.Logf("200 feeds read, grouped, matched and indexed in %s", time.Since(began).Round(10*time.Millisecond))
	contains(t, v("crawl", "--once", "--force"), ": 0 new entries")
	for _, q := range []string{"iphone OR apple", "élection OR suicide"} {
		if out := v("search", q, "--json", "--limit", "5"); !strings.Contains(out, `"title"`) {
			t.Errorf("nothing found for %s", q)
		}
	}
	house(t, data, func(st *store.Store) { folded(t, st) })
	contains(t, v("topic", "add", "Apple", "apple OR iphone"), "mentions in the archive")
	res, err := http.Post(web+"/tick", "", nil)
	must(t, err)
	must(t, res.Body.Close())
	contains(t, v("crawl", "--once", "--force"), " new entries")
	onlyWhatChanged(t, web)
	contains(t, v("digest", "--to", "lea@example.test", "--dry-run"), "Subject: ")
}

// veilleur runs one command and gives what it printed.
func veilleur(t *testing.T, data string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append(args, "--data", data, "--fetch-allow", "127.0.0.0/8", "--log", "error")...)
	cmd.Env = append(os.Environ(), "VEILLEUR_TEST_AS_MAIN=1")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("veilleur %s: %v\n%s", strings.Join(args, " "), err, errs.Bytes())
	}
	return string(out)
}

func contains(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("printed %q, want %q in it", got, want)
	}
}

// folded checks that some event is told by several publishers as one story.
func folded(t *testing.T, st *store.Store) {
	t.Helper()
	stories, err := st.StoriesOf(t.Context(), veille.StoryFilter{})
	must(t, err)
	widest := veille.Story{}
	for _, s := range stories {
		if s.Independent > widest.Independent {
			widest = s
		}
	}
	t.Logf("%d stories; the widest has %d entries from %d publishers: %s", len(stories), widest.Entries, widest.Independent, widest.Title)
	if widest.Independent < 5 {
		t.Error("no event folded from five publishers")
	}
}

// onlyWhatChanged reads the web's own log: a feed seen before is asked for
// with its validators.
func onlyWhatChanged(t *testing.T, web string) {
	t.Helper()
	res, err := http.Get(web + "/log")
	must(t, err)
	defer res.Body.Close()
	var log []map[string]any
	must(t, json.NewDecoder(res.Body).Decode(&log))
	same, blind, seen := 0, 0, map[string]bool{}
	for _, q := range log {
		path := fmt.Sprint(q["path"])
		if !strings.HasPrefix(path, "/feeds/") {
			continue
		}
		if fmt.Sprint(q["status"]) == "304" {
			same++
		}
		if seen[path] && q["etag"] == nil && q["since"] == nil {
			blind++
		}
		seen[path] = true
	}
	t.Logf("%d requests, %d answered 304, %d without validators after the first", len(log), same, blind)
	if same < 190 || blind > 0 {
		t.Errorf("%d answers were 304, %d requests had no validators", same, blind)
	}
}

// newsweb starts the shared local web.
func newsweb(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../../shared/tools/newsweb.py")
	must(t, err)
	if _, err := os.Stat(root); err != nil {
		t.Skip("the shared web of real feeds is not here")
	}
	python, err := exec.LookPath("python3")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("python3 is not here, and CI needs it")
	}
	if err != nil {
		t.Skip("python3 is not here")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	addr := l.Addr().String()
	must(t, l.Close())
	cmd := exec.CommandContext(t.Context(), python, root, "--port", addr[strings.LastIndex(addr, ":")+1:])
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // gone already is as good
	wait(t, 20*time.Second, "the web of real feeds", func() bool {
		res, err := http.Get("http://" + addr + "/")
		if err != nil {
			return false
		}
		return res.Body.Close() == nil
	})
	return "http://" + addr
}
