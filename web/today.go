package web

import "net/http"

func (s *Server) todayRoutes() {
	s.get("/", s.today)
}

func (s *Server) today(v *visit) error {
	return v.page(http.StatusOK, page{Title: v.T("web.nav_today"), Nav: "today"}, todayPage(v))
}
