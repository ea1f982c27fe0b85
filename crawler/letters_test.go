package crawler

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-msgauth/dkim"

	"veilleur/internal/veille"
)

// A postOffice is an IMAP server of the test, with one account: ana, secret.
type postOffice struct {
	address string
	user    *imapmemserver.User
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	mem, user := imapmemserver.New(), imapmemserver.NewUser("ana", "secret")
	mem.AddUser(user)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close() })
	return &postOffice{address: ln.Addr().String(), user: user}
}

func (p *postOffice) deliver(t *testing.T, at time.Time, mails ...[]byte) {
	t.Helper()
	for _, m := range mails {
		if _, err := p.user.Append("INBOX", literal{bytes.NewReader(m)}, &imap.AppendOptions{Time: at}); err != nil {
			t.Fatal(err)
		}
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// subscribe makes a source of the account at an address.
func (w *world) subscribe(id, address string, from ...string) veille.Source {
	s := veille.Source{ID: veille.SourceID(id), BranchID: "b", Kind: veille.SourceMailbox, URL: "imap://ana@" + address + "/INBOX",
		Title: id, Mailbox: veille.Mailbox{From: from}, State: veille.SourceActive, CreatedAt: w.now, Health: veille.Health{DueAt: w.now}}
	w.sources[s.ID] = s
	w.secrets[s.ID] = "secret"
	return s
}

// A keyring signs mails, and is the DNS where the keys are.
type keyring struct {
	key    ed25519.PrivateKey
	record string
	away   bool
}

func newKeyring(t *testing.T) *keyring {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &keyring{key: key, record: "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)}
}

func (k *keyring) lookup(_ context.Context, name string) ([]string, error) {
	switch {
	case k.away:
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case name == "essai._domainkey.google.com":
		return []string{k.record}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// alertMail is an alert of one result, signed.
func (k *keyring) alertMail(t *testing.T, n int, at time.Time) []byte {
	t.Helper()
	return k.sign(t, unsignedAlert(n, at))
}

// sign signs a mail as Google does.
func (k *keyring) sign(t *testing.T, mail []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	o := &dkim.SignOptions{Domain: "google.com", Selector: "essai", Signer: k.key}
	if err := dkim.Sign(&out, bytes.NewReader(mail), o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unsignedAlert(n int, at time.Time) []byte {
	return fmt.Appendf(nil, "From: Google Alerts <googlealerts-noreply@google.com>\r\nTo: ana@caisse.exemple\r\n"+
		"Subject: Alerte Google - caisse\r\nDate: %s\r\nMessage-ID: <alerte-%d@google.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
		"La *caisse* plante un arbre, article %[2]d\r\n<https://www.google.com/url?rct=j&sa=t&url=https://www.echo.example/%[2]d%%3Fp%%3D1&ct=ga&cd=x>\r\n\r\n"+
		"L'Écho\r\nUne corvée a réuni deux cents bénévoles samedi ...\r\nFacebook\r\n<https://www.google.com/alerts/share?ru=x>\r\n\r\n"+
		"RSS\r\n<https://www.google.com/alerts/feeds/0123456789/9876543210>\r\n", at.Format(time.RFC1123Z), n)
}

func newsletter(n int, at time.Time) []byte {
	return fmt.Appendf(nil, "From: La Gazette <info@gazette.example>\r\nTo: ana@caisse.exemple\r\nSubject: Infolettre %[2]d\r\nDate: %[1]s\r\n"+
		"Message-ID: <gazette-%[2]d@gazette.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nLe pont rouvre vendredi, acte %[2]d.\r\n%[3]s\r\n",
		at.Format(time.RFC1123Z), n, strings.Repeat("Les commerçants attendent leurs clients. ", 30))
}

func (w *world) keys(t *testing.T) *keyring {
	k := newKeyring(t)
	w.c.config.LookupTXT = k.lookup
	return k
}

func TestAMailboxIsReadOnceAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	w.subscribe("box", p.address, "gazette.example")
	personal := []byte("From: bob@ami.example\r\nSubject: Souper\r\nMessage-ID: <s@ami.example>\r\n\r\nVendredi?\r\n")
	p.deliver(t, w.now.Add(-time.Hour), k.alertMail(t, 1, w.now.Add(-2*time.Hour)), newsletter(1, w.now.Add(-time.Hour)), personal)
	p.deliver(t, w.now.Add(-60*24*time.Hour), newsletter(0, w.now.Add(-60*24*time.Hour))) // before the past that is read
	if r := w.once(t, false); r != (Report{Sources: 1, New: 2}) {
		t.Fatalf("first visit: %+v, %v", r, w.source("box").Health.Problem)
	}
	got := w.of("box")
	if e := got[0]; e.URL != "https://www.echo.example/1?p=1" || e.GUID != e.URL || e.Title != "La caisse plante un arbre, article 1" || e.Publisher != "L'Écho" || e.Text != "Une corvée a réuni deux cents bénévoles samedi…" {
		t.Errorf("alert: %+v", e)
	}
	if e := got[1]; e.Title != "Infolettre 1" || e.GUID != "gazette-1@gazette.example" || e.Publisher != "La Gazette" || !strings.HasPrefix(e.Text, "Le pont rouvre") {
		t.Errorf("newsletter: %+v", e)
	}
	h := w.source("box").Health
	if h.Problem != nil || h.Entries != 2 || len(h.Offers) != 1 || h.Offers[0] != (veille.Offer{Title: "caisse", URL: "https://www.google.com/alerts/feeds/0123456789/9876543210"}) {
		t.Errorf("health %+v", h)
	}
	w.now = h.DueAt
	p.deliver(t, w.now, newsletter(2, w.now), k.alertMail(t, 1, w.now)) // the same article again
	if r := w.once(t, false); r != (Report{Sources: 1, New: 1}) {
		t.Errorf("second visit: %+v", r)
	}
	w.now = w.source("box").Health.DueAt
	if r := w.once(t, false); r != (Report{Sources: 1}) {
		t.Errorf("third visit: %+v", r)
	}
	if n := p.unseen(t); n != 6 {
		t.Errorf("%d mails are unseen, want all 6", n)
	}
}

func TestTheArticlesOfAlertsAreReadWhenAsked(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	s := w.subscribe("box", p.address)
	s.ReadPages = true
	w.sources["box"] = s
	mail := strings.Replace(string(unsignedAlert(1, w.now)), "https://www.echo.example/1%3Fp%3D1", w.at("http://echo.test/articles/1"), 1)
	p.deliver(t, w.now, k.sign(t, []byte(mail)), newsletter(1, w.now))
	w.once(t, false)
	var text string
	for _, e := range w.of("box") {
		if e.GUID == e.URL {
			text = e.Text
		}
	}
	if !strings.Contains(text, "ristournes") {
		t.Errorf("the article's text is %q", text)
	}
}

// unseen counts the mails not marked as read.
func (p *postOffice) unseen(t *testing.T) uint32 {
	t.Helper()
	st, err := p.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		t.Fatal(err)
	}
	return *st.NumUnseen
}

func TestAnAlertMailWithoutItsSignatureIsKeptOutAndTold(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	w.subscribe("box", p.address)
	p.deliver(t, w.now, unsignedAlert(1, w.now), k.alertMail(t, 2, w.now))
	if r := w.once(t, false); r.New != 1 {
		t.Errorf("%+v", r)
	}
	h := w.source("box").Health
	if h.Problem == nil || h.Problem.Key != "mailbox.forged" || h.Failures != 0 {
		t.Errorf("health %+v", h)
	}
	w.now = w.now.Add(6 * day)
	w.once(t, true)
	if h := w.source("box").Health; h.Problem == nil {
		t.Error("it is told for a week")
	}
	w.now = w.now.Add(2 * day)
	w.once(t, true)
	if h := w.source("box").Health; h.Problem != nil {
		t.Errorf("and no more after: %+v", h.Problem)
	}
}

func TestAMailWaitsWhileItsSignatureCannotBeChecked(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	k.away = true
	w.subscribe("box", p.address)
	vouched := append([]byte("Authentication-Results: mx.courriel.example; dkim=pass header.d=google.com\r\n"), unsignedAlert(9, w.now)...)
	p.deliver(t, w.now, newsletter(1, w.now), k.alertMail(t, 2, w.now), newsletter(3, w.now))
	r := w.once(t, false)
	h := w.source("box").Health
	if r.New != 1 || h.Problem == nil || h.Problem.Key != "mailbox.wrong.dns" || h.DueAt.Sub(w.now) != hour {
		t.Errorf("%+v, health %+v", r, h)
	}
	k.away = false
	w.now = h.DueAt
	if r := w.once(t, false); r.New != 2 || w.source("box").Health.Problem != nil {
		t.Errorf("%+v", r)
	}
	p.deliver(t, w.now, vouched)
	w.now = w.now.Add(day)
	if r := w.once(t, true); r.New != 0 {
		t.Error("a server nobody trusts vouched")
	}
	s := w.subscribe("box2", strings.Replace(p.address, "127.0.0.1", "localhost", 1))
	s.Mailbox.Trust = "courriel.example"
	w.sources["box2"] = s
	w.once(t, true)
	if n := len(w.of("box2")); n != 4 {
		t.Errorf("%d entries where the server is trusted, want 4: %+v", n, w.source("box2").Health.Problem)
	}
}

func TestWhatAMailboxRefusesIsToldAndBackedOff(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	away, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	away.Close()
	w.subscribe("wrong", p.address)
	w.secrets["wrong"] = "autre"
	w.subscribe("none", strings.Replace(p.address, "127.0.0.1", "localhost", 1))
	delete(w.secrets, "none")
	w.subscribe("away", away.Addr().String())
	s := w.subscribe("folder", p.address)
	s.URL = "imap://ana@" + p.address + "/Infolettres"
	w.sources["folder"] = s
	w.subscribe("inside", "10.255.255.1:143")
	w.once(t, false)
	for id, want := range map[veille.SourceID]struct {
		key   string
		after time.Duration
	}{
		"wrong":  {"mailbox.wrong.password", day},
		"none":   {"mailbox.wrong.no_password", day},
		"away":   {"crawler.fetch.refused", hour},
		"folder": {"mailbox.wrong.folder", hour},
		"inside": {"crawler.fetch.denied.address", day},
	} {
		h := w.source(id).Health
		if h.Problem == nil || h.Problem.Key != want.key || h.DueAt.Sub(w.now) != want.after || h.Failures != 1 {
			t.Errorf("%s: %v, due in %v", id, h.Problem, h.DueAt.Sub(w.now))
		}
		for _, f := range w.puts {
			if strings.Contains(fmt.Sprint(f), "autre") {
				t.Error("the password is in what is stored")
			}
		}
	}
}

func TestALongMailboxIsReadInSeveralVisits(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	w.subscribe("box", p.address)
	for i := range 620 {
		p.deliver(t, w.now, newsletter(i, w.now))
	}
	if r := w.once(t, false); r.New != 500 {
		t.Errorf("first visit: %+v", r)
	}
	if h := w.source("box").Health; h.DueAt.Sub(w.now) != mailSoon {
		t.Errorf("the rest is due in %v", h.DueAt.Sub(w.now))
	}
	w.now = w.now.Add(mailSoon)
	if r := w.once(t, false); r.New != 120 {
		t.Errorf("second visit: %+v", r)
	}
}

func TestAFolderMadeAnewGivesNothingTwice(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	w.subscribe("box", p.address)
	mails := [][]byte{k.alertMail(t, 1, w.now), newsletter(1, w.now), newsletter(2, w.now)}
	p.deliver(t, w.now, mails...)
	w.once(t, false)
	if err := errors.Join(p.user.Delete("INBOX"), p.user.Create("INBOX", nil)); err != nil {
		t.Fatal(err)
	}
	p.deliver(t, w.now, append(mails, newsletter(3, w.now))...)
	w.now = w.now.Add(hour)
	if r := w.once(t, true); r.New != 1 || r.Changed != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAMailboxCutAnywhereIsReadWholeInTheEnd(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	k := w.keys(t)
	cut := newCutter(t, p.address)
	w.subscribe("box", cut.address)
	for i := range 40 {
		p.deliver(t, w.now, newsletter(i, w.now), k.alertMail(t, i, w.now))
	}
	cut.rounds(t, w, "box", 80)
}

// A cutter passes bytes to a server and cuts the connection after some of its
// answer.
type cutter struct {
	address string
	after   chan int64
	cut     func() // at each cut, before the reader sees it; optional
	mend    func() // after the visit that was cut; optional
}

func newCutter(t *testing.T, to string) *cutter {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	c := &cutter{address: ln.Addr().String(), after: make(chan int64, 1)}
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			go c.pass(in, to)
		}
	}()
	return c
}

func (c *cutter) pass(in net.Conn, to string) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go func() { _, _ = io.Copy(out, in); out.Close() }()
	if _, err := io.CopyN(in, out, <-c.after); err == nil && c.cut != nil {
		c.cut()
	}
}

// rounds reads through the cutter, each time a little further, until all is
// there; then checks that each mail is there once.
func (c *cutter) rounds(t *testing.T, w *world, id veille.SourceID, want int) {
	t.Helper()
	fresh, cuts := 0, 0
	for after := int64(1); ; after += after/3 + 97 {
		c.after <- after
		w.now = w.now.Add(hour)
		r := w.once(t, true)
		fresh += r.New
		if r.Changed != 0 {
			t.Fatalf("cut after %d bytes: %+v", after, r)
		}
		if r.Failed == 0 {
			break
		}
		if cuts++; cuts > 100 {
			t.Fatalf("never read: %v", w.source(id).Health.Problem)
		}
		if c.mend != nil {
			c.mend()
		}
	}
	if fresh != want || len(w.of(id)) != want {
		t.Errorf("%d entries after %d cuts, %d stored, want %d", fresh, cuts, len(w.of(id)), want)
	}
	t.Logf("%d cuts", cuts)
}

func TestTryingAMailboxCountsAndStoresNothing(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), newPostOffice(t)
	s := veille.Source{ID: "new", URL: "imap://ana@" + p.address + "/INBOX", Mailbox: veille.Mailbox{From: []string{"ailleurs.example"}}}
	p.deliver(t, w.now, unsignedAlert(1, w.now), newsletter(1, w.now), newsletter(2, w.now))
	got, err := w.c.TryMailbox(t.Context(), s, "secret")
	if err != nil || got != (Tried{Mails: 3, Alerts: 1, Wanted: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := w.c.AddMailbox(t.Context(), s, "autre"); !errors.Is(err, veille.ErrDenied) || len(w.sources) != 0 {
		t.Errorf("a wrong password is kept: %v", err)
	}
	if _, err := w.c.AddMailbox(t.Context(), s, "secret"); err != nil || w.secrets["new"] != "secret" || p.unseen(t) != 3 {
		t.Errorf("%v, %v", err, w.secrets)
	}
}
