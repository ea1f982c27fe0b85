package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"veilleur/web/assets"
)

// Deps are what the pages read and do, each a small interface declared by the
// page that uses it. All are required.
type Deps struct {
	Accounts accounts  // who signs in
	Sessions scs.Store // a scs.CtxStore as well, where waiting must end with the request
	Shell    shellReader
	Setup    setupPath // the first visit
	Settings SettingsDeps
	News     NewsDeps
	Crises   CrisesDeps
	Goals    GoalsDeps
	Calendar CalendarDeps
}

// Config is how the dashboard is reached. Its zero value serves one machine
// directly, without TLS.
type Config struct {
	Secure  bool           // people reach it over TLS: cookies are Secure and HSTS is sent. Optional.
	Trusted []netip.Prefix // proxies whose X-Forwarded-For is believed. Optional: none.
	Timeout time.Duration  // the longest a request may take. Optional: 30 s.
	Version string         // of the program, written in what is exported. Optional.
}

// A Server is the dashboard as an http.Handler.
type Server struct {
	lg       *slog.Logger
	deps     Deps
	conf     Config
	echo     *echo.Echo
	sessions *scs.SessionManager
	files    *files
	guard    *guard
	origin   *http.CrossOriginProtection
	now      func() time.Time
}

// New makes the dashboard. It fails only when the embedded assets cannot be
// read.
func New(lg *slog.Logger, deps Deps, conf Config) (*Server, error) {
	if conf.Timeout == 0 {
		conf.Timeout = 30 * time.Second
	}
	built, err := newFiles(assets.Built())
	if err != nil {
		return nil, err
	}
	if built.style == "" {
		lg.Warn("the pages have no style: the assets were not built", "mend", "make assets")
	}
	s := &Server{
		lg: lg, deps: deps, conf: conf, files: built,
		sessions: newSessions(deps.Sessions, conf.Secure),
		guard:    newGuard(),
		origin:   http.NewCrossOriginProtection(),
		now:      time.Now,
	}
	s.echo = s.newEcho()
	s.routes()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

func (s *Server) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = ipExtractor(s.conf.Trusted)
	e.SchemeExtractor = func(*http.Request) string {
		if s.conf.Secure {
			return "https"
		}
		return "http"
	}
	e.HTTPErrorHandler = s.fail
	e.Use(s.identify, s.recover, s.headers, s.bound, compress(), s.withSession, s.sameOrigin)
	return e
}

// HTTPServer gives an http.Server for h whose every wait is bounded, so that
// slow clients cannot hold it.
func HTTPServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}
