package wordpress

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"veilleur/internal/veille"
)

// problemOf says in words what went wrong in a call that may be repeated, or
// that the site refused. Errors that are no failure, or whose cause already
// speaks to a person (a refused address), are left as they are.
func problemOf(err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	if _, ok := veille.SaysOf(f.Err); ok {
		return f.Err
	}
	switch {
	case f.Status == 0:
		return unreachable(f)
	case f.Status >= 500, f.Status == http.StatusTooManyRequests, f.Status == http.StatusRequestTimeout:
		return veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.down", "status", f.Status), f)
	case f.Status < 300:
		// Often an answer cut short: not every server says how long it is.
		return veille.NewProblem(veille.ErrBusy, veille.Say("wordpress.unreadable"), f)
	case f.Status < 400:
		return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.moved"), f)
	case f.Status == http.StatusRequestEntityTooLarge, f.Code == "rest_upload_file_too_big":
		return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.picture_large"), f)
	case f.Status == http.StatusUnauthorized, f.Status == http.StatusForbidden:
		return veille.NewProblem(veille.ErrDenied, denied(f), f)
	case f.Code == "" || f.Code == "rest_no_route":
		return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.no_rest"), f)
	}
	return veille.NewProblem(veille.ErrInvalid, veille.Say("wordpress.refused", "message", f.Message, "code", f.Code), f)
}

// denied says why an account was turned away. WordPress answers 401 to whoever
// it does not know and 403 to whoever may not. Since 6.3.2 its 401 tells what
// is wrong only where some plugin asks early who is there; else it is the same
// for a wrong password and for one that never arrived. Check tells them apart.
func denied(f *failure) veille.Sentence {
	switch f.Code {
	case "invalid_username", "invalid_email":
		return veille.Say("wordpress.wrong_user")
	case "incorrect_password":
		return veille.Say("wordpress.wrong_password")
	case "application_passwords_disabled", "application_passwords_disabled_for_user":
		return veille.Say("wordpress.no_passwords")
	case "rest_disabled", "rest_login_required", "rest_cannot_access":
		return veille.Say("wordpress.no_rest")
	}
	switch {
	case f.Status == http.StatusUnauthorized && strings.HasPrefix(f.Code, "rest_"):
		return veille.Say("wordpress.not_signed_in")
	case f.Code == "":
		return veille.Say("wordpress.blocked", "status", f.Status)
	}
	return veille.Say("wordpress.denied", "message", f.Message)
}

// unreachable says why no answer came. All of it may be repeated.
func unreachable(f *failure) error {
	says := veille.Say("wordpress.unreachable")
	var (
		dns     *net.DNSError
		invalid *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(f.Err, &dns) && dns.IsNotFound:
		says = veille.Say("wordpress.no_host")
	case errors.As(f.Err, &invalid), errors.As(f.Err, &unknown), errors.As(f.Err, &record):
		says = veille.Say("wordpress.bad_certificate")
	}
	return veille.NewProblem(veille.ErrBusy, says, f)
}
