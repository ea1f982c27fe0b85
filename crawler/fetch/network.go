package fetch

import (
	"context"
	"net"
	"net/netip"
)

// A Network is what hosts are reached through: the machine's own, or one in
// memory. The guard stands before it: it is asked for names, and dials only
// addresses that were judged.
type Network interface {
	// LookupNetIP gives the addresses of a name.
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	// DialContext connects to a literal address and port.
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// dialer connects to a judged address; *net.Dialer is one.
type dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}
