package wordpress

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"veilleur/internal/publish"
	"veilleur/internal/publish/publishtest"
	"veilleur/internal/veille"
)

// TestPeer publishes to a real WordPress. It runs when VEILLEUR_PEERS is 1 and
// Debian's packages are there; with CI it fails when they are not.
func TestPeer(t *testing.T) {
	direct := startWordPress(t)
	// So that what follows tests WordPress and not a page that is not there.
	if page := get(t, direct.URL); !strings.Contains(page, "<article>") {
		t.Fatalf("the site shows nothing: %.200s", page)
	}
	home, err := url.Parse(direct.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, home.Host)
	through := direct
	through.URL = "http://" + w.listener.Addr().String()
	p := peer{n: New(&http.Client{Transport: &http.Transport{}, Timeout: time.Minute}), direct: direct, ch: through, wire: w}

	t.Run("check", p.check)
	t.Run("suite", p.suite)
	t.Run("picture", p.picture)
	t.Run("text is shown as text", p.text)
	t.Run("plain permalinks", p.plain)
	t.Run("cuts anywhere", func(t *testing.T) { p.cuts(t, "") })
	t.Run("cuts while creating", func(t *testing.T) { p.cuts(t, creating) })
}

const creating = "POST /wp-json/wp/v2/posts?"

type peer struct {
	n      *Network
	direct veille.Channel // the site itself
	ch     veille.Channel // the site through the wire
	wire   *wire
}

// startWordPress runs testdata/wordpress.sh until the test ends.
func startWordPress(t *testing.T) veille.Channel {
	t.Helper()
	if os.Getenv("VEILLEUR_PEERS") != "1" {
		t.Skip("set VEILLEUR_PEERS=1 to publish to a real WordPress")
	}
	script, err := filepath.Abs("testdata/wordpress.sh")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.Command("bash", script, t.TempDir())
	cmd.Stderr = &said
	stop, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no bash to start WordPress with, and CI needs it: %v", err)
		}
		t.Skipf("no bash to start WordPress with: %v", err)
	}
	ended := sync.OnceValue(cmd.Wait)
	t.Cleanup(func() { stop.Close(); _ = ended() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	if f := strings.Fields(line); len(f) == 4 && f[0] == "ready" {
		return veille.Channel{ID: "wp", Network: veille.NetworkWordPress, URL: f[1], User: f[2], Secret: f[3]}
	}
	err = ended()
	if cmd.ProcessState.ExitCode() == 3 && os.Getenv("CI") != "true" {
		t.Skip(strings.TrimSpace(said.String()))
	}
	t.Fatalf("WordPress did not start: %v\n%s", err, said.String())
	return veille.Channel{}
}

// copies counts what the site holds of a post, in any state.
func (p peer) copies(t *testing.T, post veille.Post) int {
	t.Helper()
	s, err := p.n.site(t.Context(), p.direct)
	if err != nil {
		t.Fatal(err)
	}
	var there []struct {
		Slug string `json:"slug"`
	}
	words := strings.Fields(post.Title)
	q := url.Values{"search": words[len(words)-1:], "status": {"any"}, "context": {"edit"}, "per_page": {"100"}, "_fields": {"slug"}}
	if err := s.call(t.Context(), request{method: http.MethodGet, path: "/wp/v2/posts", query: q}, &there); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range there {
		if strings.HasPrefix(r.Slug, publish.Slug(post)) {
			n++
		}
	}
	return n
}

func (p peer) check(t *testing.T) {
	tests := []struct {
		name   string
		change func(*veille.Channel)
		key    string
	}{
		{"all is well", func(*veille.Channel) {}, ""},
		{"a wrong password", func(c *veille.Channel) { c.Secret = "xxxx" }, "wordpress.wrong_account"},
		{"a wrong name", func(c *veille.Channel) { c.User = "autre" }, "wordpress.wrong_account"},
		{"an account that is an address", func(c *veille.Channel) { c.User = "editrice@caisse.example" }, ""},
		{"nothing there", func(c *veille.Channel) { c.URL = "http://127.0.0.1:1" }, "wordpress.unreachable"},
	}
	for _, tt := range tests {
		ch := p.direct
		tt.change(&ch)
		err := p.n.Check(t.Context(), ch)
		if s, _ := veille.SaysOf(err); s.Key != tt.key {
			t.Errorf("%s: %v says %q, want %q", tt.name, err, s.Key, tt.key)
		}
	}
	wrong := p.direct
	wrong.Secret = "xxxx"
	_, err := p.n.Publish(t.Context(), wrong, publishtest.Post("refus"), publishtest.Open)
	if s, _ := veille.SaysOf(err); s.Key != "wordpress.not_signed_in" || !errors.Is(err, veille.ErrDenied) {
		t.Errorf("publishing with a wrong password: %v", err)
	}
}

func (p peer) suite(t *testing.T) {
	publishtest.Run(t, func(t *testing.T) publishtest.Peer {
		t.Cleanup(func() { p.wire.mend() })
		return publishtest.Peer{
			Network: p.n, Channel: p.ch,
			Visible: p.copies,
			Down: func(*testing.T) func() {
				p.wire.cutAfter(0, "")
				return func() { p.wire.mend() }
			},
			LoseAnswer: func(*testing.T) { p.wire.loseAnswer(creating) },
		}
	})
}

// picture checks what a visitor gets: the picture with its alternative text.
func (p peer) picture(t *testing.T) {
	post := publishtest.Post("photo")
	r, err := p.n.Publish(t.Context(), p.direct, post, publishtest.Open)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.n.site(t.Context(), p.direct)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Status   string               `json:"status"`
		Featured int                  `json:"featured_media"`
		Title    struct{ Raw string } `json:"title"`
		Body     struct{ Raw string } `json:"content"`
	}
	edit := url.Values{"context": {"edit"}}
	if err := s.call(t.Context(), request{method: http.MethodGet, path: "/wp/v2/posts/" + r.RemoteID, query: edit}, &made); err != nil {
		t.Fatal(err)
	}
	if made.Status != "publish" || made.Title.Raw != post.Title || made.Body.Raw != content(post.Text, nil) {
		t.Errorf("the site holds %+v", made)
	}
	var media struct {
		Alt  string `json:"alt_text"`
		Slug string `json:"slug"`
	}
	if err := s.call(t.Context(), request{method: http.MethodGet, path: fmt.Sprintf("/wp/v2/media/%d", made.Featured), query: edit}, &media); err != nil {
		t.Fatal(err)
	}
	if media.Alt != post.Media[0].Alt || media.Slug != publish.MediaSlug(post.Media[0]) {
		t.Errorf("the picture is %+v, want alt %q", media, post.Media[0].Alt)
	}
	if page := get(t, r.RemoteURL); !strings.Contains(page, `alt="La salle « pleine »"`) {
		t.Error("the page shows no alternative text")
	}
}

// text checks that a text that is markup is shown, not obeyed.
func (p peer) text(t *testing.T) {
	post := publishtest.Post("balises")
	post.Title = "Un <b>titre</b> & [gallery] balises"
	post.Text = "<script>alert(1)</script> [caption]x[/caption] <!-- wp:html --> A & B"
	post.Media = nil
	r, err := p.n.Publish(t.Context(), p.direct, post, publishtest.Open)
	if err != nil {
		t.Fatal(err)
	}
	page := get(t, r.RemoteURL)
	for _, bad := range []string{"<script>alert(1)", "<b>titre</b>", "<!-- wp:html -->"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page obeys %s", bad)
		}
	}
	if !strings.Contains(page, "&#91;caption&#93;x&#91;/caption&#93;") && !strings.Contains(page, "[caption]x[/caption]") {
		t.Error("the page does not show the brackets")
	}
}

// plain checks a site whose API has no path of its own.
func (p peer) plain(t *testing.T) {
	s, err := p.n.site(t.Context(), p.direct)
	if err != nil {
		t.Fatal(err)
	}
	s.root, err = url.Parse(p.direct.URL + "/?rest_route=/")
	if err != nil {
		t.Fatal(err)
	}
	post := publishtest.Post("simple")
	post.Media = nil
	made, err := s.create(t.Context(), post, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found, ok, err := s.find(t.Context(), post); !ok || err != nil || found != made {
		t.Errorf("found %+v, %v, %v, want %+v", found, ok, err, made)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, resp.StatusCode, err)
	}
	return string(body)
}

// cuts publishes twenty posts and cuts each at a random byte of the exchanges
// whose request begins with only, then goes on as the engine and a person do.
// Never are there two of one post, and in the end there is one.
func (p peer) cuts(t *testing.T, only string) {
	p.wire.cutAfter(1<<30, only)
	name := func(n int) string { return fmt.Sprintf("coupe%d%d", len(only), n) }
	if _, err := p.n.Publish(t.Context(), p.ch, publishtest.Post(name(0)), publishtest.Open); err != nil {
		t.Fatal(err)
	}
	all := p.wire.mend()
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d bytes to cut, seed %d", all, seed)
	random, outcomes := rand.New(rand.NewPCG(seed, 0)), map[string]int{}
	for n := 1; n <= 20; n++ {
		at := random.IntN(all)
		if n == 1 {
			at = all - 1 // the last byte: surely sent, surely done
		}
		outcomes[p.cutOnce(t, name(n), at, only)]++
	}
	t.Log(outcomes)
}

// cutOnce is one round; it tells how it went.
func (p peer) cutOnce(t *testing.T, name string, at int, only string) string {
	t.Helper()
	post := publishtest.Post(name)
	went := []string{}
	settle := func(o publish.Outcome) {
		t.Helper()
		if err := o.Apply(&post, time.Now()); err != nil {
			t.Fatal(err)
		}
		went = append(went, string(o.State))
		n := p.copies(t, post)
		if n > 1 || o.State == veille.PostScheduled && n > 0 || o.State == veille.PostPublished && n != 1 {
			t.Errorf("cut at %d: %d copies while %v", at, n, went)
		}
	}
	send := func() {
		t.Helper()
		post.At, post.SentAt, post.State = time.Now(), time.Time{}, veille.PostPublishing
		if err := publish.Witness(&post, time.Now()); err != nil {
			t.Fatal(err)
		}
		settle(publish.Send(t.Context(), p.n, p.ch, post, publishtest.Open))
	}
	p.wire.cutAfter(at, only)
	send()
	p.wire.mend()
	if post.State == veille.PostUnknown {
		settle(publish.Reconcile(t.Context(), p.n, p.ch, post, time.Now()))
	}
	if slices.Contains([]veille.PostState{veille.PostScheduled, veille.PostUnknown}, post.State) {
		send() // the program after scheduled, a person after unknown
	}
	if post.State != veille.PostPublished {
		t.Errorf("cut at %d: ends %v, %+v", at, went, post.Problem)
	}
	return strings.Join(went, " → ")
}
