// Package mailbox reads the mails of a mailbox by IMAP, and leaves no trace
// there: the folder is opened for reading only and bodies are peeked at, so
// that no mail is marked as read, moved or deleted.
//
// A reading goes on from the last UID it knows, in the order of UIDs, and gives
// where it stands after each mail; a folder whose UIDVALIDITY changed is read
// from its last days again, so whoever keeps the mails must know them by their
// content. Bodies are asked for only of mails whose sender is wanted. Nothing
// is stored here, and the connection is given by the caller.
//
// Source: RFC 9051 (IMAP4rev2) and 3501; RFC 8314 for ports and TLS.
package mailbox

import (
	"net"
	"net/url"
	"strings"

	"veilleur/internal/veille"
)

// A Box is where a mailbox is. Its zero value is none.
type Box struct {
	Host   string
	Port   string
	TLS    bool   // from the first byte, as on port 993; else by STARTTLS
	User   string // often an address
	Folder string // "INBOX" when not said
}

// Parse reads imaps://user@host:port/folder, or imap:// for STARTTLS. The port
// may be left out. It returns an ErrInvalid Problem for anything else.
func Parse(address string) (Box, error) {
	wrong := veille.NewProblem(veille.ErrInvalid, veille.Say("mailbox.wrong.address"), nil)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "imaps" && u.Scheme != "imap" || u.Hostname() == "" || u.User.Username() == "" {
		return Box{}, wrong
	}
	if _, has := u.User.Password(); has || u.RawQuery != "" || u.Fragment != "" {
		return Box{}, wrong
	}
	b := Box{Host: strings.ToLower(u.Hostname()), Port: u.Port(), TLS: u.Scheme == "imaps", User: u.User.Username(), Folder: strings.TrimPrefix(u.Path, "/")}
	if strings.ContainsAny(b.User+b.Folder, "\r\n\x00") {
		return Box{}, wrong
	}
	if b.Port == "" {
		b.Port = map[bool]string{true: "993", false: "143"}[b.TLS]
	}
	if b.Folder == "" || strings.EqualFold(b.Folder, "INBOX") {
		b.Folder = "INBOX"
	}
	return b, nil
}

// URL is the address of the box, as Parse reads it.
func (b Box) URL() string {
	u := url.URL{Scheme: "imap", User: url.User(b.User), Host: net.JoinHostPort(b.Host, b.Port), Path: "/" + b.Folder}
	if b.TLS {
		u.Scheme = "imaps"
	}
	return u.String()
}

// says is a sentence of this package about the box.
func (b Box) says(key string) veille.Sentence {
	return veille.Say("mailbox.wrong."+key, "host", b.Host, "user", b.User, "folder", b.Folder)
}
