package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	"golang.org/x/net/idna"

	"veilleur/internal/veille"
)

// resolver turns a name into addresses; *net.Resolver is one.
type resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// guard decides which addresses may be reached.
//
// A name is resolved once, every address it has is judged, and only a judged
// address is dialled, so that a name answering differently the second time
// (rebinding) gains nothing. The dialler's Control judges once more what is
// really connected to.
type guard struct {
	allow    []netip.Prefix
	refuse   *ssrf.Guardian
	resolver resolver
	dialer   dialer
}

// newGuard makes a guard that lets the ports through, those of the web when
// none is named.
func newGuard(allow []netip.Prefix, r resolver, ports ...uint16) *guard {
	if len(ports) == 0 {
		ports = []uint16{80, 443, 8080, 8443}
	}
	g := &guard{
		allow:    allow,
		resolver: r,
		refuse: ssrf.New(
			ssrf.WithPorts(ports...),
			// A public address, yet Azure's metadata service.
			ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")),
		),
	}
	g.dialer = &net.Dialer{Timeout: 5 * time.Second, Control: g.control}
	return g
}

// control is the last word, on the very address about to be connected to.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return denied("crawler.fetch.denied.address", address, err)
	}
	return g.judge(ap)
}

// judge says whether one address may be reached on one port.
func (g *guard) judge(ap netip.AddrPort) error {
	if g.allowed(ap.Addr()) {
		return nil
	}
	// Not unmapped: the guardian takes ::ffff:… as IPv6, outside the internet.
	if err := g.refuse.SafeAddrPort(ap); err != nil {
		return denied("crawler.fetch.denied.address", ap.Addr().String(), err)
	}
	return nil
}

// allowed says whether an address was explicitly allowed by the operator.
func (g *guard) allowed(a netip.Addr) bool {
	return slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(a) })
}

// allowedHost says whether all that a host is was explicitly allowed.
func (g *guard) allowedHost(ctx context.Context, host string) bool {
	if len(g.allow) == 0 {
		return false
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return g.allowed(a)
	}
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	return err == nil && len(addrs) > 0 && slices.ContainsFunc(addrs, g.allowed)
}

// dial connects to host:port if every address of the host may be reached, or
// to those that were explicitly allowed.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("fetch: address %s: %w", address, veille.ErrInvalid)
	}
	targets, err := g.vet(ctx, host, port)
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		var conn net.Conn
		if conn, err = g.dialer.DialContext(ctx, network, t.String()); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// vet gives the addresses of a host that may be dialled, at least one.
func (g *guard) vet(ctx context.Context, host, port string) ([]netip.AddrPort, error) {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, denied("crawler.fetch.denied.address", host, err)
	}
	var addrs []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		addrs = []netip.Addr{a}
	} else if addrs, err = g.resolver.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, err
	}
	var allowed, public []netip.AddrPort
	var refused error
	for _, a := range addrs {
		if a.Is4In6() && !strings.Contains(host, ":") {
			a = a.Unmap() // some resolvers answer IPv4 so
		}
		ap := netip.AddrPortFrom(a, uint16(n))
		switch err := g.judge(ap); {
		case err != nil:
			refused = err
		case g.allowed(a):
			allowed = append(allowed, ap)
		default:
			public = append(public, ap)
		}
	}
	switch {
	case len(allowed) > 0:
		return allowed, nil
	case refused != nil:
		return nil, refused
	case len(public) == 0:
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return public, nil
}

// check judges an address as written and gives it in canonical form: lower
// case, international names in ASCII, no fragment. Names are judged later,
// when dialled.
func (g *guard) check(u *url.URL) (*url.URL, error) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, denied("crawler.fetch.denied.scheme", u.Scheme, nil)
	}
	if u.User != nil {
		return nil, denied("crawler.fetch.denied.userinfo", u.Hostname(), nil)
	}
	host, err := canonicalHost(u.Hostname())
	if err != nil {
		return nil, denied("crawler.fetch.denied.address", u.Hostname(), err)
	}
	port := u.Port()
	if err := g.checkHostPort(host, port, u.Scheme); err != nil {
		return nil, err
	}
	clean := *u
	clean.Fragment, clean.RawFragment = "", ""
	clean.Host = host
	if strings.Contains(host, ":") {
		clean.Host = "[" + host + "]"
	}
	if port != "" {
		clean.Host = clean.Host + ":" + port
	}
	if clean.Path == "" {
		clean.Path = "/"
	}
	return &clean, nil
}

// checkHostPort refuses early what the dial would refuse: a literal address
// inside, and, when nothing at all is allowed, an unusual port.
func (g *guard) checkHostPort(host, port, scheme string) error {
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return denied("crawler.fetch.denied.port", port, err)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return g.judge(netip.AddrPortFrom(a, uint16(n)))
	}
	if len(g.allow) == 0 && n != 80 && n != 443 && n != 8080 && n != 8443 {
		return denied("crawler.fetch.denied.port", port, nil)
	}
	return nil
}

// canonicalHost gives a host in ASCII, refusing what two readers could take
// for two different hosts.
func canonicalHost(host string) (string, error) {
	if host == "" || strings.ContainsAny(host, "\\%/?#@<>^|\"` \t\r\n\x00") {
		return "", fmt.Errorf("host %q: %w", host, veille.ErrInvalid)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// Names with an underscore are not letter-digit-hyphen, yet exist.
		if ascii, err = idna.New(idna.MapForLookup(), idna.StrictDomainName(false)).ToASCII(host); err != nil {
			return "", err
		}
	}
	ascii = strings.ToLower(ascii)
	if a, err := netip.ParseAddr(ascii); err == nil {
		return a.String(), nil // full-width dots and digits were an address
	}
	if endsInNumber(ascii) {
		return "", fmt.Errorf("host %q is an address in disguise: %w", host, veille.ErrDenied)
	}
	return ascii, nil
}

// endsInNumber tells hosts that a resolver may read as an IPv4 address written
// in decimal, octal, hexadecimal or short form.
// Source: the URL Standard of WHATWG, "ends in a number checker".
func endsInNumber(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := labels[len(labels)-1]
	if last == "" {
		return false
	}
	if strings.Trim(last, "0123456789") == "" {
		return true
	}
	rest, hex := strings.CutPrefix(last, "0x")
	return hex && strings.Trim(rest, "0123456789abcdef") == ""
}
