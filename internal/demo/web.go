package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// AlertPath is the path of the alert on the main branch's name, shaped as a
// Google Alerts feed.
const AlertPath = "/alerts/feeds/07041917000000000001/3141592653589793238"

// A Web is what the invented media have put online. It shows an article from
// the second it is published, and answers conditional requests.
type Web struct {
	start    time.Time
	now      func() time.Time
	media    []Medium
	articles []Article // all there will ever be, newest first
	pages    *template.Template
	mux      *http.ServeMux
}

// NewWeb makes the web of a demo that starts at an instant. It returns an
// error only when the embedded content is wrong, or no time zones are known.
func NewWeb(start time.Time) (*Web, error) {
	ms, err := readMedia()
	if err != nil {
		return nil, err
	}
	as, err := readArticles(ms, start)
	if err != nil {
		return nil, err
	}
	pages, err := template.New("").ParseFS(content, "content/pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	w := &Web{start: start, now: time.Now, media: ms, articles: as, pages: pages, mux: http.NewServeMux()}
	w.route()
	return w, nil
}

func (w *Web) route() {
	w.mux.HandleFunc("GET /{$}", w.serveIndex)
	w.mux.HandleFunc("GET /opml.xml", w.serveOPML)
	w.mux.HandleFunc("GET /robots.txt", func(rw http.ResponseWriter, r *http.Request) {
		w.send(rw, r, "text/plain; charset=utf-8", []byte("User-agent: *\nAllow: /\n"), w.start)
	})
	w.mux.HandleFunc("GET "+AlertPath, w.serveAlert)
	for _, m := range w.media {
		w.mux.HandleFunc("GET "+m.FrontPath()+"{$}", func(rw http.ResponseWriter, r *http.Request) { w.serveFront(rw, r, m) })
		w.mux.HandleFunc("GET "+m.FeedPath(), func(rw http.ResponseWriter, r *http.Request) { w.serveFeed(rw, r, m) })
		w.mux.HandleFunc("GET "+m.FrontPath()+"{slug}", func(rw http.ResponseWriter, r *http.Request) { w.serveArticle(rw, r, m) })
	}
}

// ServeHTTP serves every address of the demo.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

// Media gives the media in the order they are listed.
func (w *Web) Media() []Medium { return w.media }

// Articles gives what has been published by an instant, newest first.
func (w *Web) Articles(now time.Time) []Article {
	return w.choose(now, func(Article) bool { return true })
}

func (w *Web) choose(now time.Time, keep func(Article) bool) []Article {
	var out []Article
	for _, a := range w.articles {
		if !a.At.After(now) && keep(a) {
			out = append(out, a)
		}
	}
	return out
}

func (w *Web) of(m Medium, now time.Time) []Article {
	return w.choose(now, func(a Article) bool { return a.Medium.Key == m.Key })
}

// latest is when the newest article came, or the start without any.
func (w *Web) latest(as []Article) time.Time {
	if len(as) == 0 {
		return w.start
	}
	return as[0].At
}

// send answers with a body, its ETag and its date; or with 304.
func (w *Web) send(rw http.ResponseWriter, r *http.Request, kind string, body []byte, changed time.Time) {
	sum := sha256.Sum256(body)
	rw.Header().Set("Content-Type", kind)
	rw.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	rw.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(rw, r, "", changed, bytes.NewReader(body))
}

// base is the address the reader used, without a slash at its end.
func base(r *http.Request) string { return "http://" + r.Host }

// plain is the whole text of an article.
func (a Article) plain() string { return strings.Join(a.Paras, "\n\n") }
