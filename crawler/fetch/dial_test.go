package fetch

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"veilleur/internal/veille"
)

func TestAMailboxInsideIsOnlyReachedWhenAllowed(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	for name, c := range map[string]struct{ host, port string }{
		"this machine":           {"127.0.0.1", port},
		"this machine, by IMAP":  {"127.0.0.1", "993"},
		"its network":            {"10.0.0.1", "143"},
		"metadata":               {"169.254.169.254", "143"},
		"a port of the web":      {"93.184.216.34", "443"},
		"a port of mail leaving": {"93.184.216.34", "25"},
		"an address in disguise": {"2130706433", "993"},
		"no host":                {"", "993"},
	} {
		conn, _, err := New(Config{}).DialMailbox(t.Context(), c.host, c.port)
		if !errors.Is(err, veille.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
		if conn != nil {
			conn.Close()
		}
	}
	allowed := New(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	conn, inside, err := allowed.DialMailbox(t.Context(), "127.0.0.1", port)
	if err != nil || !inside {
		t.Fatalf("allowed: %v, %v", inside, err)
	}
	conn.Close()
}
