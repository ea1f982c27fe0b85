package digest

import (
	"net/url"
	"strings"

	"veilleur/internal/veille"
)

// addresses are the pages a digest leads to, under the dashboard's address.
type addresses string

func (a addresses) at(path string) string { return strings.TrimRight(string(a), "/") + path }

func (a addresses) today() string    { return a.at("/") }
func (a addresses) calendar() string { return a.at("/calendrier") }
func (a addresses) goals() string    { return a.at("/objectifs") }
func (a addresses) sources() string  { return a.at("/reglages/sources") }
func (a addresses) search() string   { return a.at("/veille") }
func (a addresses) settings() string { return a.at("/reglages/courriel") }

func (a addresses) incident(id veille.IncidentID) string {
	return a.at("/crises/" + url.PathEscape(string(id)))
}

func (a addresses) story(id veille.StoryID) string {
	return a.at("/nouvelles/" + url.PathEscape(string(id)))
}

func (a addresses) post(id veille.PostID) string {
	if id == "" {
		return a.calendar()
	}
	return a.at("/calendrier/" + url.PathEscape(string(id)))
}

// idea is the composer with the idea in it.
func (a addresses) idea(id veille.IdeaID) string {
	return a.at("/calendrier/nouvelle?idee=" + url.QueryEscape(string(id)))
}
