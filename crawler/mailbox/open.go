package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"veilleur/internal/veille"
)

// A Dialer connects to a server. inside tells that what is said there need not
// be encrypted.
type Dialer func(ctx context.Context, host, port string) (conn net.Conn, inside bool, err error)

// A folder is an open connection on one folder, for reading only.
type folder struct {
	box      Box
	client   *imapclient.Client
	meter    *meter
	validity uint32
	next     imap.UID // the UID the next mail will have; 0 when not said
	stop     func() bool
}

// chatter is the most bytes a server may send for a command that reads no body:
// the UIDs of a hundred thousand mails, or a hundred envelopes.
const chatter = 4 << 20

// open connects, signs in and examines the folder. All must end before the
// deadline of ctx, and everything after.
func open(ctx context.Context, dial Dialer, b Box, password string) (*folder, error) {
	conn, inside, err := dial(ctx, b.Host, b.Port)
	if err != nil {
		return nil, err
	}
	m := &meter{Conn: conn}
	m.allow(chatter)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	c, err := greet(m, b, inside)
	if err != nil {
		stop()
		return nil, errors.Join(err, conn.Close())
	}
	f := &folder{box: b, client: c, meter: m, stop: stop}
	if err := f.enter(password); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// greet starts the conversation, encrypted unless inside and not offered.
func greet(conn net.Conn, b Box, inside bool) (*imapclient.Client, error) {
	o := &imapclient.Options{TLSConfig: &tls.Config{ServerName: b.Host, MinVersion: tls.VersionTLS12}}
	if b.TLS {
		secure := tls.Client(conn, o.TLSConfig)
		if err := secure.Handshake(); err != nil {
			return nil, fmt.Errorf("mailbox: encrypt: %w", err)
		}
		c := imapclient.New(secure, o)
		return c, c.WaitGreeting()
	}
	if inside {
		c := imapclient.New(conn, o)
		return c, c.WaitGreeting()
	}
	c, err := imapclient.NewStartTLS(conn, o)
	if err != nil {
		var no *imap.Error
		if errors.As(err, &no) {
			err = veille.NewProblem(veille.ErrDenied, b.says("clear"), err)
		}
		return nil, err
	}
	return c, nil
}

// enter signs in and examines the folder.
func (f *folder) enter(password string) error {
	if err := f.client.Login(f.box.User, password).Wait(); err != nil {
		var no *imap.Error
		if !errors.As(err, &no) {
			return fmt.Errorf("mailbox: sign in: %w", err)
		}
		if no.Code == imap.ResponseCodeUnavailable || no.Code == imap.ResponseCodeInUse || no.Code == imap.ResponseCodeLimit {
			return veille.NewProblem(veille.ErrBusy, f.box.says("busy"), err)
		}
		return veille.NewProblem(veille.ErrDenied, f.box.says("password"), err)
	}
	at, err := f.client.Select(f.box.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		var no *imap.Error
		if errors.As(err, &no) {
			return veille.NewProblem(veille.ErrNotFound, f.box.says("folder"), err)
		}
		return fmt.Errorf("mailbox: open folder: %w", err)
	}
	f.validity, f.next = at.UIDValidity, at.UIDNext
	return nil
}

// close says goodbye, briefly, and closes.
func (f *folder) close() {
	said := make(chan struct{})
	go func() {
		_ = f.client.Logout().Wait() // nothing is lost when the server does not answer
		close(said)
	}()
	t := time.NewTimer(2 * time.Second)
	defer t.Stop()
	select {
	case <-said:
	case <-t.C:
	}
	f.stop()
	_ = f.client.Close()
	<-said
}
