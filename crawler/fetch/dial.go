package fetch

import (
	"context"
	"net"
	"net/netip"
	"net/url"
)

// DialMailbox connects to the IMAP server of a mailbox under the same rules as
// any other address: nothing inside, but ports 143 and 993 in place of those of
// the web. inside tells that the operator allowed the address by name, so that
// what is said there need not be encrypted. Errors are Problems, as of Get.
func (c *Client) DialMailbox(ctx context.Context, host, port string) (conn net.Conn, inside bool, err error) {
	u := &url.URL{Host: net.JoinHostPort(host, port)}
	canonical, err := canonicalHost(host)
	if err != nil {
		return nil, false, denied("crawler.fetch.denied.address", host, err)
	}
	conn, err = c.post.dial(ctx, "tcp", net.JoinHostPort(canonical, port))
	if err != nil {
		return nil, false, explain(u, err)
	}
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	return conn, err == nil && c.post.allowed(at.Addr().Unmap()), nil
}

// Explain says in words why an exchange with a host failed. An error that
// already says so is kept.
func Explain(host string, err error) error { return explain(&url.URL{Host: host}, err) }
