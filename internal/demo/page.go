package demo

import (
	"bytes"
	"net/http"
	"time"
)

// A pageView is what the templates of content/pages show.
type pageView struct {
	Base     string
	Lang     string
	Medium   Medium
	Media    []Medium
	Article  Article
	Articles []Article
	Words    chrome
	Alert    string
}

// chrome is the words around an article, in the medium's language.
type chrome struct{ Cookies, Accept, Refuse, Published, Also, Letter, Home, Rights string }

func chromeOf(lang string) chrome {
	if lang == "en" {
		return chrome{
			"This site uses cookies to remember your preferences.", "Accept all", "Refuse", "Published",
			"More stories", "Get our newsletter every morning.", "Home", "All rights invented.",
		}
	}
	return chrome{
		"Ce site utilise des témoins pour se souvenir de vos préférences.", "Tout accepter", "Refuser", "Publié le",
		"À lire aussi", "Recevez notre infolettre chaque matin.", "Accueil", "Tous droits inventés.",
	}
}

func (w *Web) serveIndex(rw http.ResponseWriter, r *http.Request) {
	v := pageView{Base: base(r), Lang: "fr", Media: w.media, Alert: AlertPath}
	w.render(rw, r, "index.html", v, w.start)
}

func (w *Web) serveFront(rw http.ResponseWriter, r *http.Request, m Medium) {
	as := w.of(m, w.now())
	w.render(rw, r, "front.html", w.view(r, m, as), w.latest(as))
}

func (w *Web) serveArticle(rw http.ResponseWriter, r *http.Request, m Medium) {
	as := w.of(m, w.now())
	for i, a := range as {
		if a.Slug != r.PathValue("slug") {
			continue
		}
		v := w.view(r, m, neighbours(as, i))
		v.Article = a
		w.render(rw, r, "article.html", v, a.At)
		return
	}
	http.NotFound(rw, r)
}

func (w *Web) view(r *http.Request, m Medium, as []Article) pageView {
	return pageView{Base: base(r), Lang: m.Lang, Medium: m, Articles: as, Words: chromeOf(m.Lang)}
}

// neighbours are up to three older articles, so that a page never changes
// once its article is published.
func neighbours(as []Article, i int) []Article {
	return as[i+1 : min(i+4, len(as))]
}

func (w *Web) render(rw http.ResponseWriter, r *http.Request, name string, v pageView, changed time.Time) {
	var b bytes.Buffer
	if err := w.pages.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(rw, "demo: "+name, http.StatusInternalServerError)
		return
	}
	w.send(rw, r, "text/html; charset=utf-8", b.Bytes(), changed)
}
