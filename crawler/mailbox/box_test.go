package mailbox

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"veilleur/internal/veille"
)

func TestAddressesOfMailboxes(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]Box{
		"imaps://ana@courriel.exemple/":                             {Host: "courriel.exemple", Port: "993", TLS: true, User: "ana", Folder: "INBOX"},
		"imap://ana%40caisse.exemple@Courriel.exemple:1143/inbox":   {Host: "courriel.exemple", Port: "1143", User: "ana@caisse.exemple", Folder: "INBOX"},
		"imaps://ana@courriel.exemple:993/Dossiers/Infolettres%20d": {Host: "courriel.exemple", Port: "993", TLS: true, User: "ana", Folder: "Dossiers/Infolettres d"},
		"imaps://ana@[::1]:993/Été":                                 {Host: "::1", Port: "993", TLS: true, User: "ana", Folder: "Été"},
	} {
		got, err := Parse(address)
		if err != nil || got != want {
			t.Errorf("Parse(%s) = %+v, %v", address, got, err)
		}
		if again, err := Parse(got.URL()); err != nil || again != want {
			t.Errorf("%s: read again as %+v, %v", got.URL(), again, err)
		}
	}
	for _, address := range []string{
		"", "https://ana@courriel.exemple/", "imaps://courriel.exemple/", "imaps://ana:secret@courriel.exemple/",
		"imaps://ana@/INBOX", "imaps://ana@courriel.exemple/a%0d%0aDELETE", "imaps://ana@courriel.exemple/?x=1", "imaps://ana@courriel.exemple:x/",
	} {
		if got, err := Parse(address); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("Parse(%s) = %+v, %v", address, got, err)
		}
	}
}

// served dials a server that says what it is given, and hears what it is told.
func served(t *testing.T, says string, inside bool) (Dialer, func() string) {
	t.Helper()
	here, there := net.Pipe()
	heard := make(chan string, 1)
	go func() {
		_, _ = io.WriteString(there, says)
		_ = there.SetReadDeadline(time.Now().Add(time.Second))
		b, _ := io.ReadAll(there)
		there.Close()
		heard <- string(b)
	}()
	t.Cleanup(func() { here.Close(); there.Close() })
	return func(context.Context, string, string) (net.Conn, bool, error) { return here, inside, nil }, func() string { return <-heard }
}

func TestAPasswordIsNeverSaidInTheOpen(t *testing.T) {
	t.Parallel()
	dial, heard := served(t, "* OK [CAPABILITY IMAP4rev1] courriel.exemple\r\nT1 BAD no such command\r\n", false)
	_, err := List(t.Context(), dial, Box{Host: "courriel.exemple", Port: "143", User: "ana", Folder: "INBOX"}, "secret", time.Time{}, 9)
	if !errors.Is(err, veille.ErrDenied) {
		t.Errorf("%v, want a refusal", err)
	}
	if said := heard(); strings.Contains(said, "secret") || strings.Contains(said, "LOGIN") {
		t.Errorf("it was told %q", said)
	}
}

func TestAServerThatFloodsIsLeft(t *testing.T) {
	t.Parallel()
	dial, _ := served(t, "* OK "+strings.Repeat("a", chatter+10), true)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := List(ctx, dial, Box{Host: "courriel.exemple", User: "ana"}, "secret", time.Time{}, 9)
	if err == nil || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}
