package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"veilleur/internal/auth"
	"veilleur/internal/engine"
	"veilleur/internal/veille"
)

// Flux gives the signed address of a stream: kind is "recherche" (ext "rss" or
// "csv") or "calendrier" (ext "ics"), id the saved search or the branch.
// Whoever has the address may read it, as with any private feed.
func Flux(base string, key [32]byte, kind, id, ext string) string {
	return fmt.Sprintf("%s/flux/%s-%s.%s?cle=%s", base, kind, id, ext, auth.SignLink(key, "flux", kind, id))
}

// flux answers a stream whose signature holds; a wrong one is not found.
func (s *server) flux(c echo.Context) error {
	name, ext, _ := strings.Cut(c.Param("file"), ".")
	kind, id, _ := strings.Cut(name, "-")
	if !auth.CheckLink(s.d.Key, c.QueryParam("cle"), "flux", kind, id) {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	if key, now := "flux "+name, s.now(); !s.lim.Allow(key, now) {
		c.Response().Header().Set("Retry-After", seconds(s.lim.Wait(key, now)))
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	ctx := c.Request().Context()
	switch kind + "." + ext {
	case "recherche.rss":
		return s.rss(ctx, c, veille.SearchID(id))
	case "recherche.csv":
		return s.csv(ctx, c, veille.SearchID(id))
	case "calendrier.ics":
		return s.ics(ctx, c, veille.BranchID(id))
	}
	return echo.NewHTTPError(http.StatusNotFound)
}

// stream answers the bytes of a stream. They are private to who holds the
// address, and no page: a browser keeps rather than shows them.
func stream(c echo.Context, contentType, file string, b []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+file+`"`)
	return c.Blob(http.StatusOK, contentType, b)
}

// find runs a saved search, newest first.
func (s *server) find(ctx context.Context, id veille.SearchID, limit int) (veille.SavedSearch, []engine.Found, error) {
	saved, err := s.d.Searches.Search(ctx, id)
	if err != nil {
		return saved, nil, err
	}
	res, err := s.d.Finder.Search(ctx, saved.BranchID, engine.SearchRequest{Query: saved.Query, Limit: limit})
	return saved, res.Found, err
}

// sourceName is what a person calls a source. Without a name an alert is its
// host: its address is a credential.
func sourceName(src veille.Source) string {
	name := src.Name()
	if src.Secret() && isAddress(name) {
		return hostOf(name)
	}
	return name
}
