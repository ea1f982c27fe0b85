package letter

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/emersion/go-message/textproto"
	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
)

// ErrUnsure is returned by Signed when the key of a signature could not be
// asked for: the mail may be checked again later.
var ErrUnsure = errors.New("letter: the key of a signature could not be looked up")

// Signed says whether a domain signed a mail, its From included (DKIM). lookup
// gives the TXT records of a name, as net.Resolver does.
//
// The error is nil when the answer is sure: yes, or no for want of a valid
// signature; else ErrUnsure.
//
// Source: RFC 6376, by go-msgauth.
func Signed(raw []byte, domain string, lookup func(name string) ([]string, error)) (bool, error) {
	var away error
	ask := func(name string) ([]string, error) {
		out, err := lookup(name)
		var dns *net.DNSError
		if err != nil && within(name, domain) && (!errors.As(err, &dns) || !dns.IsNotFound) {
			away = err
		}
		return out, err
	}
	checks, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: ask, MaxVerifications: 8})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return false, nil //nolint:nilerr // what cannot be read is not signed
	}
	for _, c := range checks {
		if c.Err == nil && within(c.Domain, domain) && covers(c.HeaderKeys, "from") {
			return true, nil
		}
	}
	if away != nil {
		return false, fmt.Errorf("%w: %w", ErrUnsure, away)
	}
	return false, nil
}

// Vouched says whether the server that received a mail wrote that a domain
// signed it. Only the topmost Authentication-Results counts, and only when the
// server that wrote it is trusted or below it: anyone may write such a line
// further down, and a server that leaves the forged ones must not be trusted.
//
// Source: RFC 8601.
func Vouched(raw []byte, domain, trusted string) bool {
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil || trusted == "" {
		return false
	}
	id, results, err := authres.Parse(h.Get("Authentication-Results"))
	id, _, _ = strings.Cut(id, " ") // a version may follow
	if err != nil || !within(id, trusted) {
		return false
	}
	for _, r := range results {
		if d, ok := r.(*authres.DKIMResult); ok && d.Value == authres.ResultPass && within(signer(d), domain) {
			return true
		}
	}
	return false
}

// signer is the domain of a result: header.d, else that of header.i.
func signer(d *authres.DKIMResult) string {
	if d.Domain != "" {
		return d.Domain
	}
	return d.Identifier[strings.LastIndexByte(d.Identifier, '@')+1:]
}

// within tells whether a host is a domain or below it.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return domain != "" && (host == domain || strings.HasSuffix(host, "."+domain))
}

func covers(keys []string, name string) bool {
	for _, k := range keys {
		if strings.EqualFold(strings.TrimSpace(k), name) {
			return true
		}
	}
	return false
}
