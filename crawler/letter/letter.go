// Package letter reads mails as news: an alert as the results it lists, any
// other mail as one letter with its text and the address where it can be read.
// It is pure: bytes in, a Letter out; no picture, pixel or link is ever
// fetched.
//
// Mails of Google Alerts are read from the markup meant for mail programs,
// which holds only the first results, then from the links of the page, then
// from the plain text, in its forms of today and of 2021. What is found twice
// is told once. Who sent a mail is forgeable: Signed and Vouched (auth.go) say
// whether it is proven.
//
// Source: RFC 5322 and 2045–2049, read by go-message; the mails themselves.
package letter

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message/mail"

	"veilleur/internal/veille"
)

// The most of a mail that is read; what is beyond is left out.
const (
	maxBytes   = 2 << 20 // of the mail
	maxParts   = 100     // of its MIME tree
	maxText    = 64 << 10
	maxResults = 200
	maxURL     = 4 << 10
)

// A Letter is a mail read as news.
type Letter struct {
	ID      string    // its Message-ID, else made of what it says
	Sender  string    // the name it gives itself, else its address
	From    string    // its address, in lower case; "" when it has none or several
	Subject string    // on one line
	Date    time.Time // zero when it says none
	Text    string    // plain, without what every issue repeats; "" of an alert
	Link    string    // where a browser can read it; "" when nowhere
	Results []Result  // of an alert
	Alert   bool      // it is one: see IsAlert
	Query   string    // what the alert searches; "" when not said
	Feed    string    // address of the feed that gives the same; "" when not said
}

// A Result is one article an alert found.
type Result struct {
	Title     string
	Link      string // as the mail wraps it
	URL       string // of the article
	Text      string // the few words of it
	Publisher string
}

// Options say what a mail is read with.
type Options struct {
	Reader string                   // the address the mailbox belongs to, taken out of what is kept. Optional
	Unwrap func(link string) string // gives the address behind a link that counts visits; "" when there is none
}

// Parse reads a mail. It returns an ErrInvalid Problem when there is none to
// read; a mail that is cut or broken gives what it has.
func Parse(raw []byte, o Options) (Letter, error) {
	raw = raw[:min(len(raw), maxBytes)]
	m, err := open(raw)
	if err != nil {
		return Letter{}, veille.NewProblem(veille.ErrInvalid, veille.Say("mailbox.letter.unreadable"), err)
	}
	l := heading(m.header)
	readers := append(addresses(m.header, "To", "Delivered-To", "X-Original-To", "Cc"), o.Reader)
	if l.Alert = IsAlert(l.From); l.Alert {
		l.alert(m, o.Unwrap)
		return l, nil
	}
	l.newsletter(m, newPrivacy(readers))
	return l, nil
}

// heading reads the header.
func heading(h mail.Header) Letter {
	var l Letter
	if from, err := h.AddressList("From"); err == nil && len(from) == 1 && len(h.Values("From")) == 1 {
		l.From, l.Sender = strings.ToLower(from[0].Address), oneLine(from[0].Name)
	}
	if l.Sender == "" {
		l.Sender = l.From
	}
	subject, err := h.Subject()
	if err != nil {
		subject = h.Get("Subject") // in a charset nobody knows: as it is
	}
	l.Subject = oneLine(strings.ToValidUTF8(subject, ""))
	if at, err := h.Date(); err == nil {
		l.Date = at
	}
	if l.ID, err = h.MessageID(); err != nil || l.ID == "" {
		sum := sha256.Sum256([]byte(l.From + "\x00" + l.Subject + "\x00" + h.Get("Date")))
		l.ID = hex.EncodeToString(sum[:16])
	}
	return l
}

// addresses are the addresses of some fields of a header.
func addresses(h mail.Header, fields ...string) []string {
	var out []string
	for _, f := range fields {
		list, err := h.AddressList(f)
		if err != nil {
			continue
		}
		for _, a := range list {
			out = append(out, a.Address)
		}
	}
	return out
}

// services are the senders of alerts, each an address or a domain, and who
// must have signed what they send.
func services() map[string]string {
	return map[string]string{
		"googlealerts-noreply@google.com": "google.com",
		"talkwalker.com":                  "talkwalker.com",
	}
}

// Services are the senders of alerts, sorted.
func Services() []string { return slices.Sorted(maps.Keys(services())) }

// IsAlert says whether a sender is a service of alerts.
func IsAlert(from string) bool { return Signer(from) != "" }

// Signer is the domain that signs the mails of a service of alerts; "" for any
// other sender.
func Signer(from string) string {
	from = strings.ToLower(from)
	if d := services()[from]; d != "" {
		return d
	}
	domain := from[strings.LastIndexByte(from, '@')+1:]
	if domain == from {
		return ""
	}
	return services()[strings.TrimPrefix(domain, "alerts.")]
}

// IsGoogle says whether a sender is Google Alerts.
func IsGoogle(from string) bool { return Signer(from) == "google.com" }

// From says whether a sender is one of some addresses and domains, or of a
// domain below them.
func From(sender string, list []string) bool {
	sender = strings.ToLower(sender)
	domain := sender[strings.LastIndexByte(sender, '@')+1:]
	for _, a := range list {
		a = strings.ToLower(strings.TrimPrefix(a, "@"))
		if a != "" && (a == sender || a == domain || strings.HasSuffix(domain, "."+a)) {
			return true
		}
	}
	return false
}
