package web

import "net/http"

func (s *Server) settingsRoutes() {
	s.get("/reglages", s.settings)
}

// settingsPlaces lists the pages of settings. A page of settings adds its line.
func settingsPlaces() []settingsPlace {
	return []settingsPlace{
		{Path: "/reglages/profil", Icon: "user", Key: "profile.title", SaysKey: "profile.says"},
	}
}

// A settingsPlace is one page of settings and what it is for.
type settingsPlace struct {
	Path, Icon   string
	Key, SaysKey string
}

func (s *Server) settings(v *visit) error {
	return v.page(http.StatusOK, page{Title: v.T("web.nav_settings"), Nav: "settings"}, settingsPage(v, settingsPlaces()))
}
