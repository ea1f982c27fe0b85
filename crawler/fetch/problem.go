package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"syscall"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"veilleur/internal/veille"
)

// A StatusError is an HTTP answer that is not the one asked for.
type StatusError struct {
	Code int
}

// Error is for logs.
func (e *StatusError) Error() string { return fmt.Sprintf("status %d", e.Code) }

// Gone says whether the server removed the address for good.
func (e *StatusError) Gone() bool { return e.Code == 410 }

// Missing says whether the server finds nothing at the address.
func (e *StatusError) Missing() bool { return e.Code == 404 }

// statusProblem says in words what an HTTP status means for the reader of a
// source.
func statusProblem(u *url.URL, code int) error {
	says := func(key string) veille.Sentence { return veille.Say(key, "host", u.Hostname(), "code", code) }
	cause := &StatusError{Code: code}
	switch {
	case code == 401 || code == 403:
		return veille.NewProblem(veille.ErrDenied, says("crawler.fetch.forbidden"), cause)
	case code == 404:
		return veille.NewProblem(veille.ErrNotFound, says("crawler.fetch.missing"), cause)
	case code == 410:
		return veille.NewProblem(veille.ErrNotFound, says("crawler.fetch.gone"), cause)
	case code == 429:
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.slow_down"), cause)
	case code >= 500:
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.server"), cause)
	}
	return veille.NewProblem(veille.ErrInvalid, says("crawler.fetch.status"), cause)
}

// explain turns a failed exchange into a Problem. One that already is a
// Problem, refused by the guard for example, is kept.
func explain(u *url.URL, err error) error {
	if _, ok := veille.SaysOf(err); ok {
		return err
	}
	says := func(key string) veille.Sentence { return veille.Say(key, "host", u.Hostname()) }
	var dns *net.DNSError
	switch {
	case errors.Is(err, errTooLarge):
		return veille.NewProblem(veille.ErrInvalid, says("crawler.fetch.too_large"), err)
	case errors.As(err, &dns) && dns.IsNotFound:
		return veille.NewProblem(veille.ErrNotFound, says("crawler.fetch.unknown_host"), err)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("fetch: %s: %w", u.Hostname(), err)
	case errors.Is(err, circuitbreaker.ErrOpen):
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.resting"), err)
	case errors.Is(err, errTrickle), timedOut(err):
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.timeout"), err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.refused"), err)
	case certificate(err):
		return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.certificate"), err)
	}
	return veille.NewProblem(veille.ErrBusy, says("crawler.fetch.cut"), err)
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

func certificate(err error) bool {
	var v *tls.CertificateVerificationError
	var h x509.HostnameError
	var a x509.UnknownAuthorityError
	var r tls.RecordHeaderError
	return errors.As(err, &v) || errors.As(err, &h) || errors.As(err, &a) || errors.As(err, &r)
}

// denied is the refusal of an address. What is refused is named; the why is
// for the log.
func denied(key, what string, cause error) error {
	return veille.NewProblem(veille.ErrDenied, veille.Say(key, "what", what), cause)
}

func tooManyRedirects(u *url.URL) error {
	return veille.NewProblem(veille.ErrInvalid, veille.Say("crawler.fetch.redirects", "host", u.Hostname()), nil)
}

func weakerRedirect(u *url.URL) error {
	return veille.NewProblem(veille.ErrDenied, veille.Say("crawler.fetch.denied.weaker", "host", u.Hostname()), nil)
}
