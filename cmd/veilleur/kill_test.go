package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"veilleur/internal/auth"
	"veilleur/internal/store"
	"veilleur/internal/veille"
)

// kills is how many times the process is killed without warning.
const kills = 50

// TestKilledFiftyTimesItLosesNothingAndPostsNothingTwice runs the real binary
// over a web that grows and a site that records each post, and kills it with
// SIGKILL at random moments of crawling, indexing and publishing.
func TestKilledFiftyTimesItLosesNothingAndPostsNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute")
	}
	t.Parallel()
	press, site, data := newPress(40, 20), newSite(), t.TempDir()
	feeds, wp := httptest.NewServer(press), httptest.NewServer(site)
	t.Cleanup(feeds.Close)
	t.Cleanup(wp.Close)
	house(t, data, func(st *store.Store) { settle(t, st, feeds.URL, wp.URL, 40) })
	posts := 0
	for round := range kills {
		house(t, data, func(st *store.Store) {
			makeDue(t, st)
			schedule(t, st, posts, 2)
		})
		posts += 2
		press.publish()
		killAfter(t, data, time.Duration(300+rand.IntN(1500))*time.Millisecond)
		t.Logf("kill %d: %d posts on the site", round+1, site.count())
	}
	house(t, data, func(st *store.Store) { makeDue(t, st) })
	finish(t, data, press.known(), posts)
	house(t, data, func(st *store.Store) { examine(t, st, press.known(), site, posts) })
}

// serveCommand is the real program on a data folder.
func serveCommand(ctx context.Context, data string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], "serve", "--data", data, "--listen", "127.0.0.1:0", "--fetch-allow", "127.0.0.0/8", "--log", "error")
	cmd.Env = append(os.Environ(), "VEILLEUR_TEST_AS_MAIN=1")
	return cmd
}

func killAfter(t *testing.T, data string, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	out, _ := serveCommand(ctx, data).CombinedOutput() // CommandContext kills with SIGKILL
	if ctx.Err() == nil {
		t.Fatalf("it stopped by itself:\n%s", out)
	}
}

// finish lets the program work in peace until everything has settled.
func finish(t *testing.T, data string, known map[string]bool, posts int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := serveCommand(ctx, data)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cancel()
	deadline := time.Now().Add(3 * time.Minute)
	for settled := false; !settled; {
		if time.Now().After(deadline) {
			t.Fatal("not settled after three minutes")
		}
		time.Sleep(time.Second) // another process works: there is nothing to wait on
		house(t, data, func(st *store.Store) {
			n, err := st.CountEntries(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			last, _ := st.LastSeq(t.Context())
			at, _ := st.Cursor(t.Context(), "search")
			waiting, err := st.Posts(t.Context(), veille.PostFilter{States: []veille.PostState{veille.PostScheduled, veille.PostPublishing}})
			if err != nil {
				t.Fatal(err)
			}
			settled = n == len(known) && at == last && len(waiting) == 0
		})
	}
}

// house opens the store of the data folder beside, or between, the processes.
func house(t *testing.T, data string, do func(*store.Store)) {
	t.Helper()
	key, err := auth.LoadKey(filepath.Join(data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), "sqlite:"+filepath.Join(data, "veilleur.db"), auth.NewSealer(key))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	do(st)
}

// settle writes a branch, its sources and a WordPress channel.
func settle(t *testing.T, st *store.Store, feeds, wp string, n int) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	must(t, st.PutBranch(ctx, veille.Branch{ID: "b", Name: "Caisse de la Rivière", Locale: "fr", Zone: "America/Toronto", CreatedAt: now}))
	for i := range n {
		must(t, st.PutSource(ctx, veille.Source{ID: veille.SourceID(fmt.Sprint("s", i)), BranchID: "b", Kind: veille.SourceFeed,
			URL: fmt.Sprintf("%s/feed/%d", feeds, i), Title: fmt.Sprint("Écho ", i), State: veille.SourceActive, CreatedAt: now}))
	}
	must(t, st.PutTopic(ctx, veille.Topic{ID: "t", BranchID: "b", Name: "Rivière", Query: "rivière", Subject: veille.SubjectTheme, CreatedAt: now, UpdatedAt: now}))
	must(t, st.PutChannel(ctx, veille.Channel{ID: "wp", BranchID: "b", Network: veille.NetworkWordPress, Name: "Site", URL: wp, User: "lea", Secret: "mot de passe", CreatedAt: now}))
}

// makeDue ends the leases of the killed and makes every source due, as an hour
// of waiting would.
func makeDue(t *testing.T, st *store.Store) {
	t.Helper()
	if _, err := st.DB().ExecContext(t.Context(), `UPDATE source SET due_at = 1, lease_until = 0`); err != nil {
		t.Fatal(err)
	}
}

func schedule(t *testing.T, st *store.Store, from, n int) {
	t.Helper()
	now := time.Now()
	for i := from; i < from+n; i++ {
		must(t, st.PutPost(t.Context(), veille.Post{ID: veille.PostID(fmt.Sprintf("p%04d", i)), BranchID: "b", ChannelID: "wp",
			Title: fmt.Sprint("Nouvelle numéro ", i), Text: "Bonjour.", State: veille.PostScheduled,
			At: now.Add(-time.Second), Wall: now.Format("2006-01-02T15:04"), Zone: "UTC", CreatedAt: now, UpdatedAt: now}))
	}
}

// examine counts: every entry once, every entry found, every post at most once
// and never lost.
func examine(t *testing.T, st *store.Store, known map[string]bool, site *site, posts int) {
	t.Helper()
	ctx := t.Context()
	var check string
	if err := st.DB().QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity: %s, %v", check, err)
	}
	entries, err := st.EntriesAfter(ctx, 0, 100_000)
	must(t, err)
	seen := map[string]int{}
	for _, e := range entries {
		seen[e.GUID]++
		if e.Reading.StoryID == "" {
			t.Errorf("entry %s has no story", e.GUID)
		}
	}
	for guid := range known {
		if seen[guid] != 1 {
			t.Errorf("entry %s stored %d times", guid, seen[guid])
		}
	}
	if n, err := st.CountMentions(ctx, "t", time.Time{}); err != nil || n != len(known) {
		t.Errorf("%d mentions of %d entries that all make one: %v", n, len(known), err)
	}
	all, err := st.Posts(ctx, veille.PostFilter{})
	must(t, err)
	states := map[veille.PostState]int{}
	for _, p := range all {
		states[p.State]++
		n := site.copies(p.Title)
		switch {
		case n > 1:
			t.Errorf("post %s is %d times on the site", p.ID, n)
		case p.State == veille.PostPublished && n != 1, p.State != veille.PostPublished && p.State != veille.PostUnknown:
			t.Errorf("post %s is %s, %d times on the site", p.ID, p.State, n)
		}
	}
	t.Logf("%d entries, %d posts: %v", len(entries), len(all), states)
	if len(all) != posts || states[veille.PostPublished] == 0 {
		t.Errorf("%d posts of %d kept: %v", len(all), posts, states)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// press is a web of feeds that grow by one entry at each publish.
type press struct {
	mu    sync.Mutex
	feeds int
	each  int
}

func newPress(feeds, each int) *press { return &press{feeds: feeds, each: each} }

func (p *press) publish() { p.mu.Lock(); defer p.mu.Unlock(); p.each++ }

func (p *press) known() map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := map[string]bool{}
	for f := range p.feeds {
		for i := range p.each {
			m[fmt.Sprintf("g-%d-%d", f, i)] = true
		}
	}
	return m
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	each := p.each
	p.mu.Unlock()
	var f int
	if _, err := fmt.Sscanf(r.URL.Path, "/feed/%d", &f); err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Écho %d</title><link>http://example.test/</link><description>d</description>`, f)
	for i := range each {
		fmt.Fprintf(w, `<item><guid isPermaLink="false">g-%d-%d</guid><title>La rivière %d de la ville %d déborde</title><description>Le niveau de la rivière monte encore au quai numéro %d.</description><pubDate>%s</pubDate></item>`,
			f, i, i, f, i*f, time.Now().Add(-time.Duration(each-i)*time.Hour).Format(time.RFC1123Z))
	}
	io.WriteString(w, `</channel></rss>`)
}

// site is what the WordPress network needs of a site: it takes its time, and
// keeps what it was sent even when the sender is gone.
type site struct {
	mu    sync.Mutex
	posts []wpPost
}

type wpPost struct {
	ID     int               `json:"id"`
	Slug   string            `json:"slug"`
	Status string            `json:"status"`
	Link   string            `json:"link"`
	Title  map[string]string `json:"title"`
}

func newSite() *site { return &site{} }

func (s *site) count() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.posts) }

func (s *site) copies(title string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.posts {
		if p.Title["raw"] == title {
			n++
		}
	}
	return n
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "http://" + r.Host
	w.Header().Set("Link", `<`+base+`/wp-json/>; rel="https://api.w.org/"`)
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/wp/v2/posts") && r.Method == http.MethodPost:
		s.create(w, r, base)
	case strings.HasSuffix(r.URL.Path, "/wp/v2/posts"):
		s.find(w, r)
	case strings.HasPrefix(r.URL.Path, "/wp-json"):
		json.NewEncoder(w).Encode(map[string]any{"name": "Site", "url": base, "home": base, "namespaces": []string{"wp/v2"},
			"authentication": map[string]any{"application-passwords": map[string]any{}}, "routes": map[string]any{}})
	default:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html><body>Site</body></html>")
	}
}

func (s *site) create(w http.ResponseWriter, r *http.Request, base string) {
	var in struct {
		Title any    `json:"title"`
		Slug  string `json:"slug"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "{}", http.StatusBadRequest)
		return
	}
	pause()
	s.mu.Lock()
	p := wpPost{ID: len(s.posts) + 1, Slug: in.Slug, Status: "publish", Link: fmt.Sprintf("%s/?p=%d", base, len(s.posts)+1), Title: map[string]string{"raw": fmt.Sprint(in.Title)}}
	s.posts = append(s.posts, p)
	s.mu.Unlock()
	pause()
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(p)
}

func (s *site) find(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []wpPost{}
	for _, p := range s.posts {
		if p.Slug == r.URL.Query().Get("slug") {
			found = append(found, p)
		}
	}
	json.NewEncoder(w).Encode(found)
}

// pause is the time a busy site takes, so that kills fall within a request.
func pause() { time.Sleep(time.Duration(rand.IntN(120)) * time.Millisecond) }
