package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"veilleur/internal/veille"
)

// routes lists the pages; each lists its own addresses in its own file.
func (s *Server) routes() {
	s.echo.GET("/assets/:name", s.asset)
	s.echo.HEAD("/assets/:name", s.asset)
	s.signInRoutes()
	s.welcomeRoutes()
	s.todayRoutes()
	s.searchRoutes()
	s.storyRoutes()
	s.crisesRoutes()
	s.goalsRoutes()
	s.settingsRoutes()
	s.profileRoutes()
	s.branchRoutes()
	s.ideasRoutes()
	s.calendarRoutes()
}

// get adds an address that a signed-in person reads. It must change nothing.
func (s *Server) get(path string, h func(*visit) error) {
	s.echo.GET(path, s.signed(h))
}

// post adds an act of a signed-in person on her branch; a reader may not.
func (s *Server) post(path string, h func(*visit) error) {
	s.echo.POST(path, s.signed(func(v *visit) error {
		if v.User.Role == veille.RoleReader {
			return veille.NewProblem(veille.ErrDenied, veille.Say("web.reader_denied"), nil)
		}
		return h(v)
	}))
}

// postSelf adds an act of a signed-in person on what is hers alone.
func (s *Server) postSelf(path string, h func(*visit) error) {
	s.echo.POST(path, s.signed(h))
}

// openGet and openPost add an address for everyone, signed in or not.
func (s *Server) openGet(path string, h func(*visit) error)  { s.echo.GET(path, s.open(h)) }
func (s *Server) openPost(path string, h func(*visit) error) { s.echo.POST(path, s.open(h)) }

func (s *Server) open(h func(*visit) error) echo.HandlerFunc {
	return func(c echo.Context) error { return h(s.visitor(c)) }
}

// signed lets a signed-in person through and sends anyone else to the sign-in
// page, which brings her back where she was going.
func (s *Server) signed(h func(*visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, ok, err := s.signedIn(c)
		if err != nil {
			return err
		}
		if ok {
			return h(v)
		}
		if c.Request().Method != http.MethodGet {
			return veille.NewProblem(veille.ErrDenied, veille.Say("web.signed_out"), nil)
		}
		return s.visitor(c).goTo(signInPath(c.Request().URL.RequestURI()))
	}
}
