// Package mail sends one message to one person by SMTP: the digest, reminders,
// links to sign in.
//
// It stores nothing. Each message has a text and an HTML part, and carries a
// Message-ID given by the caller, the same at every attempt, so that a reader
// sees once what a broken connection made us send twice. A message that the
// server took counts as sent even when the connection breaks right after.
//
// Names, subjects and addresses that would add a header are refused.
//
// Sources: RFC 5322 (messages), RFC 8058 (one-click unsubscription).
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"veilleur/internal/veille"
)

// The ways to speak to a mail server.
const (
	TLSNone     = "none"     // in the clear: a server on the same machine
	TLSStart    = "starttls" // refused when the server cannot
	TLSImplicit = "tls"      // encrypted from the first byte
)

// Config says which server sends and in whose name.
type Config struct {
	Host     string        // Required; while it is "" nothing is sent
	Port     int           // Optional, 587; 465 with TLS "tls", 25 with "none"
	User     string        // Optional; "" signs in to nothing
	Password string        // Required with User
	From     string        // address of the sender. Required
	FromName string        // Optional, no name
	TLS      string        // none, starttls or tls. Optional: tls on port 465, else starttls when the server can
	Timeout  time.Duration // for one whole message. Optional, 30 s
}

// A Message is one mail to one person.
type Message struct {
	To          string // address, with or without a name
	Subject     string
	HTML        string // with its CSS inlined; "" sends the text alone
	Text        string
	MessageID   string // local@domain, without angle brackets; the same at every attempt
	Unsubscribe string // address of the one-click unsubscription, http or https; "" for a mail nobody subscribes to
}

// A Sender sends messages through one server. It is safe for concurrent use.
type Sender struct {
	config Config
	now    func() time.Time
}

// New makes a Sender. Nothing is dialled before the first message.
func New(c Config) *Sender {
	if c.Port == 0 {
		switch c.TLS {
		case TLSImplicit:
			c.Port = 465
		case TLSNone:
			c.Port = 25
		default:
			c.Port = 587
		}
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	return &Sender{config: c, now: time.Now}
}

// Ready tells whether a server is set.
func (s *Sender) Ready() bool { return s.config.Host != "" && s.config.From != "" }

// Send sends m once. It returns nil as soon as the server has taken the
// message. Its errors, by what to do next:
//
//   - ErrInvalid: the message or its recipient was refused for good; another
//     attempt is useless.
//   - ErrDenied: the server refused our name, our password or our content;
//     someone must look at the settings.
//   - ErrBusy: no server is set, or it cannot take the message now.
//   - any other error: the network; try again.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if !s.Ready() {
		return veille.NewProblem(veille.ErrBusy, veille.Say("mail.not_set"), nil)
	}
	msg, err := s.write(m)
	if err != nil {
		return fmt.Errorf("mail: message %s: %w", m.MessageID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel() // closes the connection too: the library leaves it open after some refusals
	client, err := gomail.NewClient(s.config.Host, append(s.options(), gomail.WithDialContextFunc(s.dialer(ctx)))...)
	if err != nil {
		return veille.NewProblem(veille.ErrDenied, veille.Say("mail.bad_setting"), err)
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: message %s: %w", m.MessageID, dialError(s.config.Host, err))
	}
	err = client.SendWithSMTPClient(conn, msg)
	_ = client.CloseWithSMTPClient(conn) // after the server's "taken", a lost goodbye changes nothing
	if err != nil && !msg.IsDelivered() {
		return fmt.Errorf("mail: message %s: %w", m.MessageID, sendError(s.config.Host, err))
	}
	return nil
}

// implicit tells whether the conversation is encrypted from its first byte.
func (c Config) implicit() bool { return c.TLS == TLSImplicit || c.TLS == "" && c.Port == 465 }

func (s *Sender) options() []gomail.Option {
	c := s.config
	opts := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(c.Timeout)}
	switch {
	case c.implicit():
		opts = append(opts, gomail.WithSSL())
	case c.TLS == TLSStart:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case c.TLS == TLSNone:
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if c.User == "" {
		return opts
	}
	opts = append(opts, gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	if c.TLS == TLSNone {
		return append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc))
	}
	// PLAIN and LOGIN refuse to go out in the clear, except to this machine.
	return append(opts, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1,
		gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
}

// dialer makes connections that close when whole ends.
func (s *Sender) dialer(whole context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		var conn net.Conn
		var err error
		if s.config.implicit() {
			d := tls.Dialer{Config: &tls.Config{ServerName: s.config.Host, MinVersion: tls.VersionTLS12}}
			conn, err = d.DialContext(ctx, network, address)
		} else {
			conn, err = new(net.Dialer).DialContext(ctx, network, address)
		}
		if err != nil {
			return nil, err
		}
		context.AfterFunc(whole, func() { _ = conn.Close() })
		return conn, nil
	}
}

// write makes the bytes of a message.
func (s *Sender) write(m Message) (*gomail.Msg, error) {
	for name, v := range map[string]string{"to": m.To, "subject": m.Subject, "id": m.MessageID, "unsubscribe": m.Unsubscribe, "from": s.config.From, "name": s.config.FromName} {
		if strings.ContainsFunc(v, breaksHeader) {
			return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("mail.bad_header"), fmt.Errorf("%s holds a line break or a control character", name))
		}
	}
	to, err := netmail.ParseAddress(m.To)
	if err != nil {
		return nil, veille.NewProblem(veille.ErrInvalid, veille.Say("mail.bad_address", "address", m.To), err)
	}
	from, err := netmail.ParseAddress(s.config.From)
	if err != nil {
		return nil, veille.NewProblem(veille.ErrDenied, veille.Say("mail.bad_setting"), err)
	}
	if s.config.FromName != "" {
		from.Name = plain(s.config.FromName)
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.Subject(plain(m.Subject))
	msg.SetDateWithValue(s.now())
	if err := identify(msg, m.MessageID); err != nil {
		return nil, err
	}
	if err := unsubscribe(msg, m.Unsubscribe); err != nil {
		return nil, err
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// identify sets the Message-ID, and says that a machine wrote the message.
func identify(msg *gomail.Msg, id string) error {
	local, domain, ok := strings.Cut(id, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(id, "<> ") || len(id) > 250 {
		return fmt.Errorf("message id %q: %w", id, veille.ErrInvalid)
	}
	msg.SetMessageIDWithValue(id)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	return nil
}

// unsubscribe adds the two headers of RFC 8058.
func unsubscribe(msg *gomail.Msg, address string) error {
	if address == "" {
		return nil
	}
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || strings.ContainsAny(address, "<> ,") {
		return fmt.Errorf("unsubscribe address: %w", veille.ErrInvalid)
	}
	msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+address+">")
	msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	return nil
}

// breaksHeader tells whether r may end a header or hide in one.
func breaksHeader(r rune) bool {
	return r < 0x20 || r >= 0x7f && r <= 0x9f || r == '\u2028' || r == '\u2029' || r == '\ufffd'
}

// plain keeps a reader from decoding what only looks like an encoded word: a
// word joiner in its opening makes the whole text be encoded.
func plain(s string) string { return strings.ReplaceAll(s, "=?", "=\u2060?") }

// dialError says why no conversation with the server began.
func dialError(host string, err error) error {
	var answer *textproto.Error
	refused := errors.As(err, &answer) && slices.Contains([]int{530, 534, 535, 538}, answer.Code)
	// go-mail says in words only that the server knows no way to sign in.
	if refused || strings.Contains(err.Error(), "SMTP AUTH") {
		return veille.NewProblem(veille.ErrDenied, veille.Say("mail.sign_in", "host", host), err)
	}
	return veille.NewProblem(veille.ErrBusy, veille.Say("mail.unreachable", "host", host), err)
}

// sendError sorts what the server said of a message.
func sendError(host string, err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() < 500 {
		return veille.NewProblem(veille.ErrBusy, veille.Say("mail.not_now", "host", host), err)
	}
	if refused.Reason == gomail.ErrSMTPRcptTo {
		return veille.NewProblem(veille.ErrInvalid, veille.Say("mail.refused_recipient", "host", host), err)
	}
	return veille.NewProblem(veille.ErrDenied, veille.Say("mail.refused", "host", host, "status", refused.ErrorCode()), err)
}
