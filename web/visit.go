package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"veilleur/internal/i18n"
	"veilleur/internal/veille"
)

// A visit is one request and who makes it. Templates take it first, for its
// language and its clock.
type visit struct {
	echo.Context
	*i18n.Printer               // in her language and zone
	User          veille.User   // zero when nobody is signed in
	Branch        veille.Branch // the one she looks at
	Zone          *time.Location
	Now           time.Time
	server        *Server
}

// visitor is a visit by someone who is not signed in, in the language her
// browser asks for.
func (s *Server) visitor(c echo.Context) *visit {
	return &visit{
		Context: c, Printer: i18n.For(asked(c.Request())), Zone: time.UTC, Now: s.now(), server: s,
	}
}

func (s *Server) visitOf(c echo.Context, u veille.User, b veille.Branch) *visit {
	zone := zoneOf(b.Zone)
	return &visit{
		Context: c, Printer: i18n.For(u.Locale).In(zone), User: u, Branch: b, Zone: zone, Now: s.now(), server: s,
	}
}

// zoneOf gives the zone by its IANA name, or that of Montréal when the machine
// does not know it.
func zoneOf(name string) *time.Location {
	for _, n := range []string{name, "America/Toronto"} {
		if zone, err := time.LoadLocation(n); n != "" && err == nil {
			return zone
		}
	}
	return time.UTC
}

// asked is the language of ?langue=, else the first of French and English in
// Accept-Language, else French.
func asked(r *http.Request) string {
	if l := r.URL.Query().Get("langue"); l == "fr" || l == "en" {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "fr"
	}
	for _, tag := range tags {
		if base, _ := tag.Base(); base.String() == "en" || base.String() == "fr" {
			return base.String()
		}
	}
	return "fr"
}

// ctx is the request's context: it ends when she leaves or waits too long.
func (v *visit) ctx() context.Context { return v.Request().Context() }

// value is a form value without the spaces around it.
func (v *visit) value(name string) string { return strings.TrimSpace(v.FormValue(name)) }

// wantsPart tells whether htmx asks for a part of the page.
func (v *visit) wantsPart() bool { return v.Request().Header.Get("HX-Request") == "true" }

// A page is what the layout says around a body.
type page struct {
	Title  string
	Nav    string // the key of its place in the rail: "today", "watch"…; "" for none
	Wide   bool   // the body may be wider than a page of text
	Search bool   // it has a search box of its own: the bar has none
	Bare   bool   // no rail: sign-in, first visit, errors of someone unknown
	Every  int    // seconds after which the page reloads itself where there is no script; 0 never
}

// page answers with a whole page.
func (v *visit) page(status int, p page, body templ.Component) error {
	frame, err := v.frame()
	if err != nil {
		return err
	}
	ctx := templ.WithChildren(v.ctx(), body)
	return v.render(ctx, status, layout(v, p, frame))
}

// part answers with a part of a page, for htmx.
func (v *visit) part(status int, body templ.Component) error {
	return v.render(v.ctx(), status, body)
}

// render writes only once all is rendered, so that an error is never half a
// page.
func (v *visit) render(ctx context.Context, status int, body templ.Component) error {
	var b bytes.Buffer
	if err := body.Render(ctx, &b); err != nil {
		return err
	}
	return v.HTMLBlob(status, b.Bytes())
}

// note leaves a sentence for the next page: kind "ok", "warn" or "bad".
func (v *visit) note(kind string, says veille.Sentence) error {
	var notes []notice
	if err := v.server.recall(v.ctx(), keyNotices, &notes); err != nil {
		return err
	}
	return v.server.remember(v.ctx(), keyNotices, append(notes, notice{Kind: kind, Says: says}))
}

// goTo ends an act: the browser asks for path, one of ours, with a GET.
func (v *visit) goTo(path string) error {
	if v.wantsPart() {
		v.Response().Header().Set("HX-Redirect", path)
		return v.NoContent(http.StatusOK)
	}
	return v.Redirect(http.StatusSeeOther, path)
}

// done ends an act with a sentence on the page she goes to.
func (v *visit) done(path string, says veille.Sentence) error {
	if err := v.note("ok", says); err != nil {
		return err
	}
	return v.goTo(path)
}

// problem is what err says to her, or "" when it has nothing to say to anyone.
func (v *visit) problem(err error) string {
	if says, ok := veille.SaysOf(err); ok {
		return v.Say(says)
	}
	return ""
}

// localPath is path when it leads into this dashboard, else "/": no link may
// send her to another site.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
