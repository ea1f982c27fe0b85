package web

import (
	"net/http"
	"slices"
)

func (s *Server) settingsRoutes() {
	s.get("/reglages", s.settings)
	s.sourceRoutes()
	s.topicRoutes()
	s.channelRoutes()
	s.mailingRoutes()
	s.unsubscribeRoutes()
	s.hookRoutes()
	s.teamRoutes()
	s.tokenRoutes()
	s.vitalsRoutes()
}

// settingsPlaces lists the pages of settings. A page of settings adds its line.
func settingsPlaces() []settingsPlace {
	return []settingsPlace{
		{Path: "/reglages/sources", Icon: "rss", Key: "sources.title", SaysKey: "sources.place"},
		{Path: "/reglages/sujets", Icon: "tag", Key: "topics.title", SaysKey: "topics.place"},
		{Path: "/reglages/canaux", Icon: "send", Key: "channels.title", SaysKey: "channels.place"},
		{Path: "/reglages/courriel", Icon: "mail", Key: "mailing.title", SaysKey: "mailing.place"},
		{Path: "/reglages/avertissements", Icon: "webhook", Key: "hooks.title", SaysKey: "hooks.place"},
		{Path: "/reglages/equipe", Icon: "users", Key: "team.title", SaysKey: "team.place", Leads: true},
		{Path: "/reglages/jetons", Icon: "key-round", Key: "tokens.title", SaysKey: "tokens.place"},
		{Path: "/reglages/etat", Icon: "shield-check", Key: "vitals.title", SaysKey: "vitals.place"},
		{Path: "/reglages/profil", Icon: "user", Key: "profile.title", SaysKey: "profile.says"},
	}
}

// A settingsPlace is one page of settings and what it is for.
type settingsPlace struct {
	Path, Icon   string
	Key, SaysKey string
	Leads        bool // only for those who decide for their branch
}

func (s *Server) settings(v *visit) error {
	places := slices.DeleteFunc(settingsPlaces(), func(at settingsPlace) bool { return at.Leads && !v.leads() })
	return v.page(http.StatusOK, page{Title: v.T("web.nav_settings"), Nav: "settings"}, settingsPage(v, places))
}
