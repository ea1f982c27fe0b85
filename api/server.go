package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"veilleur/internal/auth"
)

// limit is the most requests a token, or a stream, may make in a minute.
const limit = 60

// bodyLimit is the most a request may weigh, in bytes.
const bodyLimit = 1 << 20

// Deps is what the door opens on. Each interface stands in the file of its
// resource. All are required.
type Deps struct {
	People    people
	Finder    finder
	Archive   archive
	Sources   sources
	Desk      sourceDesk
	Topics    topics
	Watch     watch
	Incidents incidents
	Response  response
	Ideas     ideas
	Suggest   suggest
	Posts     posts
	Drafts    drafts
	Moves     moves
	Channels  channels
	Goals     goals
	Webhooks  webhooks
	Notices   notices
	Searches  searches
	Mornings  mornings
	Vitals    vitals
	Key       [32]byte // signs the addresses of /flux
	Base      string   // address of the dashboard, without the last slash
	Version   string
}

// server is the door.
type server struct {
	lg  *slog.Logger
	d   Deps
	lim *auth.Limiter
	now func() time.Time
}

// New makes the handler of /api, /flux, /healthz and /metrics.
func New(lg *slog.Logger, d Deps) http.Handler {
	return (&server{lg: lg, d: d, lim: auth.NewLimiter(limit, time.Minute), now: time.Now}).handler()
}

func (s *server) handler() http.Handler {
	e := echo.New()
	e.IPExtractor = echo.ExtractIPDirect()
	e.Use(s.harden)
	e.HTTPErrorHandler = s.plainError
	api := humaecho.New(e, openAPI(s.d.Version))
	api.UseMiddleware(s.authenticate(api))
	s.routes(api)
	neverNull(api.OpenAPI())
	e.GET("/api/openapi.json", document(api.OpenAPI()))
	e.GET("/flux/:file", s.flux)
	e.GET("/healthz", s.health)
	registry := prometheus.NewRegistry()
	registry.MustRegister(newVitals(s.d.Vitals))
	e.GET("/metrics", metrics(registry))
	return e
}

func (s *server) routes(api huma.API) {
	for _, add := range []func(huma.API){
		s.meRoutes, s.searchRoutes, s.savedRoutes, s.sourceRoutes, s.opmlRoutes, s.topicRoutes, s.incidentRoutes,
		s.ideaRoutes, s.postRoutes, s.channelRoutes, s.goalRoutes, s.webhookRoutes,
	} {
		add(api)
	}
}

// harden sets the headers every answer has, and turns a panic into a fault.
func (s *server) harden(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		defer func() {
			if r := recover(); r != nil && r != any(http.ErrAbortHandler) { //nolint:errorlint // recover gives the very value
				err = fmt.Errorf("api: %s %s panicked: %v", c.Request().Method, c.Path(), r)
			}
		}()
		return next(c)
	}
}
