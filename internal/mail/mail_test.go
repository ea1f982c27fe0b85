package mail

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veilleur/internal/veille"
)

var letter = Message{
	To:          "nadia@caisse.example",
	Subject:     "Lundi : 1 crise, 3 nouvelles — c’est tôt",
	HTML:        "<!doctype html><html lang=\"fr\"><p>Bonjour, voilà.</p></html>",
	Text:        "Bonjour, voilà.\n.\nUne ligne qui commence par un point.\n",
	MessageID:   "digest-u1-2026-11-23@veilleur.example",
	Unsubscribe: "https://veilleur.example/desabonnement?u=u1&s=abc",
}

func sender(s *server, change ...func(*Config)) *Sender {
	c := Config{Host: "127.0.0.1", Port: s.port, From: "veilleur@caisse.example", FromName: "Veilleur, Caisse de la Rivière", TLS: TLSNone}
	for _, f := range change {
		f(&c)
	}
	m := New(c)
	m.now = func() time.Time { return time.Date(2026, 11, 23, 6, 52, 0, 0, time.FixedZone("", -5*3600)) }
	return m
}

func TestAMessageArrivesWhole(t *testing.T) {
	t.Parallel()
	s := serve(t, nil, false)
	if err := sender(s).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(strings.NewReader(s.one(t)))
	if err != nil {
		t.Fatal(err)
	}
	decode := func(name string) string {
		v, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get(name))
		if err != nil {
			t.Error(err)
		}
		return v
	}
	headers := map[string]string{}
	for _, name := range []string{"Subject", "To", "From", "Message-Id", "Date", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"} {
		headers[name] = decode(name)
	}
	want := map[string]string{
		"Subject": letter.Subject, "To": "<nadia@caisse.example>", "From": "\"Veilleur, Caisse de la Rivière\" <veilleur@caisse.example>",
		"Message-Id": "<" + letter.MessageID + ">", "Date": "Mon, 23 Nov 2026 06:52:00 -0500",
		"List-Unsubscribe": "<" + letter.Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated",
	}
	want["From"] = headers["From"] // quoting is the library's; the address and name are checked below
	if a, err := (&netmail.AddressParser{WordDecoder: new(mime.WordDecoder)}).Parse(got.Header.Get("From")); err != nil || a.Name != "Veilleur, Caisse de la Rivière" || a.Address != "veilleur@caisse.example" {
		t.Errorf("From = %v, %v", a, err)
	}
	if diff := cmp.Diff(want, headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"text/plain": letter.Text, "text/html": letter.HTML}, parts(t, got)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// parts gives the parts of a multipart/alternative message by type.
func parts(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q, %v", kind, err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		var body io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(p)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
}

func TestWhatTheServerSaysDecidesTheKindOfError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers map[string]string
		want    error
		key     string
	}{
		"a recipient refused for good is invalid":                      {map[string]string{"RCPT": "550 no such user"}, veille.ErrInvalid, "mail.refused_recipient"},
		"a recipient refused for now is tried again":                   {map[string]string{"RCPT": "450 greylisted"}, veille.ErrBusy, "mail.not_now"},
		"a sender refused is for the settings":                         {map[string]string{"MAIL": "553 not yours"}, veille.ErrDenied, "mail.refused"},
		"a content refused is for the settings":                        {map[string]string{"BODY": "554 looks like spam"}, veille.ErrDenied, "mail.refused"},
		"a full server is tried again":                                 {map[string]string{"BODY": "452 no room"}, veille.ErrBusy, "mail.not_now"},
		"a server in maintenance is tried again":                       {map[string]string{"EHLO": "421 later", "HELO": "421 later"}, veille.ErrBusy, "mail.unreachable"},
		"a connection cut before the body is tried again":              {map[string]string{"DATA": ""}, veille.ErrBusy, "mail.not_now"},
		"a connection cut after the body, before its answer, is too":   {map[string]string{"BODY": ""}, veille.ErrBusy, "mail.not_now"},
		"a connection cut after the answer is not: the mail was taken": {map[string]string{"RSET": "", "QUIT": ""}, nil, ""},
		"nor is a server rude at the goodbye":                          {map[string]string{"RSET": "500 what?", "QUIT": "500 what?"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.answers, false)
			err := sender(s).Send(t.Context(), letter)
			says, _ := veille.SaysOf(err)
			if !errors.Is(err, c.want) || says.Key != c.key {
				t.Errorf("Send = %v (%s), want %v (%s)", err, says.Key, c.want, c.key)
			}
			if c.want == nil {
				s.one(t)
			}
		})
	}
}

func TestAServerThatIsDownIsTriedAgain(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	if err := sender(&server{port: port}).Send(t.Context(), letter); !errors.Is(err, veille.ErrBusy) {
		t.Errorf("Send = %v, want ErrBusy", err)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	with := func(c *Config) { c.User, c.Password = "u", "p" }
	good := serve(t, nil, true)
	if err := sender(good, with).Send(t.Context(), letter); err != nil {
		t.Errorf("Send = %v", err)
	}
	bad := serve(t, map[string]string{"AUTH": "535 wrong password"}, true)
	if err := sender(bad, with).Send(t.Context(), letter); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("a wrong password: %v, want ErrDenied", err)
	}
	none := serve(t, nil, false)
	if err := sender(none, with).Send(t.Context(), letter); !errors.Is(err, veille.ErrDenied) {
		t.Errorf("a server without sign-in: %v, want ErrDenied", err)
	}
	plain := serve(t, nil, true)
	if err := sender(plain, with, func(c *Config) { c.TLS = TLSStart }).Send(t.Context(), letter); err == nil {
		t.Error("a password went out in the clear though starttls was asked")
	}
	if len(plain.taken) != 0 {
		t.Error("a message went out in the clear though starttls was asked")
	}
}

func TestNothingIsSentWithoutAServer(t *testing.T) {
	t.Parallel()
	m := New(Config{})
	if err := m.Send(t.Context(), letter); m.Ready() || !errors.Is(err, veille.ErrBusy) {
		t.Errorf("Send = %v, Ready = %v", err, m.Ready())
	}
}

func TestWhatWouldAddAHeaderIsRefused(t *testing.T) {
	t.Parallel()
	for _, injected := range []string{"a\r\nBcc: x@evil.example", "a\nBcc: x@evil.example", "a\rBcc: x", "a\u2028Bcc: x", "a\u2029Bcc: x", "a\u0085Bcc: x", "a\x00b", "a\x7fb", "a\xffb"} {
		for name, m := range map[string]Message{
			"subject":     {To: letter.To, Subject: injected, MessageID: letter.MessageID},
			"recipient":   {To: injected + "@caisse.example", MessageID: letter.MessageID},
			"its name":    {To: injected + " <nadia@caisse.example>", MessageID: letter.MessageID},
			"id":          {To: letter.To, MessageID: injected + "@x"},
			"unsubscribe": {To: letter.To, MessageID: letter.MessageID, Unsubscribe: "https://x/" + injected},
		} {
			s := serve(t, nil, false)
			if err := sender(s).Send(t.Context(), m); !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("%s %q: %v, want ErrInvalid", name, injected, err)
			}
			if len(s.said) > 0 {
				t.Errorf("%s %q: the server was called: %v", name, injected, s.said)
			}
		}
		s := serve(t, nil, false)
		if err := sender(s, func(c *Config) { c.FromName = injected }).Send(t.Context(), letter); !errors.Is(err, veille.ErrInvalid) {
			t.Errorf("from name %q: %v, want ErrInvalid", injected, err)
		}
	}
}

func TestASubjectThatLooksEncodedIsShownAsWritten(t *testing.T) {
	t.Parallel()
	s := serve(t, nil, false)
	m := letter
	m.Subject = "=?utf-8?Q?a=0D=0ABcc:_x@evil.example?="
	if err := sender(s).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(strings.NewReader(s.one(t)))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || strings.ReplaceAll(shown, "\u2060", "") != m.Subject || got.Header.Get("Bcc") != "" {
		t.Errorf("subject shown as %q, %v", shown, err)
	}
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Message){
		"no recipient":                func(m *Message) { m.To = "" },
		"two recipients":              func(m *Message) { m.To = "a@x.example, b@x.example" },
		"no address":                  func(m *Message) { m.To = "Nadia" },
		"no message id":               func(m *Message) { m.MessageID = "" },
		"an id with brackets":         func(m *Message) { m.MessageID = "<a@b>" },
		"an unsubscribe of no web":    func(m *Message) { m.Unsubscribe = "javascript:alert(1)" },
		"an unsubscribe with bracket": func(m *Message) { m.Unsubscribe = "https://x/>,<https://evil.example/" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := letter
			change(&m)
			if err := sender(serve(t, nil, false)).Send(t.Context(), m); !errors.Is(err, veille.ErrInvalid) {
				t.Errorf("Send = %v, want ErrInvalid", err)
			}
		})
	}
}

func TestTheTextAloneIsSentWithoutHTML(t *testing.T) {
	t.Parallel()
	s := serve(t, nil, false)
	m := letter
	m.HTML, m.Unsubscribe = "", ""
	if err := sender(s).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(strings.NewReader(s.one(t)))
	if err != nil {
		t.Fatal(err)
	}
	if kind, _, _ := mime.ParseMediaType(got.Header.Get("Content-Type")); kind != "text/plain" || got.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("%s, unsubscribe %q", kind, got.Header.Get("List-Unsubscribe"))
	}
}
