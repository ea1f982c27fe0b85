package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// A Site is a Web on a loopback port of its own.
type Site struct {
	Web  *Web
	Base string // http://127.0.0.1:port, without a slash at its end

	ln net.Listener
}

// Listen opens a free loopback port for the web of a demo that starts at an
// instant. Requests wait there until Run.
func Listen(ctx context.Context, start time.Time) (*Site, error) {
	w, err := NewWeb(start)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return &Site{Web: w, Base: "http://" + ln.Addr().String(), ln: ln}, nil
}

// Run serves the site until ctx ends, then closes its port.
func (s *Site) Run(ctx context.Context) error {
	server := &http.Server{Handler: s.Web, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(s.ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// Close closes the port of a site that was never run.
func (s *Site) Close() error { return s.ln.Close() }
