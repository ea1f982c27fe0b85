package wordpress

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"veilleur/internal/publish"
	"veilleur/internal/veille"
)

// A fake answers as WordPress 6 does to what we ask of it, and refuses what
// WordPress refuses, with its codes. The peer test holds it to the real one.
type fake struct {
	*httptest.Server
	mu    sync.Mutex
	posts []fakePost
	media []fakePost
	sent  []string // the keys of every JSON body, sorted, for the schema test

	cut atomic.Pointer[cutter]
}

// A cutter may take a request over before (after = false) or after it was carried
// out, and then answers itself: true ends the exchange.
type cutter func(w http.ResponseWriter, r *http.Request, after bool) bool

func never(http.ResponseWriter, *http.Request, bool) bool { return false }

func (f *fake) setCut(c cutter) { f.cut.Store(&c) }

type fakePost struct {
	ID                        int
	Slug, Status, Title, Body string
	Featured                  int
	Alt, Type, File           string
}

const fakeUser, fakePass = "editrice", "abcd EFGH ijkl MNOP qrst UVWX"

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{}
	f.setCut(never)
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", f.home)
	mux.HandleFunc("GET /wp-json/{$}", f.index)
	mux.HandleFunc("GET /wp-json/wp/v2/users/me", f.guarded(f.me))
	mux.HandleFunc("GET /wp-json/wp/v2/posts", f.guarded(f.list))
	mux.HandleFunc("POST /wp-json/wp/v2/posts", f.guarded(f.createPost))
	mux.HandleFunc("GET /wp-json/wp/v2/media", f.guarded(f.list))
	mux.HandleFunc("POST /wp-json/wp/v2/media", f.guarded(f.createMedia))
	mux.HandleFunc("POST /wp-json/wp/v2/media/{id}", f.guarded(f.updateMedia))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, 404, "rest_no_route", "Aucune route correspondante n’a été trouvée.")
	})
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cut := *f.cut.Load()
		if cut(w, r, false) {
			return
		}
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		if cut(w, r, true) {
			return
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		io.Copy(w, rec.Body)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) channel() veille.Channel {
	return veille.Channel{ID: "c", Network: veille.NetworkWordPress, URL: f.URL, User: fakeUser, Secret: fakePass}
}

func (f *fake) home(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Link", `<`+f.URL+`/style.css>; rel=preload, <`+f.URL+`/wp-json/>; rel="https://api.w.org/"`)
	fmt.Fprint(w, "<!doctype html><title>Caisse</title><link href=/wp-content/style.css>")
}

func (f *fake) index(w http.ResponseWriter, r *http.Request) {
	answer(w, r, 200, map[string]any{
		"name": "Caisse", "namespaces": []string{"oembed/1.0", "wp/v2"}, "routes": map[string]any{"/": 1},
		"authentication": map[string]any{"application-passwords": map[string]any{"endpoints": map[string]any{}}},
	})
}

func (f *fake) guarded(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, pass, ok := r.BasicAuth()
		switch {
		case !ok:
			refuse(w, 401, "rest_not_logged_in", "Vous n’êtes pas connecté.")
		case user != fakeUser:
			refuse(w, 401, "invalid_username", "<strong>Erreur</strong> : identifiant inconnu.")
		case strings.ReplaceAll(pass, " ", "") != strings.ReplaceAll(fakePass, " ", ""):
			refuse(w, 401, "incorrect_password", "Le mot de passe n’est pas le bon.")
		default:
			f.mu.Lock()
			defer f.mu.Unlock()
			h(w, r)
		}
	}
}

func (f *fake) me(w http.ResponseWriter, r *http.Request) {
	body := map[string]any{"id": 1, "name": "Éditrice"}
	if r.FormValue("context") == "edit" {
		body["capabilities"] = map[string]bool{"publish_posts": true, "upload_files": true, "read": true}
	}
	answer(w, r, 200, body)
}

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	all, status := f.posts, r.FormValue("status")
	if strings.HasSuffix(r.URL.Path, "/media") {
		all, status = f.media, "any" // attachments inherit their status
	}
	out := []any{}
	for _, p := range all {
		if r.FormValue("slug") == p.Slug && (p.Status == "publish" || status == "any") {
			out = append(out, f.shown(p))
		}
	}
	w.Header().Set("X-WP-Total", fmt.Sprint(len(out)))
	answer(w, r, 200, out)
}

func (f *fake) shown(p fakePost) map[string]any {
	return map[string]any{
		"id": p.ID, "slug": p.Slug, "status": p.Status, "link": f.URL + "/" + p.Slug + "/",
		"title": map[string]any{"raw": p.Title}, "source_url": f.URL + "/wp-content/uploads/" + p.File, "alt_text": p.Alt,
	}
}

func (f *fake) createPost(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Title, Content, Slug, Status string
		FeaturedMedia                int `json:"featured_media"`
	}
	if !f.params(w, r, &in) {
		return
	}
	switch {
	case in.Title == "" && in.Content == "":
		refuse(w, 400, "empty_content", "Le contenu, le titre et l’extrait sont vides.")
		return
	case !slices.Contains([]string{"publish", "future", "draft", "pending", "private"}, in.Status):
		refuse(w, 400, "rest_invalid_param", "Paramètre(s) invalide(s) : status")
		return
	case in.FeaturedMedia != 0 && !slices.ContainsFunc(f.media, func(m fakePost) bool { return m.ID == in.FeaturedMedia }):
		refuse(w, 400, "rest_invalid_featured_media", "ID de média à la une non valide.")
		return
	}
	p := fakePost{ID: f.nextID(), Slug: f.unique(in.Slug), Status: in.Status, Title: in.Title, Body: in.Content, Featured: in.FeaturedMedia}
	f.posts = append(f.posts, p)
	answer(w, r, 201, f.shown(p))
}

func (f *fake) createMedia(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	sum := md5.Sum(body)
	name := regexp.MustCompile(`^attachment; filename="([^"/]+\.(png|jpg|gif|webp))"$`).FindStringSubmatch(r.Header.Get("Content-Disposition"))
	switch {
	case err != nil || len(body) == 0:
		refuse(w, 400, "rest_upload_no_data", "Aucune donnée fournie.")
	case r.Header.Get("Content-Type") == "":
		refuse(w, 400, "rest_upload_no_content_type", "Aucun Content-Type fourni.")
	case r.Header.Get("Content-Disposition") == "":
		refuse(w, 400, "rest_upload_no_content_disposition", "Aucun Content-Disposition fourni.")
	case name == nil:
		refuse(w, 400, "rest_upload_invalid_disposition", "Content-Disposition non valide.")
	case r.Header.Get("Content-MD5") != "" && r.Header.Get("Content-MD5") != hex.EncodeToString(sum[:]):
		refuse(w, 412, "rest_upload_hash_mismatch", "L’empreinte du contenu ne correspond pas.")
	case !strings.HasPrefix(http.DetectContentType(body), "image/"):
		refuse(w, 500, "rest_upload_sideload_error", "Désolé, vous n’êtes pas autorisé à téléverser ce type de fichier.")
	default:
		m := fakePost{ID: f.nextID(), Slug: f.unique(r.URL.Query().Get("slug")), Status: "inherit", Type: r.Header.Get("Content-Type"), File: name[1]}
		f.media = append(f.media, m)
		answer(w, r, 201, f.shown(m))
	}
}

func (f *fake) updateMedia(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Title string
		Alt   string `json:"alt_text"`
	}
	if !f.params(w, r, &in) {
		return
	}
	for i := range f.media {
		if m := &f.media[i]; fmt.Sprint(m.ID) == r.PathValue("id") {
			m.Title, m.Alt = in.Title, in.Alt
			answer(w, r, 200, f.shown(*m))
			return
		}
	}
	refuse(w, 404, "rest_post_invalid_id", "ID de publication non valide.")
}

// params reads a JSON body as WordPress does: only under its content type.
func (f *fake) params(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.Unmarshal(body, into) != nil {
		refuse(w, 400, "rest_invalid_json", "Corps JSON non valide transmis.")
		return false
	}
	var keys map[string]any
	json.Unmarshal(body, &keys)
	for k := range keys {
		f.sent = append(f.sent, k)
	}
	return true
}

func (f *fake) nextID() int { return 10 + len(f.posts) + len(f.media) }

// unique gives a slug no post nor picture has, as wp_unique_post_slug.
func (f *fake) unique(slug string) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(slices.Concat(f.posts, f.media), func(p fakePost) bool { return p.Slug == s })
	}
	free := slug
	for n := 2; taken(free); n++ {
		free = fmt.Sprintf("%s-%d", slug, n)
	}
	return free
}

// visible counts the public posts of a key, second copies included.
func (f *fake) visible(p veille.Post) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, q := range f.posts {
		if q.Status == "publish" && strings.HasPrefix(q.Slug, publish.Slug(p)) {
			n++
		}
	}
	return n
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"code": code, "message": message, "data": map[string]any{"status": status}})
}

// answer writes what _fields asks for.
func answer(w http.ResponseWriter, r *http.Request, status int, body any) {
	if fields := r.URL.Query().Get("_fields"); fields != "" {
		keep := strings.Split(fields, ",")
		only := func(m map[string]any) {
			for k := range m {
				if !slices.Contains(keep, k) {
					delete(m, k)
				}
			}
		}
		switch b := body.(type) {
		case map[string]any:
			only(b)
		case []any:
			for _, m := range b {
				only(m.(map[string]any))
			}
		}
	}
	var out bytes.Buffer
	json.NewEncoder(&out).Encode(body)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
	}
}
