package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"veilleur/internal/veille"
)

// The most a request body may hold, in bytes.
const (
	formLimit   = 1 << 20
	uploadLimit = 16 << 20 // multipart: OPML files and pictures
)

// contentPolicy lets a page load only what this server gives it, and run no
// script or style written in the page.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// ipExtractor believes X-Forwarded-For only from the trusted proxies.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		addr := p.Masked().Addr()
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: addr.AsSlice(), Mask: net.CIDRMask(p.Bits(), addr.BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// identify gives each request an id and writes one line about it: the route,
// never the whole address, which may hold a secret.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun := s.now()
		id := veille.NewID(begun)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		if err := next(c); err != nil {
			c.Error(err)
		}
		if strings.HasPrefix(c.Path(), "/assets/") {
			return nil
		}
		s.lg.Info("request", "id", id, "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "bytes", c.Response().Size, "took", s.now().Sub(begun))
		return nil
	}
}

// A panicked error is a panic of a handler: a bug of ours, for the log only.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if value := recover(); value != nil {
				err = &panicked{value: value, stack: debug.Stack()}
			}
		}()
		return next(c)
	}
}

// headers sets what every answer carries. Nothing but the assets, which hold
// no one's words, may be kept by a browser or a proxy.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		if s.conf.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		return next(c)
	}
}

// bound ends a request that takes too long or brings too much.
func (s *Server) bound(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx, cancel := context.WithTimeout(r.Context(), s.conf.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
		limit := int64(formLimit)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			limit = uploadLimit
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
		c.SetRequest(r)
		return next(c)
	}
}

func compress() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{
		Level: 5, MinLength: 1024,
		Skipper: func(c echo.Context) bool { return strings.HasPrefix(c.Request().URL.Path, "/assets/") },
	})
}

// sameOrigin refuses every unsafe request that another site's page sent, by
// its Sec-Fetch-Site or Origin header.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.origin.Check(c.Request()); err != nil {
			return veille.NewProblem(veille.ErrDenied, veille.Say("web.other_site"), err)
		}
		return next(c)
	}
}

// seconds prints d for a Retry-After header.
func seconds(d time.Duration) string { return fmt.Sprint(int(d.Seconds())) }
