package wordpress

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/publish"
	"veilleur/internal/publish/publishtest"
	"veilleur/internal/veille"
)

// client makes a client of its own, so that closing one fake's idle
// connections does not trouble another's test.
func client(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 5 * time.Second}
}

func creates(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/wp/v2/posts")
}

func TestWordPressPassesTheSuite(t *testing.T) {
	t.Parallel()
	publishtest.Run(t, func(t *testing.T) publishtest.Peer {
		f := newFake(t)
		return publishtest.Peer{
			Network: New(client(t)), Channel: f.channel(),
			Visible: func(_ *testing.T, p veille.Post) int { return f.visible(p) },
			Down: func(*testing.T) func() {
				f.setCut(func(w http.ResponseWriter, _ *http.Request, _ bool) bool { hangUp(w); return true })
				return func() { f.setCut(never) }
			},
			LoseAnswer: func(*testing.T) {
				f.setCut(func(w http.ResponseWriter, r *http.Request, after bool) bool {
					if after && creates(r) {
						hangUp(w)
					}
					return after && creates(r)
				})
			},
		}
	})
}

func TestWhatIsSentIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := publishtest.Post("contenu")
	p.Title = `Frais < 5 $ & [gallery] « ok »`
	p.Text = "Un <script>alert(1)</script> & [caption]\nligne deux\n\n\nVoir (https://caisse.example/a_(b)?c=1&d=2).\x07"
	p.Media = append(p.Media, veille.Media{ID: "two", Name: "b.webp", Type: "image/webp", Alt: `a "b"`})
	if _, err := New(client(t)).Publish(t.Context(), f.channel(), p, publishtest.Open); err != nil {
		t.Fatal(err)
	}
	want := fakePost{
		ID: 12, Slug: publish.Slug(p), Status: "publish", Featured: 10,
		Title: `Frais &lt; 5 $ &amp; &#91;gallery&#93; « ok »`,
		Body: "<p>Un &lt;script&gt;alert(1)&lt;/script&gt; &amp; &#91;caption&#93;<br />\nligne deux</p>\n" +
			`<p>Voir (<a href="https://caisse.example/a_(b)?c=1&amp;d=2">https://caisse.example/a_(b)?c=1&amp;d=2</a>).</p>` + "\n" +
			`<figure class="wp-block-image"><img src="` + f.URL + `/wp-content/uploads/` + publish.MediaSlug(p.Media[1]) + `.webp" alt="a &quot;b&quot;" /></figure>` + "\n",
	}
	if d := cmp.Diff([]fakePost{want}, f.posts); d != "" {
		t.Error(d)
	}
	first := fakePost{ID: 10, Slug: publish.MediaSlug(p.Media[0]), Status: "inherit", Title: "salle.png", Alt: "La salle « pleine »", Type: "image/png", File: publish.MediaSlug(p.Media[0]) + ".png"}
	if d := cmp.Diff(first, f.media[0]); d != "" {
		t.Error(d)
	}
}

// What happens at the one call that must not be repeated.
func TestTheAnswerToTheCreationDecides(t *testing.T) {
	t.Parallel()
	status := func(code int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code); fmt.Fprint(w, body) }
	}
	tests := []struct {
		name    string
		after   bool // the post was made before the answer went wrong
		answers func(http.ResponseWriter)
		want    error
		key     string
	}{
		{"a connection cut after the request", true, hangUp, publish.ErrUnknown, ""},
		{"a connection cut before anything was done", false, hangUp, publish.ErrUnknown, ""},
		{"a 502 from a proxy", true, status(502, "<h1>Bad gateway</h1>"), publish.ErrUnknown, ""},
		{"a 504 from a proxy", true, status(504, ""), publish.ErrUnknown, ""},
		{"a 500 of its own", true, status(500, `{"code":"internal_server_error"}`), publish.ErrUnknown, ""},
		{"a 408", false, status(408, ""), publish.ErrUnknown, ""},
		{"a redirect", true, status(302, ""), publish.ErrUnknown, ""},
		{"a 200 with broken JSON", true, status(200, `{"id": 12, "li`), publish.ErrUnknown, ""},
		{"a 201 that is a page", true, status(201, "<html>"), publish.ErrUnknown, ""},
		{"a 201 without id", true, status(201, "{}"), publish.ErrUnknown, ""},
		{"a 201 without end", true, status(201, "["+strings.Repeat(" ", answerLimit)), publish.ErrUnknown, ""},
		{"a body shorter than said", true, func(w http.ResponseWriter) { w.Header().Set("Content-Length", "99"); status(201, `{"id":12`)(w) }, publish.ErrUnknown, ""},
		{"too many requests", false, status(429, ""), veille.ErrBusy, "wordpress.down"},
		{"no right to publish", false, status(403, `{"code":"rest_cannot_publish","message":"Désolé."}`), veille.ErrDenied, "wordpress.denied"},
		{"a wall in front", false, status(403, "<html>"), veille.ErrDenied, "wordpress.blocked"},
		{"a parameter refused", false, status(400, `{"code":"rest_invalid_param","message":"x"}`), veille.ErrInvalid, "wordpress.refused"},
		{"a post kept for review", true, status(201, `{"id":12,"status":"pending"}`), veille.ErrConflict, "wordpress.not_public"},
		{"a mark before the JSON is read over", true, status(201, "\ufeff"+`{"id":12,"status":"publish"}`), nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, made := newFake(t), new(atomic.Int32)
			f.setCut(func(w http.ResponseWriter, r *http.Request, after bool) bool {
				if !creates(r) || after != tt.after {
					return false
				}
				made.Add(1)
				tt.answers(w)
				return true
			})
			p := publishtest.Post("x")
			_, err := New(client(t)).Publish(t.Context(), f.channel(), p, publishtest.Open)
			if !errors.Is(err, tt.want) || !errors.Is(tt.want, publish.ErrUnknown) && errors.Is(err, publish.ErrUnknown) {
				t.Errorf("Publish: %v, want %v", err, tt.want)
			}
			if s, _ := veille.SaysOf(err); s.Key != tt.key {
				t.Errorf("says %q, want %q", s.Key, tt.key)
			}
			if made.Load() != 1 || f.visible(p) > 1 {
				t.Errorf("asked %d times, %d visible", made.Load(), f.visible(p))
			}
		})
	}
}

func TestATimeoutWhileTheSiteWorksIsUnknown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.setCut(func(_ http.ResponseWriter, r *http.Request, after bool) bool {
		if after && creates(r) {
			cancel() // as a deadline would
			<-r.Context().Done()
		}
		return false
	})
	p := publishtest.Post("lent")
	n := New(client(t))
	if _, err := n.Publish(ctx, f.channel(), p, publishtest.Open); !errors.Is(err, publish.ErrUnknown) {
		t.Fatalf("Publish: %v, want ErrUnknown", err)
	}
	if _, ok, err := n.Find(t.Context(), f.channel(), p); !ok || err != nil {
		t.Errorf("Find: %v, %v", ok, err)
	}
}

func TestTroubleBeforeTheCreationIsBusyAndANewTryAddsNothing(t *testing.T) {
	t.Parallel()
	steps := map[string]func(*http.Request) bool{
		"front page":  func(r *http.Request) bool { return r.URL.Path == "/" },
		"look":        func(r *http.Request) bool { return r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/posts") },
		"picture":     func(r *http.Request) bool { return r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/media") },
		"description": func(r *http.Request) bool { return r.Method == "POST" && strings.Contains(r.URL.Path, "/media/") },
	}
	faults := map[string]func(http.ResponseWriter){
		"cut": hangUp, "503": func(w http.ResponseWriter) { w.WriteHeader(503) },
	}
	for step, at := range steps {
		for fault, answers := range faults {
			t.Run(step+" "+fault, func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				f.setCut(func(w http.ResponseWriter, r *http.Request, after bool) bool {
					if after && at(r) {
						answers(w)
						return true
					}
					return false
				})
				p, n := publishtest.Post("y"), New(client(t))
				if _, err := n.Publish(t.Context(), f.channel(), p, publishtest.Open); !errors.Is(err, veille.ErrBusy) || errors.Is(err, publish.ErrUnknown) {
					t.Fatalf("Publish: %v, want ErrBusy", err)
				}
				f.setCut(never)
				if _, err := n.Publish(t.Context(), f.channel(), p, publishtest.Open); err != nil {
					t.Fatal(err)
				}
				if f.visible(p) != 1 || len(f.media) != 1 {
					t.Errorf("%d posts and %d pictures, want one of each", f.visible(p), len(f.media))
				}
			})
		}
	}
}

func TestPicturesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typ string
		open      publish.Opener
		want      error
		key       string
	}{
		{"a file that is gone", "image/png", func(veille.Media) (io.ReadCloser, error) { return nil, os.ErrNotExist }, veille.ErrNotFound, "wordpress.picture_missing"},
		{"a type that no browser shows", "image/tiff", publishtest.Open, veille.ErrInvalid, "wordpress.picture_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			p := publishtest.Post("z")
			p.Media[0].Type = tt.typ
			_, err := New(client(t)).Publish(t.Context(), f.channel(), p, tt.open)
			if s, _ := veille.SaysOf(err); !errors.Is(err, tt.want) || s.Key != tt.key || f.visible(p) != 0 {
				t.Errorf("Publish: %v says %q, %d visible", err, s.Key, f.visible(p))
			}
		})
	}
}

func TestNoPasswordFollowsARedirect(t *testing.T) {
	t.Parallel()
	var told atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _, ok := r.BasicAuth()
		told.Store(ok)
	}))
	defer other.Close()
	f := newFake(t)
	f.setCut(func(w http.ResponseWriter, r *http.Request, after bool) bool {
		if strings.HasPrefix(r.URL.Path, "/wp-json/wp/") {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
			return true
		}
		return false
	})
	_, err := New(client(t)).Publish(t.Context(), f.channel(), publishtest.Post("r"), publishtest.Open)
	if s, _ := veille.SaysOf(err); s.Key != "wordpress.moved" || told.Load() {
		t.Errorf("says %q, password told: %v (%v)", s.Key, told.Load(), err)
	}
}

// Every key of every body we send is one that the published schemas know.
func TestWhatWeSendIsInTheSchemas(t *testing.T) {
	t.Parallel()
	folder := shared(t, "data/specs/wordpress/schemas/rest-api")
	f := newFake(t)
	if _, err := New(client(t)).Publish(t.Context(), f.channel(), publishtest.Post("s"), publishtest.Open); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range []string{"post.json", "attachment.json"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		var schema struct{ Properties map[string]any }
		if err := json.Unmarshal(b, &schema); err != nil {
			t.Fatal(err)
		}
		for k := range schema.Properties {
			known[k] = true
		}
	}
	for _, k := range append(f.sent, strings.Split(remoteFields+","+pictureFields, ",")...) {
		if !known[k] {
			t.Errorf("WordPress knows no %q", k)
		}
	}
}

// shared gives a folder of the material beside the repository, or skips.
func shared(t *testing.T, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			path := filepath.Join(dir, "..", "shared", folder)
			if _, err := os.Stat(path); err != nil {
				t.Skip("no ../shared beside the repository")
			}
			return path
		}
	}
	t.Fatal("no go.mod above")
	return ""
}
